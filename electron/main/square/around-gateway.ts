import type { Reply, SquareGateway } from './square-gateway.ts'

/** What is done around every request of a gateway. It calls `send` at most once and never rejects. */
export type Around = <T>(send: () => Promise<Reply<T>>) => Promise<Reply<T>>

/** The same gateway with something done around each of its requests. */
export function aroundGateway(gateway: SquareGateway, around: Around): SquareGateway {
  return {
    retrieve: (id) => around(() => gateway.retrieve(id)),
    create: (key, body) => around(() => gateway.create(key, body)),
    update: (id, version, body) => around(() => gateway.update(id, version, body)),
    remove: (id, version) => around(() => gateway.remove(id, version)),
    bulkRetrieve: (ids) => around(() => gateway.bulkRetrieve(ids)),
    bulkCreate: (bodies) => around(() => gateway.bulkCreate(bodies)),
    bulkUpdate: (changes) => around(() => gateway.bulkUpdate(changes)),
    list: (cursor) => around(() => gateway.list(cursor)),
    changedSince: (since, cursor) => around(() => gateway.changedSince(since, cursor)),
    createdSince: (since, cursor) => around(() => gateway.createdSince(since, cursor)),
    findExact: (keys) => around(() => gateway.findExact(keys)),
    seller: () => around(() => gateway.seller()),
  }
}
