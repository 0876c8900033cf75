import type { Joined } from '../book.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import { calledBy } from './history.ts'
import type { LogMirror } from './log-mirror.ts'
import { localIdsOf, rowIdOf } from './mirror-reads.ts'

/** What a commit says of merges in Square, with whether anything was saved here for one of the two. */
export async function readJoined(
  db: Directory,
  mirror: LogMirror,
  commit: Commit,
): Promise<readonly Joined[]> {
  const found: Joined[] = []
  for (const { localId, was } of commit.joined ?? []) {
    const rowId = rowIdOf(mirror, localId)
    const row = commit.put.find((one) => one.localId === rowId)
    if (!row || row.deleted) continue
    const localIds = localIdsOf(mirror, rowId)
    const lines = await db.history
      .where('localId')
      .anyOf([...localIds])
      .filter(({ kind }) => kind !== 'joined')
      .count()
    found.push({ localIds, was, now: calledBy(row.local), edited: lines > 0 || row.openOps > 0 })
  }
  return found
}
