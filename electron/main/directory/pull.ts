import type { PullRequest, PullResult } from '#shared/ipc/contract.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { Log } from '#shared/ports.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { BULK_LIMIT, itemRead } from '#shared/sync/bulk.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { CustomerPage, Reply, SquareGateway } from '../square/square-gateway.ts'

export interface PullOptions {
  /** The engine's gateway for reading: what its answers say of line and token is known there. Null: signed out. */
  readonly gateway: (urgency: 'person' | 'pull') => SquareGateway | null
  /** A first load is under way, and about so many customers are still to come; null: it has stopped. */
  readonly onFirstLoad: (left: number | null) => void
  /** Square says this of these customers now; `missing` are ids it has nobody for. */
  readonly onSeen: (remotes: readonly RemoteCustomer[], missing: readonly string[]) => void
  readonly outbox: () => Pick<Outbox, 'state' | 'write' | 'mirrorReported'> | null
  readonly log: Log
}

const SIGNED_OUT: Failure = { kind: 'signed-out', code: 'NO_TOKEN' }

/** Fetches what the directory asks for; one request to Square per page, one per hundred ids. Every failure is a value. */
export function createDirectoryPull(options: PullOptions): (request: PullRequest) => Promise<PullResult> {
  return async (request) => {
    const gateway = options.gateway(request.kind !== 'list' && request.asked ? 'person' : 'pull')
    if (!gateway) return { kind: 'failed', failure: SIGNED_OUT }
    const result = await pull(gateway, request, options)
    if (result.kind === 'page') options.onSeen(result.remotes, result.missing)
    return result
  }
}

async function pull(gateway: SquareGateway, request: PullRequest, options: PullOptions): Promise<PullResult> {
  switch (request.kind) {
    case 'list':
      return list(gateway, request, options)
    case 'delta':
      return page(await gateway.changedSince(request.since, request.cursor), options)
    case 'ids':
      return byIds(gateway, request.squareIds, options)
    default:
      return assertNever(request)
  }
}

async function list(
  gateway: SquareGateway,
  { cursor, left }: Extract<PullRequest, { kind: 'list' }>,
  options: PullOptions,
): Promise<PullResult> {
  if (left === undefined) return page(await gateway.list(cursor), options)
  options.onFirstLoad(left ?? 0) // the first answer tells, and comes at once
  const result = page(await gateway.list(cursor), options)
  if (result.kind === 'failed') options.onFirstLoad(null)
  else if (result.cursor === null) options.onFirstLoad(0)
  return result
}

function page(reply: Reply<CustomerPage>, { log }: PullOptions): PullResult {
  if (reply.kind === 'failed') return { kind: 'failed', failure: reply.failure }
  const { customers, cursor, count, unreadable = 0 } = reply.value
  if (unreadable > 0) log.warn('directory.unreadable', { customers: unreadable })
  return {
    kind: 'page',
    remotes: customers,
    cursor,
    count,
    squareTime: isoOrNull(reply.squareTime),
    missing: [],
    ...(unreadable > 0 ? { unreadable } : {}),
  }
}

/**
 * In bulk, so that a question about many ids leaves the line to what staff saved. Only NOT_FOUND of an id is missing: an
 * item without a believable answer is neither found nor missing (S22), and the failure of a request ends it all.
 *
 * Nothing is asked before a mirror has reported: a merge is written down, and a log that has lost its end would grow towards
 * the mirror's and be taken for whole (S20).
 */
async function byIds(
  gateway: SquareGateway,
  ids: readonly string[],
  options: PullOptions,
): Promise<PullResult> {
  if (!options.outbox()?.mirrorReported()) return { kind: 'failed', failure: NOT_RECORDED }
  const remotes: RemoteCustomer[] = []
  const missing: string[] = []
  let squareTime: number | null = null
  for (let at = 0; at < ids.length; at += BULK_LIMIT) {
    const asked = ids.slice(at, at + BULK_LIMIT)
    // Before: an answer that was on its way while a merge was seen says nothing against it.
    const mergedAway = new Set(asked.filter((id) => options.outbox()?.state().aliases.has(id)))
    const reply = await gateway.bulkRetrieve(asked)
    if (reply.kind === 'failed') return { kind: 'failed', failure: reply.failure }
    squareTime = reply.squareTime ?? squareTime
    const merged: RecordBody[] = []
    for (const id of asked) {
      const item = itemRead(reply, id)
      if (item.kind === 'ok') {
        remotes.push(item.value)
        merged.push(...aliasOf(id, item.value, mergedAway.has(id), options))
      } else if (item.failure.kind === 'not-found') missing.push(id)
    }
    if (!(await areRecorded(merged, options))) return { kind: 'failed', failure: NOT_RECORDED }
  }
  return { kind: 'page', remotes, cursor: null, count: null, squareTime: isoOrNull(squareTime), missing }
}

/** An answer that is not durable, or could not be made so: for the directory there is none yet. */
const NOT_RECORDED: Failure = { kind: 'unknown', reason: 'unreadable' }

/** An answer under another id is a merge; under its own, of one that had been merged away, the end of one (S23). */
function aliasOf(
  asked: string,
  remote: RemoteCustomer,
  wasMergedAway: boolean,
  options: PullOptions,
): RecordBody[] {
  const isKnown = options.outbox()?.state().aliases.get(asked) === remote.id
  if (remote.id === asked ? !wasMergedAway : isKnown) return []
  return [{ kind: 'alias', fromSquareId: asked, toSquareId: remote.id, remote }]
}

/** Merges are in the log before anyone acts on them (S10). False: not durable. */
async function areRecorded(merged: readonly RecordBody[], options: PullOptions): Promise<boolean> {
  if (merged.length === 0) return true
  return (await options.outbox()?.write(merged)) ?? false
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
