/** Slots in the order of the names in them; kept sorted, or sorted when it is next read after many came at once. */
export interface NameOrder {
  add(slot: number): void
  remove(slot: number): void
  inOrder(): readonly number[]
}

const SORT_AGAIN_FROM = 32

/** An empty order; `compare` must be total (no two slots equal) and must not change for a slot while it is in. */
export function createNameOrder(compare: (a: number, b: number) => number): NameOrder {
  const sorted: number[] = []
  const waiting = new Set<number>()

  function positionOf(slot: number): number {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(sorted[middle]!, slot) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add: (slot) => void waiting.add(slot),
    remove(slot) {
      if (!waiting.delete(slot)) sorted.splice(positionOf(slot), 1)
    },
    inOrder() {
      if (waiting.size >= SORT_AGAIN_FROM) {
        for (const slot of waiting) sorted.push(slot)
        sorted.sort(compare)
      } else {
        for (const slot of waiting) sorted.splice(positionOf(slot), 0, slot)
      }
      waiting.clear()
      return sorted
    },
  }
}
