import { canonicalJson } from './apply-changes.ts'
import type { Place } from './sorted-entries.ts'

/** An opaque cursor for this query, made at `now`; limit and count may differ between pages, nothing else. */
export function writeCursor(query: unknown, place: Place, now: number): string {
  const text = encodeURIComponent(JSON.stringify([checksum(canonicalJson(query)), place.key, place.id, now]))
  return btoa(`${checksum(text)}.${text}`)
}

/**
 * The place a cursor names, or null where it is not one of ours, belongs to another query or is older than
 * `lifetimeMs` (null: none is too old).
 */
export function readCursor(
  query: unknown,
  cursor: string,
  now: number,
  lifetimeMs: number | null,
): Place | null {
  const whole = decode(cursor)
  const dot = whole.indexOf('.')
  const text = whole.slice(dot + 1)
  if (dot < 0 || checksum(text) !== whole.slice(0, dot)) return null
  const [queryHash, key, id, at] = JSON.parse(decodeURIComponent(text)) as [
    string,
    string | number,
    string,
    number,
  ]
  if (lifetimeMs !== null && now - at > lifetimeMs) return null
  return queryHash === checksum(canonicalJson(query)) ? { key, id } : null
}

function decode(cursor: string): string {
  try {
    return atob(cursor)
  } catch {
    return ''
  }
}

/** FNV-1a: enough to notice a damaged or borrowed cursor. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}
