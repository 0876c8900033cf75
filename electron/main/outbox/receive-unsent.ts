import type { NewId } from '#shared/ports.ts'
import type { CreateOperation, Operation } from '#shared/outbox/operation.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { combineNew } from '#shared/customer/patch.ts'
import { createBody } from '#shared/outbox/create-body.ts'
import { laneOf, openEntries, targetOf } from '#shared/outbox/fold-log.ts'
import type { ImportRefusal } from '#shared/storage.ts'
import type { Outbox } from './outbox-port.ts'

export type Received =
  | {
      readonly kind: 'received'
      readonly added: number
      /** Open here, or closed here before. */
      readonly known: number
    }
  | { readonly kind: 'refused'; readonly reason: Extract<ImportRefusal, 'not-ready' | 'unwritable'> }

/**
 * Takes operations of another log in: as open work that asks, each of it, because that log may have sent it (S20). One
 * write: all of them or none. Not ready before a mirror has reported: a log that is given back what it lost would lose what
 * it took in before.
 */
export async function receiveUnsent(
  outbox: Pick<Outbox, 'state' | 'write' | 'mirrorReported'>,
  operations: readonly Operation[],
  newId: NewId,
): Promise<Received> {
  if (!outbox.mirrorReported()) return { kind: 'refused', reason: 'not-ready' }
  const state = outbox.state()
  const all = withLocalIds(state, operations, newId)
  const fresh = new Map(all.filter((op) => !isKnown(state, op)).map((op) => [op.id, op]))
  const taken = [...createdAnew(state, all, [...fresh.values()], newId), ...fresh.values()]
  const opIds = taken.map(({ id }) => id)
  const records: RecordBody[] = [
    ...taken.map((op): RecordBody => ({ kind: 'queued', op, replaces: [] })),
    { kind: 'copied', opIds },
    ...opIds.map((opId): RecordBody => ({ kind: 'asks', opId, question: { kind: 'copied', id: newId() } })),
  ]
  const written = opIds.length === 0 || (await outbox.write(records))
  if (!written) return { kind: 'refused', reason: 'unwritable' }
  return { kind: 'received', added: fresh.size, known: operations.length - fresh.size }
}

function isKnown({ entries, closed }: LogState, { id }: Operation): boolean {
  return entries.has(id) || closed.has(id)
}

/**
 * A new customer of that log may carry a local id that has been given to one of Square's here: the same change went from
 * PC to PC, and was answered on both. Under that id two customers would be one, so it gets another one, and so does what
 * builds on it.
 */
function withLocalIds(state: LogState, operations: readonly Operation[], newId: NewId): Operation[] {
  const others = new Map<string, string>()
  for (const { id, kind, localId } of operations) {
    if (kind !== 'create') continue
    const here = state.entries.get(id)
    if (here) others.set(localId, here.op.localId)
    else if (!state.closed.has(id) && targetOf(state, localId) !== null) others.set(localId, newId())
  }
  return operations.map((op) => {
    const isOfNew = op.kind === 'create' || op.squareId === null
    return { ...op, localId: (isOfNew ? others.get(op.localId) : undefined) ?? op.localId }
  })
}

/**
 * New customers whose creation was ended here before (forgotten, as the other PC was to send it), while the file has edits
 * of them that are new: alone these would be half a customer, looked for by nobody. Each is created anew, as the file says it
 * was before those edits, in the stead of the creation that the other log may have sent (S9, S20).
 */
function createdAnew(
  state: LogState,
  all: readonly Operation[],
  fresh: readonly Operation[],
  newId: NewId,
): CreateOperation[] {
  const created = new Set(fresh.flatMap((op) => (op.kind === 'create' ? [op.localId] : [])))
  const edits = fresh.filter((op) => !created.has(op.localId) && lacksCreate(state, op))
  const lacking = new Set(edits.map(({ localId }) => localId))
  return all.flatMap((create) => {
    if (create.kind !== 'create' || !lacking.delete(create.localId)) return []
    const before = all.filter((op) => op.localId === create.localId && isKnown(state, op))
    const patch = combineNew(before.flatMap((op) => (op.kind === 'delete' ? [] : [op.patch])))
    const insteadOf = [{ since: 0, sent: createBody(create), shown: [] }, ...(create.insteadOf ?? [])]
    return [{ ...create, id: newId(), patch, insteadOf }]
  })
}

/** A deletion alone stays one of nobody: what it was for is not wanted any more. */
function lacksCreate(state: LogState, op: Operation): boolean {
  if (op.kind !== 'update' || op.squareId !== null || targetOf(state, op.localId) !== null) return false
  return !openEntries(state, laneOf(state, op.localId)).some((entry) => entry.op.kind === 'create')
}
