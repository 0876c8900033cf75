import type { Question } from '#shared/outbox/record.ts'
import type { AnswerDraft } from '../book.ts'
import type { Directory } from './database.ts'
import type { LogMirror } from './log-mirror.ts'
import { isStoredAnswer } from './parse.ts'
import { plain } from './plain.ts'

/** Half-given answers on disk, never longer there than their question is open. */
export interface KeptAnswers {
  /** Keeps it, unless that operation asks no such question (any more): it was answered meanwhile. */
  keep(mirror: LogMirror, draft: AnswerDraft): Promise<void>
  discard(opId: string): Promise<void>
  /** Those whose questions are open. What cannot be read stays where it is (S15). */
  all(mirror: LogMirror): Promise<readonly AnswerDraft[]>
  /** Forgets those whose question was answered or went. Asks the database only where this window has kept or seen one. */
  settle(mirror: LogMirror): Promise<void>
}

export function createKeptAnswers(db: Directory): KeptAnswers {
  const known = new Map<string, AnswerDraft['kind']>()

  async function settle(mirror: LogMirror): Promise<void> {
    const over = [...known].filter(([opId, kind]) => questionOf(mirror, opId)?.kind !== kind)
    if (over.length === 0) return
    for (const [opId] of over) known.delete(opId)
    await db.answers.bulkDelete(over.map(([opId]) => opId))
  }

  return {
    async keep(mirror, draft) {
      if (questionOf(mirror, draft.opId)?.kind !== draft.kind) return
      known.set(draft.opId, draft.kind)
      await db.answers.put({ opId: draft.opId, draft: plain(draft) })
    },
    async discard(opId) {
      known.delete(opId)
      await db.answers.delete(opId)
    },
    async all(mirror) {
      const stored: unknown[] = await db.answers.toArray()
      const drafts = stored.filter(isStoredAnswer).map(({ draft }) => draft)
      for (const { opId, kind } of drafts) known.set(opId, kind)
      await settle(mirror)
      return drafts.filter(({ opId }) => known.has(opId))
    },
    settle,
  }
}

function questionOf(mirror: LogMirror, opId: string): Question | null {
  return mirror.state.entries.get(opId)?.question ?? null
}
