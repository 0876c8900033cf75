import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { targetOf } from '#shared/outbox/fold-log.ts'
import { isAboutSquare, type AboutSquare } from '#shared/sync/overtaken.ts'
import type { Decision } from '#shared/sync/decide.ts'
import { ask, asRemote, decide, retrieve, settle, type PushContext } from './push-operation.ts'

export interface ReviewContext extends Pick<PushContext, 'outbox' | 'merge' | 'newId'> {
  readonly gateway: Pick<PushContext['gateway'], 'retrieve'>
}

/**
 * Looks at Square once more for a question that stands: it is asked anew with what Square holds now, or lifted where
 * nothing is left to decide; the operation then goes its usual way, with a fresh look of its own (S6, S12). False: not
 * known now, or not durable; try again after the next pull.
 */
export async function reviewQuestion(opId: string, context: ReviewContext): Promise<boolean> {
  const { outbox } = context
  const asked = askedEntry(outbox.state(), opId)
  const target = asked && targetOf(outbox.state(), asked.op.localId)
  if (!target) return true
  const found = await retrieve(context, target)
  if (!found) return false
  const now = askedEntry(outbox.state(), opId)
  if (now?.question.id !== asked.question.id) return true // answered meanwhile
  const { entry, op, question } = now
  const previous = op.kind === 'update' && op.basis ? asRemote(op.basis) : null
  const decided = decide(context, entry, op, found, { fresh: true, previous })
  const decision = found.kind === 'present' ? keptUnseen(decided, question, found.remote, previous) : decided
  switch (decision.kind) {
    case 'ask':
      if (isSame(question, decision.question)) return true
      return (await ask(context, opId, decision.question)).kind === 'settled'
    case 'gone':
      return (await settle(context, opId, { kind: 'gone' })).kind === 'settled'
    case 'done':
    case 'send':
      return outbox.write([{ kind: 'lifted', opId, questionId: question.id }])
    /* v8 ignore next -- @preserve */
    default:
      return assertNever(decision)
  }
}

interface Asked {
  readonly entry: Entry
  readonly op: Exclude<Operation, { kind: 'create' }>
  readonly question: AboutSquare
}

function askedEntry(state: LogState, opId: string): Asked | null {
  const entry = state.entries.get(opId)
  if (!entry || entry.op.kind === 'create' || !isAboutSquare(entry.question)) return null
  return { entry, op: entry.op, question: entry.question }
}

/**
 * Whom staff had on the screen when they wrote is not known any more: that it was another person, or that every change is
 * to be shown (S7, S19), is then still to be seen by somebody.
 */
function keptUnseen(
  decision: Decision,
  question: AboutSquare,
  remote: RemoteCustomer,
  previous: RemoteCustomer | null,
): Decision {
  const isToBeSeen =
    question.kind === 'conflict' && (question.why === 'another-person' || question.why === 'show-all')
  if (decision.kind !== 'send' || previous || !isToBeSeen) return decision
  return { kind: 'ask', question: { kind: 'conflict', remote, why: question.why } }
}

/** Somebody who has it before them reads the same: of the same kind, for the same reason, about the same content. */
function isSame(stands: QuestionBody, now: QuestionBody): boolean {
  return saidBy(stands) === saidBy(now)
}

function saidBy(question: QuestionBody): string {
  const remote = 'remote' in question ? [question.remote.id, question.remote.version] : []
  return [question.kind, 'why' in question ? question.why : '', ...remote].join()
}
