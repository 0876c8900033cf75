import type { RemoteCustomer } from '../customer/customer.ts'
import { assertNever } from '../exhaustive.ts'
import { applyRecord, inDoubt, localOf, resolveSquareId, targetOf } from '../outbox/fold-log.ts'
import type { LogState } from '../outbox/log-state.ts'
import type { Answered, RecordBody, Withdrawn } from '../outbox/record.ts'
import { isCreatedByApps } from '../sync/creation-sources.ts'
import { SEARCH_MARGIN_MS } from '../sync/limits.ts'
import { compareVersions } from '../sync/version.ts'
import type { CustomerRow } from './row.ts'
import type { Rows } from './rows.ts'
import { viewOf, type RowCore } from './view.ts'

export interface Directory {
  readonly state: LogState
  readonly rows: Rows
  readonly newId: () => string
}

/**
 * Applies one record of the log to the mirror: the state first, then the rows it concerns. Replaying is harmless; the
 * rows end as if the whole log had been applied to the same remotes.
 */
export function applyRecordToRows(directory: Directory, record: RecordBody): void {
  const { state } = directory
  switch (record.kind) {
    case 'queued': {
      if (state.entries.has(record.op.id) || state.closed.has(record.op.id)) return
      const replaced = record.replaces.flatMap((id) => state.entries.get(id)?.op.localId ?? [])
      applyRecord(state, record)
      const row = rowForOperation(directory, record.op.localId)
      settle(directory, record.op.kind === 'create' ? { ...row, deleted: false } : row)
      if (record.op.kind === 'create' && record.op.recreates)
        moveRow(directory, record.op.recreates, record.op.localId)
      for (const localId of replaced) refresh(directory, localId)
      return
    }
    case 'withdrawn':
      return projectWithdrawn(directory, record)
    case 'answered':
      return projectAnswered(directory, record)
    case 'asks': {
      applyRecord(state, record)
      const op = state.entries.get(record.opId)?.op
      if (!op) return
      const remote = 'remote' in record.question ? record.question.remote : null
      if (remote && targetOf(state, op.localId) === remote.id) {
        bindRow(directory, op.localId, remote.id)
        applyRemote(directory, remote)
      }
      return refresh(directory, op.localId)
    }
    case 'alias': {
      if (record.fromSquareId === record.toSquareId) {
        applyRecord(state, record)
        return applyRemote(directory, record.remote)
      }
      const from = resolveSquareId(state, record.fromSquareId) // what it has become before becomes this with it
      applyRecord(state, record)
      const row = directory.rows.bySquareId(from)
      if (row) settle(directory, bindRow(directory, row.localId, resolveSquareId(state, record.toSquareId)))
      if (directory.rows.bySquareId(record.remote.id)) applyRemote(directory, record.remote)
      return
    }
    case 'copied':
    case 'fact':
    case 'lifted':
    case 'sent': {
      applyRecord(state, record)
      const opId =
        record.kind === 'sent' || record.kind === 'lifted'
          ? record.opId
          : record.kind === 'fact' && record.fact.kind === 'not-a-duplicate'
            ? record.fact.opId
            : null
      const entry = opId ? state.entries.get(opId) : undefined
      if (entry) refresh(directory, entry.op.localId)
      return
    }
    case 'snapshot':
      return projectSnapshot(directory, record)
    default:
      return assertNever(record)
  }
}

/** How a pull came by a customer. `recovered`: asked for by id after it was known to be deleted. */
export type Pulled = 'listed' | 'asked-for' | 'recovered'

/**
 * Applies what Square answered to a pull: a new row, newer content, or nothing. A lower version and the source of a
 * merge are ignored (S11); `listed` rows that could be a create of ours still in doubt are held back (S9). A deleted row
 * comes back only when `recovered`: a list lags behind deletions, and an answer may have been on its way before one (S23).
 */
export function applyRemoteToRows(directory: Directory, remote: RemoteCustomer, how: Pulled): void {
  const { state, rows } = directory
  const row = rows.bySquareId(remote.id)
  if (!row?.deleted) return applyRemote(directory, remote, how === 'listed')
  if (how === 'recovered' && !state.aliases.has(remote.id))
    settle(directory, { ...row, remote, deleted: false })
}

function applyRemote(directory: Directory, remote: RemoteCustomer, listed = false): void {
  const { state, rows } = directory
  if (state.aliases.has(remote.id)) return
  let row: RowCore | undefined = rows.bySquareId(remote.id)
  if (!row) {
    if (listed && couldBeOurs(state, remote)) return
    row = bindRow(directory, directory.newId(), remote.id)
  }
  const known = row.remote
  if (known && known.id === remote.id && compareVersions(remote.version, known.version) <= 0) return
  settle(directory, { ...row, remote, deleted: false })
}

function couldBeOurs(state: LogState, remote: RemoteCustomer): boolean {
  if (!isCreatedByApps(remote.creationSource)) return false
  const createdAt = Date.parse(remote.createdAt)
  for (const entry of state.entries.values()) {
    if (entry.op.kind !== 'create' || entry.question || !inDoubt(entry)) continue
    for (const { squareTime } of entry.attempts.values()) {
      if (squareTime !== null && createdAt >= squareTime - SEARCH_MARGIN_MS) return true
    }
  }
  return false
}

function projectWithdrawn(directory: Directory, record: Withdrawn): void {
  const { state } = directory
  const ops = record.opIds.flatMap((id) => state.entries.get(id)?.op ?? [])
  applyRecord(state, record)
  for (const op of ops) {
    const row = rowOf(directory, op.localId)
    if (!row) continue
    // Whatever the last one was: of a file that is taken in, the create may have been withdrawn here before (S20).
    const isNobody = !row.squareId && viewOf(row, state).openOps === 0
    settle(directory, isNobody || record.why === 'accept-deletion' ? { ...row, deleted: true } : row)
  }
}

function projectAnswered(directory: Directory, record: Answered): void {
  const { state, rows } = directory
  const op = state.entries.get(record.opId)?.op
  applyRecord(state, record)
  const { answer } = record
  const remote = answer.kind === 'applied' ? answer.remote : null
  if (remote && op?.kind === 'create') settle(directory, bindRow(directory, op.localId, remote.id))
  if (remote && (op || rows.bySquareId(remote.id))) applyRemote(directory, remote)
  if (!op) return
  const row = rowOf(directory, op.localId)
  const deleted = op.kind === 'delete' && (answer.kind === 'applied' || answer.kind === 'gone')
  if (row) settle(directory, deleted ? { ...row, deleted: true } : row)
}

function projectSnapshot(directory: Directory, record: Extract<RecordBody, { kind: 'snapshot' }>): void {
  const { state, rows } = directory
  const before = rows.localOnes()
  applyRecord(state, record)
  for (const from of state.moved.keys()) takeOver(directory, from, localOf(state, from))
  for (const from of state.aliases.keys()) {
    const row = rows.bySquareId(from)
    if (row) settle(directory, bindRow(directory, row.localId, resolveSquareId(state, from)))
  }
  for (const localId of state.bindings.keys()) {
    // Of an id that another one stands for now, its own binding is of before that: to a customer that was gone.
    const target = targetOf(state, localId)
    if (target) settle(directory, bindRow(directory, localId, target))
  }
  for (const { op } of state.entries.values()) {
    settle(directory, rowForOperation(directory, op.localId))
  }
  for (const remote of state.remotes.values()) if (rows.bySquareId(remote.id)) applyRemote(directory, remote)
  for (const { localId } of before) refresh(directory, localId)
}

/** After a reset: rows that neither Square nor the log knows any more are not customers (protocol row 13). */
export function dropUnaccountedRows(directory: Directory): void {
  const { rows, state } = directory
  for (const row of rows.localOnes()) {
    const seen = viewOf(row, state)
    if (!seen.squareId && seen.openOps === 0) rows.delete(row.localId)
    else rows.put(seen)
  }
}

/** The row that stands for a local id now: after "Add again" and after two rows became one. */
export function rowOf({ state, rows }: Directory, localId: string): CustomerRow | undefined {
  let id = localOf(state, localId)
  for (let steps = 0; steps < 100; steps++) {
    const next = rows.redirectOf(id)
    if (next === undefined) break
    id = next
  }
  return rows.get(id)
}

/**
 * The row that shows an operation. Without a Square id operation and row find each other by the local id alone, so a row
 * that had been collapsed into another one takes its own id back ("Add again" from a question asked before that).
 */
function rowForOperation(directory: Directory, localId: string): RowCore {
  const { state } = directory
  const target = targetOf(state, localId)
  const row = rowOf(directory, localId)
  if (row && target === null) takeOver(directory, row.localId, localOf(state, localId))
  return bindRow(directory, localId, target)
}

/** The row of a local id, made if needed, bound to that Square id; a second row of the same id is collapsed into it. */
function bindRow(directory: Directory, localId: string, squareId: string | null): RowCore {
  const { state, rows } = directory
  const id = localOf(state, localId)
  let row: RowCore | undefined = rowOf(directory, localId)
  if (!row || (row.localId !== id && isAnother(state, row, squareId))) {
    rows.clearRedirect(id)
    row = { localId: id, squareId: null, remote: null, deleted: false }
    rows.put(viewOf(row, state))
  }
  const target = squareId && resolveSquareId(state, squareId)
  if (row.squareId === target) return row
  const other = target ? rows.bySquareId(target) : undefined
  let { remote, deleted } = row
  if (remote && remote.id !== target) remote = null
  if (other && other.localId !== row.localId) {
    rows.setRedirect(other.localId, row.localId)
    rows.delete(other.localId)
    if (other.remote?.id === target) remote = other.remote
    deleted = other.deleted
  }
  const bound: RowCore = { localId: row.localId, squareId: target, remote, deleted }
  rows.put(viewOf(bound, state))
  return bound
}

/**
 * The row an id has led to since two rows became one is another customer's by now: that one was deleted and added again,
 * and an old window still edits the one that is gone.
 */
function isAnother(state: LogState, row: RowCore, squareId: string | null): boolean {
  if (squareId === null) return false
  const isNow = state.bindings.has(row.localId) ? targetOf(state, row.localId) : row.squareId
  return isNow === null || resolveSquareId(state, isNow) !== resolveSquareId(state, squareId)
}

/** "Add again": the row of the customer that is gone becomes the row of the one being created. */
function moveRow(directory: Directory, goneSquareId: string, localId: string): void {
  const { state, rows } = directory
  const gone = rows.bySquareId(resolveSquareId(state, goneSquareId))
  if (gone && gone.localId !== localOf(state, localId))
    takeOver(directory, gone.localId, localOf(state, localId))
}

function takeOver({ state, rows }: Directory, from: string, to: string): void {
  const old = rows.get(from)
  if (!old || from === to) return
  rows.delete(from)
  rows.setRedirect(from, to)
  rows.clearRedirect(to)
  const taken = rows.get(to)
  rows.put(viewOf(taken ?? { ...old, localId: to }, state))
}

function settle({ rows, state }: Directory, core: RowCore): void {
  rows.put(viewOf(core, state))
}

function refresh(directory: Directory, localId: string): void {
  const row = rowOf(directory, localId)
  if (row) settle(directory, row)
}
