import { BookRefused } from '../book.ts'
import type { BookContext } from './book-context.ts'
import type { CustomerBookOptions } from './book-options.ts'
import type { Commits } from './commits.ts'
import { openDirectory } from './database.ts'
import type { DirectoryPull } from './directory-pull.ts'
import { createKeptAnswers, type KeptAnswers } from './kept-answers.ts'
import { openPull } from './open-pull.ts'
import { createProjector, type Projector } from './projector.ts'
import { createSearchFeed, type SearchFeed } from './search-feed.ts'
import { logSummary } from './summary.ts'

/** The parts of a book whose directory is open. */
export interface BookParts {
  readonly context: BookContext
  readonly projector: Projector
  readonly pull: DirectoryPull
  readonly feed: SearchFeed
  readonly answers: KeptAnswers
}

const RETRY_OPEN_MS = [200, 1_000, 5_000]

/**
 * Opens the directory and puts the parts around it together; nothing is read yet, and nobody asked. Rejects with
 * `BookRefused` where it cannot be opened. `onProgress`: the pull has come further.
 */
export async function openParts(
  options: CustomerBookOptions,
  commits: Commits,
  onProgress: () => void,
): Promise<BookParts> {
  const { bridge, store, country, search, newId, clock, onFault } = options
  const found = await openDirectory(store, options.database, {
    sleep: clock.sleep,
    retryAfterMs: RETRY_OPEN_MS,
  })
  if (found.kind === 'refused') {
    search.close()
    throw new BookRefused(found.reason)
  }
  const { db } = found
  const projector = createProjector({
    db,
    store,
    newId,
    newStamp: newId,
    commits,
    withLock: options.withLock,
    log: { since: bridge.invoke['outbox:since'], restore: bridge.invoke['outbox:restore'] },
  })
  const pull = openPull({
    db,
    projector,
    ask: bridge.invoke['directory:pull'],
    vouching: { store, country, vouch: bridge.invoke['directory:vouch'] },
    waiting: () => projector.read((mirror) => Promise.resolve(logSummary(mirror).waiting)),
    schedule: (ms, run) => clock.schedule(ms, run),
    isVisible: () => options.page.isVisible(),
    wallIso: () => clock.wallIso(),
    onFault,
    onProgress,
  })
  const context: BookContext = {
    db,
    store,
    projector,
    newId,
    wallIso: () => clock.wallIso(),
    compare: { country },
    appendToLog: bridge.invoke['outbox:append'],
  }
  return { context, projector, pull, feed: createSearchFeed(db, search), answers: createKeptAnswers(db) }
}
