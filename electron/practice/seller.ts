import { bulkCreate, bulkDelete, bulkRetrieve, bulkUpdate, type WireBulk } from './bulk.ts'
import type { JsonObject } from './check-fields.ts'
import { createColleague, type Colleague } from './colleague.ts'
import { createCustomer, deleteCustomer, retrieveCustomer, updateCustomer } from './customers.ts'
import type { Outcome } from './outcome.ts'
import { listCustomers, searchCustomers, type WirePage } from './query.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer, WireFields, WireMerchant } from './wire.ts'

/** The customers of one merchant, without the HTTP around them: what `handle` does after reading a request. */
export interface Seller {
  readonly merchant: WireMerchant
  /** `body` as in POST /v2/customers, `idempotency_key` included. */
  create(body: JsonObject, call: Call): Outcome<WireCustomer>
  /** `body` as in PUT, `version` included; without one it overwrites blindly. */
  update(id: string, body: JsonObject, call: Call): Outcome<WireCustomer>
  remove(id: string, version: number | string | null, call: Call): Outcome<Record<string, never>>
  /** Always the truth; the id of a merged profile answers the profile it became part of. */
  retrieve(id: string): Outcome<WireCustomer>
  /** Parameters as in the query of GET /v2/customers. */
  list(query: Readonly<Record<string, string>>, call: Call): Outcome<WirePage>
  search(body: JsonObject, call: Call): Outcome<WirePage>
  /** Bodies as in POST /v2/customers/bulk-…: every entry has its own answer. */
  bulkCreate(body: JsonObject, call: Call): Outcome<WireBulk>
  bulkRetrieve(body: JsonObject, call: Call): Outcome<WireBulk>
  bulkUpdate(body: JsonObject, call: Call): Outcome<WireBulk>
  bulkDelete(body: JsonObject, call: Call): Outcome<WireBulk>
  readonly colleague: Colleague
  /** Puts a customer there as if it had always been: no effect, no lag. */
  seed(fields: WireFields, source: string, call: Call): WireCustomer
  /** The truth, for oracles and people; not what list shows. */
  customers(): readonly WireCustomer[]
  /** Where a merged id leads in the end; null for ids that were never merged away. */
  mergedInto(id: string): string | null
}

/** The operations on this store. */
export function createSeller(store: Store): Seller {
  const { state, index } = store
  return {
    merchant: store.merchant,
    create: (body, call) => createCustomer(store, body, call),
    update: (id, body, call) => updateCustomer(store, id, body, call),
    remove: (id, version, call) => deleteCustomer(store, id, version === null ? null : String(version), call),
    retrieve: (id) => retrieveCustomer(store, id),
    list: (query, call) => listCustomers(store, query, call),
    search: (body, call) => searchCustomers(store, body, call),
    bulkCreate: (body, call) => bulkCreate(store, body, call),
    bulkRetrieve: (body, call) => bulkRetrieve(store, body, call),
    bulkUpdate: (body, call) => bulkUpdate(store, body, call),
    bulkDelete: (body, call) => bulkDelete(store, body, call),
    colleague: createColleague(store),
    seed(fields, source, call) {
      const customer = store.newCustomer(fields, source, call)
      state.customers.set(customer.id, customer)
      index.changed(customer.id, customer, call.now, call.now)
      return customer
    },
    customers: () => [...state.customers.values()],
    mergedInto: (id) => (state.merged.has(id) ? (store.find(id)?.id ?? null) : null),
  }
}
