import { checkKeys, isObject, unrecognized, type JsonObject } from './check-fields.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { comparePlaces, type DirectoryIndex, type SortField } from './directory-index.ts'
import { readFilter, type CustomerTest } from './filter.ts'
import { ok, refuse, type Outcome } from './outcome.ts'
import type { WireCustomer } from './wire.ts'

/** A page as Square answers one: without `customers` where there are none. */
export interface WirePage {
  readonly customers?: readonly WireCustomer[]
  readonly cursor?: string
  readonly count?: number
}
interface PageQuery {
  /** What a cursor is bound to. */
  readonly identity: unknown
  readonly sort: SortField
  readonly descending: boolean
  readonly test: CustomerTest | null
  readonly cursor: string | null
  readonly limit: number
  readonly count: boolean
}

const LIST_PARAMETERS = new Set(['cursor', 'limit', 'sort_field', 'sort_order', 'count'])
const SEARCH_KEYS = new Set(['cursor', 'limit', 'query', 'count'])
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false }

/** GET /v2/customers. */
export function listCustomers(
  query: Readonly<Record<string, string>>,
  index: DirectoryIndex,
  now: number,
): Outcome<WirePage> {
  const stranger = Object.keys(query).find((name) => !LIST_PARAMETERS.has(name))
  if (stranger !== undefined)
    return refuse('UNKNOWN_QUERY_PARAMETER', `Unknown query parameter ${stranger}.`, stranger)
  const order = readSort(query['sort_field'], query['sort_order'])
  if (order.kind === 'refused') return order
  const limit = readLimit(query['limit'] === undefined ? undefined : Number(query['limit'] || 'x'))
  if (limit.kind === 'refused') return limit
  const count = BOOLEANS[query['count'] ?? 'false']
  if (count === undefined) return refuse('EXPECTED_BOOLEAN', 'Expected count to be a boolean.', 'count')
  return page(
    {
      identity: ['list', order.value.sort, order.value.descending],
      ...order.value,
      test: null,
      cursor: query['cursor'] || null,
      limit: limit.value,
      count,
    },
    index,
    now,
  )
}

/** POST /v2/customers/search. */
export function searchCustomers(
  body: JsonObject,
  index: DirectoryIndex,
  readPhone: (raw: string) => string | null,
  now: number,
): Outcome<WirePage> {
  const unknown = checkKeys(body, SEARCH_KEYS)
  if (unknown) return unknown
  const { cursor = null, limit: asked, count = false, query = {} } = body
  if (cursor !== null && typeof cursor !== 'string')
    return refuse('EXPECTED_STRING', 'Expected cursor to be a string.', 'cursor')
  if (typeof count !== 'boolean')
    return refuse('EXPECTED_BOOLEAN', 'Expected count to be a boolean.', 'count')
  if (!isObject(query)) return refuse('EXPECTED_OBJECT', 'Expected query to be an object.', 'query')
  const limit = readLimit(asked)
  if (limit.kind === 'refused') return limit
  const { filter = {}, sort = {}, ...rest } = query
  const stranger = Object.keys(rest)[0]
  if (stranger !== undefined) return unrecognized(`query.${stranger}`)
  if (!isObject(sort)) return refuse('EXPECTED_OBJECT', 'Expected query.sort to be an object.', 'query.sort')
  const strange = checkKeys(sort, new Set(['field', 'order']), 'query.sort.')
  if (strange) return strange
  const order = readSort(sort['field'], sort['order'])
  if (order.kind === 'refused') return order
  const test = readFilter(filter, readPhone)
  if (test.kind === 'refused') return test
  return page(
    {
      identity: ['search', filter, order.value.sort, order.value.descending],
      ...order.value,
      test: test.value,
      cursor: cursor || null,
      limit: limit.value,
      count,
    },
    index,
    now,
  )
}

function readSort(
  field: unknown = 'DEFAULT',
  order: unknown = 'ASC',
): Outcome<{ sort: SortField; descending: boolean }> {
  if (field !== 'DEFAULT' && field !== 'CREATED_AT')
    return refuse('INVALID_ENUM_VALUE', 'Not a valid enum value for `sort_field`.', 'sort_field')
  if (order !== 'ASC' && order !== 'DESC')
    return refuse('INVALID_SORT_ORDER', 'Not a valid sort order.', 'sort_order')
  return ok({ sort: field, descending: order === 'DESC' })
}

function readLimit(limit: unknown = 100): Outcome<number> {
  if (typeof limit !== 'number' || !Number.isInteger(limit))
    return refuse('EXPECTED_INTEGER', 'Expected limit to be an integer.', 'limit')
  if (limit < 1) return refuse('VALUE_TOO_LOW', '`limit` must not be less than 1.', 'limit')
  if (limit > 100) return refuse('VALUE_TOO_HIGH', '`limit` must not be greater than 100.', 'limit')
  return ok(limit)
}

function page(query: PageQuery, index: DirectoryIndex, now: number): Outcome<WirePage> {
  const from = query.cursor === null ? null : readCursor(query.identity, query.cursor)
  if (query.cursor !== null && !from)
    return refuse('INVALID_CURSOR', 'The pagination cursor is invalid.', 'cursor')
  const sorted = index.sorted(query.sort, now)
  const matching = query.test ? sorted.filter((place) => query.test?.(place.customer)) : sorted
  const ordered = query.descending ? [...matching].reverse() : matching
  const direction = query.descending ? -1 : 1
  const start = from
    ? firstAfter(ordered.length, (at) => {
        const place = ordered[at]
        return place !== undefined && comparePlaces(place, from.key, from.id) * direction > 0
      })
    : 0
  const places = ordered.slice(start, start + query.limit)
  const last = places.at(-1)
  const more = last !== undefined && start + places.length < ordered.length
  return ok({
    ...(places.length > 0 ? { customers: places.map((place) => place.customer) } : {}),
    ...(more ? { cursor: writeCursor(query.identity, { key: last.key, id: last.customer.id }) } : {}),
    ...(query.count ? { count: ordered.length } : {}),
  })
}

/** The lowest index for which `isAfter` holds; it holds for everything behind it. */
function firstAfter(length: number, isAfter: (at: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isAfter(middle)) high = middle
    else low = middle + 1
  }
  return low
}
