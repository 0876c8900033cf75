import { describe, expect, it } from 'vitest'
import { itemRead, itemWritten, spoilsTheWhole, type BulkItems, type Result } from '#shared/sync/bulk.ts'
import type { Failure } from '#shared/sync/failure.ts'

const UNKNOWN = { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
const items: Result<BulkItems<string>> = {
  kind: 'ok',
  value: new Map<string, Result<string>>([
    ['a', { kind: 'ok', value: 'A' }],
    ['b', { kind: 'failed', failure: { kind: 'conflict' } }],
  ]),
}
const failed = (failure: Failure): Result<BulkItems<string>> => ({ kind: 'failed', failure })

const written = (whole: Result<BulkItems<string>>, id: string) => itemWritten(whole, id, 2)

describe('S22 an item of a bulk answer', () => {
  it.each([
    ['read', itemRead],
    ['written', written],
  ])('%s stands for itself; one that is missing is unknown', (_how, item) => {
    expect(item(items, 'a')).toEqual({ kind: 'ok', value: 'A' })
    expect(item(items, 'b')).toEqual({ kind: 'failed', failure: { kind: 'conflict' } })
    expect(item(items, 'c')).toEqual(UNKNOWN)
  })
  it('of a read that failed has the failure of the whole', () => {
    expect(itemRead(failed({ kind: 'rate-limited', retryAfterMs: 1 }), 'a')).toMatchObject({
      failure: { kind: 'rate-limited' },
    })
  })
  it.each([
    { kind: 'rate-limited', retryAfterMs: null },
    { kind: 'refused', refusal: { code: 'BAD_REQUEST', field: null, detail: null } },
    { kind: 'conflict' },
    { kind: 'not-found' },
    { kind: 'key-reused' },
  ] as const)(
    'of a write that failed as a whole with $kind is unknown: a part may have been applied',
    (failure) => {
      expect(written(failed(failure), 'a')).toEqual(UNKNOWN)
    },
  )
  it.each([
    { kind: 'not-sent', reason: 'offline' },
    { kind: 'signed-out', code: 'UNAUTHORIZED' },
    { kind: 'forbidden', code: 'FORBIDDEN' },
    { kind: 'unknown', reason: 'timeout' },
  ] as const)('of a write that failed as a whole with $kind has that failure', (failure) => {
    expect(written(failed(failure), 'a')).toEqual({ kind: 'failed', failure })
  })
  it('of a kind nobody thought of is a fault of ours', () => {
    expect(() => written(failed({ kind: 'new' } as never), 'a')).toThrow()
  })
  it('alone in its request, it is what was refused; but not what was limited', () => {
    const refusal = { code: 'BAD_REQUEST', field: null, detail: null }
    expect(itemWritten(failed({ kind: 'refused', refusal }), 'a', 1)).toEqual(
      failed({ kind: 'refused', refusal }),
    )
    expect(itemWritten(failed({ kind: 'rate-limited', retryAfterMs: null }), 'a', 1)).toEqual(UNKNOWN)
  })
})

describe('S22 a request that Square would not have as it was', () => {
  it('is one that was refused, not one that was lost, limited or turned away', () => {
    const refusal = { code: 'BAD_REQUEST', field: null, detail: null }
    expect(spoilsTheWhole(failed({ kind: 'refused', refusal }))).toBe(true)
    expect(spoilsTheWhole(failed({ kind: 'not-found' }))).toBe(true)
    for (const failure of [
      { kind: 'rate-limited', retryAfterMs: null },
      { kind: 'unknown', reason: 'timeout' },
      { kind: 'not-sent', reason: 'offline' },
      { kind: 'signed-out', code: 'X' },
    ] as const)
      expect(spoilsTheWhole(failed(failure))).toBe(false)
    expect(spoilsTheWhole(items)).toBe(false)
  })
})
