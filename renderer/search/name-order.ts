import { positionOf, sortIn } from './sort-in.ts'

/**
 * Slots in the order of the names in them. What came is sorted in later, a part at a time: whoever reads a window of a
 * few meanwhile compares what came with the last one of that window only.
 */
export interface NameOrder {
  add(slot: number): void
  /** Adds slots that are about in order already: only those that are not are sorted in. */
  addInOrder(slots: readonly number[]): void
  remove(slot: number): void
  /** Sorts in so many of those that came, and says whether there are more. */
  settle(atMost: number): boolean
  /** All of them, in order. */
  inOrder(): readonly number[]
  /** Those for whom that is so, as they are now: to be read before one of them is removed. */
  filter(isFound: (slot: number) => boolean): InNameOrder
}

/** Slots of which windows are read in order. */
export interface InNameOrder {
  readonly total: number
  window(offset: number, limit: number): readonly number[]
}

/** An empty order; `compare` must be total (no two slots equal) and must not change for a slot while it is in. */
export function createNameOrder(compare: (a: number, b: number) => number): NameOrder {
  const sorted: number[] = []
  const waiting = new Set<number>()

  function settle(atMost: number): boolean {
    if (waiting.size === 0) return false
    const part: number[] = []
    for (const slot of waiting) {
      if (part.length >= atMost) break
      part.push(slot)
    }
    for (const slot of part) waiting.delete(slot)
    sortIn(sorted, part, compare)
    return waiting.size > 0
  }

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
    settle,
    inOrder() {
      settle(Infinity)
      return sorted
    },
    filter(isFound) {
      // Most are new: a window of what came is no less work than putting all of it in order.
      if (waiting.size > sorted.length) settle(Infinity)
      return inNameOrder(sorted.filter(isFound), [...waiting].filter(isFound), compare)
    },
  }
}

function inNameOrder(
  sorted: readonly number[],
  waiting: readonly number[],
  compare: (a: number, b: number) => number,
): InNameOrder {
  return {
    total: sorted.length + waiting.length,
    window(offset, limit) {
      const end = offset + limit
      const last = sorted[end - 1]
      // Who comes after the window's last one is not in it, wherever among the others.
      const before = last === undefined ? waiting : waiting.filter((slot) => compare(slot, last) < 0)
      if (before.length === 0) return sorted.slice(offset, end)
      const head = sorted.slice(0, end)
      sortIn(head, before, compare)
      return head.slice(offset, end)
    },
  }
}
