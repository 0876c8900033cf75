import type { NewId } from '#shared/ports.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
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
    operations.filter(({ id }) => !entries.has(id) && !closed.has(id)).map((op) => [op.id, op]),
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
