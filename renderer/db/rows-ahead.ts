import type { CustomerRow } from '#shared/directory/row.ts'
import type { Draft, LogRecord } from '#shared/outbox/record.ts'
import type { Directory } from './database.ts'
import type { LogMirror } from './log-mirror.ts'
import { MirrorMoved } from './mirror-moved.ts'
import { readRows } from './read-rows.ts'
import { touchedKeys, type TouchedKeys } from './touched-keys.ts'

/** The rows a batch will touch, read while the log still writes it. */
export interface RowsAhead {
  readonly keys: TouchedKeys
  readonly rows: readonly CustomerRow[]
}

/** Reads them for these drafts; null where only the records tell what they touch. */
export async function readAhead(
  db: Directory,
  { state, redirects }: LogMirror,
  drafts: readonly Draft[],
): Promise<RowsAhead | null> {
  const records = drafts.flatMap((draft): LogRecord[] =>
    draft.kind === 'queue' ? [{ kind: 'queued', op: draft.op, replaces: draft.replaces, seq: 0 }] : [],
  )
  if (records.length < drafts.length) return null
  const keys = touchedKeys(state, redirects, records)
  return { keys, rows: await readThem(db, keys) }
}

/** True where what was read ahead answers for all that the batch turned out to touch. */
export function covers(ahead: TouchedKeys, batch: TouchedKeys): boolean {
  return (
    [...batch.localIds].every((id) => ahead.localIds.has(id)) &&
    [...batch.squareIds].every((id) => ahead.squareIds.has(id))
  )
}

/**
 * Throws `MirrorMoved` where the rows are no longer what was read. All of it is asked for at once, so that it sees the
 * rows as they were before whatever the transaction writes next.
 */
export async function refuseChanged(db: Directory, { keys, rows }: RowsAhead): Promise<void> {
  if (JSON.stringify(await readThem(db, keys)) !== JSON.stringify(rows)) throw new MirrorMoved()
}

function readThem(db: Directory, { localIds, squareIds }: TouchedKeys): Promise<CustomerRow[]> {
  return readRows(db, [...localIds], [...squareIds])
}
