import type { Entry } from './entry.ts'

/** Entries by the texts that follow from each of them; those without one are in no place. */
export interface KeyedEntries {
  change(before: Entry | null, after: Entry | null): void
  /** Every entry that has one of these texts, in no particular order; null: they are more than `most`. */
  of(texts: Iterable<string>, most: number): readonly Entry[] | null
  /** All texts there have been. */
  texts(): Iterable<string>
}

/** An index over what `entries` gives, built when it is asked for the first time. */
export function createKeyedEntries(
  entries: () => Iterable<Entry>,
  textsOf: (entry: Entry) => readonly string[],
): KeyedEntries {
  let places: Map<string, Set<Entry>> | null = null

  function add(to: Map<string, Set<Entry>>, entry: Entry): void {
    for (const text of textsOf(entry)) {
      const there = to.get(text)
      if (there) there.add(entry)
      else to.set(text, new Set([entry]))
    }
  }

  function built(): Map<string, Set<Entry>> {
    if (places) return places
    places = new Map()
    for (const entry of entries()) add(places, entry)
    return places
  }

  return {
    change(before, after) {
      if (!places) return
      if (before) for (const text of textsOf(before)) places.get(text)?.delete(before)
      if (after) add(places, after)
    },
    of(texts, most) {
      const sets = [...texts].flatMap((text) => built().get(text) ?? [])
      if (sets.reduce((sum, { size }) => sum + size, 0) > most) return null
      return [...new Set(sets.flatMap((set) => [...set]))]
    },
    texts: () => built().keys(),
  }
}
