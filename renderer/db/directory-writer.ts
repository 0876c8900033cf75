import { applyRecordToRows, dropUnaccountedRows } from '#shared/directory/project-record.ts'
import type { Batch } from '#shared/ipc/contract.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { forgetLog, resolveSquareId } from '#shared/outbox/fold-log.ts'
import type { NewId } from '#shared/ports.ts'
import type { CalledBy } from '../book.ts'
import { beginAnew } from './begin-anew.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import { bringsEvidence, consentOf, historyOf, joinedLine, writeConsents, writeHistory } from './history.ts'
import { isAsOnDisk, restamp, writeMirror, type LogMirror } from './log-mirror.ts'
import { markOf, type MirrorMark } from './mirror-mark.ts'
import { MirrorMoved } from './mirror-moved.ts'
import { nextTask } from './next-task.ts'
import { readAllRows, readRows } from './read-rows.ts'
import { createRowsOverlay, type RowChanges, type RowsOverlay } from './rows-overlay.ts'
import type { StoredFact, StoredHistory } from './stored.ts'
import { touchedKeys, type TouchedKeys } from './touched-keys.ts'

export interface WriterParts {
  readonly db: Directory
  readonly mirror: LogMirror
  readonly newId: NewId
  /** For the rows as they will be: `restamp`. */
  readonly newStamp: NewId
  /** Read every row instead of those that the batch seems to touch. */
  readonly allRows: boolean
  /** Called where all it takes is in hand: the mirror in memory has the batch, the database is asked only then. */
  readonly onProjected?: (commit: Commit) => void
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
  const keys = touchedKeys(mirror.state, mirror.redirects, records)
  const overlay = createRowsOverlay(mirror.redirects)
  const all = parts.allRows || batch.reset || records.some((record) => record.kind === 'snapshot')
  const was = markOf(mirror)
  // Nothing has to be read of rows in hand: what they become is known before the database is asked for anything.
  const inHand = all ? null : mirror.rowsInHand.all(keys)
  let projected: Projected | null = null
  if (inHand) {
    overlay.fill(inHand, keys)
    projected = project(parts, overlay, batch, records, keys)
    if (parts.onProjected) {
      parts.onProjected(projected.commit)
      // Whoever saved goes on before the writing is begun, which is more work than all that came before it.
      await nextTask()
    }
  }
  const rebuildable = [db.customers, db.redirects, db.outbox, db.logState, db.meta]
  const tables = records.some(bringsEvidence) ? [...rebuildable, db.history, db.facts] : rebuildable
  return db.transaction('rw', tables, async () => {
    // All that is asked is asked together: each wait for the database costs about as much as the work itself. The writes
    // go out together with the question whether they may, and are taken back where they may not.
    const unmoved = refuseMoved(db, was)
    unmoved.catch(() => {})
    if (!projected) {
      await Promise.all([unmoved, load(db, overlay, keys, all)])
      projected = project(parts, overlay, batch, records, keys)
    }
    const { changes, lines, consents, commit } = projected
    await Promise.all([
      writeRows(db, changes),
      writeHistory(db, lines),
      writeConsents(db, consents),
      writeMirror(db, mirror),
      unmoved,
    ])
    return commit
  })
}

/** What a batch makes of the rows that were read for it. */
interface Projected {
  readonly changes: RowChanges
  readonly lines: readonly StoredHistory[]
  readonly consents: readonly StoredFact[]
  readonly commit: Commit
}

/** Applies the records to the mirror in memory and to the overlay. */
function project(
  parts: WriterParts,
  overlay: RowsOverlay,
  batch: Batch,
  records: readonly LogRecord[],
  keys: TouchedKeys,
): Projected {
  const { mirror } = parts
  const directory = directoryOf(parts, overlay)
  if (batch.reset) {
    mirror.isPartial = false
    forgetLog(mirror.state)
    beginAnew(overlay, mirror.redirects, records, directory.newId)
  }
  const lines: StoredHistory[] = []
  const consents: StoredFact[] = []
  const joined: { localId: string; was: CalledBy }[] = []
  for (const record of records) {
    const line = lineOfMerge(mirror.state, overlay, record)
    if (line?.was) {
      lines.push(line)
      joined.push({ localId: line.localId, was: line.was })
    }
    lines.push(...historyOf(record, mirror.state))
    consents.push(...[consentOf(record)].filter((consent) => consent !== null))
    applyRecordToRows(directory, record)
  }
  if (batch.reset) dropUnaccountedRows(directory)
  for (const opId of keys.opIds) mirror.state.entries.touch(opId)
  mirror.position = { generation: batch.generation, lastSeq: batch.through }
  const changes = takeChanges(mirror, overlay)
  const { put, removed, same } = changes
  // What has no stamp yet gets one although nothing changes: until then no copy of it could be known to be true.
  const step = changesRows(changes) || mirror.stamp === null ? restamp(mirror, parts.newStamp) : null
  return {
    changes,
    lines,
    consents,
    commit: {
      put: [...put, ...same],
      removed,
      concerned: [...keys.localIds],
      ...(step ? { step } : {}),
      ...(joined.length > 0 && !batch.reset ? { joined } : {}),
    },
  }
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

/** What the projection changed; rows in hand follow it. */
export function takeChanges(mirror: LogMirror, overlay: RowsOverlay): RowChanges {
  const changes = overlay.changes()
  mirror.rowsInHand.follow(changes)
  return changes
}

/** True where rows become others. */
export function changesRows({ put, removed }: Pick<RowChanges, 'put' | 'removed'>): boolean {
  return put.length + removed.length > 0
}

/** Writes what the projection changed. Inside the transaction of the caller (S18). */
export async function writeRows(db: Directory, { put, removed }: RowChanges): Promise<void> {
  if (removed.length > 0) await db.customers.bulkDelete([...removed])
  for (let from = 0; from < put.length; from += ROWS_AT_ONCE)
    await db.customers.bulkPut(put.slice(from, from + ROWS_AT_ONCE))
}

/** Rows are copied for the browser one after the other: between so many, keys are heard and frames are drawn. */
const ROWS_AT_ONCE = 200

/** Throws `MirrorMoved` where another window has written since the mirror was read. */
export async function refuseMoved(db: Directory, mark: MirrorMark): Promise<void> {
  if (!(await isAsOnDisk(db, mark))) throw new MirrorMoved()
}

/** Of the customer who moves: what that id had become before. Said once, however often it is recorded. */
function lineOfMerge(state: LogState, overlay: RowsOverlay, record: LogRecord): StoredHistory | null {
  if (record.kind !== 'alias') return null
  const fromSquareId = resolveSquareId(state, record.fromSquareId)
  if (fromSquareId === resolveSquareId(state, record.toSquareId)) return null
  return joinedLine({ ...record, fromSquareId }, overlay.bySquareId(fromSquareId))
}
