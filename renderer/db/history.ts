import { touchedFields } from '#shared/customer/patch.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { LogRecord, WithdrawReason } from '#shared/outbox/record.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { CustomerFields } from '#shared/customer/customer.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { CalledBy, HistoryItem } from '../book.ts'
import type { Directory } from './database.ts'
import type { StoredFact, StoredHistory } from './stored.ts'

/** So many lines are kept of each customer. */
export const HISTORY_KEPT = 20

/**
 * The lines a record adds to the history of a customer: what was settled or taken back. `state` is that before the
 * record. Deterministic: a replayed log writes the same lines.
 */
export function historyOf(record: LogRecord, state: LogState): readonly StoredHistory[] {
  if (record.kind === 'withdrawn') {
    const { reason } = record
    const kind = reason ? 'discarded' : withdrawnKind(record.why)
    const entries = record.opIds.flatMap((id) => state.entries.get(id) ?? [])
    if (kind === null) return []
    return entries.map((entry) => ({ ...line(record.seq, entry, kind), ...(reason ? { reason } : {}) }))
  }
  if (record.kind !== 'answered') return []
  const entry = state.entries.get(record.opId)
  const { answer } = record
  if (!entry || (answer.kind !== 'applied' && answer.kind !== 'gone')) return []
  const combined = answer.kind === 'applied' ? (answer.combined ?? []) : []
  return [{ ...line(record.seq, entry, combined.length > 0 ? 'merged' : doneKind(entry.op)), combined }]
}

/**
 * The line a merge adds: to the customer that was merged into another one, from whom it goes to the one that stays. Null
 * where this PC does not have it (any more). `row` is that before the record.
 */
export function joinedLine(record: LogRecord, row: CustomerRow | undefined): StoredHistory | null {
  if (record.kind !== 'alias' || !row || row.deleted) return null
  const { localId, local } = row
  const { fromSquareId, seq } = record
  return {
    opId: `joined-${fromSquareId}`,
    localId,
    seq,
    kind: 'joined',
    at: '',
    fields: [],
    combined: [],
    was: calledBy(local),
    patch: null,
  }
}

/** What a customer is called by, and nothing else of them. */
export function calledBy(fields: CustomerFields): CalledBy {
  const { givenName, familyName, companyName, emailAddress, phoneNumber, nickname } = fields
  return { givenName, familyName, companyName, emailAddress, phoneNumber, nickname }
}

/** The consent a record states; null for any other record. */
export function consentOf(record: LogRecord): StoredFact | null {
  if (record.kind !== 'fact' || record.fact.kind !== 'consent') return null
  const { given, at } = record.fact
  return { localId: record.localId, seq: record.seq, consent: { given, at } }
}

/**
 * True where a record may add a line or a consent. Once the log is compacted the directory alone holds them (S21): they
 * are written strictly. All else a record says is in the log's snapshot, too.
 */
export function bringsEvidence({ kind }: LogRecord): boolean {
  switch (kind) {
    case 'withdrawn':
    case 'answered':
    case 'fact':
    case 'alias':
      return true
    case 'queued':
    case 'sent':
    case 'asks':
    case 'lifted':
    case 'copied':
    case 'snapshot':
      return false
    default:
      return assertNever(kind)
  }
}

/** Writes consents, the newest of a customer in place of an older one. Inside the transaction of the caller (S18). */
export async function writeConsents(db: Directory, consents: readonly StoredFact[]): Promise<void> {
  if (consents.length > 0) await db.facts.bulkPut([...consents])
}

/** Writes lines and keeps the newest of each customer. Inside the transaction of the caller (S18). */
export async function writeHistory(db: Directory, lines: readonly StoredHistory[]): Promise<void> {
  if (lines.length === 0) return
  await db.history.bulkPut([...lines])
  for (const localId of new Set(lines.map((of) => of.localId))) {
    const all = await db.history.where('localId').equals(localId).toArray()
    if (all.length <= HISTORY_KEPT) continue
    const old = all.toSorted((a, b) => b.seq - a.seq).slice(HISTORY_KEPT)
    await db.history.bulkDelete(old.map((of) => of.opId))
  }
}

function line(seq: number, { op }: Entry, kind: HistoryItem['kind']): StoredHistory {
  const patch = op.kind === 'delete' ? null : op.patch
  return {
    opId: op.id,
    localId: op.localId,
    seq,
    kind,
    at: op.at ?? '',
    fields: patch ? touchedFields(patch) : [],
    combined: [],
    // A creation is taken back by deleting, what was taken back by doing it again.
    patch: kind === 'updated' || kind === 'merged' ? patch : null,
  }
}

function doneKind(op: Operation): 'created' | 'updated' | 'deleted' {
  switch (op.kind) {
    case 'create':
      return 'created'
    case 'update':
      return 'updated'
    case 'delete':
      return 'deleted'
    default:
      return assertNever(op)
  }
}

function withdrawnKind(why: WithdrawReason): 'undone' | 'kept-square' | null {
  switch (why) {
    case 'undo':
    case 'discard':
    case 'copied':
      return 'undone'
    case 'keep-square':
    case 'accept-deletion':
      return 'kept-square'
    case 'never-sent':
      return null
    default:
      return assertNever(why)
  }
}
