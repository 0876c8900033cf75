import { readCursor, writeCursor } from './cursor.ts'
import type { SortField } from './directory-index.ts'
import type { Entry } from './entry.ts'
import type { Filter } from './filter.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import { createSortedEntries, type Place, type SortedEntries } from './sorted-entries.ts'
import type { Call, Store } from './store.ts'
import type { WireCustomer } from './wire.ts'

/** A page as Square answers one: without `customers` where there are none. */
export interface WirePage {
  readonly customers?: readonly WireCustomer[]
  readonly cursor?: string
  readonly count?: number
}
export interface PageQuery {
  /** What a cursor is bound to. */
  readonly identity: unknown
  readonly sort: SortField
  readonly descending: boolean
  readonly filter: Filter | null
  readonly cursor: string | null
  readonly limit: number
  readonly count: boolean
}

/** The customers list and search see, in order, from where the cursor says. */
export function pageOfCustomers(store: Store, query: PageQuery, { now }: Call): Outcome<WirePage> {
  const { flags } = store
  const from =
    query.cursor === null ? null : readCursor(query.identity, query.cursor, now, flags.cursorLifetimeMs)
  if (query.cursor !== null && !from) return invalidCursor()
  const limit = flags.pages === 'half' ? Math.ceil(query.limit / 2) : query.limit
  const { order, found, matches } = walked(store, query, now, from, limit)
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const more = last !== undefined && found.length > limit
  return ok({
    ...(last ? { customers: shown.map((entry) => entry.customer) } : {}),
    ...(more ? { cursor: writeCursor(query.identity, order.placeOf(last), now) } : {}),
    ...(query.count ? { count: matches() } : {}),
  })
}

interface Walked {
  readonly order: SortedEntries
  /** One more than the limit, where there is one. */
  readonly found: readonly Entry[]
  /** How many match on all pages together. */
  readonly matches: () => number
}

/** The matches behind `from`, by the shortest way there is. */
function walked(
  { index }: Store,
  { sort, filter, count, descending }: PageQuery,
  now: number,
  from: Place | null,
  limit: number,
): Walked {
  const route = { from, descending, most: limit + 1 }
  const all = index.sorted(sort, now)
  const everybody = (order: SortedEntries): Walked => ({
    order,
    found: walk(order, route, null, Number.POSITIVE_INFINITY) ?? [],
    matches: () => order.all().length,
  })
  if (!filter) return everybody(all)
  const { test, key } = filter
  const few = index.candidates(filter, now)?.filter(test)
  if (few)
    return everybody(
      createSortedEntries(
        () => few,
        (entry) => all.placeOf(entry).key,
      ),
    )
  const remember = key !== null && (count || index.remembers(filter, sort))
  const found = remember ? null : walk(all, route, test, key === null ? Number.POSITIVE_INFINITY : index.few)
  if (!found) return everybody(index.matching(filter, sort, now))
  return { order: all, found, matches: () => all.all().filter(test).length }
}

/** From there on in its direction, until so many are found; null: `patience` were looked at before. */
function walk(
  order: SortedEntries,
  { from, descending, most }: { from: Place | null; descending: boolean; most: number },
  test: Filter['test'] | null,
  patience: number,
): readonly Entry[] | null {
  const entries = order.all()
  const step = descending ? -1 : 1
  let at = descending ? entries.length - 1 : 0
  if (from) at = descending ? order.lastBefore(from) : order.firstBehind(from)
  const found: Entry[] = []
  for (let looked = 0; at >= 0 && at < entries.length && found.length < most; at += step) {
    if ((looked += 1) > patience) return null
    const entry = entries[at]!
    if (!test || test(entry)) found.push(entry)
  }
  return found
}

/** The refusal of a cursor that leads nowhere. */
export function invalidCursor(): Refused {
  return refuse('INVALID_CURSOR', 'The pagination cursor is invalid.', 'cursor')
}
