/**
 * Sorts newcomers into what is in order already, in place. Comparing is the dear part: each newcomer is looked up, and
 * whoever is there is only moved, from the back, once. `compare` must be total.
 */
export function sortIn<T>(sorted: T[], newcomers: readonly T[], compare: (a: T, b: T) => number): void {
  let unmoved = sorted.length
  for (const newcomer of newcomers) sorted.push(newcomer)
  const ordered = newcomers.toSorted(compare)
  for (let left = ordered.length; left > 0; left--) {
    const newcomer = ordered[left - 1]!
    const position = positionOf(sorted, newcomer, compare, unmoved)
    for (let at = unmoved - 1; at >= position; at--) sorted[at + left] = sorted[at]!
    sorted[position + left - 1] = newcomer
    unmoved = position
  }
}

/** The first place among the first so many that is not before it. */
export function positionOf<T>(
  sorted: readonly T[],
  wanted: T,
  compare: (a: T, b: T) => number,
  among = sorted.length,
): number {
  let low = 0
  let high = among
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(sorted[middle]!, wanted) < 0) low = middle + 1
    else high = middle
  }
  return low
}
