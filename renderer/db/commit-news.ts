import type { Joined } from '../book.ts'
import type { CustomerBookOptions } from './book-options.ts'
import type { BookParts } from './book-parts.ts'
import type { Commit } from './commits.ts'
import { readJoined } from './joined.ts'
import type { LogMirror } from './log-mirror.ts'
import { isStoredRow } from './parse.ts'

/** Passes on what was written to whoever shows it: this window's search and screens, and other windows. */
export interface CommitNews {
  /** This window has written. */
  committed(commit: Commit, mirror: LogMirror): void
  /** Another window has written: this one reads those rows again. */
  told(localIds: readonly string[]): Promise<void>
}

export interface CommitNewsParts
  extends
    Pick<BookParts, 'context' | 'projector' | 'feed'>,
    Pick<CustomerBookOptions, 'memory' | 'otherWindows' | 'onFault'> {
  /** The cards of these local ids may read otherwise now. */
  readonly onChanged: (localIds: ReadonlySet<string>) => void
  readonly onJoined: (joined: Joined) => void
}

/** The news of an open directory. */
export function createCommitNews(parts: CommitNewsParts): CommitNews {
  const { context, projector, feed, memory, otherWindows, onFault, onChanged, onJoined } = parts
  const { db } = context

  async function tellJoined(commit: Commit, mirror: LogMirror): Promise<void> {
    for (const joined of await readJoined(db, mirror, commit)) onJoined(joined)
  }

  return {
    committed(commit, mirror) {
      const { put, removed, concerned } = commit
      const ids = new Set([...put.map((row) => row.localId), ...removed, ...concerned])
      feed.apply(commit, mirror)
      memory.write(mirror.position)
      otherWindows.tell([...ids])
      if (commit.joined)
        void tellJoined(commit, mirror).catch((error: unknown) => onFault('book.joined', error))
      onChanged(ids)
    },
    async told(localIds) {
      await projector.otherWindowWrote()
      await projector.read(async (mirror) => {
        const read: unknown[] = await db.customers.bulkGet([...localIds])
        const put = read.filter(isStoredRow)
        const removed = localIds.filter((id) => !put.some((row) => row.localId === id))
        feed.apply({ put, removed }, mirror)
      })
      onChanged(new Set(localIds))
    },
  }
}
