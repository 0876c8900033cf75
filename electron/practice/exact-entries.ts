import type { Entry } from './entry.ts'

/** Entries by a text that follows from each of them; those without one are in no place. */
export interface ExactEntries {
  change(before: Entry | null, after: Entry | null): void
  /** Every entry of this text, in no particular order. */
  of(text: string): readonly Entry[]
}

/** An index over what `entries` gives, built when it is asked for the first time. */
export function createExactEntries(
  entries: () => Iterable<Entry>,
  textOf: (entry: Entry) => string | null,
): ExactEntries {
  let places: Map<string, Set<Entry>> | null = null

  function add(entry: Entry): void {
    const text = textOf(entry)
    if (text === null) return
    const there = places?.get(text)
    if (there) there.add(entry)
    else places?.set(text, new Set([entry]))
  }

  return {
    change(before, after) {
      if (!places) return
      const text = before && textOf(before)
      if (before && text !== null) places.get(text)?.delete(before)
      if (after) add(after)
    },
    of(text) {
      if (!places) {
        places = new Map()
        for (const entry of entries()) add(entry)
      }
      return [...(places.get(text) ?? [])]
    },
  }
}
