import type { CustomerRow } from '#shared/directory/row.ts'
import type { Rows } from '#shared/directory/rows.ts'
import { RowNotLoaded } from './row-not-loaded.ts'

/**
 * The rows a batch touches, in memory: filled from disk, changed by the projection, then read for what is to be written.
 * Asking for a row of which it is not known whether it exists throws `RowNotLoaded`: guessing would make a second one.
 */
export interface RowsOverlay extends Rows {
  /** Adds what was read for these keys; keys without a row are known not to exist. */
  fill(
    rows: readonly CustomerRow[],
    asked: { readonly localIds: Iterable<string>; readonly squareIds: Iterable<string> },
  ): void
  /** From now on every row there is has been read. */
  complete(): void
  /** That id was just invented: no row has it. */
  invented(localId: string): void
  /** Every row, once it is complete. */
  all(): readonly CustomerRow[]
  changes(): RowChanges
}

export interface RowChanges {
  readonly put: readonly CustomerRow[]
  readonly removed: readonly string[]
  /** Put again as they were: nothing to write, but what belongs to them may have changed. */
  readonly same: readonly CustomerRow[]
}

/** An overlay that knows nothing yet. Redirects are all in memory: there are few. */
export function createRowsOverlay(redirects: Map<string, string>): RowsOverlay {
  const rows = new Map<string, CustomerRow>()
  const localIdOf = new Map<string, string>()
  const before = new Map<string, CustomerRow>()
  const knownLocalIds = new Set<string>()
  const knownSquareIds = new Set<string>()
  const changed = new Set<string>()
  let isComplete = false

  function hold(row: CustomerRow): void {
    rows.set(row.localId, row)
    knownLocalIds.add(row.localId)
    if (!row.squareId) return
    localIdOf.set(row.squareId, row.localId)
    knownSquareIds.add(row.squareId)
  }
  function release(row: CustomerRow | undefined): void {
    if (row?.squareId && localIdOf.get(row.squareId) === row.localId) localIdOf.delete(row.squareId)
  }

  return {
    fill(read, asked) {
      for (const localId of asked.localIds) knownLocalIds.add(localId)
      for (const squareId of asked.squareIds) knownSquareIds.add(squareId)
      for (const row of read) {
        if (before.has(row.localId) || changed.has(row.localId)) continue
        before.set(row.localId, row)
        hold(row)
      }
    },
    complete() {
      isComplete = true
    },
    invented: (localId) => void knownLocalIds.add(localId),
    get(localId) {
      if (!isComplete && !knownLocalIds.has(localId)) throw new RowNotLoaded()
      return rows.get(localId)
    },
    bySquareId(squareId) {
      if (!isComplete && !knownSquareIds.has(squareId)) throw new RowNotLoaded()
      const localId = localIdOf.get(squareId)
      return localId === undefined ? undefined : rows.get(localId)
    },
    put(row) {
      release(rows.get(row.localId))
      changed.add(row.localId)
      hold(row)
    },
    delete(localId) {
      release(rows.get(localId))
      changed.add(localId)
      rows.delete(localId)
    },
    redirectOf: (localId) => redirects.get(localId),
    setRedirect: (from, to) => void redirects.set(from, to),
    clearRedirect: (localId) => void redirects.delete(localId),
    localOnes() {
      if (!isComplete) throw new RowNotLoaded()
      return [...rows.values()].filter((row) => row.squareId === null || row.openOps > 0)
    },
    all() {
      if (!isComplete) throw new RowNotLoaded()
      return [...rows.values()]
    },
    changes() {
      const put: CustomerRow[] = []
      const same: CustomerRow[] = []
      const removed: string[] = []
      for (const localId of changed) {
        const row = rows.get(localId)
        const old = before.get(localId)
        if (!row) {
          if (old) removed.push(localId)
        } else if (!old || !sameRow(old, row)) put.push(row)
        else same.push(row)
      }
      return { put, removed, same }
    },
  }
}

function sameRow(a: CustomerRow, b: CustomerRow): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
