import type { ValidateOptions } from 'yup'
import type { InvokeChannel, InvokeContract } from '#shared/ipc/contract.ts'
import { draft } from './operation-schemas.ts'
import {
  byKind,
  count,
  cursor,
  exactly,
  flag,
  label,
  listOf,
  maybeCount,
  maybeFlag,
  nothing,
  one,
  oneOf,
  squareId,
  squareTime,
  store,
  uuid,
} from './schema-parts.ts'
import { logSnapshot } from './snapshot-schema.ts'

/** What the router needs of a schema: throws where the value is not a `T`. */
export interface ArgumentSchema<T> {
  validateSync(value: unknown, options: ValidateOptions): T
}
export type ArgumentSchemas = { readonly [C in InvokeChannel]: ArgumentSchema<InvokeContract[C]['request']> }

const mirror = exactly({ store, generation: count(), lastSeq: count(), partial: maybeFlag() })

/** Longer than any access token Square gives. */
const token = label().min(1).max(1_000)

/** One schema per channel; a request that does not fit is refused as a whole. */
export const ARGUMENT_SCHEMAS = {
  'outbox:append': exactly({ drafts: listOf(draft), mirror }),
  'outbox:since': mirror,
  'outbox:restore': exactly({ mirror, state: logSnapshot }),
  'directory:pull': byKind({
    list: exactly({ kind: one('list'), cursor: cursor().nullable(), left: maybeCount() }),
    delta: exactly({ kind: one('delta'), since: label(), cursor: cursor().nullable(), asked: maybeFlag() }),
    ids: exactly({ kind: one('ids'), squareIds: listOf(squareId(), 100), asked: maybeFlag() }),
  }),
  'directory:vouch': exactly({ store, since: squareTime(), opIds: listOf(uuid()) }),
  'session:state': nothing(),
  'session:connect': byKind({
    token: exactly({ kind: one('token'), environment: oneOf('production', 'sandbox'), token }),
    practice: exactly({ kind: one('practice') }),
  }),
  'session:disconnect': nothing(),
  'sync:state': nothing(),
  'sync:now': nothing(),
  'sync:log': nothing(),
  'sync:log-export': nothing(),
  'app:info': nothing(),
  // Names of ours only: nothing that could carry a customer's data into the technical log.
  'app:fault': exactly({
    where: label().matches(/^[a-z.-]{1,40}$/),
    name: label().matches(/^\w{1,60}$/),
    at: label().matches(/^[\w.:$-]{0,120}$/),
  }),
  'storage:state': nothing(),
  'storage:export': nothing(),
  'storage:import': nothing(),
  'storage:directory': exactly({ opened: flag() }),
  'app:restart': nothing(),
  'practice:command': byKind({
    state: exactly({ kind: one('state') }),
    line: exactly({ kind: one('line'), up: flag() }),
    'lose-next-answer': exactly({ kind: one('lose-next-answer') }),
    'colleague-edits': exactly({
      kind: one('colleague-edits'),
      squareId: squareId(),
      field: oneOf('phoneNumber', 'note', 'emailAddress'),
    }),
    'colleague-deletes': exactly({ kind: one('colleague-deletes'), squareId: squareId() }),
  }),
} as const satisfies ArgumentSchemas
