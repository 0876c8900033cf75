import type { Clock } from '#shared/ports.ts'
import type { SquareRequest } from '#shared/sync-log.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { Reply, SquareGateway } from '../square/square-gateway.ts'
import type { SyncLog } from './sync-log.ts'

/** The same gateway; of each request its name, its counts, how it ended and how long it took are noted (S28). */
export function notedGateway(
  gateway: SquareGateway,
  log: Pick<SyncLog, 'note'>,
  clock: Pick<Clock, 'monotonic'>,
): SquareGateway {
  async function noted<T>(
    request: SquareRequest,
    about: number,
    send: () => Promise<Reply<T>>,
    came: (value: T) => number | null = () => null,
  ): Promise<Reply<T>> {
    const leftAt = clock.monotonic()
    const reply = await send()
    log.note({
      kind: 'request',
      request,
      about,
      outcome: reply.kind === 'ok' ? 'ok' : reply.failure.kind,
      reason: reply.kind === 'ok' ? null : reasonOf(reply.failure),
      came: reply.kind === 'ok' ? came(reply.value) : null,
      ms: Math.round(clock.monotonic() - leftAt),
    })
    return reply
  }
  const many = (items: { readonly size: number }) => items.size
  const page = ({ customers }: { readonly customers: readonly unknown[] }) => customers.length
  const list = (customers: readonly unknown[]) => customers.length

  return {
    retrieve: (id) => noted('retrieve', 1, () => gateway.retrieve(id)),
    create: (key, body) => noted('create', 1, () => gateway.create(key, body)),
    update: (id, version, body) => noted('update', 1, () => gateway.update(id, version, body)),
    remove: (id, version) => noted('remove', 1, () => gateway.remove(id, version)),
    bulkRetrieve: (ids) => noted('bulkRetrieve', ids.length, () => gateway.bulkRetrieve(ids), many),
    bulkCreate: (bodies) => noted('bulkCreate', bodies.size, () => gateway.bulkCreate(bodies), many),
    bulkUpdate: (changes) => noted('bulkUpdate', changes.size, () => gateway.bulkUpdate(changes), many),
    list: (cursor) => noted('list', 0, () => gateway.list(cursor), page),
    changedSince: (since, cursor) =>
      noted('changedSince', 0, () => gateway.changedSince(since, cursor), page),
    createdSince: (since, cursor) =>
      noted('createdSince', 0, () => gateway.createdSince(since, cursor), page),
    findExact: (keys) => noted('findExact', 1, () => gateway.findExact(keys), list),
    seller: () => noted('seller', 0, () => gateway.seller()),
  }
}

function reasonOf(failure: Failure) {
  return 'reason' in failure ? failure.reason : null
}
