import { EMPTY_FIELDS } from '../customer/customer.ts'
import { exactKeysOf, sharedKeys, type ExactKeys } from '../customer/exact-keys.ts'
import { applyPatch } from '../customer/patch.ts'
import type { LogState } from '../outbox/log-state.ts'
import { BULK_FROM } from '../outbox/queue.ts'
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
