import { entryOf, isVisible, type Entry } from './entry.ts'
import type { Filter } from './filter.ts'
import { createMatches, type Matches } from './matches.ts'
import { createIndexes, type Indexes } from './narrowing.ts'
import { createSortedEntries, type SortedEntries } from './sorted-entries.ts'
import type { PracticeState } from './state.ts'
import type { WireCustomer } from './wire.ts'

export { isVisible } from './entry.ts'

export type SortField = 'DEFAULT' | 'CREATED_AT'

/**
 * List and search read this, not the truth: a change arrives here when its lag is over. Retrieving by id is never
 * behind. Two hundred thousand customers are answered without a look at each.
 */
export interface DirectoryIndex {
  /** Tells the index of a change (`null`: the customer is gone) that it shows from `due` on. */
  changed(id: string, customer: WireCustomer | null, due: number, now: number): void
  /** Every visible customer at `now` in ascending order. */
  sorted(sort: SortField, now: number): SortedEntries
  /** The few who may pass, in no order, where an index knows them; null: it knows more than `few`, or nothing. */
  candidates(filter: Filter, now: number): readonly Entry[] | null
  /** Is it remembered who passes? */
  remembers(filter: Filter, sort: SortField): boolean
  /** Who passes, in ascending order; from now on it is remembered. Only for filters that have a key. */
  matching(filter: Filter, sort: SortField, now: number): SortedEntries
  /** So many are looked at one by one for a page. */
  readonly few: number
  /** Forgets what it had sorted: the state was replaced. */
  reset(): void
}

/** Looking at so many takes about as long as anything else a page needs. */
const FEW = 2000

/** An index over `state.index` and `state.pending`. */
export function createDirectoryIndex(state: PracticeState, few = FEW): DirectoryIndex {
  let entries = new Map<string, Entry>()
  let orders = createOrders()
  let indexes = createAllIndexes()
  let matches: Matches = createMatches()
  let read = false

  /** The entries of the state; read when somebody asks for the first time, so that seeding stays cheap. */
  function all(): Iterable<Entry> {
    if (!read) {
      entries = new Map()
      for (const customer of state.index.values())
        if (isVisible(customer)) entries.set(customer.id, entryOf(customer))
      read = true
    }
    return entries.values()
  }

  function createOrders(): Readonly<Record<SortField | 'UPDATED_AT', SortedEntries>> {
    return {
      DEFAULT: createSortedEntries(all, (entry) => entry.name),
      CREATED_AT: createSortedEntries(all, (entry) => entry.createdAt),
      UPDATED_AT: createSortedEntries(all, (entry) => entry.updatedAt),
    }
  }

  function createAllIndexes(): Indexes {
    const entriesNow = { values: all, get: (id: string) => entries.get(id) }
    return createIndexes(entriesNow, { createdAt: orders.CREATED_AT, updatedAt: orders.UPDATED_AT })
  }

  function show(number: number, id: string, customer: WireCustomer | null): void {
    if ((state.indexed.get(id) ?? -1) > number) return
    state.indexed.set(id, number)
    if (customer) state.index.set(id, customer)
    else state.index.delete(id)
    if (!read) return
    const before = entries.get(id) ?? null
    const after = customer && isVisible(customer) ? entryOf(customer) : null
    if (after) entries.set(id, after)
    else entries.delete(id)
    for (const part of [...Object.values(orders), indexes, matches]) part.change(before, after)
  }

  function catchUp(now: number): void {
    if (state.pending.length === 0) return
    const late = state.pending.filter((change) => change.due > now)
    if (late.length === state.pending.length) return
    for (const change of state.pending) if (change.due <= now) show(change.number, change.id, change.customer)
    state.pending = late
  }

  return {
    changed(id, customer, due, now) {
      state.changes += 1
      if (due <= now) show(state.changes, id, customer)
      else state.pending.push({ number: state.changes, due, id, customer })
    },
    sorted(sort, now) {
      catchUp(now)
      return orders[sort]
    },
    candidates({ narrowings }, now) {
      catchUp(now)
      all()
      let fewest: readonly Entry[] | null = null
      for (const narrowing of narrowings) {
        const found = indexes.candidates(narrowing, few)
        if (found && found.length <= (fewest?.length ?? few)) fewest = found
      }
      return fewest
    },
    remembers: (filter, sort) => filter.key !== null && matches.has(`${sort} ${filter.key}`),
    matching(filter, sort, now) {
      catchUp(now)
      return matches.of(`${sort} ${filter.key}`, filter.test, orders[sort])
    },
    few,
    reset() {
      read = false
      orders = createOrders()
      indexes = createAllIndexes()
      matches = createMatches()
    },
  }
}
