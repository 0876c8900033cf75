import type { BookSummary } from '../book.ts'
import type { SearchClient } from '../search/search-client.ts'
import type { BookParts } from './book-parts.ts'
import type { LogMirror } from './log-mirror.ts'
import { rowIdOf } from './mirror-reads.ts'

export interface SummaryParts extends Pick<BookParts, 'projector' | 'pull'> {
  readonly search: Pick<SearchClient, 'query'>
  readonly isBehind: () => boolean
}

/** Reads the counts. Those that cannot be read now are told as they were, and that they are old (S29). */
export function createSummary({
  projector,
  pull,
  search,
  isBehind,
}: SummaryParts): () => Promise<BookSummary> {
  let told: BookSummary = NOTHING_COUNTED
  return async () => {
    // First how far the pull is, then what there is: never fewer customers than it says.
    const progress = pull.progress()
    if (isBehind()) return { ...told, pull: progress, behind: true }
    const log = await projector.read((mirror) => Promise.resolve(logSummary(mirror)))
    const { total } = await search.query('', 0, 0)
    told = { total, ...log, pull: progress }
    return told
  }
}

const NOTHING_COUNTED: BookSummary = {
  total: 0,
  waiting: 0,
  needYou: 0,
  questions: [],
  pull: { kind: 'never' },
  showEveryConflict: false,
}

/** What waits behind a question waits for the person, not for the line: it is not counted as being sent. */
export function logSummary(mirror: LogMirror): Omit<BookSummary, 'total' | 'pull'> {
  const open = [...mirror.state.entries.values()].map((entry) => ({
    id: rowIdOf(mirror, entry.op.localId),
    asks: entry.question !== null,
  }))
  const questions = [...new Set(open.filter(({ asks }) => asks).map(({ id }) => id))]
  const waiting = open.filter(({ id }) => !questions.includes(id)).length
  const { showEveryConflict } = mirror.state
  return { waiting, needYou: questions.length, questions, showEveryConflict }
}
