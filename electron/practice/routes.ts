import { writesBirthdayAsTime } from './api-version.ts'
import {
  createDefinition,
  deleteDefinition,
  listDefinitions,
  retrieveDefinition,
  updateDefinition,
} from './attribute-definitions.ts'
import { oldBirthday } from './birthday.ts'
import { bulkCreate, bulkDelete, bulkRetrieve, bulkUpdate } from './bulk.ts'
import { createCard, deleteCard } from './cards.ts'
import {
  bulkUpsertAttributes,
  deleteAttribute,
  listAttributes,
  retrieveAttribute,
  upsertAttribute,
} from './custom-attributes.ts'
import { createCustomer, deleteCustomer, readBody, retrieveCustomer, updateCustomer } from './customers.ts'
import type { JsonObject } from './check-fields.ts'
import {
  changeMembership,
  createGroup,
  deleteGroup,
  listGroups,
  retrieveGroup,
  updateGroup,
} from './groups.ts'
import { listLocations, listMerchants, retrieveLocation, retrieveMerchant } from './merchants.ts'
import { ok, type Outcome } from './outcome.ts'
import { checkParameters } from './page-parameters.ts'
import { listCustomers, searchCustomers, type WirePage } from './query.ts'
import { listSegments, retrieveSegment } from './segments.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer } from './wire.ts'

/** One request as an operation sees it. */
export interface Asked {
  readonly query: Readonly<Record<string, string>>
  /** The raw text. */
  readonly body: string | null
  /** What stands in the path in place of `:…`, decoded, in order. */
  readonly params: readonly string[]
  readonly call: Call
}
export interface Route {
  readonly method: string
  /** `:name` stands for any one segment. */
  readonly path: readonly string[]
  readonly scope: string
  /** The first Square-Version that has it; '' where none is known. */
  readonly since: string
  run(store: Store, asked: Asked): Outcome<unknown>
}
type Operation = (store: Store, asked: Asked) => Outcome<unknown>

const READ = 'CUSTOMERS_READ'
const WRITE = 'CUSTOMERS_WRITE'
const PROFILE = 'MERCHANT_PROFILE_READ'

function route(method: string, path: string, scope: string, run: Operation, since = ''): Route {
  return { method, path: `/v2/${path}`.split('/'), scope, since, run }
}

/** An operation on the JSON body and up to two ids from the path. */
const withBody =
  (
    run: (store: Store, body: JsonObject, call: Call, id: string, second: string) => Outcome<unknown>,
  ): Operation =>
  (store, { query, body, params: [id = '', second = ''], call }) => {
    const unknown = checkParameters(query, [])
    if (unknown) return unknown
    const read = readBody(body)
    return read.kind === 'ok' ? run(store, read.value, call, id, second) : read
  }
/** An operation on up to two ids from the path. */
const withIds =
  (run: (store: Store, call: Call, id: string, second: string) => Outcome<unknown>): Operation =>
  (store, { query, params: [id = '', second = ''], call }) =>
    checkParameters(query, []) ?? run(store, call, id, second)

/** Bulk endpoints exist since this Square-Version, custom attributes since that. */
const BULK = '2024-02-22'
const ATTRIBUTES = '2022-05-12'
const DEFINITIONS = 'customers/custom-attribute-definitions'
const VALUES = 'customers/:id/custom-attributes'
const ATTRIBUTE_ROUTES: readonly Route[] = [
  route(
    'GET',
    DEFINITIONS,
    READ,
    (store, { query, call }) => listDefinitions(store, query, call),
    ATTRIBUTES,
  ),
  route('POST', DEFINITIONS, WRITE, withBody(createDefinition), ATTRIBUTES),
  route(
    'GET',
    `${DEFINITIONS}/:key`,
    READ,
    (store, { query, params: [key = ''], call }) => retrieveDefinition(store, key, query, call),
    ATTRIBUTES,
  ),
  route('PUT', `${DEFINITIONS}/:key`, WRITE, withBody(updateDefinition), ATTRIBUTES),
  route('DELETE', `${DEFINITIONS}/:key`, WRITE, withIds(deleteDefinition), ATTRIBUTES),
  route('POST', 'customers/custom-attributes/bulk-upsert', WRITE, withBody(bulkUpsertAttributes), ATTRIBUTES),
  route(
    'GET',
    VALUES,
    READ,
    (store, { query, params: [id = ''], call }) => listAttributes(store, id, query, call),
    ATTRIBUTES,
  ),
  route(
    'GET',
    `${VALUES}/:key`,
    READ,
    (store, { query, params: [id = '', key = ''], call }) => retrieveAttribute(store, id, key, query, call),
    ATTRIBUTES,
  ),
  route('POST', `${VALUES}/:key`, WRITE, withBody(upsertAttribute), ATTRIBUTES),
  route('DELETE', `${VALUES}/:key`, WRITE, withIds(deleteAttribute), ATTRIBUTES),
]

/** Everything this store answers; fixed paths before `:id`. */
export const ROUTES: readonly Route[] = [
  route('GET', 'customers', READ, (store, { query, call }) =>
    pageFor(call, listCustomers(store, query, call)),
  ),
  route(
    'POST',
    'customers',
    WRITE,
    withBody((store, body, call) => oneFor(call, createCustomer(store, body, call))),
  ),
  route(
    'POST',
    'customers/search',
    READ,
    withBody((store, body, call) => pageFor(call, searchCustomers(store, body, call))),
  ),
  route('POST', 'customers/bulk-create', WRITE, withBody(bulkCreate), BULK),
  route('POST', 'customers/bulk-retrieve', READ, withBody(bulkRetrieve), BULK),
  route('POST', 'customers/bulk-update', WRITE, withBody(bulkUpdate), BULK),
  route('POST', 'customers/bulk-delete', WRITE, withBody(bulkDelete), BULK),
  route('GET', 'customers/groups', READ, (store, { query, call }) => listGroups(store, query, call)),
  route('POST', 'customers/groups', WRITE, withBody(createGroup)),
  route(
    'GET',
    'customers/groups/:id',
    READ,
    withIds((store, _call, id) => retrieveGroup(store, id)),
  ),
  route('PUT', 'customers/groups/:id', WRITE, withBody(updateGroup)),
  route(
    'DELETE',
    'customers/groups/:id',
    WRITE,
    withIds((store, call, id) => deleteGroup(store, call, id)),
  ),
  route('GET', 'customers/segments', READ, (store, { query, call }) => listSegments(store, query, call)),
  route(
    'GET',
    'customers/segments/:id',
    READ,
    withIds((store, _call, id) => retrieveSegment(store, id)),
  ),
  ...ATTRIBUTE_ROUTES,
  route(
    'GET',
    'customers/:id',
    READ,
    withIds((store, call, id) => oneFor(call, withCards(store, retrieveCustomer(store, id)))),
  ),
  route(
    'PUT',
    'customers/:id',
    WRITE,
    withBody((store, body, call, id) => oneFor(call, updateCustomer(store, id, body, call))),
  ),
  route(
    'DELETE',
    'customers/:id',
    WRITE,
    (store, { query, params: [id = ''], call }) =>
      checkParameters(query, ['version']) ?? deleteCustomer(store, id, query['version'] ?? null, call),
  ),
  route(
    'PUT',
    'customers/:id/groups/:group',
    WRITE,
    withIds((store, call, id, group) => changeMembership(store, id, group, true, call)),
  ),
  route(
    'DELETE',
    'customers/:id/groups/:group',
    WRITE,
    withIds((store, call, id, group) => changeMembership(store, id, group, false, call)),
  ),
  route('POST', 'customers/:id/cards', WRITE, withBody(createCard)),
  route('DELETE', 'customers/:id/cards/:card', WRITE, withIds(deleteCard)),
  route('GET', 'merchants', PROFILE, (store, { query }) => listMerchants(store, query)),
  route(
    'GET',
    'merchants/:id',
    PROFILE,
    withIds((store, _call, id) => retrieveMerchant(store, id)),
  ),
  route('GET', 'locations', PROFILE, withIds(listLocations)),
  route(
    'GET',
    'locations/:id',
    PROFILE,
    withIds((store, _call, id) => retrieveLocation(store, id)),
  ),
]

/** As seen: the cards of a customer stand on it where it is retrieved by id, and nowhere else. */
function withCards(store: Store, outcome: Outcome<WireCustomer>): Outcome<WireCustomer> {
  if (outcome.kind === 'refused' || !store.flags.cardsOnRetrieve) return outcome
  const cards = store.state.cards.get(outcome.value.id)
  return cards ? ok({ ...outcome.value, cards }) : outcome
}

function oneFor(call: Call, outcome: Outcome<WireCustomer>): Outcome<{ customer: WireCustomer }> {
  return outcome.kind === 'ok' ? ok({ customer: writtenFor(call, outcome.value) }) : outcome
}

function pageFor(call: Call, outcome: Outcome<WirePage>): Outcome<WirePage> {
  if (outcome.kind === 'refused' || !outcome.value.customers) return outcome
  const { customers } = outcome.value
  return ok({ ...outcome.value, customers: customers.map((customer) => writtenFor(call, customer)) })
}

/** The customer as the version of this call writes one. */
function writtenFor({ squareVersion = '' }: Call, customer: WireCustomer): WireCustomer {
  if (customer.birthday === undefined || !writesBirthdayAsTime(squareVersion)) return customer
  return { ...customer, birthday: oldBirthday(customer.birthday) }
}
