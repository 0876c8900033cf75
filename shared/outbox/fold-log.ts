import type { RemoteCustomer } from '../customer/customer.ts'
import { assertNever } from '../exhaustive.ts'
import { compareVersions } from '../sync/version.ts'
import type { ClosedAs, Entry, LogState } from './log-state.ts'
import type {
  Alias,
  Answered,
  Asks,
  Copied,
  LogRecord,
  Queued,
  RecordBody,
  Sent,
  Withdrawn,
} from './record.ts'
import { localOf, resolveSquareId, targetOf } from './identity.ts'
import { keepingLanes } from './lanes.ts'
import { fromSnapshot, toSnapshot } from './snapshot.ts'

export { laneOf, laneOfRow, localOf, resolveSquareId, targetOf, type Lane } from './identity.ts'
export { openEntries } from './lanes.ts'

/** How many closed operations and facts are remembered, so that a draft saved again saves once. */
export const CLOSED_KEPT = 10_000

/** The state of a log without records. */
export function emptyLogState(): LogState {
  return {
    entries: new Map(),
    closed: new Map(),
    aliases: new Map(),
    bindings: new Map(),
    moved: new Map(),
    made: new Map(),
    remotes: new Map(),
    showEveryConflict: false,
  }
}

/**
 * Forgets the log, in place: what is known of its lanes, too. Emptying the maps alone would leave those, and a log that is
 * read again from its beginning would show the operations as they were before.
 */
export function forgetLog(state: LogState): void {
  applyRecord(state, { kind: 'snapshot', state: toSnapshot(emptyLogState()) })
}

/** What a log says, from its first record to its last. */
export function foldLog(records: Iterable<LogRecord>): LogState {
  const state = emptyLogState()
  for (const record of records) applyRecord(state, record)
  return state
}

/**
 * Lets one record take effect on the state, in place. Total: a record about an operation that is closed or unknown
 * changes nothing, so replaying is harmless.
 */
export function applyRecord(state: LogState, record: RecordBody): void {
  keepingLanes(state, record, () => apply(state, record))
}

function apply(state: LogState, record: RecordBody): void {
  switch (record.kind) {
    case 'queued':
      return applyQueued(state, record)
    case 'withdrawn':
      return applyWithdrawn(state, record)
    case 'sent':
      return applySent(state, record)
    case 'answered':
      return applyAnswered(state, record)
    case 'asks':
      return applyAsks(state, record)
    case 'lifted': {
      const entry = state.entries.get(record.opId)
      if (entry?.question?.id === record.questionId) entry.question = null
      return
    }
    case 'alias':
      return applyAlias(state, record)
    case 'fact':
      if (record.fact.kind === 'show-every-conflict') state.showEveryConflict = record.fact.on
      if (record.fact.kind === 'not-a-duplicate') {
        const entry = state.entries.get(record.fact.opId)
        if (entry) {
          // Once: a question that came later is no part of it when this is replayed.
          if (entry.question?.kind === 'create-duplicate' && !state.closed.has(record.id))
            entry.shownApart = [...entry.shownApart, ...entry.question.candidates.map(({ id }) => id)]
          entry.createSeparately = true
          entry.question = null
        }
      }
      return remember(state, record.id, 'done')
    case 'copied':
      return applyCopied(state, record)
    case 'snapshot':
      return replaceState(state, fromSnapshot(record.state))
    default:
      return assertNever(record)
  }
}

function applyQueued(state: LogState, { op, replaces }: Queued): void {
  if (state.entries.has(op.id) || state.closed.has(op.id)) return
  for (const id of replaces) close(state, id, 'replaced')
  state.entries.set(op.id, {
    op,
    attempts: new Map(),
    closed: null,
    question: null,
    known: null,
    copied: false,
    conflicts: 0,
    createSeparately: false,
    shownApart: [],
  })
  const localId = localOf(state, op.localId)
  if (op.kind === 'create') {
    if (op.recreates) moveRowsOf(state, op.recreates, localId)
    state.bindings.set(localId, null)
  } else if (op.squareId && !state.bindings.has(localId)) {
    // Not over a null: while a customer is created anew, a form opened before must not bind it to the one that is gone.
    state.bindings.set(localId, op.squareId)
  }
}

/** "Add again": every local id of the customer that is gone becomes the one that is created anew (protocol row 14). */
function moveRowsOf(state: LogState, goneSquareId: string, localId: string): void {
  const gone = resolveSquareId(state, goneSquareId)
  for (const other of [...state.bindings.keys()]) {
    const from = localOf(state, other)
    if (from !== localId && targetOf(state, other) === gone) state.moved.set(from, localId)
  }
}

function applyWithdrawn(state: LogState, { opIds }: Withdrawn): void {
  for (const id of opIds) close(state, id, 'withdrawn')
}

function applySent(state: LogState, record: Sent): void {
  const entry = state.entries.get(record.opId)
  if (!entry || entry.attempts.has(record.attempt)) return // applied again: its answer may be there already
  entry.attempts.set(record.attempt, {
    squareId: record.squareId,
    version: record.version,
    body: record.body,
    squareTime: record.squareTime,
    ...(record.bulk ? { bulk: true } : {}),
    answer: null,
  })
}

function applyAnswered(state: LogState, { opId, attempt, answer }: Answered): void {
  const entry = state.entries.get(opId)
  if (!entry) return
  const sent = entry.attempts.get(attempt)
  if (answer.kind === 'conflict' && sent?.answer !== 'conflict') entry.conflicts++ // once per attempt, also when replayed
  if (sent) sent.answer = answer.kind
  if (answer.kind !== 'applied' && answer.kind !== 'gone') return
  if (answer.kind === 'applied' && answer.remote) {
    if (entry.op.kind === 'create') {
      state.bindings.set(localOf(state, entry.op.localId), answer.remote.id)
      // Taken in its stead, before it was sent: whoever made that one, it was not this create (S9).
      const taken = answer.how === 'chosen' && entry.question?.kind === 'create-duplicate'
      if (!taken) state.made.set(answer.remote.id, entry.op.localId)
    }
    learn(state, answer.remote)
  }
  close(state, opId, 'done')
}

function applyAsks(state: LogState, { opId, question, known }: Asks): void {
  const entry = state.entries.get(opId)
  if (!entry) return
  entry.question = question
  entry.known ??= known ?? null
  if ('remote' in question) learn(state, question.remote)
}

/**
 * What this id had become before has become it as well: whoever went only to the one in between would be left behind (S10).
 * An id that became itself, or something that became it, would be a circle.
 */
function applyAlias(state: LogState, { fromSquareId, toSquareId, remote }: Alias): void {
  if (fromSquareId === toSquareId) return takeApart(state, remote)
  learn(state, remote)
  const from = resolveSquareId(state, fromSquareId)
  if (resolveSquareId(state, toSquareId) === from) return
  state.aliases.set(from, toSquareId)
  carryMaker(state, from, toSquareId)
}

/**
 * A merge was taken apart, and that id is a customer again, whatever its version. What was theirs here stays with the one they
 * had become: staff have seen it there, and what waits was decided there (S23).
 */
function takeApart(state: LogState, remote: RemoteCustomer): void {
  if (!state.aliases.has(remote.id)) return
  const targets = [...state.bindings.keys()].map((localId) => [localId, targetOf(state, localId)] as const)
  state.aliases.delete(remote.id)
  for (const [localId, target] of targets)
    if (target !== null && targetOf(state, localId) !== target) state.bindings.set(localId, target)
  state.remotes.set(remote.id, remote)
}

function applyCopied(state: LogState, { opIds }: Copied): void {
  for (const entry of state.entries.values()) if (opIds?.includes(entry.op.id) ?? true) entry.copied = true
}

function close(state: LogState, opId: string, as: ClosedAs): void {
  const entry = state.entries.get(opId)
  if (!entry) return
  entry.closed = as
  entry.question = null
  state.entries.delete(opId)
  remember(state, opId, as)
  // A create that will not happen gives the local id free: the next operation's own Square id binds it (row 24).
  const localId = localOf(state, entry.op.localId)
  if (as !== 'done' && entry.op.kind === 'create' && state.bindings.get(localId) === null)
    state.bindings.delete(localId)
}

/** So that a draft saved again with the same id saves once (S4). */
function remember(state: LogState, id: string, as: ClosedAs): void {
  state.closed.set(id, as)
  if (state.closed.size > CLOSED_KEPT) state.closed.delete(state.closed.keys().next().value!)
}

/** Keeps the newest content per Square id; a lower version never replaces a higher one (S11). */
function learn(state: LogState, remote: RemoteCustomer): void {
  const known = state.remotes.get(remote.id)
  if (!known || compareVersions(remote.version, known.version) > 0) state.remotes.set(remote.id, remote)
}

function carryMaker(state: LogState, from: string, to: string): void {
  const maker = state.made.get(from)
  if (maker !== undefined) state.made.set(to, maker)
}

function replaceState(state: LogState, next: LogState): void {
  for (const key of ['entries', 'closed', 'aliases', 'bindings', 'moved', 'made', 'remotes'] as const) {
    const map = state[key] as Map<string, unknown>
    map.clear()
    for (const [id, value] of next[key] as Map<string, unknown>) map.set(id, value)
  }
  state.showEveryConflict = next.showEveryConflict
}

// ---- reading the state

/** An attempt whose outcome is not known: the operation must be settled before anything else of its customer. */
export function hasUnanswered(entry: Entry): boolean {
  for (const attempt of entry.attempts.values()) if (attempt.answer === null) return true
  return false
}

/** Sent without an answer (a later answer to another attempt does not clear it), or from a copied log (S20). */
export function inDoubt(entry: Entry): boolean {
  return entry.copied || hasUnanswered(entry)
}

/**
 * Square may hold it: an attempt has no answer, or one that does not say for certain that nothing was done, or the log is a
 * copy. Such an operation is frozen: it is never squashed, undone or withdrawn unasked (S4).
 */
export function maybeAtSquare(entry: Entry): boolean {
  if (entry.copied) return true
  for (const { answer } of entry.attempts.values())
    if (answer !== 'not-sent' && answer !== 'not-applied') return true
  return false
}

/** An attempt was made, whatever came of it, or the log is a copy. */
export function everSent(entry: Entry): boolean {
  return entry.copied || entry.attempts.size > 0
}

/** What Square said to the last attempt; null where it said nothing. */
export function lastAnswer(entry: Entry): Answered['answer']['kind'] | null {
  let last: Answered['answer']['kind'] | null = null
  for (const attempt of entry.attempts.values()) last = attempt.answer
  return last
}
