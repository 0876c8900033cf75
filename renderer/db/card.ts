import { canonicalEquals, type CompareContext } from '#shared/customer/canonical.ts'
import type { CustomerField } from '#shared/customer/customer.ts'
import { combineNew, combinePatches, patchOf, touchedFields } from '#shared/customer/patch.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import { patchesOf } from '#shared/directory/view.ts'
import { everSent, lastAnswer } from '#shared/outbox/fold-log.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { Patch } from '#shared/outbox/record.ts'
import type { CardQuestion, CustomerCard, HistoryItem, OpenOperation } from '../book.ts'
import type { Directory } from './database.ts'
import { HISTORY_KEPT } from './history.ts'
import { openEntriesOf, type LogMirror } from './log-mirror.ts'
import { localIdsOf, rowIdOf } from './mirror-reads.ts'
import { isStoredHistory, isStoredRow } from './parse.ts'
import type { StoredHistory } from './stored.ts'

/** The row of a customer, from then on in hand; null where there is none (any more). */
export async function readRow(
  db: Directory,
  mirror: LogMirror,
  localId: string,
): Promise<CustomerRow | null> {
  const rowId = rowIdOf(mirror, localId)
  const row: unknown = mirror.rowsInHand.get(rowId) ?? (await db.customers.get(rowId))
  if (!isStoredRow(row)) return null
  mirror.rowsInHand.hold(row)
  return row.deleted && row.openOps === 0 ? null : row
}

/** All there is to show of a customer; null when it is not in the book. */
export async function readCard(
  db: Directory,
  mirror: LogMirror,
  localId: string,
  context: CompareContext,
): Promise<CustomerCard | null> {
  const row = await readRow(db, mirror, localId)
  if (!row) return null
  const ids = localIdsOf(mirror, row.localId)
  const [lines, facts] = await Promise.all([
    db.history
      .where('localId')
      .anyOf([...ids])
      .toArray() as Promise<unknown[]>,
    db.facts.bulkGet([...ids]),
  ])
  const open = openEntriesOf(mirror, row)
  const newestFact = facts.filter((fact) => fact !== undefined).toSorted((a, b) => b.seq - a.seq)[0]
  return {
    row,
    open: open.map(openOperation),
    question: questionOf(open),
    history: lines
      .filter(isStoredHistory)
      .toSorted((a, b) => b.seq - a.seq)
      .slice(0, HISTORY_KEPT)
      .map((line) => historyItem(line, row, open, context)),
    consent: newestFact?.consent ?? null,
  }
}

/** What would take a change back: only fields that still hold what it wrote (S7). */
export function counterPatch(row: CustomerRow, patch: Patch, context: CompareContext): Patch {
  return patchOf((field: CustomerField) => {
    const change = patch[field]
    if (!change || !canonicalEquals<CustomerField>(field, row.local[field], change.local, context))
      return null
    return { base: row.local[field], local: change.base }
  })
}

/** An open operation as screens show it. */
export function openOperation(entry: Entry): OpenOperation {
  const { op } = entry
  return {
    id: op.id,
    kind: op.kind,
    fields: op.kind === 'delete' ? [] : touchedFields(op.patch),
    everSent: everSent(entry),
    at: op.at ?? null,
    attempts: entry.attempts.size,
    lastAnswer: entry.attempts.size === 0 ? null : (lastAnswer(entry) ?? 'lost'),
  }
}

function questionOf(open: readonly Entry[]): CardQuestion | null {
  const asking = open.find((entry) => entry.question)
  if (!asking?.question) return null
  return {
    opId: asking.op.id,
    question: asking.question,
    shown: open.map(({ op }) => op.id),
    patch: (open[0]?.op.kind === 'create' ? combineNew : combinePatches)(patchesOf(open)),
    hasDelete: open.some(({ op }) => op.kind === 'delete'),
    seen: asking.op.kind === 'delete' ? asking.op.seen : null,
  }
}

function historyItem(
  { opId, kind, at, fields, combined, reason, was, patch }: StoredHistory,
  row: CustomerRow,
  open: readonly Entry[],
  context: CompareContext,
): HistoryItem {
  const canEdit = row.remote !== null && !row.deleted && !open.some(({ op }) => op.kind === 'delete')
  const undoable = canEdit && patch !== null && touchedFields(counterPatch(row, patch, context)).length > 0
  const more = { ...(reason ? { reason } : {}), ...(was ? { was } : {}) }
  return { opId, kind, at, fields, combined, ...more, undoable }
}
