/** Slots in the order of the names in them. What came since it was last read is sorted in when it is read again. */
export interface NameOrder {
  add(slot: number): void
  remove(slot: number): void
  inOrder(): readonly number[]
}

/** An empty order; `compare` must be total (no two slots equal) and must not change for a slot while it is in. */
export function createNameOrder(compare: (a: number, b: number) => number): NameOrder {
  const sorted: number[] = []
  const waiting = new Set<number>()

  /** Where it belongs among the first so many. */
  function positionOf(slot: number, among = sorted.length): number {
    let low = 0
    let high = among
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(sorted[middle]!, slot) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  // Comparing names is the dear part: each newcomer is looked up, and whoever is in order already is only moved, from the
  // back, once.
  function sortIn(newcomers: readonly number[]): void {
    let unmoved = sorted.length
    for (const slot of newcomers) sorted.push(slot)
    for (let left = newcomers.length; left > 0; left--) {
      const slot = newcomers[left - 1]!
      const position = positionOf(slot, unmoved)
      for (let at = unmoved - 1; at >= position; at--) sorted[at + left] = sorted[at]!
      sorted[position + left - 1] = slot
      unmoved = position
    }
  }

  return {
    add: (slot) => void waiting.add(slot),
    remove(slot) {
      if (!waiting.delete(slot)) sorted.splice(positionOf(slot), 1)
    },
    inOrder() {
      if (waiting.size > 0) sortIn([...waiting].sort(compare))
      waiting.clear()
      return sorted
    },
  }
}
