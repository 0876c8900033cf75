import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sizeOfPlainData } from '#main/ipc/plain-data.ts'

describe('sizeOfPlainData', () => {
  it('counts values, keys and characters', () => {
    expect(sizeOfPlainData(null, 10)).toBe(1)
    expect(sizeOfPlainData('abc', 10)).toBe(4)
    expect(sizeOfPlainData({ key: ['a', true] }, 100)).toBe(1 + 3 + 1 + 2 + 1)
  })

  it('knows its limit in text, in keys and in number of values', () => {
    expect(sizeOfPlainData('x'.repeat(99), 100)).toBe(100)
    expect(sizeOfPlainData('x'.repeat(100), 100)).toBeNull()
    expect(sizeOfPlainData({ ['k'.repeat(100)]: 1 }, 100)).toBeNull()
    expect(sizeOfPlainData(Array(100).fill(0), 100)).toBeNull()
  })

  it('refuses what is not plain data', () => {
    for (const value of [
      new Date(),
      new Map(),
      new Set(),
      /x/,
      1n,
      new Uint8Array(3),
      () => 1,
      Symbol('s'),
    ]) {
      expect([sizeOfPlainData({ value }, 1_000), value]).toEqual([null, value])
    }
  })

  it('ends on a structure that contains itself, and on one that is very deep', () => {
    const ring: Record<string, unknown> = {}
    ring['self'] = ring
    expect(sizeOfPlainData(ring, 1_000)).toBeNull()
    expect(sizeOfPlainData(JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)), 1_000_000)).toBeNull()
  })

  it('never throws and never answers more than the limit', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true }),
        fc.nat(200),
        (value, limit) => {
          expect(sizeOfPlainData(value, limit) ?? 0).toBeLessThanOrEqual(limit + 1)
        },
      ),
    )
  })
})
