import type { LogRecord } from '#shared/outbox/record.ts'
import type { NewId } from '#shared/ports.ts'
import type { RowsOverlay } from './rows-overlay.ts'

/**
 * Before a log is applied from its beginning: takes back what it once did to the rows, or its first records would meet
 * rows bound by its last ones. A customer that Square has stays, under a local id of its own until the log gives it back
 * the one it had; one that only the log knew goes. Local ids the log does not speak of stay as they are.
 */
export function beginAnew(
  rows: Pick<RowsOverlay, 'all' | 'put' | 'delete'>,
  redirects: Map<string, string>,
  records: readonly LogRecord[],
  newId: NewId,
): void {
  const spokenOf = localIdsIn(records)
  redirects.clear()
  for (const row of rows.all()) {
    if (row.squareId !== null && !spokenOf.has(row.localId)) continue
    rows.delete(row.localId)
    if (row.squareId !== null && row.remote !== null) rows.put({ ...row, localId: newId() })
  }
}

function localIdsIn(records: readonly LogRecord[]): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const record of records) {
    if (record.kind === 'queued') ids.add(record.op.localId)
    if (record.kind !== 'snapshot') continue
    const { entries, bindings, moved } = record.state
    for (const { op } of entries) ids.add(op.localId)
    for (const [localId] of bindings) ids.add(localId)
    for (const pair of moved) for (const localId of pair) ids.add(localId)
  }
  return ids
}
