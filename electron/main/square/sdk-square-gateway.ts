import type { Square, SquareClient } from 'square'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import { CREATED_BY_APPS } from '#shared/sync/creation-sources.ts'
import type { BulkItems, Result } from '#shared/sync/bulk.ts'
import { squareTimeOf, squareTimeOfError, toFailure, toItemFailure } from './failure-mapper.ts'
import { createGuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts'
import {
  isRecord,
  isUntranslated,
  readCustomer,
  readListed,
  toBulkCreateRequest,
  toBulkUpdateRequest,
  toCreateRequest,
  toUpdateRequest,
  UNREADABLE,
  type Unreadable,
} from './sdk-customer.ts'
import type { ExactKeys } from '#shared/customer/exact-keys.ts'
import type { CustomerPage, Reply, SellerAnswer, SquareGateway } from './square-gateway.ts'

export interface SdkSquareGatewayOptions extends GuardedFetchOptions {
  readonly token: string
}

/** The API version this app was written against: what a null or an address means depends on it. */
export const SQUARE_VERSION = '2026-09-16'
const PAGE_SIZE = 100

/** What every call of the SDK gives, in one shape. */
interface Answer {
  readonly data: unknown
  readonly rawResponse: { readonly headers: Headers }
}

/**
 * Square through its official SDK, which is loaded with the first request. One request a call (the SDK retries
 * nothing), every answer parsed for its shape before it is believed (S13).
 */
export function createSdkSquareGateway(options: SdkSquareGatewayOptions): SquareGateway {
  const guarded = createGuardedFetch(options)
  const seconds = (options.timeLimitMs ?? 30_000) / 1000
  let loading: Promise<SquareClient> | null = null

  function client(): Promise<SquareClient> {
    loading ??= import('square').then(
      ({ SquareClient: Client }) =>
        new Client({
          token: options.token,
          baseUrl: options.baseUrl,
          version: SQUARE_VERSION,
          maxRetries: 0,
          // The guard's own limit comes first; this one is only the SDK's default made no longer than needed.
          timeoutInSeconds: seconds + 5,
          fetch: guarded as typeof fetch,
        }),
    )
    return loading
  }

  async function ask<T>(
    send: (square: SquareClient) => PromiseLike<Answer>,
    read: (data: Readonly<Record<string, unknown>>) => T | Unreadable,
  ): Promise<Reply<T>> {
    let square: SquareClient
    try {
      square = await client()
    } catch {
      loading = null // A file of the app could not be read; the next request tries again.
      return { kind: 'failed', failure: { kind: 'not-sent', reason: 'refused' }, squareTime: null }
    }
    try {
      const { data, rawResponse } = await send(square)
      const value = isRecord(data) && !hasErrors(data) ? read(data) : UNREADABLE
      if (value === UNREADABLE)
        return { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' }, squareTime: null }
      return { kind: 'ok', value, squareTime: squareTimeOf(rawResponse.headers) }
    } catch (error) {
      return { kind: 'failed', failure: toFailure(error), squareTime: squareTimeOfError(error) }
    }
  }

  const search = (query: Square.CustomerQuery, cursor: string | null) =>
    ask(
      (square) =>
        square.customers
          .search({ query, limit: BigInt(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) })
          .withRawResponse(),
      readPage,
    )

  /**
   * All pages. A cursor that comes again is an answer we do not believe, and neither is one with an unreadable customer:
   * that one may be who is looked for (S9).
   */
  async function searchAll(query: Square.CustomerQuery): Promise<Reply<readonly RemoteCustomer[]>> {
    const found = new Map<string, RemoteCustomer>()
    const cursors = new Set<string>()
    for (let cursor: string | null = null; ;) {
      const reply: Reply<CustomerPage> = await search(query, cursor)
      if (reply.kind === 'failed') return reply
      for (const customer of reply.value.customers) found.set(customer.id, customer)
      cursor = reply.value.cursor
      if (reply.value.unreadable || (cursor !== null && cursors.has(cursor)))
        return {
          kind: 'failed',
          failure: { kind: 'unknown', reason: 'unreadable' },
          squareTime: reply.squareTime,
        }
      if (cursor === null) return { ...reply, value: [...found.values()] }
      cursors.add(cursor)
    }
  }

  return {
    retrieve: (squareId) =>
      ask((square) => square.customers.get({ customerId: squareId }).withRawResponse(), readCustomerAnswer),
    create: (idempotencyKey, body) =>
      ask(
        (square) => square.customers.create(toCreateRequest(idempotencyKey, body)).withRawResponse(),
        readCustomerAnswer,
      ),
    update: (squareId, version, body) =>
      ask(
        (square) => square.customers.update(toUpdateRequest(squareId, version, body)).withRawResponse(),
        readCustomerAnswer,
      ),
    remove: (squareId, version) =>
      ask(
        (square) =>
          square.customers.delete({ customerId: squareId, version: BigInt(version) }).withRawResponse(),
        () => null,
      ),
    bulkRetrieve: (squareIds) =>
      ask(
        (square) => square.customers.bulkRetrieveCustomers({ customerIds: [...squareIds] }).withRawResponse(),
        readBulk,
      ),
    bulkCreate: (bodies) =>
      ask(
        (square) =>
          square.customers.batchCreate({ customers: toBulkCreateRequest(bodies) }).withRawResponse(),
        readBulk,
      ),
    bulkUpdate: (changes) =>
      ask(
        (square) =>
          square.customers.bulkUpdateCustomers({ customers: toBulkUpdateRequest(changes) }).withRawResponse(),
        readBulk,
      ),
    list: (cursor) =>
      ask(async (square) => {
        const first = cursor === null
        const page = await square.customers.list({
          limit: PAGE_SIZE,
          sortField: 'CREATED_AT',
          ...(first ? { count: true } : { cursor }),
        })
        return { data: page.response, rawResponse: page.rawResponse }
      }, readPage),
    changedSince: (since, cursor) =>
      search({ filter: { updatedAt: { startAt: since } }, sort: BY_CREATION }, cursor),
    createdSince: (since, cursor) =>
      search(
        {
          filter: {
            createdAt: { startAt: since },
            creationSource: { values: [...CREATED_BY_APPS], rule: 'INCLUDE' },
          },
          sort: BY_CREATION,
        },
        cursor,
      ),
    async findExact(keys) {
      const found = new Map<string, RemoteCustomer>()
      let squareTime: number | null = null
      for (const filter of exactFilters(keys)) {
        const reply = await searchAll({ filter })
        if (reply.kind === 'failed') return reply
        for (const customer of reply.value) found.set(customer.id, customer)
        squareTime = reply.squareTime
      }
      return { kind: 'ok', value: [...found.values()], squareTime }
    },
    seller: () => ask((square) => square.merchants.get({ merchantId: 'me' }).withRawResponse(), readSeller),
  }
}

const BY_CREATION: Square.CustomerSort = { field: 'CREATED_AT', order: 'ASC' }

function exactFilters({ phoneE164, emailAddress, referenceId }: ExactKeys): Square.CustomerFilter[] {
  return [
    ...(phoneE164 === null ? [] : [{ phoneNumber: { exact: phoneE164 } }]),
    ...(emailAddress === null ? [] : [{ emailAddress: { exact: emailAddress } }]),
    ...(referenceId === null ? [] : [{ referenceId: { exact: referenceId } }]),
  ]
}

function hasErrors({ errors }: Readonly<Record<string, unknown>>): boolean {
  return errors !== undefined && errors !== null && !(Array.isArray(errors) && errors.length === 0)
}

function readCustomerAnswer(data: Readonly<Record<string, unknown>>): RemoteCustomer | Unreadable {
  return readCustomer(data['customer'])
}

/** Item by item; what is not there is not made up. An item that is neither a customer nor an error is unreadable. */
function readBulk({
  responses = {},
}: Readonly<Record<string, unknown>>): BulkItems<RemoteCustomer> | Unreadable {
  if (!isRecord(responses)) return UNREADABLE
  return new Map(Object.entries(responses).map(([id, item]) => [id, readItem(item)]))
}

function readItem(item: unknown): Result<RemoteCustomer> {
  if (isRecord(item) && hasErrors(item)) return { kind: 'failed', failure: toItemFailure(item) }
  const customer = isRecord(item) ? readCustomerAnswer(item) : UNREADABLE
  return customer === UNREADABLE
    ? { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
    : { kind: 'ok', value: customer }
}

/** A page without customers is an empty page; an unreadable customer is left out of it and counted. */
function readPage(data: Readonly<Record<string, unknown>>): CustomerPage | Unreadable {
  const { customers = [], cursor = null, count = null } = data
  if (!Array.isArray(customers) || (cursor !== null && typeof cursor !== 'string')) return UNREADABLE
  if (count !== null && typeof count !== 'bigint' && typeof count !== 'number') return UNREADABLE
  const read = customers.map(readListed).filter((customer) => customer !== UNREADABLE)
  const unreadable = customers.length - read.length
  return {
    customers: read,
    cursor: cursor || null,
    count: count === null ? null : Number(count),
    ...(unreadable > 0 ? { unreadable } : {}),
  }
}

function readSeller({ merchant }: Readonly<Record<string, unknown>>): SellerAnswer | Unreadable {
  if (!isRecord(merchant) || isUntranslated(merchant)) return UNREADABLE
  const { id, businessName = null, country } = merchant
  if (typeof id !== 'string' || id === '' || typeof country !== 'string' || !/^[A-Z]{2}$/.test(country))
    return UNREADABLE
  if (businessName !== null && typeof businessName !== 'string') return UNREADABLE
  return { merchantId: id, name: businessName ?? '', country }
}
