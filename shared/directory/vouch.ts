import { EMPTY_FIELDS } from '../customer/customer.ts'
import { exactKeysOf, sharedKeys, type ExactKeys } from '../customer/exact-keys.ts'
import { applyPatch } from '../customer/patch.ts'
import type { Entry, LogState } from '../outbox/log-state.ts'
import { BULK_FROM } from '../outbox/queue.ts'
import { MOST_PER_SECOND } from '../sync/pace.ts'
import type { CustomerRow } from './row.ts'

/**
 * A directory that is complete can say that it has nobody like a new customer: Square then is asked only for what has
 * changed since, once for many (S9). It says so for those that wait in numbers; fewer are looked for one by one.
 */
export interface NewCustomers {
  readonly localIds: ReadonlySet<string>
  /** By operation. */
  readonly keys: ReadonlyMap<string, ExactKeys>
}

/** The creates that wait and were never tried; null: too few. */
export function newCustomers(state: LogState, country: string, from = BULK_FROM): NewCustomers | null {
  const localIds = new Set<string>()
  const found = new Map<string, ExactKeys>()
  for (const { op, question, attempts, createSeparately } of state.entries.values()) {
    if (op.kind !== 'create' || question || createSeparately || attempts.size > 0) continue
    const keys = exactKeysOf(applyPatch(EMPTY_FIELDS, op.patch), country)
    if (!keys) continue
    localIds.add(op.localId)
    found.set(op.id, keys)
  }
  return found.size < from ? null : { localIds, keys: found }
}

/** The first load of a directory, as far as new customers may wait for it. Times are monotonic, in ms. */
export interface FirstLoad {
  readonly pages: number
  /** What a page has taken lately. */
  readonly pageMs: number
  /** When the last one was asked for, and when it is not waited for any longer. */
  readonly at: number
  readonly until: number
}

/** Customers on a page of Square's list. */
const PAGE = 100
/** A first load that has been quiet for so long is not waited for. */
const LOAD_QUIET_MS = 60_000
/**
 * What a search takes, several of them under way at once: a turn at the turnstile (S26). A page may take longer, for the
 * next one can be asked for only when it is there.
 */
export const SEARCH_MS = 1_000 / MOST_PER_SECOND
/** How much of what a page takes is learned from the newest. */
const NEWEST = 0.2

/** The load when so many customers are still to come; `before` is what was known of it. */
export function furtherLoad(before: FirstLoad | null, left: number, now: number): FirstLoad {
  const pages = Math.ceil(left / PAGE)
  const pageMs = before ? before.pageMs + NEWEST * (now - before.at - before.pageMs) : SEARCH_MS
  return { pages, pageMs, at: now, until: now + LOAD_QUIET_MS }
}

/** What looking for new customers one by one would take, of those for whom a directory could vouch. */
export interface Searches {
  readonly entries: ReadonlySet<Entry>
  /** One for each key of each of them. */
  readonly searches: number
}

/** What a directory that vouches would spare among these creates; nothing where they are too few to be vouched for. */
export function searchesSaved(creates: readonly Entry[], from = BULK_FROM): Searches {
  const entries = new Set<Entry>()
  let searches = 0
  for (const entry of creates) {
    if (entry.op.kind !== 'create' || entry.createSeparately || entry.attempts.size > 0) continue
    const { phoneNumber, emailAddress, referenceId } = entry.op.patch
    const keys = [phoneNumber, emailAddress, referenceId].filter((change) => change?.local != null).length
    if (keys === 0) continue
    entries.add(entry)
    searches += keys
  }
  return entries.size < from ? { entries: new Set(), searches: 0 } : { entries, searches }
}

/**
 * Operations whose keys nobody in these rows has, neither in Square nor as staff see them; deleted customers count.
 * None where the content of a row is still to be fetched.
 */
export async function likeNobody(
  { localIds, keys }: NewCustomers,
  rows: AsyncIterable<readonly CustomerRow[]> | Iterable<readonly CustomerRow[]>,
  country: string,
): Promise<string[]> {
  const left = new Set(keys.keys())
  const like = sharedKeys(keys, country)
  for await (const chunk of rows) {
    for (const { localId, remote, local, status, deleted } of chunk) {
      if (status === 'loading' && !deleted) return []
      for (const opId of remote ? like(remote.fields) : []) left.delete(opId)
      // Those that are looked for are compared by Square, as each is sent; to themselves they are alike.
      if (!localIds.has(localId)) for (const opId of like(local)) left.delete(opId)
    }
  }
  return [...left]
}
