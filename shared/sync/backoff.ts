import type { Random } from '../ports.ts'

export const RETRY_FLOOR_MS = 200
export const RETRY_CAP_MS = 5 * 60_000
const RETRY_BASE_MS = 500

/**
 * How long to wait after the n-th failure in a row (n from 1), in ms: exponential with full jitter, at least 0.2 s, at
 * most 5 min (S14).
 */
export function backoffMs(failures: number, random: Random): number {
  const ceiling = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(failures, 20))
  return Math.max(RETRY_FLOOR_MS, Math.round(random() * ceiling))
}

/** Square's Retry-After (ms) held to what is sensible: an absurd value neither hammers nor stops the shop (S14). */
export function pauseMs(retryAfterMs: number | null, failures: number, random: Random): number {
  if (retryAfterMs === null) return backoffMs(failures, random)
  return Math.min(RETRY_CAP_MS, Math.max(RETRY_FLOOR_MS, retryAfterMs))
}
