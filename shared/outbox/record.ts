import type { CustomerField, CustomerFields, Patch, RemoteCustomer } from '../customer/customer.ts'
import type { Refusal } from '../sync/failure.ts'
import type { Operation } from './operation.ts'
import type { LogSnapshot } from './log-state.ts'

/**
 * The records of the outbox log (house rules S4-S21 in `../SPEC.md`). A record is a fact: it is appended, fsynced and
 * never changed. `seq` is given by the log.
 */
export type LogRecord = RecordBody & { readonly seq: number }

export type RecordBody =
  Queued | Withdrawn | Sent | Answered | Asks | Lifted | Alias | FactRecord | Copied | SnapshotRecord

/** A promise to staff. `replaces` withdraws others in the same record (squash, resolution, fix in place). */
export interface Queued {
  readonly kind: 'queued'
  readonly op: Operation
  readonly replaces: readonly string[]
}
/** They will not be sent. */
export interface Withdrawn {
  readonly kind: 'withdrawn'
  readonly opIds: readonly string[]
  readonly why: WithdrawReason
  /** Why a person discarded them (S27). */
  readonly reason?: Discarded
}
/** Chosen from a short list; `words` are the person's own and may name a customer. */
export interface Discarded {
  readonly code: DiscardReason
  readonly words: string | null
}
export const DISCARD_REASONS = ['mistake', 'in-square', 'not-wanted', 'other'] as const
/** Longest `words`, in characters. */
export const DISCARD_WORDS_MOST = 200
export type DiscardReason = (typeof DISCARD_REASONS)[number]
export type WithdrawReason =
  | 'undo'
  | 'never-sent' // create + delete, both still here
  | 'keep-square' // the answer to a question is Square's state
  | 'accept-deletion'
  | 'discard'
  | 'copied'

/** Written before the first byte leaves (S4). Another `sent` of the same create carries the same body. */
export interface Sent {
  readonly kind: 'sent'
  readonly opId: string
  readonly attempt: number
  /** Where it goes; null for a create. */
  readonly squareId: string | null
  readonly version: string | null
  /** The fields sent, after merge; empty for a delete. */
  readonly body: Partial<CustomerFields>
  /** Square's clock in ms since the epoch when it was sent (creates; null otherwise) (S9, S17). */
  readonly squareTime: number | null
  /** A create that went in bulk: its key belongs to that way of creating (S22). */
  readonly bulk?: boolean
}

export type Answer =
  | {
      readonly kind: 'applied'
      readonly remote: RemoteCustomer | null // null: a delete
      readonly how: AppliedHow
      /** Fields a colleague had changed meanwhile that were combined with ours: shown as merged, with undo (S7). */
      readonly combined?: readonly CustomerField[]
      /** The remote our write was combined with, for the history. */
      readonly before?: CustomerFields
    }
  | { readonly kind: 'gone' } // a delete whose customer is no longer there
  | { readonly kind: 'conflict' } // this attempt only
  | { readonly kind: 'not-found' } // this attempt only
  | { readonly kind: 'reused' } // IDEMPOTENCY_KEY_REUSED
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'not-sent' } // not a byte left
  | { readonly kind: 'not-applied'; readonly reason: 'rate-limited' | 'signed-out' | 'forbidden' } // definite, try later
export type AnswerKind = Answer['kind']
/** sent: Square's own answer; equal: Square already held what we wanted; adopted: found by search; chosen: staff said so. */
export type AppliedHow = 'sent' | 'equal' | 'adopted' | 'chosen'

/** What Square said to one attempt. `attempt` 0: settled without one (equal, adopted, gone, chosen). */
export interface Answered {
  readonly kind: 'answered'
  readonly opId: string
  readonly attempt: number
  readonly answer: Answer
}

/** Only a person can decide. The question holds the remote that was seen (S12). */
export interface Asks {
  readonly kind: 'asks'
  readonly opId: string
  readonly question: Question
  /** What was known of the customer before that look at Square. Absent: nothing, or the question is about something else. */
  readonly known?: CustomerFields
}
export type Question = QuestionBody & { readonly id: string }
export type QuestionBody =
  | {
      readonly kind: 'conflict'
      readonly remote: RemoteCustomer
      readonly why: 'overlap' | 'in-doubt' | 'keeps-changing' | 'show-all' | 'another-person'
    }
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'delete-changed'
      readonly remote: RemoteCustomer
      readonly why: 'changed' | 'keeps-changing'
    }
  | { readonly kind: 'merged-delete'; readonly remote: RemoteCustomer }
  | { readonly kind: 'create-unknown'; readonly candidates: readonly RemoteCustomer[] }
  | { readonly kind: 'create-duplicate'; readonly candidates: readonly RemoteCustomer[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'copied' }
  | { readonly kind: 'orphan' }
export type QuestionKind = QuestionBody['kind']

/** That question is none any more: what Square holds by now leaves nothing to decide (S12). */
export interface Lifted {
  readonly kind: 'lifted'
  readonly opId: string
  readonly questionId: string
}

/** Square's ids that became one (S10); from an id to itself: it had become another one, and is a customer again (S23). */
export interface Alias {
  readonly kind: 'alias'
  readonly fromSquareId: string
  readonly toSquareId: string
  readonly remote: RemoteCustomer
}
/** Evidence Square cannot hold. */
export interface FactRecord {
  readonly kind: 'fact'
  readonly id: string
  readonly localId: string
  readonly fact: Fact
}
export type Fact =
  | {
      readonly kind: 'consent'
      readonly given: boolean
      readonly wording: string
      readonly at: string
      readonly by?: string
    }
  | { readonly kind: 'not-a-duplicate'; readonly opId: string } // staff looked at the matches: create separately
  | { readonly kind: 'show-every-conflict'; readonly on: boolean } // S19
/** Everything open at this point came from another machine's log or a lost tail; or these alone, from a file (S20). */
export interface Copied {
  readonly kind: 'copied'
  readonly opIds?: readonly string[]
}
/** The first record of a compacted file; replaces what the mirror believes (S21). */
export interface SnapshotRecord {
  readonly kind: 'snapshot'
  readonly state: LogSnapshot
}

/** What the renderer may ask to be written. Main makes records of it, or refuses in words. One call is one write. */
export type Draft =
  | {
      readonly kind: 'queue'
      readonly op: Operation
      readonly replaces: readonly string[]
      readonly answering?: AnswerCheck
    }
  | {
      readonly kind: 'withdraw'
      readonly opIds: readonly string[]
      readonly why: WithdrawReason
      readonly reason?: Discarded
      readonly answering?: AnswerCheck
    }
  | {
      readonly kind: 'adopt'
      readonly opId: string
      readonly localId: string
      readonly candidate: RemoteCustomer
      readonly answering: AnswerCheck
    }
  | { readonly kind: 'create-separately'; readonly opId: string; readonly answering: AnswerCheck }
  | { readonly kind: 'fact'; readonly id: string; readonly localId: string; readonly fact: Fact }

/** The answer to a question says what was on the screen; main accepts it only while that is still so (S12). */
export interface AnswerCheck {
  readonly opId: string
  readonly questionId: string
  /** Ids of all open operations of the customer, in order, as shown. */
  readonly shown: readonly string[]
}

/** Why a draft was not written. Everything the person typed stays in the form. */
export type DraftRefusal =
  | 'question-moved'
  | 'operations-moved'
  | 'being-settled'
  | 'candidate-taken'
  | 'invalid-fields'
  | 'already-closed'
  | 'already-sent'
  | 'has-question'
  | 'not-the-tail'
  | 'customer-gone'
  | 'wrong-store'
  | 'too-many-deletions' // within a minute, and nobody said so in main's own dialog

export type { Patch }
