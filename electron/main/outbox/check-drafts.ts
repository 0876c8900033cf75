import type { CreateOperation, InDoubt, Operation, StoreId, ToldApart } from '#shared/outbox/operation.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import type { AnswerCheck, Draft, DraftRefusal, RecordBody } from '#shared/outbox/record.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { applyPatch } from '#shared/customer/patch.ts'
import { createBody } from '#shared/outbox/create-body.ts'
import {
  maybeAtSquare,
  hasUnanswered,
  laneOf,
  localOf,
  openEntries,
  resolveSquareId,
  targetOf,
} from '#shared/outbox/fold-log.ts'
import { withdrawableTail } from '#shared/outbox/queue.ts'
import { compareVersions } from '#shared/sync/version.ts'
import { assertNever } from '#shared/exhaustive.ts'

export type CheckedDrafts =
  | { readonly kind: 'records'; readonly records: readonly RecordBody[] }
  | { readonly kind: 'refused'; readonly refusal: DraftRefusal }

/**
 * Turns what a window asks for into records, or says why not. Everything is checked against the state before any of it
 * takes effect; a draft that was written before yields no record, so saving twice saves once (S4, S12).
 */
export function checkDrafts(
  state: LogState,
  store: StoreId,
  drafts: readonly Draft[],
  accepts: (op: Operation) => boolean = () => true,
): CheckedDrafts {
  const invalid = drafts.some((draft) => draft.kind === 'queue' && !accepts(draft.op))
  if (invalid) return { kind: 'refused', refusal: 'invalid-fields' }
  const records: RecordBody[] = []
  for (const draft of drafts) {
    const checked = checkDraft(state, store, draft, drafts)
    if (typeof checked === 'string') return { kind: 'refused', refusal: checked }
    records.push(...checked)
  }
  return { kind: 'records', records }
}

function checkDraft(
  state: LogState,
  store: StoreId,
  draft: Draft,
  together: readonly Draft[],
): DraftRefusal | readonly RecordBody[] {
  switch (draft.kind) {
    case 'queue': {
      const { replaces, answering } = draft
      const op = inTheStead(state, withNewestBasis(state, followed(state, draft.op)), replaces)
      if (op.store.merchantId !== store.merchantId || op.store.environment !== store.environment)
        return 'wrong-store'
      if (state.entries.has(op.id) || state.closed.has(op.id)) return []
      const refusal = answering
        ? refuseAnswer(state, answering, replaces)
        : (refuseOrphan(state, op, replaces) ?? refuseNotTail(state, replaces))
      return refusal ?? refuseStranger(state, op, replaces) ?? [{ kind: 'queued', op, replaces }]
    }
    case 'withdraw': {
      if (draft.opIds.every((id) => state.closed.get(id) === 'withdrawn')) return []
      const refusal = draft.answering
        ? refuseAnswer(state, draft.answering, draft.opIds)
        : refuseNotTail(state, draft.opIds)
      const { opIds, why, reason } = draft
      return refusal ?? [{ kind: 'withdrawn', opIds, why, ...(reason ? { reason } : {}) }]
    }
    case 'adopt': {
      if (isAdopted(state, draft)) return []
      const refusal =
        refuseAnswer(state, draft.answering, null) ??
        refuseBeforeDelete(state, draft.localId, together) ??
        refuseTaken(state, draft.opId, draft.localId, draft.candidate.id)
      const applied = { kind: 'applied', remote: draft.candidate, how: 'chosen' } as const
      return refusal ?? [{ kind: 'answered', opId: draft.opId, attempt: 0, answer: applied }]
    }
    case 'create-separately': {
      if (state.closed.has(draft.answering.questionId)) return []
      const asked = state.entries.get(draft.opId)
      // No other question is lifted this way: a create in doubt or from a copied log would go out again (S9, S20).
      if (asked?.question?.kind !== 'create-duplicate' || draft.answering.opId !== draft.opId)
        return 'question-moved'
      const refusal = refuseAnswer(state, draft.answering, null)
      const { localId } = asked.op
      const fact = { kind: 'not-a-duplicate', opId: draft.opId } as const
      return refusal ?? [{ kind: 'fact', id: draft.answering.questionId, localId, fact }]
    }
    case 'fact':
      // That answer has a draft of its own, which is checked.
      if (draft.fact.kind === 'not-a-duplicate') return 'question-moved'
      if (state.closed.has(draft.id)) return []
      return [{ kind: 'fact', id: draft.id, localId: draft.localId, fact: draft.fact }]
    default:
      return assertNever(draft)
  }
}

/**
 * An edit of a customer that is gone and is being created anew is one of the new customer: a window that has not seen
 * that yet names a row that has become another one, and the id that is gone (S3).
 */
function followed(state: LogState, op: Operation): Operation {
  if (op.kind !== 'update' || !op.squareId || state.bindings.has(localOf(state, op.localId))) return op
  const gone = resolveSquareId(state, op.squareId)
  for (const { op: anew } of state.entries.values()) {
    if (anew.kind === 'create' && anew.recreates && resolveSquareId(state, anew.recreates) === gone)
      return { ...op, localId: anew.localId, squareId: null }
  }
  return op
}

/**
 * The newest content the log knows of that id, as the basis: compaction may have dropped it already, and after a crash the
 * operation alone would still know it. It serves for the version only (S3, S6).
 */
function withNewestBasis(state: LogState, op: Operation): Operation {
  if (op.kind === 'create' || !op.basis) return op
  const known = state.remotes.get(op.basis.squareId)
  if (!known || compareVersions(known.version, op.basis.version) <= 0) return op
  const { id: squareId, version, fields, groupIds, creationSource } = known
  return { ...op, basis: { squareId, version, fields, groupIds, creationSource } }
}

/**
 * A create that goes in the stead of others takes along whom the person saw. Of those in doubt, as whatever another log may
 * have sent is, also what they were: the question may have stood for days, and who came back or was made late since was on it
 * for nobody. Of those told apart from others also what these were found by: who is found by something else is asked about (S9).
 */
function inTheStead(state: LogState, op: Operation, replaces: readonly string[]): Operation {
  if (op.kind !== 'create') return op
  const insteadOf: InDoubt[] = []
  const apartFrom: ToldApart[] = []
  for (const id of replaces) {
    const entry = state.entries.get(id)
    if (entry?.op.kind !== 'create') continue
    insteadOf.push(...doubtOf(entry.op, entry), ...(entry.op.insteadOf ?? []))
    apartFrom.push(...toldApart(entry.op, entry.shownApart))
  }
  return {
    ...op,
    ...(insteadOf.length > 0 ? { insteadOf } : {}),
    ...(apartFrom.length > 0 ? { apartFrom } : {}),
  }
}

function toldApart(
  { apartFrom = [], patch }: CreateOperation,
  shown: readonly string[],
): readonly ToldApart[] {
  if (shown.length === 0) return apartFrom
  const { phoneNumber, emailAddress, referenceId } = applyPatch(EMPTY_FIELDS, patch)
  return [...apartFrom, { shown, typed: { phoneNumber, emailAddress, referenceId } }]
}

function doubtOf(op: CreateOperation, { attempts, question, copied }: Entry): readonly InDoubt[] {
  const unknown = [...attempts.values()].filter(({ answer }) => answer === null || answer === 'reused')
  // Another log may have sent it all the same, then or since (S20).
  if (unknown.length === 0) return copied ? [{ since: 0, sent: createBody(op), shown: [] }] : []
  const candidates = question && 'candidates' in question ? question.candidates : []
  const since = Math.min(...unknown.map(({ squareTime }) => squareTime ?? 0))
  return [{ since, sent: unknown[0]!.body, shown: candidates.map((candidate) => candidate.id) }]
}

/** An edit needs a customer: one that Square has, or one whose create waits here (protocol row 16). */
function refuseOrphan(
  state: LogState,
  op: Extract<Draft, { kind: 'queue' }>['op'],
  replaces: readonly string[],
): DraftRefusal | null {
  if (op.kind === 'create' || op.squareId || targetOf(state, op.localId)) return null
  const waits = openEntries(state, laneOf(state, op.localId)).some(
    (entry) => entry.op.kind === 'create' && !replaces.includes(entry.op.id),
  )
  return waits ? null : 'customer-gone'
}

/** Squash, undo and withdraw take only the end of a customer's operations that is not at Square, in order (S4). */
function refuseNotTail(state: LogState, opIds: readonly string[]): DraftRefusal | null {
  for (const id of opIds) {
    const entry = state.entries.get(id)
    if (!entry) return 'already-closed'
    if (maybeAtSquare(entry)) return 'already-sent'
    if (entry.question) return 'has-question'
  }
  const first = opIds[0] === undefined ? undefined : state.entries.get(opIds[0])
  if (!first) return null
  const tail = withdrawableTail(openEntries(state, laneOf(state, first.op.localId))).slice(-opIds.length)
  const same = tail.length === opIds.length && tail.every((entry, i) => entry.op.id === opIds[i])
  return same ? null : 'not-the-tail'
}

/** An answer counts only for the question and the operations that were on the screen (S12). */
function refuseAnswer(
  state: LogState,
  check: AnswerCheck,
  closes: readonly string[] | null,
): DraftRefusal | null {
  const asked = state.entries.get(check.opId)
  if (asked?.question?.id !== check.questionId) return 'question-moved'
  const open = openEntries(state, laneOf(state, asked.op.localId))
  const same = open.length === check.shown.length && open.every((entry, i) => entry.op.id === check.shown[i])
  if (!same) return 'operations-moved'
  if (closes && (closes.length !== open.length || !open.every((entry) => closes.includes(entry.op.id)))) {
    return 'operations-moved'
  }
  const settling = open.some((entry) => entry !== asked && !entry.question && hasUnanswered(entry))
  return settling ? 'being-settled' : null
}

/**
 * A deletion behind a creation was confirmed for what was typed, not for the customer that is chosen in its stead: it is
 * given up in the same write, or the choice does not count (S12).
 */
function refuseBeforeDelete(
  state: LogState,
  localId: string,
  together: readonly Draft[],
): DraftRefusal | null {
  const given = new Set(
    together.flatMap((draft) =>
      draft.kind === 'queue' ? draft.replaces : draft.kind === 'withdraw' ? draft.opIds : [],
    ),
  )
  const stays = openEntries(state, laneOf(state, localId)).some(
    ({ op }) => op.kind === 'delete' && !given.has(op.id),
  )
  return stays ? 'operations-moved' : null
}

/** What an operation replaces is of its own customer: nobody else's promise ends with it (S4, S12). */
function refuseStranger(state: LogState, op: Operation, replaces: readonly string[]): DraftRefusal | null {
  const lane = laneOf(state, op.localId)
  const strangers = replaces.some((id) => laneOf(state, state.entries.get(id)!.op.localId) !== lane)
  return strangers ? 'operations-moved' : null
}

/** Chosen before, and its answer lost: that create is done, and its customer is the one that was chosen (S4). */
function isAdopted(
  state: LogState,
  { opId, localId, candidate }: Extract<Draft, { kind: 'adopt' }>,
): boolean {
  const id = resolveSquareId(state, candidate.id)
  return state.closed.get(opId) === 'done' && targetOf(state, localId) === id
}

/** A candidate that another create of this log turned out to have made is no longer free (protocol row 3). */
function refuseTaken(state: LogState, opId: string, localId: string, squareId: string): DraftRefusal | null {
  const entry = state.entries.get(opId)
  const offered = entry?.question && 'candidates' in entry.question && entry.question.candidates
  if (
    !entry ||
    entry.op.localId !== localId ||
    !offered ||
    !offered.some((candidate) => candidate.id === squareId)
  )
    return 'question-moved'
  if (entry.question?.kind !== 'create-unknown') return null
  const id = resolveSquareId(state, squareId)
  const mine = localOf(state, entry.op.localId)
  for (const [madeId, localId] of state.made) {
    if (resolveSquareId(state, madeId) === id && localOf(state, localId) !== mine) return 'candidate-taken'
  }
  return null
}
