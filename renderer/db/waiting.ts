import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import { applyPatch } from '#shared/customer/patch.ts'
import { laneOf, type Lane } from '#shared/outbox/fold-log.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import { withdrawableTail } from '#shared/outbox/queue.ts'
import type { QuestionKind } from '#shared/outbox/record.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { WaitingCustomer, WaitingList, WaitingQuestion } from '../book.ts'
import { openOperation } from './card.ts'
import type { Directory } from './database.ts'
import type { LogMirror } from './log-mirror.ts'
import { rowIdOf } from './mirror-reads.ts'
import { readRows } from './read-rows.ts'

/** Customers with open operations: those with a question first, else the oldest promise first. */
export async function readWaiting(db: Directory, mirror: LogMirror, limit: number): Promise<WaitingList> {
  const lanes = [...openByLane(mirror.state).values()]
  const asking = lanes.filter((open) => open.some(({ question }) => question))
  const others = lanes.filter((open) => !asking.includes(open))
  const shown = [...asking, ...others].slice(0, limit)
  const ids = shown.map((open) => rowIdOf(mirror, open[0]!.op.localId))
  const rows = new Map((await readRows(db, ids, [])).map((row) => [row.localId, row]))
  const customers = shown.map((open, at): WaitingCustomer => {
    const localId = ids[at]!
    const question = questionOf(open)
    return {
      localId,
      fields: rows.get(localId)?.local ?? fieldsOf(open),
      open: open.map(openOperation),
      question,
      discardable: discardable(open, question?.kind ?? null).map(({ op }) => op.id),
    }
  })
  return { customers, total: lanes.length }
}

/** What staff may discard: all that a question is about, or the never-sent tail (S27). */
export function discardable(open: readonly Entry[], question: QuestionKind | null): readonly Entry[] {
  if (question === null) return withdrawableTail(open)
  return endsByDiscarding(question) ? open : []
}

/** Whether "discard" answers it. Where Square deleted or merged the customer, the screen of the question says what follows. */
function endsByDiscarding(kind: QuestionKind): boolean {
  switch (kind) {
    case 'refused':
    case 'conflict':
    case 'create-unknown':
    case 'create-duplicate':
    case 'copied':
    case 'orphan':
      return true
    case 'gone':
    case 'delete-changed':
    case 'merged-delete':
      return false
    default:
      return assertNever(kind)
  }
}

function openByLane(state: LogState): Map<Lane, Entry[]> {
  const lanes = new Map<Lane, Entry[]>()
  for (const entry of state.entries.values()) {
    const lane = laneOf(state, entry.op.localId)
    const known = lanes.get(lane)
    if (known) known.push(entry)
    else lanes.set(lane, [entry])
  }
  return lanes
}

function questionOf(open: readonly Entry[]): WaitingQuestion | null {
  for (const { op, question } of open) {
    if (!question) continue
    const refusal = question.kind === 'refused' ? question.refusal : null
    return { id: question.id, opId: op.id, kind: question.kind, refusal }
  }
  return null
}

/** As far as the changes tell: for an operation whose row is not there. */
function fieldsOf(open: readonly Entry[]): CustomerFields {
  return open.reduce<CustomerFields>(
    (fields, { op }) => (op.kind === 'delete' ? op.seen.fields : applyPatch(fields, op.patch)),
    EMPTY_FIELDS,
  )
}
