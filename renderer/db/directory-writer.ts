import { applyRecordToRows, dropUnaccountedRows } from '#shared/directory/project-record.ts'
import type { Batch } from '#shared/ipc/contract.ts'
import { forgetLog } from '#shared/outbox/fold-log.ts'
import type { NewId } from '#shared/ports.ts'
import { beginAnew } from './begin-anew.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import { bringsEvidence, consentOf, historyOf, writeConsents, writeHistory } from './history.ts'
import { isAsOnDisk, writeMirror, type LogMirror } from './log-mirror.ts'
import { MirrorMoved } from './mirror-moved.ts'
import { readAllRows, readRows } from './read-rows.ts'
import { createRowsOverlay, type RowChanges, type RowsOverlay } from './rows-overlay.ts'
import { touchedKeys, type TouchedKeys } from './touched-keys.ts'

export interface WriterParts {
  readonly db: Directory
  readonly mirror: LogMirror
  readonly newId: NewId
  /** Read every row instead of those that the batch seems to touch. */
  readonly allRows: boolean
}

/**
 * Applies a batch of the log with the position it leads to, in one transaction in which nothing but Dexie is awaited
 * (S18). It can write history and facts, and is then strict, only where a record may bring some (S1): all else is in the
 * log. Records the mirror has already are skipped. After an error the mirror in memory is not to be used.
 */
export async function writeBatch(parts: WriterParts, batch: Batch): Promise<Commit> {
  const { db, mirror } = parts
  const from = batch.reset ? 0 : mirror.position.lastSeq
  const records = batch.records.filter((record) => record.seq > from)
  const rebuildable = [db.customers, db.redirects, db.outbox, db.logState, db.meta]
  const tables = records.some(bringsEvidence) ? [...rebuildable, db.history, db.facts] : rebuildable
  return db.transaction('rw', tables, async () => {
    const overlay = createRowsOverlay(mirror.redirects)
    const keys = touchedKeys(mirror.state, mirror.redirects, records)
    const all = parts.allRows || batch.reset || records.some((record) => record.kind === 'snapshot')
    // All that is asked is asked together: each wait for the database costs about as much as the work itself. With the
    // rows in hand the writes go out together with the question whether they may, and are taken back where they may not.
    const unmoved = refuseMoved(db, mirror)
    unmoved.catch(() => {})
    const inHand = all ? null : mirror.rowsInHand.all(keys)
    if (inHand) overlay.fill(inHand, keys)
    else await Promise.all([unmoved, load(db, overlay, keys, all)])
    const directory = directoryOf(parts, overlay)
    if (batch.reset) {
      forgetLog(mirror.state)
      beginAnew(overlay, mirror.redirects, records, directory.newId)
    }
    const lines = []
    const consents = []
    for (const record of records) {
      lines.push(...historyOf(record, mirror.state))
      consents.push(...[consentOf(record)].filter((consent) => consent !== null))
      applyRecordToRows(directory, record)
    }
    if (batch.reset) dropUnaccountedRows(directory)
    for (const opId of keys.opIds) mirror.state.entries.touch(opId)
    mirror.position = { generation: batch.generation, lastSeq: batch.through }
    const [{ put, removed, same }] = await Promise.all([
      writeRows(db, mirror, overlay),
      writeHistory(db, lines),
      writeConsents(db, consents),
      writeMirror(db, mirror),
      unmoved,
    ])
    return { put: [...put, ...same], removed, concerned: [...keys.localIds] }
  })
}

/** The directory as the projection sees it; ids it invents are known to have no row yet. */
export function directoryOf({ mirror, newId }: WriterParts, overlay: RowsOverlay) {
  return {
    state: mirror.state,
    rows: overlay,
    newId: () => {
      const id = newId()
      overlay.invented(id)
      return id
    },
  }
}

/** Reads the rows of these keys, or every row, into the overlay. Inside the transaction of the caller (S18). */
export async function load(
  db: Directory,
  overlay: RowsOverlay,
  keys: TouchedKeys,
  all: boolean,
): Promise<void> {
  if (all) {
    overlay.fill(await readAllRows(db), { localIds: [], squareIds: [] })
    overlay.complete()
    return
  }
  const { localIds, squareIds } = keys
  overlay.fill(await readRows(db, [...localIds], [...squareIds]), { localIds, squareIds })
}

/** Writes what the projection changed. Inside the transaction of the caller (S18). */
export async function writeRows(db: Directory, mirror: LogMirror, overlay: RowsOverlay): Promise<RowChanges> {
  const changes = overlay.changes()
  mirror.rowsInHand.follow(changes)
  if (changes.removed.length > 0) await db.customers.bulkDelete([...changes.removed])
  if (changes.put.length > 0) await db.customers.bulkPut([...changes.put])
  return changes
}

/** Throws `MirrorMoved` where another window has written since the mirror was read. */
export async function refuseMoved(db: Directory, mirror: LogMirror): Promise<void> {
  if (!(await isAsOnDisk(db, mirror))) throw new MirrorMoved()
}
