import { orderOf } from './groups.ts'
import { namedPage, pageOfList } from './list-page.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'
import { readQuery } from './page-parameters.ts'
import { changeTime, iso, type Call, type Store } from './store.ts'
import type { WireSegment } from './wire-extras.ts'

const MOST = 50

/** GET /v2/customers/segments: read only, in order of creation. */
export function listSegments(
  store: Store,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<unknown> {
  return andThen(readQuery(query, ['cursor', 'limit'], MOST, MOST), (asked) => {
    const segments = [...store.state.segments.values()]
    const page = pageOfList(store, segments, orderOf, { identity: 'segments', ...asked }, call)
    return andThen(page, (found) => ok(namedPage('segments', found)))
  })
}

/** GET /v2/customers/segments/{id}. */
export function retrieveSegment(store: Store, id: string): Outcome<{ segment: WireSegment }> {
  const segment = store.state.segments.get(id)
  return segment ? ok({ segment }) : refuse('NOT_FOUND', `Customer segment with ID \`${id}\` not found.`)
}

/**
 * What Square works out by itself: exactly these customers are in the segment now. It changes no version, no time, and is
 * no effect.
 */
export function setSegment(
  store: Store,
  name: string,
  customerIds: readonly string[],
  call: Call,
): WireSegment {
  const { state } = store
  const known = [...state.segments.values()].find((segment) => segment.name === name)
  const segment: WireSegment = {
    id: known?.id ?? `${store.merchant.id}.${store.newId()}`,
    name,
    created_at: known?.created_at ?? iso(call.now),
    updated_at: changeTime(call.now, store.flags),
  }
  state.segments.set(segment.id, segment)
  const members = new Set(customerIds)
  for (const customer of [...state.customers.values()]) {
    const { segment_ids = [], ...rest } = customer
    if (segment_ids.includes(segment.id) === members.has(customer.id)) continue
    const others = segment_ids.filter((id) => id !== segment.id)
    const now = members.has(customer.id) ? [...others, segment.id] : others
    const after = { ...rest, ...(now.length > 0 ? { segment_ids: now } : {}) }
    state.customers.set(customer.id, after)
    store.index.changed(customer.id, after, call.now, call.now)
  }
  return segment
}
