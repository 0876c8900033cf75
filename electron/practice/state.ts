import type { WireAttributeDefinition, WireCard, WireGroup, WireSegment } from './wire-extras.ts'
import type { WireCustomer, WireFields, WireMerchant } from './wire.ts'

/** Everything the store of one merchant remembers. What the maps hold is never changed in place, so it may be shared. */
export interface PracticeState {
  /** The truth, by id, in order of creation. */
  readonly customers: Map<string, WireCustomer>
  /** What list and search see. */
  readonly index: Map<string, WireCustomer>
  /** Changes list and search do not see yet. */
  pending: PendingChange[]
  /** Number of the newest change of an id that the index has seen, so that a quick one is not undone by a slow one. */
  readonly indexed: Map<string, number>
  /** Id of a merged profile -> id of the profile it became part of. */
  readonly merged: Map<string, string>
  readonly keys: Map<string, KeyMemory>
  /** Of everything but customers, by endpoint and key. */
  readonly otherKeys: Map<string, OtherKeyMemory>
  /** The fields before the newest change, for a colleague who takes it back. */
  readonly previous: Map<string, WireFields>
  /** Deleted and merged-away profiles, for whoever brings them back. */
  readonly gone: Map<string, GoneCustomer>
  readonly groups: Map<string, WireGroup>
  readonly segments: Map<string, WireSegment>
  /** By qualified key. */
  readonly definitions: Map<string, AttributeDefinition>
  /** By customer, then by qualified key. */
  readonly attributes: Map<string, Readonly<Record<string, AttributeValue>>>
  /** By customer. */
  readonly cards: Map<string, readonly WireCard[]>
  changes: number
}
export interface PendingChange {
  readonly number: number
  readonly due: number
  readonly id: string
  readonly customer: WireCustomer | null
}
/** What an idempotency key was used for. */
export interface KeyMemory {
  readonly body: string
  readonly at: number
  readonly customer: WireCustomer
}
export interface OtherKeyMemory {
  readonly body: string
  readonly at: number
  readonly answer: unknown
}
export interface GoneCustomer {
  readonly customer: WireCustomer
  readonly at: number
  readonly how: 'deleted' | 'merged'
}
export interface AttributeDefinition {
  readonly owner: string
  /** With its simple key, as its owner sees it. */
  readonly wire: WireAttributeDefinition
}
export interface AttributeValue {
  readonly value: unknown
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
}

type MapName = {
  [K in keyof PracticeState]: PracticeState[K] extends Map<string, unknown> ? K : never
}[keyof PracticeState]
type Entries<K extends MapName> =
  PracticeState[K] extends Map<string, infer V> ? readonly (readonly [string, V])[] : never

/** Those that are kept as entries; customers and index have their ids inside. */
const MAPS = [
  'indexed',
  'merged',
  'keys',
  'otherKeys',
  'previous',
  'gone',
  'groups',
  'segments',
  'definitions',
  'attributes',
  'cards',
] as const satisfies readonly MapName[]
type Maps = { readonly [K in (typeof MAPS)[number]]: Entries<K> }

/** The store of one merchant as plain JSON. */
export interface SellerSnapshot extends Maps {
  readonly merchantId: string
  /** Who it is, so that it can come to a model that does not know it; older snapshots do not say. */
  readonly merchant?: WireMerchant
  readonly customers: readonly WireCustomer[]
  readonly index: readonly WireCustomer[]
  readonly pending: readonly PendingChange[]
  readonly changes: number
}

/** Every store of a model as plain JSON, without the Square around them (`SquareSnapshot`). */
export interface PracticeSnapshot {
  readonly format: 2
  readonly sellers: readonly SellerSnapshot[]
}

/** A store without customers. */
export function emptyState(): PracticeState {
  return {
    customers: new Map(),
    index: new Map(),
    pending: [],
    indexed: new Map(),
    merged: new Map(),
    keys: new Map(),
    otherKeys: new Map(),
    previous: new Map(),
    gone: new Map(),
    groups: new Map(),
    segments: new Map(),
    definitions: new Map(),
    attributes: new Map(),
    cards: new Map(),
    changes: 0,
  }
}

/** The state as plain JSON; later changes do not reach it. */
export function takeSnapshot(merchant: WireMerchant, state: PracticeState): SellerSnapshot {
  const maps = Object.fromEntries(MAPS.map((name) => [name, [...state[name]]])) as unknown as Maps
  return {
    merchantId: merchant.id,
    merchant,
    customers: [...state.customers.values()],
    index: [...state.index.values()],
    pending: [...state.pending],
    changes: state.changes,
    ...maps,
  }
}

/** Makes `state` what the snapshot says; what it does not have, or all without one, is empty. */
export function restoreSnapshot(state: PracticeState, snapshot: SellerSnapshot | null): void {
  const byId = (customers: readonly WireCustomer[]) =>
    customers.map((customer) => [customer.id, customer] as const)
  refill(state.customers, byId(snapshot?.customers ?? []))
  refill(state.index, byId(snapshot?.index ?? []))
  for (const name of MAPS) refill(state[name] as Map<string, unknown>, snapshot?.[name] ?? [])
  state.pending = [...(snapshot?.pending ?? [])]
  state.changes = snapshot?.changes ?? 0
}

/** Makes the map hold these entries and nothing else. */
export function refill<V>(map: Map<string, V>, entries: Iterable<readonly [string, V]>): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
