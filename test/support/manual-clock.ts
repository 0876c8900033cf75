import type { Clock } from '#shared/ports.ts'

export interface ManualClock extends Clock {
  /** Lets so much time pass, step by step: whatever follows from one timer happens before the next. */
  pass(ms: number): Promise<void>
  /** So much time is gone at once, as over a sleep: whatever was due meanwhile is due now. */
  jump(ms: number): Promise<void>
  /** Timers that wait. */
  waiting(): number
}

/** Time that passes only when a test says so. */
export function manualClock(): ManualClock {
  let now = 1000
  let timers: { at: number; callback: () => void }[] = []
  const schedule = (ms: number, callback: () => void) => {
    const timer = { at: now + ms, callback }
    timers.push(timer)
    return () => void (timers = timers.filter((other) => other !== timer))
  }
  const runDue = async (until: number) => {
    await settled()
    for (;;) {
      const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      timers = timers.filter((other) => other !== next)
      now = Math.max(now, next.at)
      next.callback()
      await settled()
    }
  }
  return {
    monotonic: () => now,
    wallIso: () => new Date(now).toISOString(),
    schedule,
    sleep: (ms) => new Promise((resolve) => schedule(ms, resolve)),
    waiting: () => timers.length,
    async pass(ms) {
      const until = now + ms
      await runDue(until)
      now = until
    },
    async jump(ms) {
      now += ms
      await runDue(now)
    },
  }
}

/** Resolves when no promise callback is left to run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
