import { checkKeys, isObject, unrecognized, type JsonObject } from './check-fields.ts'
import { createCustomer, deleteCustomer, retrieveCustomer, updateCustomer } from './customers.ts'
import { ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer, WireError } from './wire.ts'

/** How one entry of a bulk request ended; a delete that worked is `{}`. */
export interface WireBulkItem {
  readonly customer?: WireCustomer
  readonly errors?: readonly WireError[]
}
/** What a bulk request answers with status 200: one item per key or id of the request. */
export interface WireBulk {
  readonly responses: Readonly<Record<string, WireBulkItem>>
}

/** Documented for the maps, assumed for the lists of ids. */
const MOST = 100

/** POST /v2/customers/bulk-create: a map of idempotency key to data, each like a create of its own. */
export function bulkCreate(store: Store, body: JsonObject, call: Call): Outcome<WireBulk> {
  return overMap(store, body, call, (key, data) => {
    if (key === '') return refuse('MAP_KEY_LENGTH_TOO_SHORT', 'An idempotency key is empty.', 'customers')
    if (data['idempotency_key'] !== undefined) return unrecognized('idempotency_key')
    return withCustomer(createCustomer(store, { ...data, idempotency_key: key }, call))
  })
}

/** POST /v2/customers/bulk-update: a map of id to changes, `version` among them. */
export function bulkUpdate(store: Store, body: JsonObject, call: Call): Outcome<WireBulk> {
  return overMap(store, body, call, (id, data) =>
    withCustomer(updateCustomer(store, id, data, call, store.flags.bulkAddressRule)),
  )
}

/** POST /v2/customers/bulk-retrieve: under a merged id stands the profile it became part of. */
export function bulkRetrieve(store: Store, body: JsonObject, call: Call): Outcome<WireBulk> {
  return overIds(store, body, call, (id) => withCustomer(retrieveCustomer(store, id)))
}

/** POST /v2/customers/bulk-delete: blind, there is no place for a version. */
export function bulkDelete(store: Store, body: JsonObject, call: Call): Outcome<WireBulk> {
  return overIds(store, body, call, (id) => deleteCustomer(store, id, null, call))
}

function overMap(
  store: Store,
  body: JsonObject,
  call: Call,
  one: (key: string, data: JsonObject) => Outcome<WireBulkItem>,
): Outcome<WireBulk> {
  const unknown = checkKeys(body, new Set(['customers']))
  if (unknown) return unknown
  const { customers } = body
  if (customers === undefined || customers === null)
    return refuse('MISSING_REQUIRED_PARAMETER', 'Missing required parameter.', 'customers')
  if (!isObject(customers)) return refuse('EXPECTED_MAP', 'Expected customers to be a map.', 'customers')
  const entries = Object.entries(customers)
  if (entries.length === 0) return refuse('VALUE_EMPTY', 'Field must not be blank.', 'customers')
  if (entries.length > MOST)
    return refuse('TOO_MANY_MAP_ENTRIES', `Map must not have more than ${MOST} entries.`, 'customers')
  return answerEach(store, call, entries, ([key, data]) => [
    key,
    isObject(data) ? one(key, data) : refuse('EXPECTED_OBJECT', 'Expected an object.', `customers.${key}`),
  ])
}

function overIds(
  store: Store,
  body: JsonObject,
  call: Call,
  one: (id: string) => Outcome<WireBulkItem>,
): Outcome<WireBulk> {
  const unknown = checkKeys(body, new Set(['customer_ids']))
  if (unknown) return unknown
  const field = 'customer_ids'
  const ids = body[field]
  if (ids === undefined || ids === null)
    return refuse('MISSING_REQUIRED_PARAMETER', 'Missing required parameter.', field)
  if (!Array.isArray(ids)) return refuse('EXPECTED_ARRAY', `Expected ${field} to be an array.`, field)
  if (ids.length === 0) return refuse('ARRAY_EMPTY', 'Array must not be empty.', field)
  if (ids.length > MOST)
    return refuse('ARRAY_LENGTH_TOO_LONG', `Array must not have more than ${MOST} elements.`, field)
  const stranger = ids.findIndex((id) => typeof id !== 'string')
  if (stranger >= 0) return refuse('EXPECTED_STRING', 'Expected a string.', `${field}[${stranger}]`)
  return answerEach(store, call, [...new Set(ids as string[])], (id) => [id, one(id)])
}

/** Entry after entry, in the order given; where the call or the flag says so it breaks off with what was done left done. */
function answerEach<T>(
  store: Store,
  call: Call,
  entries: readonly T[],
  one: (entry: T) => readonly [string, Outcome<WireBulkItem>],
): Outcome<WireBulk> {
  const most = call.bulkStopsAfter ?? store.flags.bulkStopsAfter ?? entries.length
  const answers = entries.slice(0, most).map(one)
  if (answers.length < entries.length)
    return refuse('RATE_LIMITED', 'Too many requests. Please try again later.')
  return ok({
    responses: Object.fromEntries(
      answers.map(([key, outcome]) => [
        key,
        outcome.kind === 'ok' ? outcome.value : { errors: outcome.errors },
      ]),
    ),
  })
}

function withCustomer(outcome: Outcome<WireCustomer>): Outcome<WireBulkItem> {
  return outcome.kind === 'ok' ? ok({ customer: outcome.value }) : outcome
}
