import type { Notice, OpenedBook } from '../book.ts'
import type { CustomerBookOptions } from './book-options.ts'
import type { BookParts } from './book-parts.ts'
import type { CommitNews } from './commit-news.ts'
import type { Commits } from './commits.ts'
import type { LogFollower } from './follow-log.ts'
import { markOf, type Position } from './mirror-mark.ts'
import { pullAnew } from './open-pull.ts'
import type { Projection } from './projector.ts'

export interface StartParts
  extends
    Pick<BookParts, 'context' | 'projector' | 'pull' | 'feed'>,
    Pick<CustomerBookOptions, 'bridge' | 'search' | 'memory' | 'page' | 'otherWindows' | 'onFault'> {
  readonly commits: Commits
  readonly news: CommitNews
  readonly follower: Pick<LogFollower, 'follow'>
  /** Takes what ends the following of one source; called as soon as it is followed. */
  readonly untilClosed: (end: () => void) => void
  /** What fails in a book that is closing is nobody's fault. */
  readonly isOpen: () => boolean
  /** Rows that could not be read were found after the start. */
  readonly onSetAside: (count: number) => void
  /** The log, which could not be asked at the start, says what the start would have told. */
  readonly onNotice: (notice: Notice) => void
}

/**
 * Brings the directory up to the log and the search up to the directory, and follows from then on the log, Square and
 * other windows of the store. Resolves when the list can be used. A log that cannot be asked now is followed later.
 */
export async function startFollowing(parts: StartParts): Promise<OpenedBook> {
  const { context, projector, pull, feed, bridge, memory, commits, news, follower, onFault } = parts
  const remembered = memory.read()
  const seen = await projector.read((held) => Promise.resolve(markOf(held)))
  parts.untilClosed(commits.onCommit((commit, at) => news.committed(commit, at)))
  const first = await projector.catchUp().catch((error: unknown) => {
    onFault('book.project', error)
    return null
  })
  const notice = first && noticeOf(first, remembered)
  let isFirst = first === null
  projector.onCaughtUp((later) => {
    const found = noticeOf(later, isFirst ? remembered : null)
    isFirst = false
    if (!found) return
    parts.onNotice(found)
    // Built anew, it is being listed already.
    if (found === 'rebuilt') return
    void pullAgain(parts).catch((error: unknown) => parts.isOpen() && onFault('book.pull', error))
  })
  let setAside = 0
  const mirror = await projector.read((held) => Promise.resolve(held))
  memory.write(mirror.position)
  parts.search.onDamaged((localIds) => {
    void setAsideNow(parts, localIds).catch(
      (error: unknown) => parts.isOpen() && onFault('book.set-aside', error),
    )
  })
  await feed.load(mirror, seen, async (damaged) => {
    setAside = await projector.setAside(damaged)
  })
  // The directory is older than it was, or has holes: everything is listed again.
  if (notice === 'behind' || setAside > 0) await pullAnew(context.db)
  const endings = [
    parts.otherWindows.onTold((localIds) => {
      // A window that is closing just then reads nothing any more.
      if (parts.isOpen())
        void news.told(localIds).catch((error: unknown) => parts.isOpen() && onFault('book.told', error))
    }),
    bridge.on['outbox:changed'](({ seq }) => void follower.follow(seq)),
    bridge.on['directory:wake'](({ reason }) => void pull.wake(reason === 'asked')),
    parts.page.onVisible(() => void pull.wake()),
  ]
  endings.forEach(parts.untilClosed)
  if (!first || first.lacks) void follower.follow()
  await pull.start()
  return { notice, setAside }
}

/** Rows that turned out later not to be readable: what was not read at the start is looked through afterwards (S15). */
async function setAsideNow(parts: StartParts, localIds: readonly string[]): Promise<void> {
  const { projector } = parts
  const count = await projector.setAside(localIds)
  if (count === 0) return
  parts.onSetAside(count)
  await pullAgain(parts)
}

/** Everything is listed again, not while a pull is under way, which would write over it where it ends. */
async function pullAgain({ pull, context }: StartParts): Promise<void> {
  await pull.wake()
  await pullAnew(context.db)
  await pull.wake()
}

/** What a projection says of the directory it met; `remembered`: where the directory was when it was last seen. */
function noticeOf(first: Projection, remembered: Position | null): Notice | null {
  const { before, applied, reset, restored } = first
  if (before.generation === 0) return applied > 0 || remembered !== null ? 'rebuilt' : null
  if (reset && !restored) return 'behind'
  return remembered?.generation === before.generation && before.lastSeq < remembered.lastSeq ? 'behind' : null
}
