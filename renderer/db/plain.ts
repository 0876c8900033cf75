/**
 * The one gate for what leaves the views: a copy of plain data, without reactive proxies and without `undefined`, that
 * can cross to main and into IndexedDB.
 */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
