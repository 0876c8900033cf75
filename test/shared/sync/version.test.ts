import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions } from '#shared/sync/version.ts'

describe('S11 versions', () => {
  it.each([
    ['0', '0', 0],
    ['2', '10', -1],
    ['999999999999999', '1000000000000000', -1],
    ['9007199254740992', '9007199254740993', -1],
    ['9223372036854775807', '9223372036854775806', 1],
    ['0000000000000007', '7', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign)
    expect(Math.sign(compareVersions(b, a))).toBe(-sign || 0)
  })

  it('orders as the integers they are, of any size', () => {
    const int64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
    const close = fc
      .tuple(int64, fc.bigInt({ min: -2n, max: 2n }))
      .map(([a, d]) => [a, a + d < 0n ? 0n : a + d])
    fc.assert(
      fc.property(fc.oneof(fc.tuple(int64, int64), close), ([a, b]) => {
        const expected = a < b ? -1 : a > b ? 1 : 0
        expect(Math.sign(compareVersions(String(a), String(b)))).toBe(expected)
      }),
    )
  })
})
