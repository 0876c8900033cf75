import type { RemoteCustomer } from '../customer/customer.ts'
import { targetOf } from '../outbox/fold-log.ts'
import type { LogState } from '../outbox/log-state.ts'
import type { Question } from '../outbox/record.ts'
import { compareVersions } from './version.ts'

/** A question about what Square holds of one customer. */
export type AboutSquare = Extract<
  Question,
  { kind: 'conflict' | 'gone' | 'delete-changed' | 'merged-delete' }
>

/** Is that one such a question? Others are about this PC, or about whom Square may have made. */
export function isAboutSquare(question: Question | null): question is AboutSquare {
  switch (question?.kind) {
    case 'conflict':
    case 'gone':
    case 'delete-changed':
    case 'merged-delete':
      return true
    default:
      return false
  }
}

/**
 * Operations whose question stands for a customer of whom a pull has read something else than it shows: a newer version,
 * another customer after a merge, that they are gone or are listed again (S12). Only to be looked at: lists lag.
 */
export function overtakenQuestions(
  state: LogState,
  remotes: readonly RemoteCustomer[],
  missing: readonly string[],
): string[] {
  const asked = [...state.entries.values()].filter(({ question }) => isAboutSquare(question))
  if (asked.length === 0) return []
  const now = new Map<string, RemoteCustomer | null>(missing.map((id) => [id, null]))
  for (const remote of remotes) now.set(remote.id, remote)
  return asked.flatMap(({ op, question }) => {
    const target = targetOf(state, op.localId)
    const seen = target === null ? undefined : now.get(target)
    return seen !== undefined && isOvertaken(question as AboutSquare, seen) ? [op.id] : []
  })
}

function isOvertaken(question: AboutSquare, now: RemoteCustomer | null): boolean {
  if (question.kind === 'gone') return now !== null
  const { remote } = question
  return now?.id !== remote.id || compareVersions(now.version, remote.version) > 0
}
