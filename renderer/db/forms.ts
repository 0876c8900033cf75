import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import { applyPatch, combineNew, combinePatches, diffFields, touchedFields } from '#shared/customer/patch.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { Basis, CreateOperation, Operation, UpdateOperation } from '#shared/outbox/operation.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { Draft, Patch } from '#shared/outbox/record.ts'
import { withdrawableTail } from '#shared/outbox/queue.ts'
import type { RemoteCustomer, SeenCard } from '#shared/customer/customer.ts'
import type { ConsentAnswer, FormStart, SaveResult } from '../book.ts'
import { promise, type BookContext } from './book-context.ts'
import { readRow } from './card.ts'
import { openEntriesOf, type LogMirror } from './log-mirror.ts'
import { plain } from './plain.ts'

/** A form for a customer, or for a new one; null while it is loading, and when it is deleted or about to be. */
export async function openForm(context: BookContext, localId: string | null): Promise<FormStart | null> {
  const { db, projector, newId } = context
  if (localId === null) {
    const nobody = { shown: EMPTY_FIELDS, squareId: null, basis: null, seen: { fields: EMPTY_FIELDS } }
    const localId = newId()
    await projector.read((mirror) => Promise.resolve(mirror.rowsInHand.holdNone(localId)))
    return plain({ opId: newId(), localId, isNew: true, ...nobody })
  }
  return projector.read(async (mirror) => {
    const row = await readRow(db, mirror, localId)
    if (!row || row.deleted || isLoading(row)) return null
    if (openEntriesOf(mirror, row).some(({ op }) => op.kind === 'delete')) return null
    return {
      opId: newId(),
      localId: row.localId,
      isNew: false,
      shown: row.local,
      squareId: row.squareId,
      basis: basisOf(row.remote),
      seen: seenOf(row),
    }
  })
}

/**
 * Saves a form (S1, S3): as one operation together with what was never sent of that customer, or by itself where that
 * has just been sent. The same form saved again is the same promise; what was typed since is a further change.
 */
export async function saveForm(
  context: BookContext,
  form: FormStart,
  fields: CustomerFields,
  consent: ConsentAnswer | null,
): Promise<SaveResult> {
  const plan = await context.projector.read((mirror) => planSave(context, mirror, form, fields))
  const facts = consent ? [consentDraft(context, form.localId, consent)] : []
  const opId = plan.drafts.length > 0 || plan.known ? plan.opId : null
  const drafts = [...plan.drafts, ...facts]
  if (drafts.length === 0) return { kind: 'saved', localId: form.localId, opId }
  let result = await promise(context, drafts)
  if (result.kind === 'refused' && plan.alone) result = await promise(context, [plan.alone, ...facts])
  return result.kind === 'promised' ? { kind: 'saved', localId: form.localId, opId } : result
}

interface SavePlan {
  readonly drafts: readonly Draft[]
  readonly opId: string
  /** The log has this form's operation already. */
  readonly known: boolean
  /** The same change without touching what waits: where that was sent in the meantime. */
  readonly alone: Draft | null
}

async function planSave(
  context: BookContext,
  mirror: LogMirror,
  form: FormStart,
  fields: CustomerFields,
): Promise<SavePlan> {
  const { db, store, wallIso, newId } = context
  const { state } = mirror
  const known = state.entries.has(form.opId) || state.closed.has(form.opId)
  const promised = known ? await promisedPatch(context, mirror, form.opId) : null
  const nothing: SavePlan = { drafts: [], opId: form.opId, known, alone: null }
  if (known && !promised) return nothing
  const shown = promised ? applyPatch(form.shown, promised) : form.shown
  const patch = diffFields(shown, fields)
  if (touchedFields(patch).length === 0) return nothing

  const common = { id: known ? newId() : form.opId, localId: form.localId, store, at: wallIso(), patch }
  if (form.isNew && !known) {
    const op: CreateOperation = { ...common, kind: 'create' }
    return { drafts: [{ kind: 'queue', op, replaces: [] }], opId: op.id, known: false, alone: null }
  }
  const row = await readRow(db, mirror, form.localId)
  const squareId = row?.squareId ?? form.squareId
  // Of the row as it is now: of those that a row has become, the log knows only the ones it was told of, and an edit of
  // another one would be of the customer that is gone while this one is being created anew.
  const localId = row?.localId ?? form.localId
  const alone: UpdateOperation = { ...common, localId, kind: 'update', squareId, basis: form.basis }
  const draft: Draft = { kind: 'queue', op: alone, replaces: [] }
  const squashed = squash(openEntriesOf(mirror, row ?? form), alone)
  return { drafts: [squashed ?? draft], opId: alone.id, known: false, alone: squashed && draft }
}

/** What the log holds of an operation; null where nobody knows any more. */
async function promisedPatch({ db }: BookContext, { state }: LogMirror, opId: string): Promise<Patch | null> {
  const op = state.entries.get(opId)?.op
  if (op) return op.kind === 'delete' ? null : op.patch
  return (await db.history.get(opId))?.patch ?? null
}

/**
 * The edit and what waits before it as one operation (S4): the first base and the last value of each field. Null where
 * nothing can be taken together. Where all cancels out, what waits is withdrawn.
 */
function squash(open: readonly Entry[], edit: UpdateOperation): Draft | null {
  const tail = withdrawableTail(open)
  // Staff have said that this one is a customer of its own: that is not asked again.
  const kept = tail.findLastIndex(({ op, createSeparately }) => op.kind === 'delete' || createSeparately)
  const ops = tail.slice(kept + 1).map(({ op }) => op)
  const first = ops[0]
  if (!first || first.kind === 'delete') return null
  const patches = [...ops.flatMap((op) => (op.kind === 'delete' ? [] : [op.patch])), edit.patch]
  const patch = first.kind === 'create' ? combineNew(patches) : combinePatches(patches)
  const replaces = ops.map((op) => op.id)
  if (touchedFields(patch).length === 0) {
    return first.kind === 'create' ? null : { kind: 'withdraw', opIds: replaces, why: 'undo' }
  }
  const { id, at } = edit
  const op: Operation = { ...first, id, patch, ...(at === undefined ? {} : { at }) }
  return { kind: 'queue', op, replaces }
}

/** That somebody was asked, in which words, and what they said: a fact of its own, whatever becomes of the change. */
export function consentDraft(
  { newId, wallIso }: BookContext,
  localId: string,
  { given, wording }: ConsentAnswer,
): Draft {
  return { kind: 'fact', id: newId(), localId, fact: { kind: 'consent', given, wording, at: wallIso() } }
}

/** One true pair of version and content (S3); null while Square has none. */
export function basisOf(remote: RemoteCustomer | null): Basis | null {
  if (!remote) return null
  const { id, version, fields, groupIds, creationSource } = remote
  return { squareId: id, version, fields, groupIds, creationSource }
}

/** The card as a person sees it (S3). */
export function seenOf({ local, remote }: CustomerRow): SeenCard {
  return remote
    ? { fields: local, groupIds: remote.groupIds, creationSource: remote.creationSource }
    : { fields: local }
}

/** True while Square has the customer and this PC does not know what it holds (S2). */
export function isLoading(row: CustomerRow): boolean {
  return row.squareId !== null && row.remote === null
}
