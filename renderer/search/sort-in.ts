/**
 * Sorts newcomers into what is in order already, in place. Comparing is the dear part: each newcomer is looked up between
 * its neighbours' places, and whoever is there is only moved, from the back, once. `compare` must be total.
 */
export function sortIn<T>(sorted: T[], newcomers: readonly T[], compare: (a: T, b: T) => number): void {
  const ordered = newcomers.toSorted(compare)
  const places = placesOf(ordered, sorted, compare)
  let unmoved = sorted.length
  for (const newcomer of newcomers) sorted.push(newcomer)
  for (let left = ordered.length; left > 0; left--) {
    const place = places[left - 1]!
    for (let at = unmoved - 1; at >= place; at--) sorted[at + left] = sorted[at]!
    sorted[place + left - 1] = ordered[left - 1]!
    unmoved = place
  }
}

/** Where each of the ordered newcomers belongs: the one in the middle first, for it halves where the others can be. */
function placesOf<T>(
  ordered: readonly T[],
  sorted: readonly T[],
  compare: (a: T, b: T) => number,
): Uint32Array {
  const places = new Uint32Array(ordered.length)
  function place(first: number, last: number, low: number, high: number): void {
    if (first > last) return
    const middle = (first + last) >> 1
    const found = positionOf(sorted, ordered[middle]!, compare, low, high)
    places[middle] = found
    place(first, middle - 1, low, found)
    place(middle + 1, last, found, high)
  }
  place(0, ordered.length - 1, 0, sorted.length)
  return places
}

/** The first place that is not before it, among those from `low` to `high`. */
export function positionOf<T>(
  sorted: readonly T[],
  wanted: T,
  compare: (a: T, b: T) => number,
  low = 0,
  high = sorted.length,
): number {
  let [from, to] = [low, high]
  while (from < to) {
    const middle = (from + to) >> 1
    if (compare(sorted[middle]!, wanted) < 0) from = middle + 1
    else to = middle
  }
  return from
}
