import { checkKeys, isObject, unrecognized, wrongType, type JsonObject } from './check-fields.ts'
import type { SortField } from './directory-index.ts'
import { readFilter } from './filter.ts'
import { readFlag, readLimit, readQuery } from './page-parameters.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'
import { pageOfCustomers, type WirePage } from './page.ts'
import type { Call, Store } from './store.ts'

export type { WirePage } from './page.ts'

const LIST_PARAMETERS = ['cursor', 'limit', 'sort_field', 'sort_order', 'count']
const SEARCH_KEYS = new Set(['cursor', 'limit', 'query', 'count'])
const QUERY_KEYS = new Set(['filter', 'sort'])
const SORT_KEYS = new Set(['field', 'order'])

/** GET /v2/customers. */
export function listCustomers(
  store: Store,
  query: Readonly<Record<string, string>>,
  call: Call,
): Outcome<WirePage> {
  return andThen(readQuery(query, LIST_PARAMETERS, 100, 100), ({ cursor, limit }) =>
    andThen(readSort(query, 'sort_field', 'sort_order'), (order) =>
      andThen(readFlag(query, 'count'), (count) => {
        const identity = ['list', order.sort, order.descending]
        return pageOfCustomers(store, { identity, ...order, filter: null, cursor, limit, count }, call)
      }),
    ),
  )
}

/** POST /v2/customers/search. */
export function searchCustomers(store: Store, body: JsonObject, call: Call): Outcome<WirePage> {
  const strict = store.fieldRules(call).dialect.unknownFields === 'refused'
  const unknown = strict ? checkKeys(body, SEARCH_KEYS) : null
  if (unknown) return unknown
  const cursor = body['cursor'] ?? null
  const count = body['count'] ?? false
  const query = body['query'] ?? {}
  if (cursor !== null && typeof cursor !== 'string') return wrongType('cursor', 'string')
  if (typeof count !== 'boolean') return wrongType('count', 'boolean')
  if (!isObject(query)) return wrongType('query', 'object')
  const stranger = strict && Object.keys(query).find((name) => !QUERY_KEYS.has(name))
  if (stranger) return unrecognized(`query.${stranger}`)
  const sort = query['sort'] ?? {}
  const filter = query['filter'] ?? {}
  if (!isObject(sort)) return wrongType('query.sort', 'object')
  const strange = strict ? checkKeys(sort, SORT_KEYS, 'query.sort.') : null
  if (strange) return strange
  return andThen(readLimit(body['limit'], 100, 100), (limit) =>
    andThen(readSort(sort, 'field', 'order', 'query.sort.'), (order) =>
      andThen(readFilter(filter, store, call), (read) => {
        const identity = ['search', filter, order.sort, order.descending]
        const asked = { identity, ...order, filter: read, cursor: cursor || null, limit, count }
        return pageOfCustomers(store, asked, call)
      }),
    ),
  )
}

function readSort(
  given: JsonObject,
  field: string,
  order: string,
  path = '',
): Outcome<{ sort: SortField; descending: boolean }> {
  const sort = given[field] ?? 'DEFAULT'
  const direction = given[order] ?? 'ASC'
  if (sort !== 'DEFAULT' && sort !== 'CREATED_AT')
    return refuse('INVALID_ENUM_VALUE', `Not a valid enum value for \`${path}${field}\`.`, path + field)
  if (direction !== 'ASC' && direction !== 'DESC')
    return refuse('INVALID_SORT_ORDER', 'Not a valid sort order.', path + order)
  return ok({ sort, descending: direction === 'DESC' })
}
