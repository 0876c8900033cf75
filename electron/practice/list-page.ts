import { readCursor, writeCursor } from './cursor.ts'
import { ok, type Outcome } from './outcome.ts'
import { invalidCursor } from './page.ts'
import type { Call, Store } from './store.ts'

/** A page of one of the short lists: groups, segments, attributes. */
export interface ListPage<T> {
  readonly items: readonly T[]
  readonly cursor?: string
}

/** The items behind the cursor in ascending order of their keys, which are all different. */
export function pageOfList<T>(
  { flags }: Store,
  items: readonly T[],
  keyOf: (item: T) => string,
  { identity, cursor, limit }: { identity: unknown; cursor: string | null; limit: number },
  { now }: Call,
): Outcome<ListPage<T>> {
  const from = cursor === null ? null : readCursor(identity, cursor, now, flags.cursorLifetimeMs)
  if (cursor !== null && !from) return invalidCursor()
  const behind = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => !from || key > String(from.key))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const shown = behind.slice(0, limit)
  const last = shown.at(-1)
  const more = last !== undefined && behind.length > shown.length
  return ok({
    items: shown.map(({ item }) => item),
    ...(more ? { cursor: writeCursor(identity, { key: last.key, id: '' }, now) } : {}),
  })
}

/** `{[name]: items, cursor}` as Square names them; `{}` where there are none. */
export function namedPage<T>(name: string, page: ListPage<T>): Readonly<Record<string, unknown>> {
  const { items, cursor } = page
  return { ...(items.length > 0 ? { [name]: items } : {}), ...(cursor === undefined ? {} : { cursor }) }
}
