import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { targetOf } from '#shared/outbox/fold-log.ts'
import { isAboutSquare, type AboutSquare } from '#shared/sync/overtaken.ts'
import type { Decision, Target } from '#shared/sync/decide.ts'
import { ask, decide, retrieve, settle, type PushContext } from './push-operation.ts'

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
  const decided = decide(context, entry, op, found, { fresh: true, previous: entry.known })
  const decision = seenFirst(decided, now, found)
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
 * Where nobody knows what was known when it was asked, it may be another person now, or what changed was to be seen (S7,
 * S19): what would be sent is still shown to somebody, with each field in which Square differs.
 */
function seenFirst(decision: Decision, { entry, question }: Asked, found: Target): Decision {
  if (decision.kind !== 'send' || question.kind !== 'conflict' || entry.known || found.kind === 'missing')
    return decision
  const why = question.why === 'overlap' ? 'keeps-changing' : question.why
  return { kind: 'ask', question: { kind: 'conflict', remote: found.remote, why } }
}

/** Somebody who has it before them reads the same: of the same kind, for the same reason, about the same content. */
function isSame(stands: QuestionBody, now: QuestionBody): boolean {
  return saidBy(stands) === saidBy(now)
}

function saidBy(question: QuestionBody): string {
  const remote = 'remote' in question ? [question.remote.id, question.remote.version] : []
  return [question.kind, 'why' in question ? question.why : '', ...remote].join()
}
