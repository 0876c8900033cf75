import type { PullRequest, PullResult } from '#shared/ipc/contract.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { CustomerPage, Reply, SquareGateway } from '../square/square-gateway.ts'

export interface PullOptions {
  /** The engine's gateway for reading: what its answers say of line and token is known there. Null: signed out. */
  readonly gateway: () => SquareGateway | null
  readonly outbox: () => Pick<Outbox, 'state' | 'write'> | null
}

const SIGNED_OUT: Failure = { kind: 'signed-out', code: 'NO_TOKEN' }

/** Fetches what the directory asks for; one request to Square per page, one per id. Every failure is a value. */
export function createDirectoryPull(options: PullOptions): (request: PullRequest) => Promise<PullResult> {
  return async (request) => {
    const gateway = options.gateway()
    if (!gateway) return { kind: 'failed', failure: SIGNED_OUT }
    return pull(gateway, request, options)
  }
}

async function pull(gateway: SquareGateway, request: PullRequest, options: PullOptions): Promise<PullResult> {
  switch (request.kind) {
    case 'list':
      return page(await gateway.list(request.cursor))
    case 'delta':
      return page(await gateway.changedSince(request.since, request.cursor))
    case 'ids':
      return byIds(gateway, request.squareIds, options)
    default:
      return assertNever(request)
  }
}

function page(reply: Reply<CustomerPage>): PullResult {
  if (reply.kind === 'failed') return { kind: 'failed', failure: reply.failure }
  const { customers, cursor, count } = reply.value
  return {
    kind: 'page',
    remotes: customers,
    cursor,
    count,
    squareTime: isoOrNull(reply.squareTime),
    missing: [],
  }
}

/**
 * One after the other: a question about ids is background work and leaves the line to what staff saved. The first
 * failure other than 404 ends it; asking again costs reads only.
 */
async function byIds(
  gateway: SquareGateway,
  ids: readonly string[],
  options: PullOptions,
): Promise<PullResult> {
  const remotes: RemoteCustomer[] = []
  const missing: string[] = []
  let squareTime: number | null = null
  for (const id of ids) {
    const reply = await gateway.retrieve(id)
    squareTime = reply.squareTime ?? squareTime
    if (reply.kind === 'ok') {
      if (!(await recordAlias(id, reply.value, options))) return { kind: 'failed', failure: NOT_RECORDED }
      remotes.push(reply.value)
    } else if (reply.failure.kind === 'not-found') missing.push(id)
    else return { kind: 'failed', failure: reply.failure }
  }
  return { kind: 'page', remotes, cursor: null, count: null, squareTime: isoOrNull(squareTime), missing }
}

/** The answer is there but could not be made durable, so for the directory there is none yet. */
const NOT_RECORDED: Failure = { kind: 'unknown', reason: 'unreadable' }

/** An answer under another id is a merge: it is in the log before anyone acts on it (S10). False: not durable. */
async function recordAlias(asked: string, remote: RemoteCustomer, options: PullOptions): Promise<boolean> {
  if (remote.id === asked) return true
  const outbox = options.outbox()
  if (!outbox) return false
  if (outbox.state().aliases.get(asked) === remote.id) return true
  return outbox.write([{ kind: 'alias', fromSquareId: asked, toSquareId: remote.id, remote }])
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
