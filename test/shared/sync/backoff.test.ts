import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs, pauseMs, RETRY_CAP_MS, RETRY_FLOOR_MS } from '#shared/sync/backoff.ts'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('S14 waiting', () => {
  it('is never shorter than 0.2 s and never longer than 5 min, after any number of failures', () => {
    expect([RETRY_FLOOR_MS, RETRY_CAP_MS]).toEqual([200, 300_000])
    fc.assert(
      fc.property(fc.nat(1e9), chance, (failures, drawn) => {
        const ms = backoffMs(failures, () => drawn)
        expect(ms).toBeGreaterThanOrEqual(200)
        expect(ms).toBeLessThanOrEqual(300_000)
      }),
    )
  })

  it('doubles its ceiling with each failure, with full jitter below it', () => {
    const ceilings = [1, 2, 3, 4, 9, 10, 50].map((n) => backoffMs(n, () => 0.999_999))
    expect(ceilings).toEqual([1000, 2000, 4000, 8000, 256_000, 300_000, 300_000])
    expect(backoffMs(9, () => 0)).toBe(200)
    expect(backoffMs(9, () => 0.5)).toBe(128_000)
  })

  it('holds what Square asks for to the same bounds', () => {
    const never = () => {
      throw new Error('no chance is needed')
    }
    expect(pauseMs(0, 1, never)).toBe(200)
    expect(pauseMs(-5, 1, never)).toBe(200)
    expect(pauseMs(30_000, 1, never)).toBe(30_000)
    expect(pauseMs(86_400_000, 1, never)).toBe(300_000)
    expect(pauseMs(Number.POSITIVE_INFINITY, 1, never)).toBe(300_000)
    expect(pauseMs(null, 3, () => 0.5)).toBe(backoffMs(3, () => 0.5))
  })
})
