import type { Entry } from './entry.ts'

/** A place in an order: everything behind it is still to come. */
export interface Place {
  readonly key: string | number
  readonly id: string
}

/** All entries in ascending order of one key, kept in order while they change. */
export interface SortedEntries {
  /** Replaces an entry; null: there was, or is, none. */
  change(before: Entry | null, after: Entry | null): void
  /** In order, with every change so far. Good until the next change. */
  all(): readonly Entry[]
  /** The first index whose entry lies behind `place`. */
  firstBehind(place: Place): number
  /** The last index whose entry lies before `place`; -1: none does. */
  lastBefore(place: Place): number
  placeOf(entry: Entry): Place
}

/** From so many changes on, merging them in is cheaper than moving one by one. */
const MANY = 64

/** An order over what `entries` gives; nothing is sorted before somebody asks. */
export function createSortedEntries(
  entries: () => Iterable<Entry>,
  keyOf: (entry: Entry) => string | number,
): SortedEntries {
  let sorted: Entry[] | null = null
  let changes: (readonly [Entry | null, Entry | null])[] = []

  const compare = (entry: Entry, place: Place) => comparePlaces(keyOf(entry), entry.id, place)
  const placeOf = (entry: Entry): Place => ({ key: keyOf(entry), id: entry.id })

  function first(list: readonly Entry[], place: Place, least: number): number {
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(list[middle]!, place) >= least) high = middle
      else low = middle + 1
    }
    return low
  }

  function all(): readonly Entry[] {
    sorted ??= inOrder(entries())
    if (changes.length > MANY) sorted = merged(sorted)
    else
      for (const [before, after] of changes) {
        if (before) sorted.splice(first(sorted, placeOf(before), 0), 1)
        if (after) sorted.splice(first(sorted, placeOf(after), 0), 0, after)
      }
    changes = []
    return sorted
  }

  /** The list after all changes, in one pass through it. */
  function merged(list: readonly Entry[]): Entry[] {
    const gone = new Set<Entry>()
    const fresh = new Set<Entry>()
    for (const [before, after] of changes) {
      if (before && !fresh.delete(before)) gone.add(before)
      if (after) fresh.add(after)
    }
    const staying = list.filter((entry) => !gone.has(entry))
    const next: Entry[] = []
    let at = 0
    for (const entry of inOrder(fresh)) {
      for (const end = first(staying, placeOf(entry), 0); at < end; at += 1) next.push(staying[at]!)
      next.push(entry)
    }
    return next.concat(staying.slice(at))
  }

  function inOrder(some: Iterable<Entry>): Entry[] {
    return [...some].sort((a, b) => comparePlaces(keyOf(a), a.id, placeOf(b)))
  }

  return {
    change(before, after) {
      if (!sorted) return
      changes.push([before, after])
      // More changes than entries: nobody seems to ask, and sorting all is as good.
      if (changes.length <= Math.max(MANY, sorted.length)) return
      sorted = null
      changes = []
    },
    all,
    firstBehind: (place) => first(all(), place, 1),
    lastBefore: (place) => first(all(), place, 0) - 1,
    placeOf,
  }
}

/** Ids decide between equals, so that pages neither repeat nor skip. */
function comparePlaces(key: string | number, id: string, place: Place): number {
  if (key !== place.key) return key < place.key ? -1 : 1
  if (id === place.id) return 0
  return id < place.id ? -1 : 1
}
