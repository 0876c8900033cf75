import { positionOf, sortIn } from './sort-in.ts'

/** Slots in the order of the names in them. What came since it was last read is sorted in when it is read again. */
export interface NameOrder {
  add(slot: number): void
  /** Adds slots that are about in order already: only those that are not are sorted in. */
  addInOrder(slots: readonly number[]): void
  remove(slot: number): void
  inOrder(): readonly number[]
}

/** An empty order; `compare` must be total (no two slots equal) and must not change for a slot while it is in. */
export function createNameOrder(compare: (a: number, b: number) => number): NameOrder {
  const sorted: number[] = []
  const waiting = new Set<number>()

  return {
    add: (slot) => void waiting.add(slot),
    addInOrder(slots) {
      // What is compared with the next one is, mostly, the last of the sorted ones when that one's turn comes.
      let isAfterLast = sorted.length === 0
      for (const [at, slot] of slots.entries()) {
        const next = slots[at + 1]
        isAfterLast ||= compare(sorted.at(-1)!, slot) < 0
        // One that stands too far ahead must not hold up all who come after it.
        const isBeforeNext = next === undefined || compare(slot, next) < 0
        if (isAfterLast && isBeforeNext) sorted.push(slot)
        else waiting.add(slot)
        isAfterLast = (isAfterLast && isBeforeNext) || sorted.length === 0
      }
    },
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
