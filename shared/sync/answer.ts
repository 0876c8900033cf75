import { assertNever } from '../exhaustive.ts'
import type { Answer } from '../outbox/record.ts'
import type { Failure } from './failure.ts'

/**
 * The answer table (S14): what a failed request to Square means for the operation that was sent. `answer: null` means
 * nothing is known, so nothing is written and the operation stays in doubt.
 */
export interface Meaning {
  readonly answer: Answer | null
  /** wait: later, unchanged; look-again: retrieve and decide; asked: a person must say. */
  readonly next: 'wait' | 'look-again' | 'asked'
}

/** What this failure of a sent request means. Total over `Failure`; one test a row. */
export function answerOf(failure: Failure): Meaning {
  switch (failure.kind) {
    case 'not-sent':
      return { answer: { kind: 'not-sent' }, next: 'wait' }
    case 'unknown':
      return { answer: null, next: 'wait' }
    case 'conflict':
      return { answer: { kind: 'conflict' }, next: 'look-again' }
    case 'not-found':
      return { answer: { kind: 'not-found' }, next: 'look-again' }
    case 'key-reused':
      return { answer: { kind: 'reused' }, next: 'wait' }
    case 'refused':
      return { answer: { kind: 'refused', refusal: failure.refusal }, next: 'asked' }
    case 'rate-limited':
      return { answer: { kind: 'not-applied', reason: 'rate-limited' }, next: 'wait' }
    case 'signed-out':
      return { answer: { kind: 'not-applied', reason: 'signed-out' }, next: 'wait' }
    case 'forbidden':
      return { answer: { kind: 'not-applied', reason: 'forbidden' }, next: 'wait' }
    default:
      return assertNever(failure)
  }
}
