import { array, string } from 'yup'
import { DISCARD_REASONS, DISCARD_WORDS_MOST } from '#shared/outbox/record.ts'
import {
  LONG_LIST_CAP,
  byKind,
  count,
  customerFields,
  exactly,
  flag,
  label,
  listOf,
  one,
  oneOf,
  patch,
  remoteCustomer,
  someFields,
  squareId,
  store,
  text,
  uuid,
  version,
} from './schema-parts.ts'

/** Schemas of what a window may ask to be written: operations and drafts, in full depth. */

const basis = exactly({
  squareId: squareId(),
  version: version(),
  fields: customerFields,
  groupIds: listOf(squareId(), LONG_LIST_CAP),
  creationSource: text(),
})
const seen = exactly({
  fields: customerFields,
  groupIds: array().of(squareId()).max(LONG_LIST_CAP).optional(),
  creationSource: string().optional(),
})
const shown = listOf(squareId(), LONG_LIST_CAP)
const inDoubt = exactly({ since: count(), sent: someFields, shown })
const toldApart = exactly({ shown, typed: someFields })

const everyOperation = {
  id: uuid(),
  localId: uuid(),
  store,
  by: string().max(200).optional(),
  at: string().max(40).optional(),
}
export const operation = byKind({
  create: exactly({
    ...everyOperation,
    kind: one('create'),
    patch,
    recreates: squareId().optional(),
    insteadOf: array().of(inDoubt).max(LONG_LIST_CAP).optional(),
    apartFrom: array().of(toldApart).max(LONG_LIST_CAP).optional(),
  }),
  update: exactly({
    ...everyOperation,
    kind: one('update'),
    patch,
    squareId: squareId().nullable(),
    basis: basis.nullable(),
  }),
  delete: exactly({
    ...everyOperation,
    kind: one('delete'),
    squareId: squareId().nullable(),
    basis: basis.nullable(),
    seen,
  }),
})

const answering = exactly({ opId: uuid(), questionId: label(), shown: listOf(uuid()) })
const maybeAnswering = answering.optional().default(undefined)

/** So much may be said in one's own words (S27). */
const discarded = exactly({
  code: oneOf(...DISCARD_REASONS),
  words: string().max(DISCARD_WORDS_MOST).defined().nullable(),
})

const fact = byKind({
  consent: exactly({
    kind: one('consent'),
    given: flag(),
    wording: text(),
    at: label(),
    by: string().max(200).optional(),
  }),
  'not-a-duplicate': exactly({ kind: one('not-a-duplicate'), opId: uuid() }),
  'show-every-conflict': exactly({ kind: one('show-every-conflict'), on: flag() }),
})

export const draft = byKind({
  queue: exactly({ kind: one('queue'), op: operation, replaces: listOf(uuid()), answering: maybeAnswering }),
  withdraw: exactly({
    kind: one('withdraw'),
    opIds: listOf(uuid()),
    why: oneOf('undo', 'never-sent', 'keep-square', 'accept-deletion', 'discard', 'copied'),
    reason: discarded.optional().default(undefined),
    answering: maybeAnswering,
  }),
  adopt: exactly({ kind: one('adopt'), opId: uuid(), localId: uuid(), candidate: remoteCustomer, answering }),
  'create-separately': exactly({ kind: one('create-separately'), opId: uuid(), answering }),
  fact: exactly({ kind: one('fact'), id: uuid(), localId: uuid(), fact }),
})
