import { canonicalJson } from './apply-changes.ts'

/** Where a page ended: everything after this place is still to come. */
export interface CursorPlace {
  readonly key: string
  readonly id: string
}

/** An opaque cursor for this query; limit and count may differ between pages, nothing else. */
export function writeCursor(query: unknown, place: CursorPlace): string {
  const text = encodeURIComponent(JSON.stringify([checksum(canonicalJson(query)), place.key, place.id]))
  return btoa(`${checksum(text)}.${text}`)
}

/** The place a cursor names, or null where it is not one of ours or belongs to another query. */
export function readCursor(query: unknown, cursor: string): CursorPlace | null {
  const whole = decode(cursor)
  const dot = whole.indexOf('.')
  const text = whole.slice(dot + 1)
  if (dot < 0 || checksum(text) !== whole.slice(0, dot)) return null
  const [queryHash, key, id] = JSON.parse(decodeURIComponent(text)) as [string, string, string]
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
