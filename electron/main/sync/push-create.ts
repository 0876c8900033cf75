import { EMPTY_FIELDS, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { CreateOperation, InDoubt } from '#shared/outbox/operation.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { applyPatch } from '#shared/customer/patch.ts'
import { createBody } from '#shared/outbox/create-body.ts'
import { exactKeysOf, oneByOne, sharedKeys, type ExactKeys } from '#shared/customer/exact-keys.ts'
import { inDoubt, lastAnswer, openEntries, resolveSquareId } from '#shared/outbox/fold-log.ts'
import { maySend } from '#shared/outbox/queue.ts'
import { isRecovered } from '#shared/sync/creation-sources.ts'
import { holdsCreate, mayBeMadeBy, sameFields, settleCreate, type OtherCreates } from '#shared/sync/decide.ts'
import { isToldApart } from '#shared/sync/told-apart.ts'
import type { Result } from '#shared/sync/bulk.ts'
import { KEY_SAFE_MS, LAG_WAIT_MS, PUT_BACK_MOST_MS, SEARCH_MARGIN_MS } from '#shared/sync/limits.ts'
import { everyoneCreatedSince } from './created-since.ts'
import type { Writer } from './door.ts'
import {
  ask,
  openEntry,
  recordFailure,
  retrieve,
  settle,
  SETTLED,
  WAIT,
  type PushContext,
  type PushResult,
  type Way,
} from './push-operation.ts'

/**
 * Brings a create as far as it goes now (S9). The first time it is looked for at Square by phone, e-mail and reference
 * id; in doubt it is sent again with the same key and the same bytes while the key can be trusted, afterwards settled
 * by what Square holds.
 */
export async function pushCreate(opId: string, context: PushContext): Promise<PushResult> {
  const entry = openEntry(context, opId)
  if (!entry || entry.op.kind !== 'create') return SETTLED
  const now = context.squareNow()
  if (now === null) return WAIT // the engine asks Square for the time before anything else
  if (inDoubt(entry) || lastAnswer(entry) === 'reused') {
    return keyTrusted(entry, now)
      ? send(opId, context)
      : settleInDoubt(opId, entry.op, now, doubtSpan(entry), context)
  }
  const stop = await askWhoItMayBe(opId, entry.op, now, looksFor(entry), context)
  return stop ?? send(opId, context)
}

/** When Square could have applied it: from the first to the last attempt that has no definite answer. */
function doubtSpan(entry: Entry): { first: number; last: number } {
  const times = [...entry.attempts.values()]
    .filter(({ answer }) => answer === null || answer === 'reused')
    .map(({ squareTime }) => squareTime ?? 0) // of an age nobody knows: as old as can be
  return { first: Math.min(...times), last: Math.max(...times) }
}

/** The key is still known to Square: sent again with it, a create happens once (S9). */
function keyTrusted(entry: Entry, now: number): boolean {
  return lastAnswer(entry) !== 'reused' && now - doubtSpan(entry).first <= KEY_SAFE_MS
}

async function send(opId: string, context: PushContext): Promise<PushResult> {
  const writer = await context.door(wayOf(opId, context)).enter()
  if (!writer) return WAIT
  try {
    return await sendThrough(writer, opId, context)
  } finally {
    writer.leave()
  }
}

/** A key stays with the way of creating it was first used for: whether the two share their memory nobody says (S22). */
function wayOf(opId: string, { outbox, together }: PushContext): Way {
  const first = outbox.state().entries.get(opId)?.attempts.get(1)
  return (first ? first.bulk : together) ? 'bulk' : 'single'
}

async function sendThrough(writer: Writer, opId: string, context: PushContext): Promise<PushResult> {
  const { outbox } = context
  const entry = outbox.state().entries.get(opId)
  const squareTime = context.squareNow()
  // Checked in the same tick as `sent` is appended: no await may come between these lines (S4).
  if (!entry || entry.op.kind !== 'create' || squareTime === null) return SETTLED
  if (!maySend(outbox.state(), entry, context.inFlight)) return SETTLED
  if (inDoubt(entry) && !keyTrusted(entry, squareTime)) return WAIT // it has waited at the door for too long
  const attempt = entry.attempts.size + 1
  const body = entry.attempts.get(1)?.body ?? createBody(entry.op)
  const bulk = wayOf(opId, context) === 'bulk'
  const sent: RecordBody = {
    kind: 'sent',
    opId,
    attempt,
    squareId: null,
    version: null,
    body,
    squareTime,
    ...(bulk ? { bulk } : {}),
  }
  if (!(await outbox.write([sent]))) return WAIT

  context.onSending(true)
  const reply = await writer.create(opId, body)
  context.onSending(false)
  if (reply.kind === 'ok') {
    const answer = { kind: 'applied', remote: reply.value, how: 'sent' } as const
    return (await outbox.write([{ kind: 'answered', opId, attempt, answer }])) ? SETTLED : WAIT
  }
  const next = await recordFailure(context, opId, attempt, reply.failure)
  return next === 'look-again' ? WAIT : next
}

/** The key is no longer trusted: never sent again, found or asked (S9). */
async function settleInDoubt(
  opId: string,
  op: CreateOperation,
  now: number,
  since: { first: number; last: number },
  context: PushContext,
): Promise<PushResult> {
  const { outbox, gateway, merge } = context
  const lagOver = since.last + LAG_WAIT_MS - now
  if (lagOver > 0) return { kind: 'wait', ms: lagOver }
  const found = await everyoneCreatedSince(gateway, new Date(since.first - SEARCH_MARGIN_MS).toISOString())
  if (found.kind === 'failed') return WAIT
  if (!openEntry(context, opId)) return SETTLED
  const log = otherCreates(outbox.state(), opId)
  const settlement = settleCreate(op, found.value, log, merge)
  if (settlement.kind === 'ask') return ask(context, opId, settlement.question)

  const target = await retrieve(context, settlement.squareId)
  if (!target) return WAIT
  if (!openEntry(context, opId)) return SETTLED
  const remote = target.kind === 'present' ? target.remote : null
  if (remote?.id !== settlement.squareId || !holdsCreate(op, remote, merge)) {
    // Lists lag: that one is gone or has changed, so what was made may be any of the others just as well.
    const known = new Set([settlement.squareId, remote?.id])
    const others = found.value.filter(({ id }) => !known.has(id))
    const candidates = mayBeMadeBy(op, others, otherCreates(outbox.state(), opId), merge)
    return ask(context, opId, {
      kind: 'create-unknown',
      candidates: remote ? [remote, ...candidates] : candidates,
    })
  }
  if (outbox.state().made.has(remote.id)) return WAIT // another create of ours was answered with it meanwhile
  return settle(context, opId, { kind: 'applied', remote, how: 'adopted' })
}

function otherCreates({ made, entries }: LogState, opId: string): OtherCreates {
  const otherCreatesInDoubt = [...entries.values()].flatMap((entry) =>
    entry.op.kind === 'create' && entry.op.id !== opId && inDoubt(entry) ? [entry.op] : [],
  )
  return { made, otherCreatesInDoubt }
}

type Look = (op: CreateOperation, now: number, context: PushContext) => Found

/**
 * Staff who say "create separately" have looked at everybody who is alike. Only the one in whose stead this goes may have come
 * to be since then: their question may have stood for days.
 */
function looksFor({ op, createSeparately }: Entry): readonly Look[] {
  if (!createSeparately) return [whoCameMeanwhile, whoIsAlike]
  return op.kind === 'create' && op.insteadOf ? [whoCameMeanwhile] : []
}

type Found = Promise<Result<readonly RemoteCustomer[]>>
const NOBODY: Awaited<Found> = { kind: 'ok', value: [] }

/** A match at Square is a question, never a silent merge: one, with all there are. Null: nothing in the way of sending. */
async function askWhoItMayBe(
  opId: string,
  op: CreateOperation,
  now: number,
  looks: readonly Look[],
  context: PushContext,
): Promise<PushResult | null> {
  if (looks.length === 0) return null
  const candidates = new Map<string, RemoteCustomer>()
  for (const look of looks) {
    const found = await look(op, now, context)
    if (found.kind === 'failed') return WAIT
    if (!openEntry(context, opId)) return SETTLED
    for (const candidate of found.value) candidates.set(candidate.id, candidate)
  }
  return askAboutMatches(opId, op, [...candidates.values()], context)
}

async function whoIsAlike(op: CreateOperation, now: number, context: PushContext): Found {
  const keys = exactKeysOf(applyPatch(EMPTY_FIELDS, op.patch), context.merge.country)
  if (!keys) return whoWasMadeBefore(op, now, context)
  const candidates: RemoteCustomer[] = []
  // Each is a request of its own and waits for its own turn (S26).
  for (const key of oneByOne(keys)) {
    const changed = await likeAmongChanged(keys, context)
    const found = changed ?? (await context.gateway.findExact(key))
    if (found.kind === 'failed') return found
    candidates.push(...found.value)
    if (changed) break // of all keys
  }
  return { kind: 'ok', value: candidates }
}

/**
 * Asks a person whether it is one of those found; null: of nobody. Each is asked for by id first, for searches lag: whoever
 * is gone is no question, and the others are shown as they are now. Who was gone when staff added this one again is asked
 * for in any case. Whom this log is about to delete is waited for; whom staff told apart already is no question (S9).
 */
async function askAboutMatches(
  opId: string,
  op: CreateOperation,
  found: readonly RemoteCustomer[],
  context: PushContext,
): Promise<PushResult | null> {
  const state = context.outbox.state()
  const { recreates } = op
  const shown = state.entries.get(opId)!.shownApart // the caller has just found it open
  // By the id it was found under: one that had been merged away may be a customer again (S23).
  const ids = new Set(found.map(({ id }) => id))
  if (recreates !== undefined) ids.add(resolveSquareId(state, recreates))
  const candidates = new Map<string, RemoteCustomer>()
  for (const id of ids) {
    if (isBeingDeleted(state, resolveSquareId(state, id))) return WAIT
    const target = await retrieve(context, id)
    if (!target) return WAIT
    if (!openEntry(context, opId)) return SETTLED
    if (target.kind === 'present') candidates.set(target.remote.id, target.remote)
  }
  const alike = [...candidates.values()].filter(
    (one) =>
      !shown.some((id) => resolveSquareId(state, id) === one.id) &&
      !isToldApart(op, one, context.merge.country),
  )
  return alike.length === 0 ? null : ask(context, opId, { kind: 'create-duplicate', candidates: alike })
}

/** A deletion of that customer is on its way. One that asks may take days: then the customer is there like any other. */
function isBeingDeleted(state: LogState, squareId: string): boolean {
  const open = openEntries(state, `square:${squareId}`)
  return open.some(({ op }) => op.kind === 'delete') && !open.some(({ question }) => question)
}

/**
 * Nothing to be looked for by: of an earlier run it may have been sent, where an old profile was put back, and Square may
 * have forgotten its key. Whoever is just like it, and not of this log's making, is a question (S9).
 */
async function whoWasMadeBefore(op: CreateOperation, now: number, context: PushContext): Found {
  const found = await context.lately(new Date(now - PUT_BACK_MOST_MS).toISOString())
  if (!found) return NOBODY
  if (found.kind === 'failed') return found
  const { made } = context.outbox.state()
  const candidates = found.value.filter((c) => !made.has(c.id) && holdsCreate(op, c, context.merge))
  return { kind: 'ok', value: candidates }
}

/**
 * The create in whose stead this one goes may have come to be since a person was asked: Square did it late, or it was
 * brought back after it had been deleted, and perhaps changed since. Whoever is just as it was sent or as this one is, or
 * was brought back, and was not on that question, is one now (S9). Where nobody knows since when, as of one that another log
 * may have sent (S20), too many were brought back to ask about all of them: whoever is alike.
 */
async function whoCameMeanwhile(op: CreateOperation, now: number, context: PushContext): Found {
  if (!op.insteadOf) return NOBODY
  const doubts = op.insteadOf
  const since = Math.min(...doubts.map((doubt) => doubt.since))
  const start = Math.max(since - SEARCH_MARGIN_MS, now - PUT_BACK_MOST_MS)
  const found = await everyoneCreatedSince(context.gateway, new Date(start).toISOString())
  if (found.kind === 'failed') return found
  const { made } = context.outbox.state()
  const mayBe = (c: RemoteCustomer, { since, sent }: InDoubt) =>
    (since > 0 && isRecovered(c.creationSource)) ||
    sameFields(sent, c.fields, context.merge) ||
    holdsCreate(op, c, context.merge)
  const candidates = found.value.filter(
    (c) => !made.has(c.id) && doubts.some((doubt) => !doubt.shown.includes(c.id) && mayBe(c, doubt)),
  )
  return { kind: 'ok', value: candidates }
}

/** Who shares a key among those that changed since the directory had nobody who does; null: nobody knows. */
async function likeAmongChanged(
  keys: ExactKeys,
  { changed, merge }: PushContext,
): Promise<Result<readonly RemoteCustomer[]> | null> {
  const customers = await changed()
  if (customers?.kind !== 'ok') return customers
  const like = sharedKeys(new Map([['', keys]]), merge.country)
  return { kind: 'ok', value: customers.value.filter(({ fields }) => like(fields).size > 0) }
}
