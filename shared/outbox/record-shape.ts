import { CUSTOMER_FIELDS } from '../customer/customer.ts'
import {
  isCustomerFields,
  isListOf,
  isName,
  isObject,
  isPatch,
  isRemoteCustomer,
  isSeenCard,
  isSomeFields,
  isText,
  isTextOrNull,
  isVersion,
  type Unknown,
} from '../customer/shape.ts'
import type { EntrySnapshot, LogSnapshot } from './log-state.ts'
import type { InDoubt, Operation, StoreId, ToldApart } from './operation.ts'
import type { Answer, Fact, LogRecord, Question } from './record.ts'

/**
 * What main reads back from the log and the renderer from its mirror is held against the same shapes: what the one keeps
 * the other takes back (S20).
 */

/**
 * Whether a value read back from the log is a record of this version (S15). Unknown members are let through; an unknown
 * kind, or a member that is missing or of another type, is not a record and is set aside by whoever reads.
 */
export function isLogRecord(value: unknown): value is LogRecord {
  return isObject(value) && isSeq(value.seq) && fits(RECORDS, value)
}

/** Whose log a file is. */
export function isStoreId(value: unknown): value is StoreId {
  return (
    isObject(value) &&
    isName(value.merchantId) &&
    isOneOf(value.environment, ['production', 'sandbox', 'practice'])
  )
}

/** A check for each kind of a union: a new member without one is a type error. */
type Checks<Union extends { readonly kind: string }> = {
  readonly [K in Union['kind']]: (value: Unknown) => boolean
}

function fits<Union extends { readonly kind: string }>(
  checks: Checks<Union>,
  value: unknown,
): value is Union {
  if (!isObject(value) || !isText(value.kind) || !Object.hasOwn(checks, value.kind)) return false
  return checks[value.kind as Union['kind']](value)
}

const RECORDS: Checks<LogRecord> = {
  queued: (r) => isOperation(r.op) && isListOf(r.replaces, isName),
  withdrawn: (r) =>
    isListOf(r.opIds, isName) && isName(r.why) && (r.reason === undefined || isDiscarded(r.reason)),
  sent: (r) =>
    isName(r.opId) &&
    isCount(r.attempt) &&
    isTextOrNull(r.squareId) &&
    (r.version === null || isVersion(r.version)) &&
    isSomeFields(r.body) &&
    isTimeOrNull(r.squareTime) &&
    isMark(r.bulk),
  answered: (r) => isName(r.opId) && isCount(r.attempt) && fits<Answer>(ANSWERS, r.answer),
  asks: (r) => isName(r.opId) && isQuestion(r.question) && isKnown(r.known),
  lifted: (r) => isName(r.opId) && isName(r.questionId),
  alias: (r) => isName(r.fromSquareId) && isName(r.toSquareId) && isRemoteCustomer(r.remote),
  fact: (r) => isName(r.id) && isText(r.localId) && fits<Fact>(FACTS, r.fact),
  copied: (r) => r.opIds === undefined || isListOf(r.opIds, isName),
  snapshot: (r) => isSnapshot(r.state),
}

const OPERATIONS: Checks<Operation> = {
  create: (op) =>
    isPatch(op.patch) &&
    (op.recreates === undefined || isName(op.recreates)) &&
    (op.insteadOf === undefined || isListOf(op.insteadOf, isInDoubt)) &&
    (op.apartFrom === undefined || isListOf(op.apartFrom, isToldApart)),
  update: (op) => isPatch(op.patch) && isTextOrNull(op.squareId) && isBasis(op.basis),
  delete: (op) => isSeenCard(op.seen) && isTextOrNull(op.squareId) && isBasis(op.basis),
}

function isOperation(value: unknown): value is Operation {
  return (
    isObject(value) &&
    isName(value.id) &&
    isName(value.localId) &&
    isStoreId(value.store) &&
    (value.by === undefined || isText(value.by)) &&
    (value.at === undefined || isText(value.at)) &&
    fits<Operation>(OPERATIONS, value)
  )
}

function isInDoubt(value: unknown): value is InDoubt {
  return isObject(value) && isCount(value.since) && isSomeFields(value.sent) && isListOf(value.shown, isName)
}

function isToldApart(value: unknown): value is ToldApart {
  return isObject(value) && isListOf(value.shown, isName) && isSomeFields(value.typed)
}

function isBasis(value: unknown): boolean {
  if (value === null) return true
  return (
    isObject(value) &&
    isName(value.squareId) &&
    isVersion(value.version) &&
    isCustomerFields(value.fields) &&
    isListOf(value.groupIds, isText) &&
    isText(value.creationSource)
  )
}

const ANSWER_KINDS = [
  'applied',
  'gone',
  'conflict',
  'not-found',
  'reused',
  'refused',
  'not-sent',
  'not-applied',
] as const satisfies readonly Answer['kind'][]
const ANSWERS: Checks<Answer> = {
  applied: (a) =>
    (a.remote === null || isRemoteCustomer(a.remote)) &&
    isOneOf(a.how, ['sent', 'equal', 'adopted', 'chosen']) &&
    (a.combined === undefined || isListOf(a.combined, isField)) &&
    (a.before === undefined || isCustomerFields(a.before)),
  gone: () => true,
  conflict: () => true,
  'not-found': () => true,
  reused: () => true,
  refused: (a) => isRefusal(a.refusal),
  'not-sent': () => true,
  'not-applied': (a) => isName(a.reason),
}

const QUESTIONS: Checks<Question> = {
  conflict: (q) => isRemoteCustomer(q.remote) && isName(q.why),
  gone: () => true,
  'delete-changed': (q) => isRemoteCustomer(q.remote) && isName(q.why),
  'merged-delete': (q) => isRemoteCustomer(q.remote),
  'create-unknown': (q) => isListOf(q.candidates, isRemoteCustomer),
  'create-duplicate': (q) => isListOf(q.candidates, isRemoteCustomer),
  refused: (q) => isRefusal(q.refusal),
  copied: () => true,
  orphan: () => true,
}

function isQuestion(value: unknown): value is Question {
  return isObject(value) && isName(value.id) && fits<Question>(QUESTIONS, value)
}

const FACTS: Checks<Fact> = {
  consent: (f) => typeof f.given === 'boolean' && isText(f.wording) && isText(f.at),
  'not-a-duplicate': (f) => isName(f.opId),
  'show-every-conflict': (f) => typeof f.on === 'boolean',
}

function isSnapshot(value: unknown): value is LogSnapshot {
  return (
    isObject(value) &&
    isListOf(value.entries, isEntrySnapshot) &&
    isPairs(value.closed, (as) => isOneOf(as, ['done', 'withdrawn', 'replaced'])) &&
    isPairs(value.aliases, isName) &&
    isPairs(value.bindings, (id) => id === null || isName(id)) &&
    isPairs(value.moved, isName) &&
    isPairs(value.made, isName) &&
    isListOf(value.remotes, isRemoteCustomer) &&
    typeof value.showEveryConflict === 'boolean'
  )
}

/** Whether a value is an open operation with all that is known of it, as a snapshot and the mirror hold it (S15). */
export function isEntrySnapshot(value: unknown): value is EntrySnapshot {
  return (
    isObject(value) &&
    isOperation(value.op) &&
    Array.isArray(value.attempts) &&
    value.attempts.every((pair) => Array.isArray(pair) && isCount(pair[0]) && isAttempt(pair[1])) &&
    (value.question === null || isQuestion(value.question)) &&
    isKnown(value.known) &&
    typeof value.copied === 'boolean' &&
    isCount(value.conflicts) &&
    typeof value.createSeparately === 'boolean' &&
    (value.shownApart === undefined || isListOf(value.shownApart, isName))
  )
}

function isAttempt(value: unknown): boolean {
  return (
    isObject(value) &&
    isTextOrNull(value.squareId) &&
    (value.version === null || isVersion(value.version)) &&
    isSomeFields(value.body) &&
    isTimeOrNull(value.squareTime) &&
    isMark(value.bulk) &&
    (value.answer === null || isOneOf(value.answer, ANSWER_KINDS))
  )
}

function isKnown(value: unknown): boolean {
  return value === undefined || isCustomerFields(value)
}

/** A mark is there or it is not. */
function isMark(value: unknown): boolean {
  return value === undefined || value === true
}

function isDiscarded(value: unknown): boolean {
  return isObject(value) && isName(value.code) && isTextOrNull(value.words)
}

function isRefusal(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.code) &&
    (value.field === null || isField(value.field)) &&
    isTextOrNull(value.detail)
  )
}

function isPairs(value: unknown, isSecond: (second: unknown) => boolean): boolean {
  return (
    Array.isArray(value) && value.every((pair) => Array.isArray(pair) && isName(pair[0]) && isSecond(pair[1]))
  )
}
function isField(value: unknown): value is string {
  return isOneOf(value, CUSTOMER_FIELDS)
}
function isOneOf(value: unknown, among: readonly string[]): boolean {
  return typeof value === 'string' && among.includes(value)
}
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}
function isTimeOrNull(value: unknown): boolean {
  return value === null || Number.isFinite(value)
}
