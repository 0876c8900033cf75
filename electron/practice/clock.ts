/** Square's clock, which a test may stop and move; it begins as the clock it was made from. */
export interface Clock {
  /** ms since the epoch. */
  now(): number
  isStopped(): boolean
  /** Stands still until `go`. Moving it works all the same. */
  stop(): void
  /** Goes on from where it stands. */
  go(): void
  /** Forward by `ms`, or back by a negative number. */
  advance(ms: number): void
  /** To that moment. */
  set(now: number): void
}

/** A clock that runs at the pace of `pace` (ms). */
export function createClock(pace: () => number): Clock {
  let offset = 0
  let stoppedAt: number | null = null
  const now = () => stoppedAt ?? pace() + offset
  const set = (moment: number) => {
    offset = moment - pace()
    if (stoppedAt !== null) stoppedAt = moment
  }
  return {
    now,
    set,
    isStopped: () => stoppedAt !== null,
    stop: () => void (stoppedAt = now()),
    go() {
      const moment = now()
      stoppedAt = null
      set(moment)
    },
    advance: (ms) => set(now() + ms),
  }
}
