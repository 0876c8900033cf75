import { assertNever } from '#shared/exhaustive.ts'
import type { AppendResult } from '#shared/ipc/contract.ts'
import type { Draft, RecordBody } from '#shared/outbox/record.ts'
import { ourId, refusalCode, type SyncLogFact } from '#shared/sync-log.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { SyncLog } from './sync-log.ts'

/** The same outbox; what became durable, and what could not, is noted without its content (S28). */
export function notedOutbox(outbox: Outbox, log: Pick<SyncLog, 'note'>): Outbox {
  return {
    async append(drafts, mirror) {
      const news = drafts.filter((draft) => isNews(outbox, draft))
      const result = await outbox.append(drafts, mirror)
      noteResult(log, news, result)
      return result
    },
    async write(records) {
      const written = await outbox.write(records)
      if (written) for (const record of records) log.note(factOf(record))
      else log.note({ kind: 'not-written', records: records.length })
      return written
    },
    since: (mirror) => outbox.since(mirror),
    restore: (mirror, state) => outbox.restore(mirror, state),
    state: () => outbox.state(),
    mirrorReported: () => outbox.mirrorReported(),
    cannotBeMadeWhole: () => outbox.cannotBeMadeWhole(),
    onChanged: (listener) => outbox.onChanged(listener),
    close: () => outbox.close(),
  }
}

function noteResult(log: Pick<SyncLog, 'note'>, news: readonly Draft[], result: AppendResult): void {
  switch (result.kind) {
    case 'appended':
      return news.forEach((draft) => noteDraft(log, draft))
    case 'refused':
      return log.note({ kind: 'not-promised', why: result.refusal })
    case 'unwritable':
      return log.note({ kind: 'not-promised', why: result.reason })
    case 'lost-tail': // asked again at once, when the log is whole
      return
    default:
      return assertNever(result)
  }
}

/** A draft that is saved again after its answer was lost is no second promise (S4). */
function isNews(outbox: Outbox, draft: Draft): boolean {
  const { entries, closed } = outbox.state()
  switch (draft.kind) {
    case 'queue':
      return !entries.has(draft.op.id) && !closed.has(draft.op.id)
    case 'withdraw':
      return draft.opIds.some((id) => entries.has(id))
    case 'adopt':
    case 'create-separately':
      return entries.has(draft.opId)
    case 'fact':
      return !closed.has(draft.id)
    default:
      return assertNever(draft)
  }
}

function noteDraft(log: Pick<SyncLog, 'note'>, draft: Draft): void {
  switch (draft.kind) {
    case 'queue':
      return log.note(factOf({ kind: 'queued', op: draft.op, replaces: draft.replaces }))
    case 'withdraw':
      return log.note(factOf({ ...draft, kind: 'withdrawn' }))
    case 'adopt':
      return log.note({
        ...answered(draft.opId, 0),
        answer: 'applied',
      })
    case 'create-separately':
    case 'fact':
      return log.note({ kind: 'noted', record: 'fact' })
    default:
      return assertNever(draft)
  }
}

function factOf(record: RecordBody): SyncLogFact {
  switch (record.kind) {
    case 'queued':
      return { kind: 'promised', op: ourId(record.op.id), what: record.op.kind }
    case 'withdrawn':
      return {
        kind: 'withdrawn',
        count: record.opIds.length,
        why: record.why,
        reason: record.reason?.code ?? null,
      }
    case 'sent':
      return { kind: 'sent', op: ourId(record.opId), attempt: record.attempt }
    case 'answered': {
      const { answer } = record
      const refusal = answer.kind === 'refused' ? answer.refusal : null
      return {
        ...answered(record.opId, record.attempt),
        answer: answer.kind,
        code: refusal && refusalCode(refusal.code),
        field: refusal?.field ?? null,
      }
    }
    case 'asks':
      return { kind: 'asks', op: ourId(record.opId), question: record.question.kind }
    case 'alias':
    case 'fact':
    case 'lifted':
    case 'copied':
    case 'snapshot':
      return { kind: 'noted', record: record.kind }
    default:
      return assertNever(record)
  }
}

function answered(opId: string, attempt: number) {
  return { kind: 'answered', op: ourId(opId), attempt, code: null, field: null } as const
}
