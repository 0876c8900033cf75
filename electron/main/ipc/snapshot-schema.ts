import { array, boolean, number, tuple, type ISchema } from 'yup'
import { CUSTOMER_FIELDS } from '#shared/customer/customer.ts'
import { operation } from './operation-schemas.ts'
import {
  byKind,
  count,
  customerFields,
  exactly,
  flag,
  label,
  listOf,
  one,
  oneOf,
  orNull,
  remoteCustomer,
  someFields,
  squareId,
  text,
  uuid,
  version,
} from './schema-parts.ts'

/** Schema of what the mirror gives back to a log that lost its tail (S20): `LogSnapshot` in full depth. */

const BOOK_CAP = 100_000

const refusal = exactly({
  code: label(),
  field: oneOf(...CUSTOMER_FIELDS).nullable(),
  detail: text().nullable(),
})
const everyQuestion = { id: label() }
const question = byKind({
  conflict: exactly({
    ...everyQuestion,
    kind: one('conflict'),
    remote: remoteCustomer,
    why: oneOf('overlap', 'in-doubt', 'keeps-changing', 'show-all', 'another-person'),
  }),
  gone: exactly({ ...everyQuestion, kind: one('gone') }),
  'delete-changed': exactly({
    ...everyQuestion,
    kind: one('delete-changed'),
    remote: remoteCustomer,
    why: oneOf('changed', 'keeps-changing'),
  }),
  'merged-delete': exactly({ ...everyQuestion, kind: one('merged-delete'), remote: remoteCustomer }),
  'create-unknown': exactly({
    ...everyQuestion,
    kind: one('create-unknown'),
    candidates: listOf(remoteCustomer),
  }),
  'create-duplicate': exactly({
    ...everyQuestion,
    kind: one('create-duplicate'),
    candidates: listOf(remoteCustomer),
  }),
  refused: exactly({ ...everyQuestion, kind: one('refused'), refusal }),
  copied: exactly({ ...everyQuestion, kind: one('copied') }),
  orphan: exactly({ ...everyQuestion, kind: one('orphan') }),
})

const attempt = exactly({
  squareId: squareId().nullable(),
  version: version().nullable(),
  body: someFields,
  squareTime: number().defined().nullable(),
  bulk: boolean().oneOf([true]).optional(),
  answer: oneOf(
    'applied',
    'gone',
    'conflict',
    'not-found',
    'reused',
    'refused',
    'not-sent',
    'not-applied',
  ).nullable(),
})

const entry = exactly({
  op: operation,
  attempts: listOf(pair(count(), attempt)),
  question: orNull(question),
  known: customerFields.optional().default(undefined),
  copied: flag(),
  conflicts: count(),
  createSeparately: flag(),
  shownApart: array().of(squareId()).max(1_000).optional(),
})

function pair<A, B>(first: ISchema<A>, second: ISchema<B>) {
  return tuple<[A, B]>([first, second]).defined()
}

export const logSnapshot = exactly({
  entries: listOf(entry, BOOK_CAP),
  closed: listOf(pair(uuid(), oneOf('done', 'withdrawn', 'replaced')), BOOK_CAP),
  aliases: listOf(pair(squareId(), squareId()), BOOK_CAP),
  bindings: listOf(pair(uuid(), squareId().nullable()), BOOK_CAP),
  moved: listOf(pair(uuid(), uuid()), BOOK_CAP),
  made: listOf(pair(squareId(), uuid()), BOOK_CAP),
  remotes: listOf(remoteCustomer, BOOK_CAP),
  showEveryConflict: flag(),
})
