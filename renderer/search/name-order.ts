import { positionOf, sortIn } from './sort-in.ts'

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

  return {
    add: (slot) => void waiting.add(slot),
    remove(slot) {
      if (!waiting.delete(slot)) sorted.splice(positionOf(sorted, slot, compare), 1)
    },
    inOrder() {
      if (waiting.size > 0) sortIn(sorted, [...waiting], compare)
      waiting.clear()
      return sorted
    },
  }
}
