/** A token bucket per merchant. */
export interface RateBucket {
  /** False: too many requests of this merchant; those that fail cost nothing. */
  pass(merchantId: string, now: number): boolean
}

/** `burst` requests at once, `perSecond` in the long run; time is the caller's, in ms. */
export function createRateBucket(limit: { readonly perSecond: number; readonly burst: number }): RateBucket {
  const levels = new Map<string, { readonly level: number; readonly at: number }>()
  return {
    pass(merchantId, now) {
      const before = levels.get(merchantId) ?? { level: limit.burst, at: now }
      const grown = before.level + (Math.max(0, now - before.at) / 1000) * limit.perSecond
      const level = Math.min(limit.burst, grown)
      const passes = level >= 1
      levels.set(merchantId, { level: passes ? level - 1 : level, at: now })
      return passes
    },
  }
}
