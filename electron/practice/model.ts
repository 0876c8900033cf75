import { bulkCreate, bulkDelete, bulkRetrieve, bulkUpdate, type WireBulk } from './bulk.ts'
import { createColleague, type Colleague } from './colleague.ts'
import { createCustomer, deleteCustomer, retrieveCustomer, updateCustomer } from './customers.ts'
import {
  ALL_SCOPES,
  PRACTICE_TOKEN,
  type Effect,
  type PracticeFlags,
  type PracticeModelOptions,
  type TokenGrant,
} from './options.ts'
import type { Outcome } from './outcome.ts'
import { listCustomers, searchCustomers, type WirePage } from './query.ts'
import { answer } from './route.ts'
import { restoreSnapshot, takeSnapshot, type PracticeSnapshot } from './state.ts'
import { createStore, type Call } from './store.ts'
import type { PracticeRequest, PracticeResponse, WireCustomer, WireFields, WireMerchant } from './wire.ts'

/**
 * Square's customers as a state machine. It has no clock, no chance and no identity of its own: `now` comes with each
 * call, ids come from `newId`. The direct operations are what `handle` does after reading a request.
 */
export interface PracticeModel {
  readonly merchant: WireMerchant
  /** One request, HTTP without the wire: token, rights, path, body. */
  handle(request: PracticeRequest, call: Call): PracticeResponse
  /** `body` as in POST /v2/customers, `idempotency_key` included. */
  create(body: Readonly<Record<string, unknown>>, call: Call): Outcome<WireCustomer>
  /** `body` as in PUT, `version` included; without one it overwrites blindly. */
  update(id: string, body: Readonly<Record<string, unknown>>, call: Call): Outcome<WireCustomer>
  remove(id: string, version: number | string | null, call: Call): Outcome<Record<string, never>>
  /** Always the truth; the id of a merged profile answers the profile it became part of. */
  retrieve(id: string): Outcome<WireCustomer>
  /** Parameters as in the query of GET /v2/customers. */
  list(query: Readonly<Record<string, string>>, call: Call): Outcome<WirePage>
  search(body: Readonly<Record<string, unknown>>, call: Call): Outcome<WirePage>
  /** Bodies as in POST /v2/customers/bulk-…: every entry has its own answer. */
  bulkCreate(body: Readonly<Record<string, unknown>>, call: Call): Outcome<WireBulk>
  bulkRetrieve(body: Readonly<Record<string, unknown>>, call: Call): Outcome<WireBulk>
  bulkUpdate(body: Readonly<Record<string, unknown>>, call: Call): Outcome<WireBulk>
  bulkDelete(body: Readonly<Record<string, unknown>>, call: Call): Outcome<WireBulk>
  readonly colleague: Colleague
  /** Puts a customer there as if it had always been: no effect, no lag. */
  seed(fields: WireFields, source: string, call: Call): WireCustomer
  /** The truth, for oracles and people; not what list shows. */
  customers(): readonly WireCustomer[]
  /** Where a merged id leads in the end; null for ids that were never merged away. */
  mergedInto(id: string): string | null
  setTokenState(token: string, state: TokenGrant['state']): void
  flags(): PracticeFlags
  /** From now on; flags that are absent stay as they are. */
  setFlags(changes: Partial<PracticeFlags>): void
  /** Called for every effect from now on. Returns the function that stops it. */
  onEffect(listener: (effect: Effect) => void): () => void
  snapshot(): PracticeSnapshot
  restore(snapshot: PracticeSnapshot): void
}

/** A practice store without customers. Without `tokens` there is one, `practice-token`, with every right. */
export function createPracticeModel(options: PracticeModelOptions): PracticeModel {
  const listeners = new Set<(effect: Effect) => void>(options.onEffect ? [options.onEffect] : [])
  const store = createStore({
    ...options,
    onEffect: (effect) => {
      for (const listener of listeners) listener(effect)
    },
  })
  const { state, index } = store
  const tokens: Record<string, TokenGrant> = {
    ...(options.tokens ?? { [PRACTICE_TOKEN]: { scopes: ALL_SCOPES, state: 'valid' } }),
  }
  return {
    merchant: store.merchant,
    handle: (request, call) => answer(store, tokens, request, call),
    create: (body, call) => createCustomer(store, body, call),
    update: (id, body, call) => updateCustomer(store, id, body, call),
    remove: (id, version, call) => deleteCustomer(store, id, version === null ? null : String(version), call),
    retrieve: (id) => retrieveCustomer(store, id),
    list: (query, call) => listCustomers(query, index, call.now),
    search: (body, call) => searchCustomers(body, index, store.readPhone, call.now),
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
    setTokenState(token, tokenState) {
      const grant = tokens[token]
      if (grant) tokens[token] = { ...grant, state: tokenState }
    },
    flags: () => ({ ...store.flags }),
    setFlags: (changes) => void Object.assign(store.flags, changes),
    onEffect(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    snapshot: () => takeSnapshot(state),
    restore(snapshot) {
      restoreSnapshot(state, snapshot)
      index.reset()
    },
  }
}
