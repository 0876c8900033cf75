import type { WireCustomer, WireFields } from './wire.ts'

/** Everything a practice store remembers. Customers are never changed in place, so they may be shared. */
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
  /** The fields before the newest change, for a colleague who takes it back. */
  readonly previous: Map<string, WireFields>
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

/** `PracticeState` as plain JSON. */
export interface PracticeSnapshot {
  readonly format: 1
  readonly customers: readonly WireCustomer[]
  readonly index: readonly WireCustomer[]
  readonly pending: readonly PendingChange[]
  readonly indexed: readonly (readonly [string, number])[]
  readonly merged: readonly (readonly [string, string])[]
  readonly keys: readonly (readonly [string, KeyMemory])[]
  readonly previous: readonly (readonly [string, WireFields])[]
  readonly changes: number
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
    previous: new Map(),
    changes: 0,
  }
}

/** The state as plain JSON; later changes do not reach it. */
export function takeSnapshot(state: PracticeState): PracticeSnapshot {
  return {
    format: 1,
    customers: [...state.customers.values()],
    index: [...state.index.values()],
    pending: [...state.pending],
    indexed: [...state.indexed],
    merged: [...state.merged],
    keys: [...state.keys],
    previous: [...state.previous],
    changes: state.changes,
  }
}

/** Makes `state` what the snapshot says. */
export function restoreSnapshot(state: PracticeState, snapshot: PracticeSnapshot): void {
  refill(
    state.customers,
    snapshot.customers.map((customer) => [customer.id, customer]),
  )
  refill(
    state.index,
    snapshot.index.map((customer) => [customer.id, customer]),
  )
  refill(state.indexed, snapshot.indexed)
  refill(state.merged, snapshot.merged)
  refill(state.keys, snapshot.keys)
  refill(state.previous, snapshot.previous)
  state.pending = [...snapshot.pending]
  state.changes = snapshot.changes
}

function refill<V>(map: Map<string, V>, entries: Iterable<readonly [string, V]>): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
