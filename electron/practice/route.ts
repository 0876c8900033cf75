import { bulkCreate, bulkDelete, bulkRetrieve, bulkUpdate } from './bulk.ts'
import { createCustomer, deleteCustomer, readBody, retrieveCustomer, updateCustomer } from './customers.ts'
import type { TokenGrant } from './options.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import { listCustomers, searchCustomers } from './query.ts'
import type { Call, Store } from './store.ts'
import type { PracticeRequest, PracticeResponse } from './wire.ts'

interface Route {
  readonly method: string
  /** `:id` matches one segment. */
  readonly path: readonly string[]
  readonly scope: string
  run(store: Store, request: PracticeRequest, id: string, call: Call): Outcome<unknown>
}

const route = (method: string, path: string, scope: string, run: Route['run']): Route => ({
  method,
  path: path.split('/'),
  scope,
  run,
})

/** Customers one by one and in bulk, merchants, locations. */
const ROUTES: readonly Route[] = [
  route('GET', '/v2/customers', 'CUSTOMERS_READ', (store, { query }, _id, { now }) =>
    listCustomers(query, store.index, now),
  ),
  route('POST', '/v2/customers', 'CUSTOMERS_WRITE', (store, { body }, _id, call) =>
    then(readBody(body), (read) => wrapCustomer(createCustomer(store, read, call))),
  ),
  route('POST', '/v2/customers/search', 'CUSTOMERS_READ', (store, { body }, _id, { now }) =>
    then(readBody(body), (read) => searchCustomers(read, store.index, store.readPhone, now)),
  ),
  route('POST', '/v2/customers/bulk-create', 'CUSTOMERS_WRITE', (store, { body }, _id, call) =>
    then(readBody(body), (read) => bulkCreate(store, read, call)),
  ),
  route('POST', '/v2/customers/bulk-retrieve', 'CUSTOMERS_READ', (store, { body }, _id, call) =>
    then(readBody(body), (read) => bulkRetrieve(store, read, call)),
  ),
  route('POST', '/v2/customers/bulk-update', 'CUSTOMERS_WRITE', (store, { body }, _id, call) =>
    then(readBody(body), (read) => bulkUpdate(store, read, call)),
  ),
  route('POST', '/v2/customers/bulk-delete', 'CUSTOMERS_WRITE', (store, { body }, _id, call) =>
    then(readBody(body), (read) => bulkDelete(store, read, call)),
  ),
  route('GET', '/v2/customers/:id', 'CUSTOMERS_READ', (store, _request, id) =>
    wrapCustomer(retrieveCustomer(store, id)),
  ),
  route('PUT', '/v2/customers/:id', 'CUSTOMERS_WRITE', (store, { body }, id, call) =>
    then(readBody(body), (read) => wrapCustomer(updateCustomer(store, id, read, call))),
  ),
  route('DELETE', '/v2/customers/:id', 'CUSTOMERS_WRITE', (store, { query }, id, call) =>
    deleteCustomer(store, id, query['version'] ?? null, call),
  ),
  route('GET', '/v2/merchants', 'MERCHANT_PROFILE_READ', ({ merchant }) => ok({ merchant: [merchant] })),
  route('GET', '/v2/merchants/:id', 'MERCHANT_PROFILE_READ', ({ merchant }, _request, id) =>
    id === 'me' || id === merchant.id ? ok({ merchant }) : refuse('NOT_FOUND', `Merchant ${id} not found.`),
  ),
  route('GET', '/v2/locations', 'MERCHANT_PROFILE_READ', (store) => ok({ locations: [location(store)] })),
  route('GET', '/v2/locations/:id', 'MERCHANT_PROFILE_READ', (store, _request, id) =>
    id === 'main' || id === store.merchant.main_location_id
      ? ok({ location: location(store) })
      : refuse('NOT_FOUND', `Location ${id} not found.`),
  ),
]

function then<A, B>(outcome: Outcome<A>, next: (value: A) => Outcome<B>): Outcome<B> {
  return outcome.kind === 'ok' ? next(outcome.value) : outcome
}

function wrapCustomer<T>(outcome: Outcome<T>): Outcome<{ customer: T }> {
  return then(outcome, (customer) => ok({ customer }))
}

function location({ merchant }: Store) {
  return {
    id: merchant.main_location_id,
    name: merchant.business_name,
    merchant_id: merchant.id,
    country: merchant.country,
    language_code: merchant.language_code,
    currency: merchant.currency,
    status: 'ACTIVE',
    created_at: merchant.created_at,
  }
}

/** Answers one request as Square would: token, right, path, content. */
export function answer(
  store: Store,
  tokens: Readonly<Record<string, TokenGrant>>,
  request: PracticeRequest,
  call: Call,
): PracticeResponse {
  const outcome = decide(store, tokens, request, call)
  const version = request.headers['square-version']
  const headers: Record<string, string> = version === undefined ? {} : { 'square-version': version }
  return outcome.kind === 'ok'
    ? { status: 200, headers, body: outcome.value }
    : { status: outcome.status, headers, body: { errors: outcome.errors } }
}

function decide(
  store: Store,
  tokens: Readonly<Record<string, TokenGrant>>,
  request: PracticeRequest,
  call: Call,
): Outcome<unknown> {
  const grant = authorize(tokens, request.headers['authorization'])
  if (grant.kind === 'refused') return grant
  const segments = request.path.split('/')
  const matching = ROUTES.filter((candidate) => matches(candidate, segments))
  const found = matching.find((candidate) => candidate.method === request.method)
  if (!found) {
    const code = matching.length > 0 ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND'
    return refuse(code, `${request.method} ${request.path} is not part of this API.`)
  }
  if (!grant.value.scopes.includes(found.scope))
    return refuse(
      'INSUFFICIENT_SCOPES',
      `The merchant has not given your application sufficient permissions: ${found.scope}.`,
    )
  return found.run(store, request, decoded(segments[found.path.indexOf(':id')] ?? ''), call)
}

function authorize(
  tokens: Readonly<Record<string, TokenGrant>>,
  header: string | undefined,
): Outcome<TokenGrant> {
  const token = /^Bearer (.+)$/.exec(header ?? '')?.[1]
  const grant = token !== undefined && Object.hasOwn(tokens, token) ? tokens[token] : undefined
  if (!grant) return unauthorized('UNAUTHORIZED')
  if (grant.state === 'valid') return ok(grant)
  return unauthorized(grant.state === 'expired' ? 'ACCESS_TOKEN_EXPIRED' : 'ACCESS_TOKEN_REVOKED')
}

/** The answer to a token that is not, or no longer, good. */
export function unauthorized(
  code: 'UNAUTHORIZED' | 'ACCESS_TOKEN_EXPIRED' | 'ACCESS_TOKEN_REVOKED',
): Refused {
  return refuse(code, 'This request could not be authorized.')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // Not ours to mend: no customer has such an id.
  }
}

/** Fixed paths come before `:id` in the list, so `/customers/search` is never read as an id. */
function matches({ path }: Route, segments: readonly string[]): boolean {
  return (
    path.length === segments.length &&
    path.every((part, at) => part === segments[at] || (part === ':id' && segments[at] !== ''))
  )
}
