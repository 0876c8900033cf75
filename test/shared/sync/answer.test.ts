import { describe, expect, it } from 'vitest'
import type { Failure, FailureKind } from '#shared/sync/failure.ts'
import type { Meaning } from '#shared/sync/answer.ts'
import { answerOf } from '#shared/sync/answer.ts'

const refusal = { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: null } as const

type Row = readonly [Failure, Meaning]
const TABLE: { readonly [K in FailureKind]: Row } = {
  'not-sent': [
    { kind: 'not-sent', reason: 'offline' },
    { answer: { kind: 'not-sent' }, next: 'wait' },
  ],
  unknown: [
    { kind: 'unknown', reason: 'timeout' },
    { answer: null, next: 'wait' },
  ],
  conflict: [{ kind: 'conflict' }, { answer: { kind: 'conflict' }, next: 'look-again' }],
  'not-found': [{ kind: 'not-found' }, { answer: { kind: 'not-found' }, next: 'look-again' }],
  'key-reused': [{ kind: 'key-reused' }, { answer: { kind: 'reused' }, next: 'wait' }],
  refused: [
    { kind: 'refused', refusal },
    { answer: { kind: 'refused', refusal }, next: 'asked' },
  ],
  'rate-limited': [
    { kind: 'rate-limited', retryAfterMs: 1000 },
    { answer: { kind: 'not-applied', reason: 'rate-limited' }, next: 'wait' },
  ],
  'signed-out': [
    { kind: 'signed-out', code: 'UNAUTHORIZED' },
    { answer: { kind: 'not-applied', reason: 'signed-out' }, next: 'wait' },
  ],
  forbidden: [
    { kind: 'forbidden', code: 'INSUFFICIENT_SCOPES' },
    { answer: { kind: 'not-applied', reason: 'forbidden' }, next: 'wait' },
  ],
}

describe('S14 what an answer means', () => {
  it.each(Object.entries(TABLE))('%s', (_kind, [failure, meaning]) => {
    expect(answerOf(failure)).toEqual(meaning)
  })

  it.each(['timeout', 'reset', 'server-error', 'unreadable', 'oversized', 'redirect'] as const)(
    'S13 %s: nothing is known, nothing is written',
    (reason) => {
      expect(answerOf({ kind: 'unknown', reason }).answer).toBeNull()
    },
  )

  it('a failure that is not in the table is a fault', () => {
    expect(() => answerOf({ kind: 'invented' } as never)).toThrow(/unexpected value/)
  })
})
