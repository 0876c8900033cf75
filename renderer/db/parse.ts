import {
  ADDRESS_PARTS,
  CUSTOMER_FIELDS,
  type CustomerField,
  type CustomerFields,
  type FieldValue,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import { isRemoteCustomer } from '#shared/customer/shape.ts'
import type { RowStatus } from '#shared/directory/row.ts'
import type { ClosedAs } from '#shared/outbox/log-state.ts'
import { isEntrySnapshot } from '#shared/outbox/record-shape.ts'
import { CHOICES, type AnsweredField, type Choice } from '../book.ts'
import {
  LOG_MAPS,
  type LogMapName,
  type StoredAnswer,
  type StoredDraft,
  type StoredEntry,
  type StoredHistory,
  type StoredLogValue,
  type StoredMeta,
  type StoredRow,
} from './stored.ts'

/**
 * Guards for what is read from disk (S15). They check the shape that the code relies on, one thing at a time; written by
 * hand because the whole directory passes through them at each start.
 */

const STATUSES: readonly RowStatus[] = ['in-square', 'saved-here', 'needs-you', 'loading']
const VERSION = /^\d+$/

/** True for a row of the directory. */
export function isStoredRow(value: unknown): value is StoredRow {
  return (
    isRecord(value) &&
    isText(value['localId']) &&
    (value['squareId'] === null || isText(value['squareId'])) &&
    (value['remote'] === null || isRemote(value['remote'])) &&
    isFields(value['local']) &&
    typeof value['openOps'] === 'number' &&
    STATUSES.includes(value['status'] as RowStatus) &&
    typeof value['deleted'] === 'boolean' &&
    typeof value['hidden'] === 'boolean'
  )
}

/** True for an open operation of the mirrored log, whole: what main would not take back keeps a log from being mended (S20). */
export function isStoredEntry(value: unknown): value is StoredEntry {
  return (
    isRecord(value) &&
    isCount(value['order']) &&
    isEntrySnapshot(value['entry']) &&
    value['entry'].op.id === value['opId']
  )
}

/** True for a value of one of the mirrored log's maps, likewise. */
export function isStoredLogValue(value: unknown): value is StoredLogValue {
  return (
    isRecord(value) &&
    isCount(value['order']) &&
    isText(value['id']) &&
    LOG_MAPS.includes(value['map'] as LogMapName) &&
    LOG_VALUES[value['map'] as LogMapName](value['value'])
  )
}
const LOG_VALUES: { readonly [M in LogMapName]: (value: unknown) => boolean } = {
  closed: (value) => CLOSED_AS.includes(value as ClosedAs),
  aliases: isText,
  bindings: (value) => value === null || isText(value),
  moved: isText,
  made: isText,
  remotes: isRemoteCustomer,
}
const CLOSED_AS: readonly ClosedAs[] = ['done', 'withdrawn', 'replaced']

/** True for how far the mirror is. */
export function isStoredMeta(value: unknown): value is StoredMeta {
  return (
    isRecord(value) &&
    isCount(value['generation']) &&
    isCount(value['lastSeq']) &&
    isCount(value['pages']) &&
    (value['stamp'] === undefined || isText(value['stamp'])) &&
    typeof value['showEveryConflict'] === 'boolean' &&
    (value['partial'] === undefined || value['partial'] === true)
  )
}

/** True for a line of a customer's history. */
export function isStoredHistory(value: unknown): value is StoredHistory {
  return (
    isRecord(value) &&
    isText(value['opId']) &&
    isText(value['localId']) &&
    typeof value['seq'] === 'number' &&
    isText(value['kind']) &&
    typeof value['at'] === 'string' &&
    Array.isArray(value['fields']) &&
    Array.isArray(value['combined']) &&
    (value['reason'] === undefined || isRecord(value['reason'])) &&
    (value['was'] === undefined || isRecord(value['was'])) &&
    (value['patch'] === null || isRecord(value['patch']))
  )
}

/** True for what was being typed. */
export function isStoredDraft(value: unknown): value is StoredDraft {
  if (!isRecord(value) || !isText(value['opId']) || !isRecord(value['draft'])) return false
  const { form, fields, consent } = value['draft']
  return (
    isRecord(form) &&
    isText(form['opId']) &&
    isText(form['localId']) &&
    isFields(form['shown']) &&
    isFields(fields) &&
    (consent === undefined || typeof consent === 'boolean')
  )
}

/** True for a half-given answer. */
export function isStoredAnswer(value: unknown): value is StoredAnswer {
  if (!isRecord(value) || !isText(value['opId']) || !isRecord(value['draft'])) return false
  const { opId, kind, questionId, fields, consent } = value['draft']
  if (opId !== value['opId']) return false
  if (kind === 'conflict') return Array.isArray(fields) && fields.every(isAnsweredField)
  const agreed = consent === undefined || typeof consent === 'boolean'
  return kind === 'refused' && isText(questionId) && isFields(fields) && agreed
}
function isAnsweredField(value: unknown): value is AnsweredField {
  return (
    isRecord(value) &&
    CUSTOMER_FIELDS.includes(value['field'] as CustomerField) &&
    CHOICES.includes(value['choice'] as Choice) &&
    typeof value['triple'] === 'string' &&
    isFieldValue(value['field'] as CustomerField, value['value'])
  )
}

/** True for a customer as Square gave it. */
function isRemote(value: unknown): value is RemoteCustomer {
  return (
    isRecord(value) &&
    isText(value['id']) &&
    typeof value['version'] === 'string' &&
    VERSION.test(value['version']) &&
    isFields(value['fields']) &&
    Array.isArray(value['groupIds'])
  )
}

function isFields(value: unknown): value is CustomerFields {
  if (!isRecord(value)) return false
  for (const field of CUSTOMER_FIELDS) if (!isFieldValue(field, value[field])) return false
  return true
}
function isFieldValue(field: CustomerField, held: unknown): held is FieldValue<CustomerField> {
  if (held === null) return true
  if (field !== 'address') return typeof held === 'string'
  return (
    isRecord(held) &&
    ADDRESS_PARTS.every((part) => held[part] === undefined || typeof held[part] === 'string')
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
