import type { Step } from '../db/mirror-mark.ts'
import { packEntries, PACKED_FORMAT, unpackEntries, type PackedEntries } from './packed.ts'
import type { SearchChange } from './search-client.ts'
import type { SearchEntry } from './search-entry.ts'

/**
 * What the index holds (S31), kept beside the directory, so that a start need not read every row. Each write that changes rows
 * gives them a new stamp and says which one they had: this copy is what the directory holds where kept changes lead, stamp
 * by stamp, from it to the stamp that the directory has now. In what order they came, who wrote them and what else lies
 * there does not matter: a stamp is given once.
 */
export interface SearchCache {
  /** All that is kept, as it is; null where nothing is. */
  read(): Promise<Kept | null>
  /** Keeps one more change. */
  append(change: KeptChange): Promise<void>
  /** Up to where changes are kept. */
  newest(): Promise<number>
  /** Keeps a new base in place of the one before and of the changes up to there. */
  replace(base: KeptBase, upTo: number): Promise<void>
  /** Nothing is kept any more. Never rejects. */
  drop(): Promise<void>
}
export interface Kept {
  readonly base: unknown
  readonly changes: readonly unknown[]
}

/** Everybody, read while others may have written: changes from `from` on may be in it, and none after `through`. */
export interface KeptBase {
  readonly format: number
  readonly from: string
  readonly through: string
  /** In parts, so that nobody waits while all of them are packed or copied. */
  readonly parts: number
  readonly everybody: readonly PackedEntries[]
}
/** What one write changed. */
export interface KeptChange extends Step {
  readonly gone: readonly string[]
  readonly entries: PackedEntries
}

/** What a directory with that stamp holds, by what is kept. */
export interface Resumed {
  readonly everybody: readonly SearchEntry[]
  /** To be applied one after the other. */
  readonly changes: readonly Pick<SearchChange, 'entries' | 'gone'>[]
}

/** Null where what is kept is not provably that, or not whole. */
export function resume({ base, changes }: Kept, stamp: string): Resumed | null {
  if (!isBase(base)) return null
  const steps = stepsTo(stamp, base, changes)
  if (!steps) return null
  const everybody: SearchEntry[] = []
  for (const part of base.everybody) {
    const entries = unpackEntries(part)
    if (!entries) return null
    for (const entry of entries) everybody.push(entry)
  }
  const later: Pick<SearchChange, 'entries' | 'gone'>[] = []
  for (const { gone, entries: packed } of steps) {
    const entries = unpackEntries(packed)
    if (!entries) return null
    later.push({ gone, entries })
  }
  return { everybody, changes: later }
}

/** The changes that lead from the base to that stamp, in order; null where they do not. */
function stepsTo(
  stamp: string,
  { from, through }: KeptBase,
  changes: readonly unknown[],
): KeptChange[] | null {
  const byEnd = new Map(changes.filter(isChange).map((change) => [change.to, change]))
  const steps: KeptChange[] = []
  let at: string | null = stamp
  let isWhole = false
  for (;;) {
    // Only from here on are all the changes that may be in the base in it.
    isWhole ||= at === through
    if (at === from) return isWhole ? steps.reverse() : null
    const step: KeptChange | undefined = at === null ? undefined : byEnd.get(at)
    if (!step) return null
    byEnd.delete(step.to)
    steps.push(step)
    at = step.from
  }
}

/** So many customers to a part: packing them takes at most some twenty milliseconds. */
export const IN_PART = 2_000

/**
 * A base of everybody, with a pause after each part; null where the rows have no stamp, for nobody could know later of
 * what it is.
 */
export async function baseOf(
  from: string | null,
  through: string | null,
  everybody: readonly SearchEntry[],
  pause: () => Promise<void>,
): Promise<KeptBase | null> {
  if (from === null || through === null) return null
  const packed: PackedEntries[] = []
  for (let at = 0; at < everybody.length; at += IN_PART) {
    packed.push(packEntries(everybody.slice(at, at + IN_PART)))
    await pause()
  }
  return { format: PACKED_FORMAT, from, through, parts: packed.length, everybody: packed }
}

/** A change as it is kept. */
export function changeOf({ from, to }: Step, { gone, entries }: SearchChange): KeptChange {
  return { from, to, gone, entries: packEntries(entries) }
}

function isBase(value: unknown): value is KeptBase {
  if (typeof value !== 'object' || value === null) return false
  const { format, from, through, parts, everybody } = value as Partial<Record<keyof KeptBase, unknown>>
  const isOurs = format === PACKED_FORMAT && typeof from === 'string' && typeof through === 'string'
  return isOurs && Array.isArray(everybody) && everybody.length === parts
}

function isChange(value: unknown): value is KeptChange {
  if (typeof value !== 'object' || value === null) return false
  const { from, to, gone } = value as Partial<Record<keyof KeptChange, unknown>>
  return (
    (from === null || typeof from === 'string') &&
    typeof to === 'string' &&
    Array.isArray(gone) &&
    gone.every((id) => typeof id === 'string')
  )
}
