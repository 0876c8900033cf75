import { applyRemoteToRows } from '#shared/directory/project-record.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Commit } from './commits.ts'
import { directoryOf, load, refuseMoved, writeRows, type WriterParts } from './directory-writer.ts'
import { createRowsOverlay } from './rows-overlay.ts'
import type { StoredPull } from './stored.ts'

/** What a page of a pull brought, and the state of the pull after it. */
export interface PulledPage {
  readonly remotes: readonly RemoteCustomer[]
  readonly how: 'listed' | 'asked-for'
  /** Square ids that were asked for and do not exist. */
  readonly missing: readonly string[]
  /** The state of the pull once the page is in, given the customers that were held back (S9). */
  readonly next: ((heldBack: readonly RemoteCustomer[]) => StoredPull) | null
}

/** Applies a page through the same projection, in a relaxed transaction: Square can give it again. */
export async function writePage(parts: WriterParts, page: PulledPage): Promise<Commit> {
  const { db, mirror } = parts
  const tables = [db.customers, db.redirects, db.meta, db.pull]
  return db.transaction('rw', tables, async () => {
    await refuseMoved(db, mirror)
    const overlay = createRowsOverlay(mirror.redirects)
    const squareIds = new Set([...page.remotes.map((remote) => remote.id), ...page.missing])
    await load(db, overlay, { opIds: new Set(), localIds: new Set(), squareIds }, parts.allRows)
    const directory = directoryOf(parts, overlay)
    for (const remote of page.remotes) applyRemoteToRows(directory, remote, page.how)
    for (const squareId of page.missing) {
      const row = overlay.bySquareId(squareId)
      // With open operations the question of what now is put to a person (S10); without, there is nothing to lose.
      if (row && row.openOps === 0 && !row.remote) overlay.put({ ...row, deleted: true, hidden: true })
    }
    const { put, removed } = await writeRows(db, overlay)
    const heldBack = page.remotes.filter(({ id }) => !mirror.state.aliases.has(id) && !overlay.bySquareId(id))
    if (page.next) await db.pull.put(page.next(heldBack))
    return { put, removed, concerned: [] }
  })
}
