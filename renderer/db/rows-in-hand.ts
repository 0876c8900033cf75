import type { CustomerRow } from '#shared/directory/row.ts'
import type { RowChanges } from './rows-overlay.ts'
import type { TouchedKeys } from './touched-keys.ts'

/**
 * Rows as they are on disk, kept in memory for whoever saves next: what is on the screen is what will be written. They
 * belong to the mirror in memory and are true as long as it is: a write that finds the mirror moved forgets both (S18).
 */
export interface RowsInHand {
  get(localId: string): CustomerRow | undefined
  /** Every row with one of these ids; null where that is not known of each of them. */
  all(keys: Pick<TouchedKeys, 'localIds' | 'squareIds'>): readonly CustomerRow[] | null
  hold(row: CustomerRow): void
  /** That id was just invented: no row has it. */
  holdNone(localId: string): void
  /** What is written of them. */
  follow(changes: Pick<RowChanges, 'put' | 'removed'>): void
}

/** The card, its neighbours in the list, and what the engine is working on meanwhile. */
const HELD = 50

/** Nothing is in hand. */
export function createRowsInHand(): RowsInHand {
  const held = new Map<string, CustomerRow | null>()

  function set(localId: string, row: CustomerRow | null): void {
    held.delete(localId)
    held.set(localId, row)
    const oldest = held.keys().next()
    if (held.size > HELD && !oldest.done) held.delete(oldest.value)
  }

  return {
    get: (localId) => held.get(localId) ?? undefined,
    all({ localIds, squareIds }) {
      const rows = new Set<CustomerRow>()
      for (const localId of localIds) {
        const row = held.get(localId)
        if (row === undefined) return null
        if (row) rows.add(row)
      }
      const found = new Set<string>()
      for (const row of held.values()) {
        if (!row?.squareId || !squareIds.has(row.squareId)) continue
        found.add(row.squareId)
        rows.add(row)
      }
      return found.size < squareIds.size ? null : [...rows]
    },
    hold: (row) => set(row.localId, row),
    holdNone: (localId) => set(localId, null),
    follow({ put, removed }) {
      for (const row of put) if (held.has(row.localId)) held.set(row.localId, row)
      for (const localId of removed) if (held.has(localId)) held.set(localId, null)
    },
  }
}
