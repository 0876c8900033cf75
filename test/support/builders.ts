import type { CustomerFields, Patch, RemoteCustomer } from '#shared/customer/customer.ts'
import type {
  CreateOperation,
  DeleteOperation,
  Operation,
  StoreId,
  UpdateOperation,
} from '#shared/outbox/operation.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import type { Answer, Answered, Asks, QuestionBody, Queued, RecordBody, Sent } from '#shared/outbox/record.ts'
import { applyRecord, emptyLogState } from '#shared/outbox/fold-log.ts'
import { fieldsOf, remoteOf } from './customers.ts'

export const STORE: StoreId = { merchantId: 'M1', environment: 'sandbox' }

/** A patch from `field: [base, local]`; a new customer's bases are null. */
export function patch(changes: { [F in keyof CustomerFields]?: readonly [unknown, unknown] }): Patch {
  return Object.fromEntries(Object.entries(changes).map(([field, [base, local]]) => [field, { base, local }]))
}

export function createOp(
  id: string,
  localId: string,
  fields: Partial<CustomerFields> = { givenName: 'Ann' },
  over: Partial<CreateOperation> = {},
): CreateOperation {
  const changes = Object.entries(fields).map(([field, local]) => [field, { base: null, local }])
  return { kind: 'create', id, localId, store: STORE, patch: Object.fromEntries(changes) as Patch, ...over }
}

/** An edit of a customer Square has; the basis is that remote. */
export function updateOp(
  id: string,
  localId: string,
  changes: Patch,
  remote: RemoteCustomer | null,
  over: Partial<UpdateOperation> = {},
): UpdateOperation {
  return {
    kind: 'update',
    id,
    localId,
    store: STORE,
    patch: changes,
    squareId: remote?.id ?? null,
    basis: remote && basisOf(remote),
    ...over,
  }
}

/** A deletion of the card as that remote shows it. */
export function deleteOp(id: string, localId: string, remote: RemoteCustomer): DeleteOperation {
  const { fields, groupIds, creationSource } = remote
  const seen = { fields, groupIds, creationSource }
  return { kind: 'delete', id, localId, store: STORE, squareId: remote.id, basis: basisOf(remote), seen }
}

function basisOf(remote: RemoteCustomer) {
  const { id: squareId, version, fields, groupIds, creationSource } = remote
  return { squareId, version, fields, groupIds, creationSource }
}

export function queued(op: Operation, replaces: readonly string[] = []): Queued {
  return { kind: 'queued', op, replaces }
}
export function sent(opId: string, attempt = 1, over: Partial<Sent> = {}): Sent {
  return { kind: 'sent', opId, attempt, squareId: 'SQ1', version: '1', body: {}, squareTime: null, ...over }
}
export function answered(opId: string, attempt: number, answer: Answer): Answered {
  return { kind: 'answered', opId, attempt, answer }
}
export function applied(opId: string, remote: RemoteCustomer | null, attempt = 1): Answered {
  return answered(opId, attempt, { kind: 'applied', remote, how: 'sent' })
}
/** `known`: the content that was known before. */
export function asks(
  opId: string,
  body: QuestionBody,
  id = `question-of-${opId}`,
  known?: RemoteCustomer,
): Asks {
  return { kind: 'asks', opId, question: { ...body, id }, ...(known && { known: known.fields }) }
}

/** The state these records make. */
export function stateOf(...records: RecordBody[]): LogState {
  const state = emptyLogState()
  for (const record of records) applyRecord(state, record)
  return state
}
export function entryOf(state: LogState, opId: string): Entry {
  const entry = state.entries.get(opId)
  if (!entry) throw new Error(`not open: ${opId}`)
  return entry
}

/** Ann as Square holds her. */
export function ann(version = '1', fields: Partial<CustomerFields> = {}, id = 'SQ1'): RemoteCustomer {
  return remoteOf(id, { givenName: 'Ann', phoneNumber: '212-555-0101', ...fields }, { version })
}
export { fieldsOf, remoteOf }
