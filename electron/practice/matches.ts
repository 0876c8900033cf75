import type { Entry } from './entry.ts'
import { createSortedEntries, type SortedEntries } from './sorted-entries.ts'

/** Who matched the newest searches, kept true while customers change. */
export interface Matches {
  change(before: Entry | null, after: Entry | null): void
  has(key: string): boolean
  /** All of `order` that pass, in its order. `key` stands for test and order: equal keys, equal answers. */
  of(key: string, test: (entry: Entry) => boolean, order: SortedEntries): SortedEntries
}

/** So many searches are remembered; each holds a list of whom it found. */
const REMEMBERED = 8

/** Nothing was searched yet. */
export function createMatches(): Matches {
  const known = new Map<
    string,
    { readonly test: (entry: Entry) => boolean; readonly entries: SortedEntries }
  >()
  return {
    change(before, after) {
      for (const { test, entries } of known.values()) {
        const matched = before && test(before) ? before : null
        const matches = after && test(after) ? after : null
        if (matched ?? matches) entries.change(matched, matches)
      }
    },
    has: (key) => known.has(key),
    of(key, test, order) {
      const entries =
        known.get(key)?.entries ??
        createSortedEntries(
          () => order.all().filter(test),
          (entry) => order.placeOf(entry).key,
        )
      known.delete(key)
      known.set(key, { test, entries })
      const [oldest] = known.keys()
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
      return entries
    },
  }
}
