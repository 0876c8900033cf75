/** Whoever owns an event: when it is dead, its events do not happen any more (a crash drops them all). */
export interface Life {
  dead: boolean
}
interface Event {
  readonly at: number
  readonly tie: number
  readonly run: () => void
  readonly owner: Life | null
}

/** So many events at one instant are a loop: without an end the whole night would stand at one seed. */
const MOST_AT_ONCE = 100_000

/**
 * The only source of order: one queue by virtual time and a seeded tie-break. After each event everything that follows
 * from it at once (promise callbacks) runs to its end before the next.
 */
export class Scheduler {
  now = 0
  steps = 0
  readonly #random: () => number
  readonly #heap: Event[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  at(ms: number, run: () => void, owner: Life | null = null): void {
    this.#push({ at: this.now + Math.max(0, ms), tie: this.#random(), run, owner })
  }

  /** A promise that resolves after `ms`; never, once the owner is dead. */
  after(ms: number, owner: Life | null = null): Promise<void> {
    return new Promise((resolve) => this.at(ms, resolve, owner))
  }

  async runFor(ms: number): Promise<void> {
    const until = this.now + ms
    await settled()
    let atOnce = 0
    for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) {
      this.#pop()
      atOnce = next.at > this.now ? 0 : atOnce + 1
      if (atOnce > MOST_AT_ONCE) throw new Error(`time stands still at ${this.now} ms`)
      this.now = next.at
      if (next.owner?.dead) continue
      this.steps++
      next.run()
      await settled()
    }
    this.now = until
  }

  #push(event: Event): void {
    const heap = this.#heap
    heap.push(event)
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1
      if (!before(heap[i]!, heap[parent]!)) break
      ;[heap[i], heap[parent]] = [heap[parent]!, heap[i]!]
      i = parent
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    heap[0] = last
    for (let i = 0; ;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, heap[i]!)) break
      ;[heap[i], heap[child]] = [heap[child]!, heap[i]!]
      i = child
    }
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie)
}

/** Resolves when no promise callback is left to run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
