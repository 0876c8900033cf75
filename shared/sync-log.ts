import type { CustomerField } from './customer/customer.ts'
import type { StoreId } from './outbox/operation.ts'
import type {
  AnswerKind,
  DiscardReason,
  DraftRefusal,
  QuestionKind,
  RecordBody,
  WithdrawReason,
} from './outbox/record.ts'
import type { Failure } from './sync/failure.ts'
import type { SyncPause, SyncState } from './sync/sync-state.ts'

/** So many lines are kept, the newest. */
export const SYNC_LOG_KEPT = 500

/**
 * What happened with Square lately, for people who help: our ids, counts and words from closed lists. No member of an
 * entry may be free text (S28); `NoFreeText` makes one a type error in the test.
 */
export type SyncLogEntry = SyncLogFact & {
  /** Counts up, also over what was dropped. */
  readonly n: number
  /** The PC's clock in ms since the epoch: a label (S17). */
  readonly at: number
}

export type SyncLogFact =
  | { readonly kind: 'opened'; readonly environment: StoreId['environment']; readonly open: number }
  | { readonly kind: 'promised'; readonly op: OurId | null; readonly what: 'create' | 'update' | 'delete' }
  | {
      readonly kind: 'withdrawn'
      readonly count: number
      readonly why: WithdrawReason
      readonly reason: DiscardReason | null
    }
  | { readonly kind: 'not-promised'; readonly why: DraftRefusal | UnwritableReason }
  | { readonly kind: 'sent'; readonly op: OurId | null; readonly attempt: number }
  | {
      readonly kind: 'answered'
      readonly op: OurId | null
      readonly attempt: number
      readonly answer: AnswerKind
      readonly code: RefusalCode | null
      readonly field: CustomerField | null
    }
  | { readonly kind: 'asks'; readonly op: OurId | null; readonly question: QuestionKind }
  /** Other records the engine wrote, by their kind alone. */
  | { readonly kind: 'noted'; readonly record: OtherRecord }
  | { readonly kind: 'not-written'; readonly records: number }
  | {
      readonly kind: 'request'
      readonly request: SquareRequest
      /** How many customers it asks about or carries. */
      readonly about: number
      readonly outcome: 'ok' | Failure['kind']
      readonly reason: FailureReason | null
      /** Customers that came. */
      readonly came: number | null
      readonly ms: number
    }
  | { readonly kind: 'line'; readonly connection: SyncState['connection'] }
  | { readonly kind: 'pause'; readonly pause: SyncPause['kind'] | null }

/** Ids made here are UUIDs; anything else is not written. */
export type OurId = `${string}-${string}-${string}-${string}-${string}`
type OtherRecord = Exclude<RecordBody['kind'], 'queued' | 'withdrawn' | 'sent' | 'answered' | 'asks'>
type FailureReason = Extract<Failure, { reason: string }>['reason']
export type UnwritableReason = 'disk-full' | 'disk-low' | 'read-only' | 'io' | 'no-store' | 'safe-mode'

/** The requests of `SquareGateway`, by name. */
export type SquareRequest =
  | 'retrieve'
  | 'create'
  | 'update'
  | 'remove'
  | 'bulkRetrieve'
  | 'bulkCreate'
  | 'bulkUpdate'
  | 'list'
  | 'changedSince'
  | 'createdSince'
  | 'findExact'
  | 'seller'

/** Square's codes that are written as they are. Its answer is not trusted to hold a code where one is due (S13). */
export const REFUSAL_CODES = [
  'BAD_REQUEST',
  'INVALID_EMAIL_ADDRESS',
  'INVALID_PHONE_NUMBER',
  'INVALID_TIME',
  'INVALID_VALUE',
  'MISSING_REQUIRED_PARAMETER',
  'VALUE_EMPTY',
  'VALUE_TOO_LONG',
  'VALUE_TOO_SHORT',
  'VALUE_REGEX_MISMATCH',
  'EXPECTED_STRING',
  'MAP_KEY_LENGTH_TOO_LONG',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number] | 'other'

/** True where no member of the union T is text that is not from a closed list or in the shape of our ids. */
export type NoFreeText<T> = [FreeText<Members<T>>] extends [never] ? true : false
type Members<T> = T extends unknown ? T[keyof T] : never
type FreeText<M> = M extends number | boolean | null | undefined
  ? never
  : M extends string
    ? string extends M
      ? M
      : never
    : M

/** The id as it may be written; null where it is not one of ours. */
export function ourId(id: string): OurId | null {
  return isOurId(id) ? id : null
}
function isOurId(id: string): id is OurId {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
}

/** The code as it may be written. */
export function refusalCode(code: string): RefusalCode {
  return REFUSAL_CODES.find((known) => known === code) ?? 'other'
}

/** The log as text, one line an entry, oldest first: `time kind member=value …`. */
export function syncLogText(entries: readonly SyncLogEntry[], version: string): string {
  const lines = entries.map(({ n, at, kind, ...members }) => {
    const facts = Object.entries(members).flatMap(([name, value]) =>
      value === null ? [] : [`${name}=${String(value)}`],
    )
    return [new Date(at).toISOString(), `#${n}`, kind, ...facts].join(' ')
  })
  return [`Counterfoil ${version}`, ...lines, ''].join('\n')
}

/** What came of "save it to a file". */
export type SyncLogExport =
  { readonly kind: 'saved' } | { readonly kind: 'cancelled' } | { readonly kind: 'failed' }
