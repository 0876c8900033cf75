import { array, boolean, number, tuple, type ISchema } from 'yup'
import { CUSTOMER_FIELDS } from '#shared/customer/customer.ts'
import { operation } from './operation-schemas.ts'
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
  orNull,
  remoteCustomer,
  someFields,
  squareId,
  text,
  uuid,
  version,
} from './schema-parts.ts'

/**
 * Schema of what the mirror gives back to a log that lost something (S20): `LogSnapshot` in full depth. Whatever a log can
 * hold fits: such a log promises nothing before it is whole, so what is refused here stands still for ever.
 */

const refusal = exactly({
  code: text(),
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
    candidates: listOf(remoteCustomer, LONG_LIST_CAP),
  }),
  'create-duplicate': exactly({
    ...everyQuestion,
    kind: one('create-duplicate'),
    candidates: listOf(remoteCustomer, LONG_LIST_CAP),
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
  attempts: pairs(count(), attempt),
  question: orNull(question),
  known: customerFields.optional().default(undefined),
  copied: flag(),
  conflicts: count(),
  createSeparately: flag(),
  shownApart: array().of(squareId()).max(LONG_LIST_CAP).optional(),
})

function pairs<A, B>(first: ISchema<A>, second: ISchema<B>) {
  return listOf(tuple<[A, B]>([first, second]).defined(), LONG_LIST_CAP)
}

export const logSnapshot = exactly({
  entries: listOf(entry, LONG_LIST_CAP),
  closed: pairs(uuid(), oneOf('done', 'withdrawn', 'replaced')),
  aliases: pairs(squareId(), squareId()),
  bindings: pairs(uuid(), squareId().nullable()),
  moved: pairs(uuid(), uuid()),
  made: pairs(squareId(), uuid()),
  remotes: listOf(remoteCustomer, LONG_LIST_CAP),
  showEveryConflict: flag(),
})
