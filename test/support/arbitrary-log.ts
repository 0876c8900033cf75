import fc from 'fast-check'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { Answer, LogRecord, QuestionBody, RecordBody } from '#shared/outbox/record.ts'
import { applyRecord, emptyLogState, resolveSquareId, targetOf } from '#shared/outbox/fold-log.ts'
import { answered, asks, createOp, deleteOp, patch, queued, remoteOf, sent, updateOp } from './builders.ts'

const SQUARE_IDS = ['SQ1', 'SQ2', 'SQ3', 'SQ4'] as const
const TEXTS = ['x', 'y', null] as const

/** What happens next; numbers choose among what is possible at that moment. */
interface Step {
  readonly what:
    'create' | 'update' | 'delete' | 'send' | 'answer' | 'ask' | 'lift' | 'withdraw' | 'merge' | 'fact'
  readonly a: number
  readonly b: number
}
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'create',
    'update',
    'update',
    'delete',
    'send',
    'send',
    'answer',
    'answer',
    'ask',
    'lift',
    'withdraw',
    'merge',
    'fact',
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
})

/** A log as main would write one: attempts are sent before they are answered, merges go to ids that live. */
export const anyLog: fc.Arbitrary<readonly LogRecord[]> = fc
  .array(step, { maxLength: 60 })
  .map((steps) => logOf(steps))

/** Contents of Square to pull: every id, some versions. */
export const anyRemotes: fc.Arbitrary<readonly RemoteCustomer[]> = fc
  .array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 6 })
  .map((draws) => draws.map(([id, version]) => content(SQUARE_IDS[id]!, version)))

function logOf(steps: readonly Step[]): LogRecord[] {
  const state = emptyLogState()
  const records: LogRecord[] = []
  let ids = 0
  for (const { what, a, b } of steps) {
    const body = bodyOf(state, what, a, b, () => `${what}${++ids}`)
    if (!body) continue
    applyRecord(state, body)
    records.push({ ...body, seq: records.length + 1 })
  }
  return records
}

function bodyOf(
  state: LogState,
  what: Step['what'],
  a: number,
  b: number,
  newId: () => string,
): RecordBody | null {
  const open = [...state.entries.values()]
  const entry = open[a % Math.max(1, open.length)]
  const localId = `L${a % 4}`
  const squareId = targetOf(state, localId) ?? resolveSquareId(state, SQUARE_IDS[a % 4]!)
  const replaces = entry && entry.op.localId === localId && b % 3 === 0 ? [entry.op.id] : []
  // From a file that was taken in: of a customer whose create may be closed here (S20).
  const unbound = b % 5 === 4 ? { squareId: null } : {}
  switch (what) {
    case 'create': {
      // A customer Square has is created only as "Add again".
      const over = b % 4 === 0 || targetOf(state, localId) ? { recreates: squareId } : {}
      return queued(createOp(newId(), localId, { givenName: 'Ann', note: 'x' }, over), replaces)
    }
    case 'update': {
      const changes = patch({ note: [TEXTS[a % 3], TEXTS[b % 3]] })
      return queued(
        { ...updateOp(newId(), localId, changes, content(squareId, b % 4)), ...unbound },
        replaces,
      )
    }
    case 'delete':
      return queued({ ...deleteOp(newId(), localId, content(squareId, b % 4)), ...unbound }, replaces)
    case 'send':
      if (!entry || entry.question) return null
      if (entry.op.kind !== 'create' && targetOf(state, entry.op.localId) === null) return null
      return sent(entry.op.id, entry.attempts.size + 1, {
        squareId: entry.op.kind === 'create' ? null : targetOf(state, entry.op.localId),
        squareTime: entry.op.kind === 'create' ? Date.parse('2026-03-01T09:00:00Z') : null,
      })
    case 'answer': {
      const attempt = entry && [...entry.attempts].find(([, { answer }]) => answer === null)?.[0]
      return attempt ? answered(entry.op.id, attempt, answerOf(state, entry.op, b)) : null
    }
    case 'ask':
      return entry
        ? asks(entry.op.id, questionOf(squareId, b), newId(), b % 2 ? content(squareId, 0) : undefined)
        : null
    case 'lift':
      return entry?.question ? { kind: 'lifted', opId: entry.op.id, questionId: entry.question.id } : null
    case 'withdraw':
      return entry
        ? { kind: 'withdrawn', opIds: [entry.op.id], why: b % 2 ? 'undo' : 'accept-deletion' }
        : null
    case 'merge': {
      const toSquareId = `SQ${1 + ((a + 1 + (b % 3)) % 4)}`
      const from = SQUARE_IDS[a % 4]!
      if (state.aliases.has(from) || resolveSquareId(state, toSquareId) !== toSquareId || from === toSquareId)
        return null
      return { kind: 'alias', fromSquareId: from, toSquareId, remote: content(toSquareId, b % 4) }
    }
    case 'fact': {
      const fact = entry
        ? ({ kind: 'not-a-duplicate', opId: entry.op.id } as const)
        : ({ kind: 'show-every-conflict', on: b % 2 === 0 } as const)
      return { kind: 'fact', id: newId(), localId, fact }
    }
  }
}

function answerOf(state: LogState, op: Operation, b: number): Answer {
  const id = targetOf(state, op.localId) ?? `SQ${10 + state.closed.size + state.entries.size}`
  const remote = op.kind === 'delete' ? null : content(id, b % 4)
  const answers: Answer[] = [
    { kind: 'applied', remote, how: 'sent' },
    { kind: 'applied', remote, how: 'sent' },
    { kind: 'conflict' },
    { kind: 'not-sent' },
    op.kind === 'delete' ? { kind: 'gone' } : { kind: 'not-found' },
  ]
  return answers[b % answers.length]!
}

function questionOf(squareId: string, b: number): QuestionBody {
  const remote = content(squareId, b % 4)
  const questions: QuestionBody[] = [
    { kind: 'conflict', remote, why: 'overlap' },
    { kind: 'gone' },
    { kind: 'create-duplicate', candidates: [remote] },
    { kind: 'copied' },
  ]
  return questions[b % questions.length]!
}

/** The same id and version always have the same content, as at Square. */
function content(id: string, version: number): RemoteCustomer {
  return remoteOf(
    id,
    { givenName: 'Ann', note: TEXTS[version % 3]!, nickname: `${id} v${version}` },
    { version: String(version), creationSource: version % 2 ? 'THIRD_PARTY' : 'DIRECTORY' },
  )
}
