import { entryOf, isVisible, type Entry } from './entry.ts'
import { createExactEntries, type ExactEntries } from './exact-entries.ts'
import { createSortedEntries, type SortedEntries } from './sorted-entries.ts'
import type { PracticeState } from './state.ts'
import type { WireCustomer } from './wire.ts'

export { isVisible } from './entry.ts'

export type SortField = 'DEFAULT' | 'CREATED_AT'
export type ExactField = 'email_address' | 'reference_id' | 'phone_number'
/** What is known of everybody a filter finds. */
export type Narrowing =
  | { readonly kind: 'exact'; readonly field: ExactField; readonly text: string }
  /** Start inclusive, end exclusive, ms since the epoch. */
  | {
      readonly kind: 'range'
      readonly by: 'createdAt' | 'updatedAt'
      readonly start: number
      readonly end: number
    }
  | { readonly kind: 'nobody' }

/**
 * List and search read this, not the truth: a change arrives here when its lag is over. Retrieving by id is never
 * behind. Two hundred thousand customers are answered without a look at each.
 */
export interface DirectoryIndex {
  /** Tells the index of a change (`null`: the customer is gone) that it shows from `due` on. */
  changed(id: string, customer: WireCustomer | null, due: number, now: number): void
  /** Every visible customer at `now` in ascending order. */
  sorted(sort: SortField, now: number): SortedEntries
  /** Everybody who fits, in no order, and perhaps some who do not; null: looking at all is as good. */
  candidates(narrowing: Narrowing, now: number): readonly Entry[] | null
  /** Forgets what it had sorted: the state was replaced. */
  reset(): void
}

/** More than these are not worth being sorted for one page. */
const FEW = 2000

/** An index over `state.index` and `state.pending`. */
export function createDirectoryIndex(state: PracticeState): DirectoryIndex {
  let entries = new Map<string, Entry>()
  let orders = createOrders()
  let exact = createExact()
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

  function createExact(): Readonly<Record<ExactField, ExactEntries>> {
    return {
      email_address: createExactEntries(all, ({ customer }) =>
        exactKey('email_address', customer.email_address),
      ),
      reference_id: createExactEntries(all, ({ customer }) =>
        exactKey('reference_id', customer.reference_id),
      ),
      phone_number: createExactEntries(all, ({ customer }) =>
        exactKey('phone_number', customer.phone_number),
      ),
    }
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
    for (const part of [...Object.values(orders), ...Object.values(exact)]) part.change(before, after)
  }

  function catchUp(now: number): void {
    if (state.pending.length === 0) return
    const late = state.pending.filter((change) => change.due > now)
    if (late.length === state.pending.length) return
    for (const change of state.pending) if (change.due <= now) show(change.number, change.id, change.customer)
    state.pending = late
  }

  function between({ by, start, end }: Extract<Narrowing, { kind: 'range' }>): readonly Entry[] | null {
    const order = by === 'createdAt' ? orders.CREATED_AT : orders.UPDATED_AT
    const from = order.lastBefore({ key: start, id: '' }) + 1
    const to = order.lastBefore({ key: end, id: '' }) + 1
    return to - from > FEW ? null : order.all().slice(from, to)
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
    candidates(narrowing, now) {
      catchUp(now)
      switch (narrowing.kind) {
        case 'nobody':
          return []
        case 'exact':
          return exact[narrowing.field].of(exactKey(narrowing.field, narrowing.text) ?? '')
        case 'range':
          return between(narrowing)
      }
    },
    reset() {
      read = false
      orders = createOrders()
      exact = createExact()
    },
  }
}

/**
 * Equal for all that match exactly: the text without case; of a phone its last six digits, because however it is
 * written, these stay (a storable number has at least nine, and prefixes change only its beginning).
 */
function exactKey(field: ExactField, text: string | undefined): string | null {
  if (text === undefined) return null
  return field === 'phone_number' ? text.replace(/\D/g, '').slice(-6) : text.toLowerCase()
}
