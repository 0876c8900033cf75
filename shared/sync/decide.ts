import {
  CUSTOMER_FIELDS,
  type CustomerField,
  type CustomerFields,
  type RemoteCustomer,
  type SeenCard,
} from '../customer/customer.ts'
import { canonicalEquals } from '../customer/canonical.ts'
import { inDoubt } from '../outbox/fold-log.ts'
import type { Attempt, Entry } from '../outbox/log-state.ts'
import type { CreateOperation, DeleteOperation, UpdateOperation } from '../outbox/operation.ts'
import type { QuestionBody } from '../outbox/record.ts'
import { cardChanges, isSameCard } from './card-changes.ts'
import { isRecovered } from './creation-sources.ts'
import { looksLikeAnotherPerson } from '../merge/another-person.ts'
import { threeWayMerge, type MergeContext } from '../merge/three-way-merge.ts'

/** After so many CONFLICT answers a person looks at it (S7). */
export const CONFLICT_ROUNDS = 3
/** Square's version of a customer that nobody has changed since it was made. */
const AS_MADE = '0'

export type Decision =
  | {
      readonly kind: 'send'
      readonly squareId: string
      readonly version: string
      readonly body: Partial<CustomerFields>
    }
  | { readonly kind: 'done'; readonly remote: RemoteCustomer }
  | { readonly kind: 'gone' }
  | { readonly kind: 'ask'; readonly question: QuestionBody }

/** What Square holds for the operation's target: newest known, or freshly retrieved. */
export type Target =
  { readonly kind: 'present'; readonly remote: RemoteCustomer } | { readonly kind: 'missing' }

export interface DecideContext {
  readonly merge: MergeContext
  /** The target comes from a retrieve made for this decision. */
  readonly fresh: boolean
  /** S19. */
  readonly showEveryConflict: boolean
  /** What was known before that look, to tell what a colleague changed since (S7, S19). */
  readonly previous: CustomerFields | null
}

/** What to do with an update against what Square holds (S6, S7, S8; table in SPEC.md). */
export function decideUpdate(
  entry: Entry,
  op: UpdateOperation,
  target: Target,
  context: DecideContext,
): Decision {
  if (target.kind === 'missing') return ask({ kind: 'gone' })
  const { remote } = target
  const verdicts = threeWayMerge(op.patch, remote.fields, context.merge)
  if (verdicts.every(({ verdict }) => verdict === 'agreed')) return { kind: 'done', remote }
  const body = Object.fromEntries(
    verdicts.filter(({ verdict }) => verdict !== 'agreed').map(({ field, result }) => [field, result]),
  ) as Partial<CustomerFields>
  const send: Decision = { kind: 'send', squareId: remote.id, version: remote.version, body }

  if (inDoubt(entry)) {
    // Same id and same version: nothing was applied since, ours included. Never only the version: ids can merge (row 5).
    if (wasSentFor(entry, remote)) return send
    if (holdsWhatWasSent(entry, op, remote, context.merge)) return { kind: 'done', remote }
    return ask({ kind: 'conflict', remote, why: 'in-doubt' }) // never rebased: a colleague may have reverted it (S8)
  }
  if (verdicts.some(({ verdict }) => verdict === 'ask'))
    return ask({ kind: 'conflict', remote, why: 'overlap' })
  if (context.fresh && entry.conflicts >= CONFLICT_ROUNDS)
    return ask({ kind: 'conflict', remote, why: 'keeps-changing' })
  // Merged by field, one card would be made of two people: nobody's change of a name meets a new phone number unseen.
  const before = context.fresh ? context.previous : null
  if (before && looksLikeAnotherPerson(op.patch, remote.fields, context.merge, before)) {
    return ask({ kind: 'conflict', remote, why: 'another-person' })
  }
  if (
    context.showEveryConflict &&
    entry.conflicts > 0 &&
    changedFields(context.previous, remote.fields, context.merge).length > 0
  ) {
    return ask({ kind: 'conflict', remote, why: 'show-all' })
  }
  return send
}

/** What to do with a delete: only the card that was seen is deleted, under the id that was confirmed (S7, S10). */
export function decideDelete(
  entry: Entry,
  op: DeleteOperation,
  confirmedId: string | null,
  target: Target,
  context: DecideContext,
): Decision {
  if (target.kind === 'missing') return { kind: 'gone' }
  const { remote } = target
  // Square may answer a create that is sent again with what its customer has become meanwhile.
  const becameOne = op.squareId === null && remote.creationSource === 'MERGE'
  if ((confirmedId !== null && remote.id !== confirmedId) || becameOne)
    return ask({ kind: 'merged-delete', remote })
  if (!sameCard(op.seen, remote, context.merge))
    return ask({ kind: 'delete-changed', remote, why: 'changed' })
  // That it is there proves that it was not deleted, but not of one that was brought back before: it may have been again.
  if (inDoubt(entry) && isRecovered(remote.creationSource) && !wasSentFor(entry, remote))
    return ask({ kind: 'delete-changed', remote, why: 'changed' })
  if (context.fresh && entry.conflicts >= CONFLICT_ROUNDS)
    return ask({ kind: 'delete-changed', remote, why: 'keeps-changing' })
  return { kind: 'send', squareId: remote.id, version: remote.version, body: {} }
}

export type CreateSettlement =
  | { readonly kind: 'adopt'; readonly squareId: string }
  | { readonly kind: 'ask'; readonly question: QuestionBody }

/** What the log knows of other creates than the one that is settled. */
export interface OtherCreates {
  readonly made: ReadonlyMap<string, string>
  readonly otherCreatesInDoubt: readonly CreateOperation[]
}

/**
 * Settles a create whose key is no longer trusted, from all customers an app or a merge created since its first
 * attempt (S9). A customer that a create of this log made is nobody else's match, nor is one that another create in
 * doubt could have made: what that one wanted, or anybody who was changed since.
 */
export function settleCreate(
  op: CreateOperation,
  found: readonly RemoteCustomer[],
  log: OtherCreates,
  merge: MergeContext,
): CreateSettlement {
  const equal = freeFor(op, found, log).filter(
    (c) => c.creationSource === 'THIRD_PARTY' && holdsCreate(op, c, merge),
  )
  const wanted = localFields(op)
  const twin = log.otherCreatesInDoubt.some((other) => sameFields(localFields(other), wanted, merge))
  const only = equal[0]
  const ofAnother = twin || (log.otherCreatesInDoubt.length > 0 && only?.version !== AS_MADE)
  if (only && equal.length === 1 && !ofAnother) return { kind: 'adopt', squareId: only.id }
  return {
    kind: 'ask',
    question: { kind: 'create-unknown', candidates: mayBeMadeBy(op, found, log, merge) },
  }
}

/**
 * Of those found, whom a person is asked about: all that the create may have made, also if they were changed since. Only
 * who is still as they were made is told apart by what they hold.
 */
export function mayBeMadeBy(
  op: CreateOperation,
  found: readonly RemoteCustomer[],
  log: OtherCreates,
  merge: MergeContext,
): RemoteCustomer[] {
  return freeFor(op, found, log).filter(
    (c) =>
      holdsCreate(op, c, merge) ||
      !isAsMade(c) ||
      !log.otherCreatesInDoubt.some((other) => holdsCreate(other, c, merge)),
  )
}

/** Nobody has changed them since an app made them: what they hold is what was sent. */
function isAsMade({ version, creationSource }: RemoteCustomer): boolean {
  return version === AS_MADE && creationSource === 'THIRD_PARTY'
}

function freeFor(op: CreateOperation, found: readonly RemoteCustomer[], { made }: OtherCreates) {
  return found.filter((c) => !made.has(c.id) || made.get(c.id) === op.localId)
}

/** Every field Square holds equals what the create wanted, and nothing else is set. */
export function holdsCreate(op: CreateOperation, remote: RemoteCustomer, merge: MergeContext): boolean {
  return sameFields(localFields(op), remote.fields, merge)
}

/** Fields that differ between two contents of a customer, canonically; none where the earlier is not known. */
export function changedFields(
  previous: CustomerFields | null,
  now: CustomerFields,
  merge: MergeContext,
): CustomerField[] {
  if (!previous) return []
  return CUSTOMER_FIELDS.filter((f) => !canonicalEquals(f, previous[f], now[f], merge))
}

function holdsWhatWasSent(
  entry: Entry,
  op: UpdateOperation,
  remote: RemoteCustomer,
  merge: MergeContext,
): boolean {
  const bodies = unanswered(entry).map((attempt) => attempt.body)
  return (Object.keys(op.patch) as CustomerField[]).every((field) => {
    const held = remote.fields[field]
    // A note may have been sent merged: what counts is what left this PC.
    const sent = bodies.flatMap((body) => (field in body ? [body[field] ?? null] : []))
    return [op.patch[field]!.local, ...sent].some((value) => canonicalEquals(field, held, value, merge))
  })
}

/** The visible card still is the one that was confirmed (S3, S7). */
export function sameCard(seen: SeenCard, remote: RemoteCustomer, merge: MergeContext): boolean {
  return isSameCard(cardChanges(seen, remote, merge))
}

/** Both say the same of every field, canonically; what is not set is null. */
export function sameFields(a: Partial<CustomerFields>, b: CustomerFields, merge: MergeContext): boolean {
  return CUSTOMER_FIELDS.every((f) => canonicalEquals(f, a[f] ?? null, b[f], merge))
}

function localFields(op: CreateOperation): CustomerFields {
  return Object.fromEntries(CUSTOMER_FIELDS.map((f) => [f, op.patch[f]?.local ?? null])) as CustomerFields
}

/** An attempt without an answer was made on exactly this content. */
function wasSentFor(entry: Entry, remote: RemoteCustomer): boolean {
  return unanswered(entry).some((a) => a.squareId === remote.id && a.version === remote.version)
}

function unanswered(entry: Entry): Attempt[] {
  return [...entry.attempts.values()].filter((attempt) => attempt.answer === null)
}

function ask(question: QuestionBody): Decision {
  return { kind: 'ask', question }
}
