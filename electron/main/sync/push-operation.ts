import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import type { MergeContext } from '#shared/merge/three-way-merge.ts'
import type { NewId } from '#shared/ports.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { DeleteOperation, UpdateOperation } from '#shared/outbox/operation.ts'
import type { Answer, QuestionBody, RecordBody } from '#shared/outbox/record.ts'
import type { Result } from '#shared/sync/bulk.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { inDoubt, localOf, resolveSquareId, targetOf } from '#shared/outbox/fold-log.ts'
import { maySend } from '#shared/outbox/queue.ts'
import { answerOf } from '#shared/sync/answer.ts'
import { changedFields, decideDelete, decideUpdate, type Decision, type Target } from '#shared/sync/decide.ts'
import { leftAsItWas } from '#shared/sync/left-as-it-was.ts'
import { compareVersions } from '#shared/sync/version.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { Reply, SquareGateway } from '../square/square-gateway.ts'
import type { Door } from './door.ts'
import { pushCreate } from './push-create.ts'

/** What pushing one operation needs to know of the rest of the engine. */
export interface PushContext {
  readonly outbox: Pick<Outbox, 'state' | 'write'>
  /** For reading. Watched and paced by the engine: what pauses everything is not this file's business. */
  readonly gateway: Pick<SquareGateway, 'retrieve' | 'findExact' | 'createdSince'>
  /** For writing: by a request of its own, or in bulk. */
  readonly door: (how: Way) => Door
  /** Others of its kind are on their way with it (S22). */
  readonly together: boolean
  /**
   * All who changed since the directory was complete and had nobody like this new customer (S9); null: the directory
   * does not say so, or asking for them costs more than a search.
   */
  readonly changed: () => Promise<Result<readonly RemoteCustomer[]> | null>
  /** Who was created since then, by an app or a merge, for a create of an earlier run; null: it was promised in this one. */
  readonly lately: (since: string) => Promise<Result<readonly RemoteCustomer[]>> | null
  readonly merge: MergeContext
  readonly newId: NewId
  /** Operations being worked on now, this one included. */
  readonly inFlight: { has(opId: string): boolean }
  /** Square's clock now, in ms since the epoch; null before its first answer of this run (S9). */
  readonly squareNow: () => number | null
  /** A request of this operation leaves, or has come back. */
  readonly onSending: (sending: boolean) => void
}
/** How a write travels (S22). */
export type Way = 'single' | 'bulk'

/** settled: nothing more to do now; wait: try again later, in `ms` where that is known. */
export type PushResult = { readonly kind: 'settled' } | { readonly kind: 'wait'; readonly ms?: number }

export const SETTLED: PushResult = { kind: 'settled' }
export const WAIT: PushResult = { kind: 'wait' }

/** An adversary may move the customer for ever: after so many rounds in one go the operation waits like any other. */
const ROUNDS_AT_ONCE = 6

/** Brings one operation as far as it goes now: sent and answered, settled by content, asked, or left waiting. */
export async function pushOperation(opId: string, context: PushContext): Promise<PushResult> {
  const op = context.outbox.state().entries.get(opId)?.op
  if (!op) return SETTLED
  if (op.kind === 'create') return pushCreate(opId, context)
  for (let round = 0; round < ROUNDS_AT_ONCE; round++) {
    const result = await pushChange(opId, op, context)
    if (result !== 'again') return result
  }
  return WAIT
}

async function pushChange(
  opId: string,
  op: UpdateOperation | DeleteOperation,
  context: PushContext,
): Promise<PushResult | 'again'> {
  const { outbox } = context
  const entry = openEntry(context, opId)
  if (!entry) return SETTLED
  const target = targetOf(outbox.state(), op.localId)
  if (!target) return ask(context, opId, { kind: 'orphan' })

  const known = newestKnown(context, op, target)
  /** Nobody here has seen what changed at Square since: of what was asked and lifted, since it was asked first (S12). */
  const previous = entry.known ?? known?.fields ?? null
  // Once Square has turned an attempt away, what the log knows is old, however often it is sent after that (S6).
  const mustRetrieve = inDoubt(entry) || wasTurnedAway(entry) || entry.known !== null
  let decision: Decision | null = null
  if (known && !mustRetrieve) {
    decision = decide(context, entry, op, { kind: 'present', remote: known }, { fresh: false, previous })
    if (decision.kind !== 'send') decision = null // taken only after a fresh look (S6)
  }
  /** What is decided on. */
  let newest = known
  let combined: Pick<Extract<Answer, { kind: 'applied' }>, 'combined' | 'before'> = {}
  if (!decision) {
    const found = await retrieve(context, target)
    if (!found) return WAIT
    const now = openEntry(context, opId)
    if (!now) return SETTLED
    decision = decide(context, now, op, found, { fresh: true, previous })
    if (found.kind === 'present') {
      newest = found.remote
      const changed = changedFields(previous, found.remote.fields, context.merge)
      if (changed.length > 0) combined = { combined: changed, before: found.remote.fields }
    }
  }

  switch (decision.kind) {
    case 'done':
      return settle(context, opId, { kind: 'applied', remote: decision.remote, how: 'equal' })
    case 'gone':
      return settle(context, opId, { kind: 'gone' })
    case 'ask':
      return ask(context, opId, decision.question, previous)
    case 'send':
      return send(context, opId, op, decision, { held: newest!.fields, combined }) // only what is there is sent to
    /* v8 ignore next -- @preserve */
    default:
      return assertNever(decision)
  }
}

async function send(
  context: PushContext,
  opId: string,
  op: UpdateOperation | DeleteOperation,
  { squareId, version, body }: Extract<Decision, { kind: 'send' }>,
  before: Pick<WhatWasSent, 'held' | 'combined'>,
): Promise<PushResult | 'again'> {
  const { outbox } = context
  const together = context.together && op.kind === 'update' && mayTravelTogether(body)
  const writer = await context.door(together ? 'bulk' : 'single').enter()
  if (!writer) return WAIT
  try {
    const entry = outbox.state().entries.get(opId)
    // Checked in the same tick as `sent` is appended: no await may come between these lines (S4).
    if (!entry || !maySend(outbox.state(), entry, context.inFlight)) return SETTLED
    if (targetOf(outbox.state(), op.localId) !== squareId) return 'again' // merged while it waited at the door
    const attempt = entry.attempts.size + 1
    const sent: RecordBody = { kind: 'sent', opId, attempt, squareId, version, body, squareTime: null }
    if (!(await outbox.write([sent]))) return WAIT

    context.onSending(true)
    const reply =
      op.kind === 'delete'
        ? await writer.remove(squareId, version)
        : await writer.update(squareId, version, body)
    context.onSending(false)
    return await recordReply(context, opId, { attempt, squareId, body, ...before }, reply)
  } finally {
    writer.leave()
  }
}

async function recordReply(
  context: PushContext,
  opId: string,
  { attempt, squareId, body, held, combined }: WhatWasSent,
  reply: Reply<RemoteCustomer | null>,
): Promise<PushResult | 'again'> {
  const { outbox, merge } = context
  if (reply.kind === 'ok') {
    const remote = reply.value
    const tookAll = remote?.id !== squareId || leftAsItWas(body, held, remote.fields, merge).length === 0
    // Called done, that field would be lost unseen: it is sent once more, and asked about in the end (S13, S7).
    if (!tookAll) return notTaken(context, opId, attempt)
    const answer: Answer = { kind: 'applied', remote, how: 'sent', ...combined }
    const records: RecordBody[] = [{ kind: 'answered', opId, attempt, answer }]
    // Merged since that id was read, and the write has followed: from the same moment on it is that customer's (S10).
    if (remote && remote.id !== squareId) records.unshift(mergedInto(squareId, remote))
    return (await outbox.write(records)) ? SETTLED : WAIT
  }
  const next = await recordFailure(context, opId, attempt, reply.failure)
  return next === 'look-again' ? 'again' : next
}

interface WhatWasSent {
  readonly attempt: number
  readonly squareId: string
  readonly body: Partial<CustomerFields>
  /** What Square held before. */
  readonly held: CustomerFields
  readonly combined: object
}

async function notTaken(context: PushContext, opId: string, attempt: number): Promise<PushResult | 'again'> {
  const answer: Answer = { kind: 'conflict' }
  return (await context.outbox.write([{ kind: 'answered', opId, attempt, answer }])) ? 'again' : WAIT
}

/** Whether Square merges or replaces an address in a bulk update, or a tax id, is not documented: those go alone (S22). */
function mayTravelTogether(body: Partial<CustomerFields>): boolean {
  return body.address === undefined && body.euVat === undefined
}

/** Writes what a failed request means (the answer table, S14); in doubt is written by writing nothing. */
export async function recordFailure(
  context: PushContext,
  opId: string,
  attempt: number,
  failure: Failure,
): Promise<PushResult | 'look-again'> {
  const meaning = answerOf(failure)
  if (!meaning.answer) return WAIT
  const answered: RecordBody = { kind: 'answered', opId, attempt, answer: meaning.answer }
  const records: RecordBody[] = [answered]
  if (meaning.answer.kind === 'refused') {
    records.push({
      kind: 'asks',
      opId,
      question: { kind: 'refused', refusal: meaning.answer.refusal, id: context.newId() },
    })
  }
  if (!(await context.outbox.write(records))) return WAIT
  return meaning.next === 'wait' ? WAIT : meaning.next === 'asked' ? SETTLED : 'look-again'
}

/**
 * Reads the customer by id. 404 is `missing`; another id in the answer is a merge and is written as `alias` before
 * anything is decided (S10), and so is its own of one that had been merged away (S23). Null: not known now, try later.
 */
export async function retrieve(
  context: Pick<PushContext, 'outbox'> & { readonly gateway: Pick<SquareGateway, 'retrieve'> },
  squareId: string,
): Promise<Target | null> {
  const known = resolveSquareId(context.outbox.state(), squareId)
  const reply = await context.gateway.retrieve(squareId)
  if (reply.kind === 'failed') {
    return reply.failure.kind === 'not-found' ? { kind: 'missing' } : null
  }
  const remote = reply.value
  if (remote.id !== known) {
    if (!(await context.outbox.write([mergedInto(squareId, remote)]))) return null
  }
  return { kind: 'present', remote }
}

function mergedInto(squareId: string, remote: RemoteCustomer): RecordBody {
  return { kind: 'alias', fromSquareId: squareId, toSquareId: remote.id, remote }
}

/** The operation if it is still open and nobody is asked about it. Read again after every await. */
export function openEntry(context: PushContext, opId: string): Entry | null {
  const entry = context.outbox.state().entries.get(opId)
  return entry && !entry.question ? entry : null
}

/** Closes the operation without another attempt. */
export async function settle(
  context: Pick<PushContext, 'outbox'>,
  opId: string,
  answer: Answer,
): Promise<PushResult> {
  return (await context.outbox.write([{ kind: 'answered', opId, attempt: 0, answer }])) ? SETTLED : WAIT
}

/** Leaves the operation to a person. `known`: what was known of the customer before that look at Square. */
export async function ask(
  context: Pick<PushContext, 'outbox' | 'newId'>,
  opId: string,
  question: QuestionBody,
  known: CustomerFields | null = null,
): Promise<PushResult> {
  const asked = { ...question, id: context.newId() }
  const asks: RecordBody = { kind: 'asks', opId, question: asked, ...(known ? { known } : {}) }
  return (await context.outbox.write([asks])) ? SETTLED : WAIT
}

/** What is to be done with that change where Square holds `target`. */
export function decide(
  context: Pick<PushContext, 'outbox' | 'merge'>,
  entry: Entry,
  op: UpdateOperation | DeleteOperation,
  target: Target,
  how: { fresh: boolean; previous: CustomerFields | null },
): Decision {
  const state = context.outbox.state()
  const decideContext = { merge: context.merge, showEveryConflict: state.showEveryConflict, ...how }
  if (op.kind === 'update') return decideUpdate(entry, op, target, decideContext)
  // A customer that was still waiting when its deletion was confirmed is the one its create made, under that id.
  const confirmed = op.squareId ?? state.bindings.get(localOf(state, op.localId))! // bound: it has a target
  return decideDelete(entry, op, confirmed, target, decideContext)
}

function wasTurnedAway(entry: Entry): boolean {
  return [...entry.attempts.values()].some(({ answer }) => answer === 'conflict' || answer === 'not-found')
}

/** The newest content of that id the log knows: own echoes, answers, questions, else the basis of the form (S6). */
function newestKnown(
  context: PushContext,
  op: UpdateOperation | DeleteOperation,
  squareId: string,
): RemoteCustomer | null {
  const known = context.outbox.state().remotes.get(squareId) ?? null
  const { basis } = op
  if (!basis || basis.squareId !== squareId) return known
  if (known && compareVersions(known.version, basis.version) >= 0) return known
  const { squareId: id, ...content } = basis
  return { id, ...content, createdAt: '', updatedAt: '' }
}
