import { readCursor, writeCursor } from './cursor.ts'
import type { SortField } from './directory-index.ts'
import type { Entry } from './entry.ts'
import type { Filter } from './filter.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import { createSortedEntries, type SortedEntries } from './sorted-entries.ts'
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
  const order = inQuestion(store, query, now)
  const entries = order.all()
  const limit = flags.pages === 'half' ? Math.ceil(query.limit / 2) : query.limit
  const { filter } = query
  const step = query.descending ? -1 : 1
  let at = query.descending ? entries.length - 1 : 0
  if (from) at = query.descending ? order.lastBefore(from) : order.firstBehind(from)
  const found: Entry[] = []
  for (; at >= 0 && at < entries.length && found.length <= limit; at += step) {
    const entry = entries[at]!
    if (!filter || filter.test(entry)) found.push(entry)
  }
  const whole = !from && found.length <= limit
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const more = last !== undefined && found.length > limit
  return ok({
    ...(last ? { customers: shown.map((entry) => entry.customer) } : {}),
    ...(more ? { cursor: writeCursor(query.identity, order.placeOf(last), now) } : {}),
    ...(query.count ? { count: whole ? found.length : countOf(entries, filter) } : {}),
  })
}

/** All in the order asked for, or only those who may match where an index knows them. */
function inQuestion({ index }: Store, { sort, filter }: PageQuery, now: number): SortedEntries {
  const all = index.sorted(sort, now)
  const few = filter?.narrowing ? index.candidates(filter.narrowing, now) : null
  if (!few) return all
  return createSortedEntries(
    () => few,
    (entry) => all.placeOf(entry).key,
  )
}

function countOf(entries: readonly Entry[], filter: Filter | null): number {
  if (!filter) return entries.length
  let count = 0
  for (const entry of entries) if (filter.test(entry)) count += 1
  return count
}

/** The refusal of a cursor that leads nowhere. */
export function invalidCursor(): Refused {
  return refuse('INVALID_CURSOR', 'The pagination cursor is invalid.', 'cursor')
}
