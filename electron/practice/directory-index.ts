import type { PracticeState } from './state.ts'
import { IDENTITY_FIELDS, type WireCustomer } from './wire.ts'

export type SortField = 'DEFAULT' | 'CREATED_AT'
/** A customer with the text that decides its place. */
export interface Place {
  readonly key: string
  readonly customer: WireCustomer
}

/**
 * List and search read this, not the truth: a change arrives here when its lag is over. Retrieving by id is never
 * behind.
 */
export interface DirectoryIndex {
  /** Tells the index of a change (`null`: the customer is gone) that it shows from `due` on. */
  changed(id: string, customer: WireCustomer | null, due: number, now: number): void
  /** Every visible customer at `now` in ascending order. */
  sorted(sort: SortField, now: number): readonly Place[]
  /** Forgets what it had sorted: the state was replaced. */
  reset(): void
}

/** An index over `state.index` and `state.pending`. */
export function createDirectoryIndex(state: PracticeState): DirectoryIndex {
  const cache = new Map<SortField, readonly Place[]>()

  function show(number: number, id: string, customer: WireCustomer | null): void {
    if ((state.indexed.get(id) ?? -1) > number) return
    state.indexed.set(id, number)
    if (customer) state.index.set(id, customer)
    else state.index.delete(id)
    cache.clear()
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
      const known = cache.get(sort)
      if (known) return known
      const places: Place[] = []
      for (const customer of state.index.values()) {
        if (isVisible(customer)) places.push({ key: placeKey(customer, sort), customer })
      }
      places.sort((a, b) => comparePlaces(a, b.key, b.customer.id))
      cache.set(sort, places)
      return places
    },
    reset() {
      cache.clear()
    },
  }
}

/** Only profiles with a name, company, e-mail or phone are listed, found and counted. */
export function isVisible(customer: WireCustomer): boolean {
  return IDENTITY_FIELDS.some((field) => customer[field] !== undefined)
}

function placeKey(customer: WireCustomer, sort: SortField): string {
  if (sort === 'CREATED_AT') return customer.created_at
  const {
    given_name = '',
    family_name = '',
    company_name = '',
    email_address = '',
    phone_number = '',
  } = customer
  return [`${given_name} ${family_name}`.trim(), company_name, email_address, phone_number]
    .join('\u0001')
    .toLowerCase()
}

/** Order of two places; ids decide between equals, so that pages neither repeat nor skip. */
export function comparePlaces(place: Place, key: string, id: string): number {
  if (place.key !== key) return place.key < key ? -1 : 1
  if (place.customer.id === id) return 0
  return place.customer.id < id ? -1 : 1
}
