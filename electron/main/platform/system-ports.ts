import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock, NewId, Random } from '#shared/ports.ts'

/** The real clock. A waiting timer does not keep a process alive that is ending. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wallIso: () => new Date().toISOString(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
  schedule(ms, callback) {
    const timer = setTimeout(callback, ms).unref()
    return () => clearTimeout(timer)
  },
}
export const systemRandom: Random = Math.random
export const newUuid: NewId = () => randomUUID()
