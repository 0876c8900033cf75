import type { NewId } from '#shared/ports.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { targetOf } from '#shared/outbox/fold-log.ts'
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
  const { entries, closed } = outbox.state()
  const fresh = new Map(
    withLocalIds(outbox.state(), operations, newId)
      .filter(({ id }) => !entries.has(id) && !closed.has(id))
      .map((op) => [op.id, op]),
  )
  const opIds = [...fresh.keys()]
  const records: RecordBody[] = [
    ...[...fresh.values()].map((op): RecordBody => ({ kind: 'queued', op, replaces: [] })),
    { kind: 'copied', opIds },
    ...opIds.map((opId): RecordBody => ({ kind: 'asks', opId, question: { kind: 'copied', id: newId() } })),
  ]
  const written = opIds.length === 0 || (await outbox.write(records))
  if (!written) return { kind: 'refused', reason: 'unwritable' }
  return { kind: 'received', added: opIds.length, known: operations.length - opIds.length }
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
