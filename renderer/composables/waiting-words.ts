import { assertNever } from '#shared/exhaustive.ts'
import type { SyncState } from '#shared/sync/sync-state.ts'
import type { OpenOperation, WaitingCustomer } from '../book.ts'
import type { useWords } from './useWords.ts'

/** What an operation waits for; words in the catalogue under `outbox.next`. */
export type NextTry =
  | 'sending'
  | 'answer'
  | 'earlier'
  | 'signIn'
  | 'pause'
  | 'disk'
  | 'safeMode'
  | 'checking'
  | 'line'
  | 'clock'
  | 'tls'
  | 'turn'
  | 'again'

/** When that operation of a customer is tried (again), as far as this PC knows: the first thing in its way. */
export function nextTry({ question, open }: WaitingCustomer, op: OpenOperation, sync: SyncState): NextTry {
  if (sync.sending.includes(op.id)) return 'sending'
  if (question) return 'answer'
  switch (sync.paused?.kind) {
    case undefined:
      break
    case 'starting':
      return 'checking'
    case 'signed-out':
    case 'forbidden':
      return 'signIn'
    case 'rate-limited':
      return 'pause'
    case 'log-unwritable':
      return 'disk'
    case 'safe-mode':
      return 'safeMode'
    default:
      return assertNever(sync.paused)
  }
  if (sync.connection === 'offline') return sync.offlineCause ?? 'line'
  if (sync.connection === 'unknown') return 'checking'
  if (open[0] !== op) return 'earlier'
  return op.attempts === 0 ? 'turn' : 'again'
}

const MINUTE = 60_000

/** The same in words; `now` is the PC's clock, as is the time main tells: both are labels (S17). */
export function nextTryWords(
  customer: WaitingCustomer,
  op: OpenOperation,
  sync: SyncState,
  { t, tn, now }: Pick<Words, 't' | 'tn'> & { readonly now: string },
): string {
  const next = nextTry(customer, op, sync)
  const at = sync.retries[op.id]
  if (next !== 'again' || at === undefined) return t(`outbox.next.${next}`)
  const left = Date.parse(at) - Date.parse(now)
  // What is due waits for its turn only.
  if (left <= 0) return t('outbox.next.turn')
  return left <= MINUTE ? t('outbox.next.soon') : tn('outbox.next.minutes', Math.ceil(left / MINUTE))
}

type Words = Pick<ReturnType<typeof useWords>, 't' | 'tn' | 'fields' | 'time'>

/** What is to be done in Square, in words. */
export function changeWords(op: OpenOperation, { t, fields }: Words): string {
  return op.kind === 'update'
    ? t('outbox.change.update', { fields: fields(op.fields) })
    : t(`outbox.change.${op.kind}`)
}

/** Since when, how often it was sent, and what Square or the line said last; parts that say nothing are left out. */
export function triedWords(op: OpenOperation, customer: WaitingCustomer, words: Words): readonly string[] {
  const { t, tn, time } = words
  const since = op.at === null ? '' : t('outbox.since', { time: time(op.at) })
  const tries = op.attempts === 0 ? t('outbox.notSent') : tn('outbox.attempts', op.attempts)
  return [since, tries, saidWords(op, customer, words)].filter((part) => part !== '')
}

function saidWords({ lastAnswer }: OpenOperation, { question }: WaitingCustomer, { t, fields }: Words) {
  if (lastAnswer === null) return ''
  if (lastAnswer === 'refused' && question?.refusal?.field)
    return t('outbox.refusedField', { field: fields([question.refusal.field]) })
  return t(`outbox.said.${lastAnswer}`)
}
