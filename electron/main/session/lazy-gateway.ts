import type { Reply, SquareGateway } from '../square/square-gateway.ts'

/**
 * A gateway whose code is loaded with the first request: Square's SDK is large and nobody needs it before the list
 * stands. If loading fails nothing was sent, and the next request tries again.
 */
export function createLazyGateway(load: () => Promise<SquareGateway>): SquareGateway {
  let loading: Promise<SquareGateway> | null = null
  function loaded(): Promise<SquareGateway> {
    loading ??= load().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
  async function through<T>(call: (gateway: SquareGateway) => Promise<Reply<T>>): Promise<Reply<T>> {
    let gateway: SquareGateway
    try {
      gateway = await loaded()
    } catch {
      return { kind: 'failed', failure: { kind: 'not-sent', reason: 'refused' }, squareTime: null }
    }
    return call(gateway)
  }
  return {
    retrieve: (squareId) => through((gateway) => gateway.retrieve(squareId)),
    create: (idempotencyKey, body) => through((gateway) => gateway.create(idempotencyKey, body)),
    update: (squareId, version, body) => through((gateway) => gateway.update(squareId, version, body)),
    remove: (squareId, version) => through((gateway) => gateway.remove(squareId, version)),
    bulkRetrieve: (squareIds) => through((gateway) => gateway.bulkRetrieve(squareIds)),
    bulkCreate: (bodies) => through((gateway) => gateway.bulkCreate(bodies)),
    bulkUpdate: (changes) => through((gateway) => gateway.bulkUpdate(changes)),
    list: (cursor) => through((gateway) => gateway.list(cursor)),
    changedSince: (since, cursor) => through((gateway) => gateway.changedSince(since, cursor)),
    createdSince: (since, cursor) => through((gateway) => gateway.createdSince(since, cursor)),
    findExact: (keys) => through((gateway) => gateway.findExact(keys)),
    seller: () => through((gateway) => gateway.seller()),
  }
}
