import { combineNew, combinePatches } from '#shared/customer/patch.ts'
import { inDoubt } from '#shared/outbox/fold-log.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { Discarded, Draft } from '#shared/outbox/record.ts'
import type { DiscardedChange, DiscardResult, SaveResult, WaitingCustomer } from '../book.ts'
import { promise, type BookContext } from './book-context.ts'
import { readRow } from './card.ts'
import { basisOf, isLoading } from './forms.ts'

/**
 * Takes back what waits (S27): the never-sent tail, or as the answer to the question that was shown. Main refuses it
 * where the log has moved since.
 */
export async function discardWaiting(
  context: BookContext,
  shown: WaitingCustomer,
  reason: Discarded,
): Promise<DiscardResult> {
  const { localId, question, discardable: opIds } = shown
  const entries = await context.projector.read(({ state }) =>
    Promise.resolve(opIds.flatMap((id) => state.entries.get(id) ?? [])),
  )
  if (opIds.length === 0 || entries.length < opIds.length)
    return { kind: 'refused', refusal: 'already-closed' }
  const answering = question && { opId: question.opId, questionId: question.id, shown: opIds }
  const draft: Draft = {
    kind: 'withdraw',
    opIds,
    why: question?.kind === 'copied' ? 'copied' : 'discard',
    reason,
    ...(answering ? { answering } : {}),
  }
  const again = entries.some(inDoubt) ? [] : promisedAnew(context, entries)
  const result = await promise(context, [draft])
  return result.kind === 'promised' ? { kind: 'discarded', change: { localId, again } } : result
}

/** Promises a discarded change anew, against the newest remote this PC knows (S27). */
export async function takeUpAgain(
  context: BookContext,
  { localId, again }: DiscardedChange,
): Promise<SaveResult> {
  if (again.length === 0) return { kind: 'refused', refusal: 'already-sent' }
  const drafts = await context.projector.read(async (mirror): Promise<readonly Draft[] | null> => {
    const row = await readRow(context.db, mirror, localId)
    const drafts: Draft[] = []
    for (const op of again) {
      if (op.kind === 'update') {
        if (!row || row.deleted || isLoading(row)) return null
        const { squareId, remote } = row
        drafts.push({
          kind: 'queue',
          op: { ...op, localId: row.localId, squareId, basis: basisOf(remote) },
          replaces: [],
        })
      } else drafts.push({ kind: 'queue', op, replaces: [] })
    }
    return drafts
  })
  if (!drafts) return { kind: 'refused', refusal: 'customer-gone' }
  const result = await promise(context, drafts)
  return result.kind === 'promised' ? { kind: 'saved', localId, opId: again.at(-1)!.id } : result
}

/** The same patches under new ids: edits as one operation, a deletion as one of its own. */
function promisedAnew({ newId, wallIso }: BookContext, entries: readonly Entry[]): readonly Operation[] {
  const anew: Operation[] = []
  for (const { op } of entries) {
    const last = anew.at(-1)
    const common = { id: newId(), at: wallIso() }
    if (op.kind === 'delete' || !last || last.kind === 'delete') anew.push({ ...op, ...common })
    else {
      const combine = last.kind === 'create' ? combineNew : combinePatches
      anew.splice(-1, 1, { ...last, patch: combine([last.patch, op.patch]) })
    }
  }
  return anew
}
