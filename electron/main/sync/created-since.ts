import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Result } from '#shared/sync/bulk.ts'
import type { SquareGateway } from '../square/square-gateway.ts'

/**
 * Everyone created at or after `since` (ISO, Square's time) by an app or a merge (S9), page after page, each a request that
 * waits for its own turn where the gateway is paced (S26): an app that adds customers makes many pages in a month. A cursor
 * that comes again is an answer we do not believe, and neither is one with an unreadable customer: that one may be who is
 * looked for (S13).
 */
export async function everyoneCreatedSince(
  gateway: Pick<SquareGateway, 'createdSince'>,
  since: string,
): Promise<Result<readonly RemoteCustomer[]>> {
  const found = new Map<string, RemoteCustomer>()
  const cursors = new Set<string>()
  for (let cursor: string | null = null; ;) {
    const reply: Awaited<ReturnType<SquareGateway['createdSince']>> = await gateway.createdSince(
      since,
      cursor,
    )
    if (reply.kind === 'failed') return reply
    for (const customer of reply.value.customers) found.set(customer.id, customer)
    cursor = reply.value.cursor
    if (reply.value.unreadable || (cursor !== null && cursors.has(cursor)))
      return { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
    if (cursor === null) return { kind: 'ok', value: [...found.values()] }
    cursors.add(cursor)
  }
}
