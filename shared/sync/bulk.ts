import { assertNever } from '../exhaustive.ts'
import type { Failure } from './failure.ts'

/** What Square said to one request, or to one item of a bulk request. */
export type Result<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed'; readonly failure: Failure }

/** The answer to a bulk request: by map key or id as it was asked. */
export type BulkItems<T> = ReadonlyMap<string, Result<T>>

/** Square takes at most so many customers in one bulk request (stated for create and update, assumed for retrieve). */
export const BULK_LIMIT = 100

const UNKNOWN: Failure = { kind: 'unknown', reason: 'unreadable' }

/** One item of a bulk read (S22): the failure of the whole is that of each; an item that is not there is unknown. */
export function itemRead<T>(whole: Result<BulkItems<T>>, id: string): Result<T> {
  if (whole.kind === 'failed') return whole
  return whole.value.get(id) ?? { kind: 'failed', failure: UNKNOWN }
}

/**
 * One item of a bulk write of `size` items (S22). Square may have applied a part before it refused the whole, also with
 * 429: each item is then unknown. Only where the request never left, or the token was turned away at the door, nothing
 * was applied; and a refusal of a single item is that item's.
 */
export function itemWritten<T>(whole: Result<BulkItems<T>>, id: string, size: number): Result<T> {
  if (whole.kind === 'ok') return itemRead(whole, id)
  switch (whole.failure.kind) {
    case 'not-sent':
    case 'signed-out':
    case 'forbidden':
    case 'unknown':
      return whole
    case 'rate-limited':
      return { kind: 'failed', failure: UNKNOWN }
    case 'refused':
    case 'conflict':
    case 'not-found':
    case 'key-reused':
      return size === 1 ? whole : { kind: 'failed', failure: UNKNOWN }
    default:
      return assertNever(whole.failure)
  }
}

/**
 * Square would not have the request as it was: one item may spoil it for all, so each goes alone the next time (S22).
 */
export function spoilsTheWhole(whole: Result<unknown>): boolean {
  return whole.kind === 'failed' && SPOILED.has(whole.failure.kind)
}

/**
 * What an item of an answer says that is about all requests, not about itself: too fast, or not with this token (S14, S26).
 * Null: there is none.
 */
export function saidOfAll(items: BulkItems<unknown>): Failure | null {
  for (const item of items.values())
    if (item.kind === 'failed' && OF_ALL.has(item.failure.kind)) return item.failure
  return null
}

const OF_ALL: ReadonlySet<Failure['kind']> = new Set(['rate-limited', 'signed-out', 'forbidden'])

const SPOILED: ReadonlySet<Failure['kind']> = new Set(['refused', 'conflict', 'not-found', 'key-reused'])
