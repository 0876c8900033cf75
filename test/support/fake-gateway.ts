import type { Failure } from '#shared/sync/failure.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Door } from '#main/sync/door.ts'
import type { CustomerPage, Reply, SquareGateway } from '#main/square/square-gateway.ts'

export type GatewayCall = readonly [name: keyof SquareGateway, ...args: unknown[]]

/** Square's clock in these tests, ms since the epoch. */
export const SQUARE_TIME = Date.UTC(2026, 2, 1, 9, 0, 0)

export function ok<T>(value: T, squareTime: number | null = SQUARE_TIME): Reply<T> {
  return { kind: 'ok', value, squareTime }
}
/** `squareTime` null: no answer came at all. */
export function failed(
  failure: Failure,
  squareTime: number | null = failure.kind === 'not-sent' || failure.kind === 'unknown' ? null : SQUARE_TIME,
): Reply<never> {
  return { kind: 'failed', failure, squareTime }
}
export const OFFLINE = failed({ kind: 'not-sent', reason: 'offline' })
export const TIMEOUT = failed({ kind: 'unknown', reason: 'timeout' })

const WRITES = new Set(['create', 'update', 'remove', 'bulkCreate', 'bulkUpdate'])

/**
 * A gateway that answers as scripted: per call a list of replies used in order (the last one stays), or a function.
 * What is not scripted throws, except `seller`, which answers.
 */
export function fakeGateway(
  script: { [N in keyof SquareGateway]?: readonly unknown[] | ((...args: never[]) => unknown) } = {},
): SquareGateway & { readonly calls: GatewayCall[]; writes(): GatewayCall[] } {
  const calls: GatewayCall[] = []
  const left = new Map<string, unknown[]>()
  const seller = ok({ merchantId: 'M1', name: 'Shop', country: 'US' })
  const answer = (name: keyof SquareGateway, args: unknown[]): Promise<never> => {
    calls.push([name, ...args])
    const scripted = script[name]
    if (typeof scripted === 'function')
      return Promise.resolve(scripted(...(args as never[]))) as Promise<never>
    const replies = left.get(name) ?? [...(scripted ?? (name === 'seller' ? [seller] : []))]
    left.set(name, replies)
    if (replies.length === 0) throw new Error(`not scripted: ${name}`)
    return Promise.resolve(replies.length > 1 ? replies.shift() : replies[0]) as Promise<never>
  }
  return {
    calls,
    writes: () => calls.filter(([name]) => WRITES.has(name)),
    retrieve: (...args) => answer('retrieve', args),
    create: (...args) => answer('create', args),
    update: (...args) => answer('update', args),
    remove: (...args) => answer('remove', args),
    bulkRetrieve: (...args) => answer('bulkRetrieve', args),
    bulkCreate: (...args) => answer('bulkCreate', args),
    bulkUpdate: (...args) => answer('bulkUpdate', args),
    list: (...args) => answer('list', args),
    changedSince: (...args) => answer('changedSince', args),
    createdSince: async (...args) => asPage(await answer('createdSince', args)),
    findExact: (...args) => answer('findExact', args),
    seller: (...args) => answer('seller', args),
  }
}

/** A list of customers is scripted as what it is: one page. */
function asPage(reply: Reply<CustomerPage | readonly RemoteCustomer[]>): Reply<CustomerPage> {
  if (reply.kind === 'failed' || 'customers' in reply.value) return reply as Reply<CustomerPage>
  return { ...reply, value: { customers: reply.value, cursor: null, count: null } }
}

/** A door through which everything may leave at once. */
export function openDoor(gateway: SquareGateway): Door {
  return { enter: () => Promise.resolve({ ...gateway, leave() {} }) }
}

/** A reply that comes when the test says so. */
export function later<T = RemoteCustomer | null>(): {
  readonly reply: Promise<Reply<T>>
  come(reply: Reply<T>): void
} {
  let come!: (reply: Reply<T>) => void
  const reply = new Promise<Reply<T>>((resolve) => (come = resolve))
  return { reply, come }
}
