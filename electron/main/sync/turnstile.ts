import type { Clock, Random } from '#shared/ports.ts'
import { MAX_IN_FLIGHT } from '#shared/outbox/queue.ts'
import {
  afterLimit,
  afterTurn,
  BEFORE_THE_FIRST,
  freshPace,
  URGENCIES,
  waitForTurn,
  whoseTurn,
  type Urgency,
} from '#shared/sync/pace.ts'

/** The right to make one request. */
export interface Turn {
  /** The request is over, or is not made after all. Call once. */
  readonly over: () => void
}
export interface Turnstile {
  /** Resolves when one request may leave, in the order of S26; null: none may, the store is being closed. */
  enter(urgency: Urgency): Promise<Turn | null>
  /** Square said 429 to a request that left at `leftAt` (monotonic ms): half the pace, and nothing for `pauseMs`. */
  limited(leftAt: number, pauseMs: number): void
  /** Sends everybody away who waits or comes, until `open`. */
  close(): void
  open(): void
}

/** Every request of a store, of push and of pull, goes through here one by one, at the pace Square bears (S5, S26). */
export function createTurnstile(options: {
  readonly clock: Clock
  readonly random: Random
  /** Requests a second; absent: what Square bears. */
  readonly mostPerSecond?: number
}): Turnstile {
  const { clock, random } = options
  const queues = new Map(URGENCIES.map((urgency) => [urgency, [] as ((turn: Turn | null) => void)[]]))
  const queue = (urgency: Urgency) => queues.get(urgency)!
  let pace = freshPace(clock.monotonic(), options.mostPerSecond)
  let last = BEFORE_THE_FIRST
  let inFlight = 0
  let closed = false
  let cancelTimer = () => {}

  function admit(): void {
    cancelTimer()
    cancelTimer = () => {}
    while (inFlight < MAX_IN_FLIGHT) {
      const next = whoseTurn((urgency) => queue(urgency).length > 0, last)
      if (next === null) return
      const now = clock.monotonic()
      const wait = waitForTurn(pace, now)
      if (wait > 0) {
        cancelTimer = clock.schedule(wait, admit)
        return
      }
      pace = afterTurn(pace, now, random)
      last = next
      inFlight += 1
      queue(next.urgency).shift()!({ over })
    }
  }

  function over(): void {
    inFlight -= 1
    admit()
  }

  return {
    enter(urgency) {
      if (closed) return Promise.resolve(null)
      return new Promise((resolve) => {
        queue(urgency).push(resolve)
        admit()
      })
    },
    limited(leftAt, pauseMs) {
      pace = afterLimit(pace, clock.monotonic(), leftAt, pauseMs)
      admit()
    },
    close() {
      closed = true
      cancelTimer()
      for (const waiting of queues.values()) for (const leave of waiting.splice(0)) leave(null)
    },
    open() {
      closed = false
    },
  }
}
