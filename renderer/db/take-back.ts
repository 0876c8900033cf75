import { touchedFields } from '#shared/customer/patch.ts'
import type { DeleteOperation, UpdateOperation } from '#shared/outbox/operation.ts'
import type { Draft } from '#shared/outbox/record.ts'
import { maybeAtSquare } from '#shared/outbox/fold-log.ts'
import type { CustomerCard, SaveResult } from '../book.ts'
import { promise, type BookContext } from './book-context.ts'
import { counterPatch, readRow } from './card.ts'
import { basisOf, isLoading, seenOf } from './forms.ts'
import { openEntriesOf } from './log-mirror.ts'
import { withdrawableTail } from '#shared/outbox/queue.ts'
import { plain } from './plain.ts'

/**
 * Deletes the customer as shown on that card. One that never left this PC is simply withdrawn, unless it was sent at
 * this moment.
 */
export async function removeCustomer(context: BookContext, shown: CustomerCard): Promise<SaveResult> {
  const { store, newId, wallIso, projector } = context
  const { row } = plain({ row: shown.row })
  if (row.deleted || isLoading(row)) return { kind: 'refused', refusal: 'customer-gone' }
  const open = await projector.read((mirror) => Promise.resolve(openEntriesOf(mirror, row)))
  if (open.some(({ op }) => op.kind === 'delete')) return { kind: 'saved', localId: row.localId, opId: null }

  const neverLeft =
    open[0]?.op.kind === 'create' && open.every((entry) => !maybeAtSquare(entry) && !entry.question)
  if (neverLeft) {
    const opIds = open.map(({ op }) => op.id)
    const result = await promise(context, [{ kind: 'withdraw', opIds, why: 'never-sent' }])
    if (result.kind === 'promised') return { kind: 'saved', localId: row.localId, opId: null }
    if (result.kind === 'unwritable') return result
  }
  const op: DeleteOperation = {
    id: newId(),
    localId: row.localId,
    store,
    at: wallIso(),
    kind: 'delete',
    squareId: row.squareId,
    basis: basisOf(row.remote),
    seen: seenOf(row),
  }
  return saved(await promise(context, [{ kind: 'queue', op, replaces: [] }]), row.localId, op.id)
}

/** Takes a change back: withdrawn where it is the last one and never left, else by an edit of what it still holds. */
export async function undoChange(context: BookContext, localId: string, opId: string): Promise<SaveResult> {
  const { projector } = context
  const withdraw = await projector.read(async (mirror): Promise<Draft | null> => {
    const row = await readRow(context.db, mirror, localId)
    const last = row && withdrawableTail(openEntriesOf(mirror, row)).at(-1)
    return last?.op.id === opId ? { kind: 'withdraw', opIds: [opId], why: 'undo' } : null
  })
  if (withdraw) {
    const result = await promise(context, [withdraw])
    if (result.kind !== 'refused') return saved(result, localId, null)
  }
  return counterEdit(context, localId, opId)
}

async function counterEdit(context: BookContext, localId: string, opId: string): Promise<SaveResult> {
  const { db, projector, store, newId, wallIso, compare } = context
  const plan = await projector.read(async (mirror): Promise<Draft | 'sent' | null> => {
    const row = await readRow(db, mirror, localId)
    const op = mirror.state.entries.get(opId)?.op
    // A creation or deletion on its way to Square cannot be called back by an edit.
    if (op && op.kind !== 'update') return 'sent'
    const patch = op?.patch ?? (await db.history.get(opId))?.patch
    if (!row || !patch || isLoading(row)) return null
    const counter = counterPatch(row, patch, compare)
    if (touchedFields(counter).length === 0) return null
    const undo: UpdateOperation = {
      id: newId(),
      localId: row.localId,
      store,
      at: wallIso(),
      kind: 'update',
      patch: counter,
      squareId: row.squareId,
      basis: basisOf(row.remote),
    }
    return { kind: 'queue', op: undo, replaces: [] }
  })
  if (plan === 'sent') return { kind: 'refused', refusal: 'already-sent' }
  if (!plan || plan.kind !== 'queue') return { kind: 'saved', localId, opId: null }
  return saved(await promise(context, [plan]), localId, plan.op.id)
}

function saved(
  result: Awaited<ReturnType<typeof promise>>,
  localId: string,
  opId: string | null,
): SaveResult {
  return result.kind === 'promised' ? { kind: 'saved', localId, opId } : result
}
