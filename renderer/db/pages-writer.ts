import { applyPage, type AppliedPage, type Page } from '#shared/directory/apply-page.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import {
  changesRows,
  directoryOf,
  load,
  refuseMoved,
  takeChanges,
  writeRows,
  type WriterParts,
} from './directory-writer.ts'
import { restamp, writePageMark, writeRedirects } from './log-mirror.ts'
import { localIdsOf } from './mirror-reads.ts'
import { createRowsOverlay } from './rows-overlay.ts'
import type { ListedIds, StoredPull } from './stored-pull.ts'

/** What a page of a pull brought, or several that came meanwhile, and the state of the pull after it. */
export interface PulledPage extends Page {
  /** The state once the page is in; called inside the transaction, again where that is repeated. */
  readonly next?: ((found: FoundOnDisk) => StoredPull) | null
  /**
   * Nobody created later than this has been loaded yet (null: nobody at all), so that there is nothing to look for: that
   * would cost as much as the writing.
   */
  readonly nobodyAfter?: string | null
  /** To be remembered by the sweep under way. */
  readonly listed?: ListedIds
}
export interface FoundOnDisk extends Pick<AppliedPage, 'heldBack' | 'reappeared'> {
  /** `nobodyAfter` was right: no other window has loaded anybody meanwhile. */
  readonly wasAlone: boolean
}

/**
 * Applies pages through the same projection as the log's records, in one transaction: relaxed, because Square can give
 * them again. After an error the mirror in memory is not to be used.
 */
export async function writePage(parts: WriterParts, page: PulledPage): Promise<Commit> {
  const { db, mirror } = parts
  const { remotes, missing = [], retire } = page
  const rebuildable = [db.customers, db.redirects, db.meta, db.pull]
  return db.transaction('rw', retire ? [...rebuildable, db.history] : rebuildable, async () => {
    const overlay = createRowsOverlay(mirror.redirects)
    const [wasAlone] = await Promise.all([nobodyAfter(db, page), refuseMoved(db, mirror)])
    const asked = new Set([...remotes.map(({ id }) => id), ...missing])
    const squareIds = wasAlone ? mayBeThere(page, asked, mirror.state) : asked
    const localIds = new Set(retire?.localIds)
    await load(db, overlay, { opIds: new Set(), localIds, squareIds }, parts.allRows)
    // The ids not looked for have no row: that is known.
    overlay.fill([], { localIds, squareIds: asked })
    const { heldBack, reappeared, purged } = applyPage(directoryOf(parts, overlay), page)
    // What was changed of them is theirs, too. That they had agreed stays: it names nobody.
    const owners = purged.flatMap((localId) => localIdsOf(mirror, localId))
    if (owners.length > 0) await db.history.where('localId').anyOf(owners).delete()
    const changes = takeChanges(mirror, overlay)
    const { put, removed } = changes
    await writeRows(db, changes)
    await writeRedirects(db, mirror)
    const step = changesRows(changes) ? restamp(mirror, parts.newStamp) : null
    if (step) await writePageMark(db, mirror)
    if (page.listed) await db.pull.put(page.listed)
    if (page.next) await db.pull.put(page.next({ heldBack, reappeared, wasAlone }))
    return { put, removed, concerned: [], ...(step ? { step } : {}) }
  })
}

/** Whether `nobodyAfter` still holds: another window may have loaded more. */
async function nobodyAfter(db: Directory, page: PulledPage): Promise<boolean> {
  if (page.nobodyAfter === undefined) return false
  const state = await db.pull.get('state')
  if (state?.key !== 'state') return page.nobodyAfter === null
  const { first, completeSince } = state
  if (!first) return page.nobodyAfter === null && completeSince === null
  return first.fresh === true && (first.upTo ?? null) === page.nobodyAfter
}

/** Of these ids those that may have a row: created no later than what was loaded, or spoken of by the log. */
function mayBeThere(
  { remotes, nobodyAfter: after = null }: PulledPage,
  asked: ReadonlySet<string>,
  { bindings, aliases, remotes: known }: LogState,
): Set<string> {
  const old = new Set<string | null>()
  if (after !== null) {
    const latest = Date.parse(after)
    for (const { id, createdAt } of remotes) if (!(Date.parse(createdAt) > latest)) old.add(id)
  }
  for (const id of [...bindings.values(), ...aliases.values(), ...known.keys()]) old.add(id)
  return new Set([...asked].filter((id) => old.has(id)))
}
