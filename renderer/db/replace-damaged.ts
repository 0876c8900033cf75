import type { CustomerRow } from '#shared/directory/row.ts'
import { viewOf } from '#shared/directory/view.ts'
import { targetOf } from '#shared/outbox/fold-log.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { Commit } from './commits.ts'
import { changesRows, refuseMoved, type WriterParts } from './directory-writer.ts'
import { restamp, writePageMark } from './log-mirror.ts'
import { isStoredRow } from './parse.ts'
import { setAside } from './set-aside.ts'

/**
 * Sets aside what is stored under these local ids (S15). Where its ids can be read, or the log knows them, a row takes its
 * place that shows what waits in the log and nothing else; what Square has of it is fetched again. Who can be read after all
 * is left alone. After an error the mirror in memory is not to be used.
 */
export async function replaceDamaged(
  { db, mirror, newStamp }: Pick<WriterParts, 'db' | 'mirror' | 'newStamp'>,
  localIds: readonly string[],
): Promise<Commit> {
  return db.transaction('rw', [db.customers, db.setAside, db.meta], async () => {
    await refuseMoved(db, mirror)
    const stored: unknown[] = await db.customers.bulkGet([...localIds])
    const damaged = stored.filter((row) => row !== undefined && !isStoredRow(row))
    const put = damaged.flatMap((row) => rowInItsPlace(row as Partial<CustomerRow>, mirror.state))
    const replaced = new Set(put.map(({ localId }) => localId))
    const ids = damaged.map((row) => (row as { localId: string }).localId)
    const removed = ids.filter((id) => !replaced.has(id))
    await setAside(db, 'customers', damaged)
    await db.customers.bulkDelete(ids)
    await db.customers.bulkPut(put)
    if (!changesRows({ put, removed })) return { put, removed, concerned: [] }
    mirror.rowsInHand.follow({ put, removed })
    const step = restamp(mirror, newStamp)
    await writePageMark(db, mirror)
    return { put, removed, concerned: [], step }
  })
}

/** What staff see of it is what waits for it in the log, also of a new customer whom Square has not (S2). */
function rowInItsPlace({ localId, squareId }: Partial<CustomerRow>, state: LogState): CustomerRow[] {
  if (typeof localId !== 'string') return []
  const known = typeof squareId === 'string' ? squareId : targetOf(state, localId)
  const row = viewOf({ localId, squareId: known, remote: null, deleted: false }, state)
  return known === null && row.openOps === 0 ? [] : [row]
}
