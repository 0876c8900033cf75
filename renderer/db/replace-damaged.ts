import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { Commit } from './commits.ts'
import { changesRows, refuseMoved, type WriterParts } from './directory-writer.ts'
import { restamp, writePageMark } from './log-mirror.ts'
import { isStoredRow } from './parse.ts'
import { setAside } from './set-aside.ts'

/**
 * Sets aside what is stored under these local ids (S15); where its ids can be read, a row without content takes its
 * place, which is fetched again. Who can be read after all is left alone. After an error the mirror in memory is not to be
 * used.
 */
export async function replaceDamaged(
  { db, mirror, newStamp }: Pick<WriterParts, 'db' | 'mirror' | 'newStamp'>,
  localIds: readonly string[],
): Promise<Commit> {
  return db.transaction('rw', [db.customers, db.setAside, db.meta], async () => {
    await refuseMoved(db, mirror)
    const stored: unknown[] = await db.customers.bulkGet([...localIds])
    const damaged = stored.filter((row) => row !== undefined && !isStoredRow(row))
    const put = damaged.flatMap((row) => loadingRow(row as Partial<CustomerRow>))
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

function loadingRow({ localId, squareId }: Partial<CustomerRow>): CustomerRow[] {
  if (typeof localId !== 'string' || typeof squareId !== 'string') return []
  return [
    {
      localId,
      squareId,
      remote: null,
      local: EMPTY_FIELDS,
      openOps: 0,
      status: 'loading',
      deleted: false,
      hidden: false,
    },
  ]
}
