import { searchEntryOf, type SearchEntry } from '../search/search-entry.ts'
import type { SearchClient } from '../search/search-client.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import type { LogMirror } from './log-mirror.ts'
import { markOf, type MirrorMark } from './mirror-mark.ts'
import { openIdsByRow } from './mirror-reads.ts'
import { readRows } from './read-rows.ts'

type Changed = Pick<Commit, 'put' | 'removed' | 'step'>

/** Keeps the search equal to the directory. What is committed before it is loaded is applied afterwards. */
export interface SearchFeed {
  /**
   * The search has what is on disk: read at `first`, where this window first saw the mirror, or since. `setAside` is given
   * what could not be read (S15); what it commits is applied with the rest.
   */
  load(
    mirror: LogMirror,
    first: MirrorMark,
    setAside: (localIds: readonly string[]) => Promise<void>,
  ): Promise<void>
  apply(commit: Changed, mirror: LogMirror): void
}

/** A feed of this search from this directory. */
export function createSearchFeed(db: Directory, search: SearchClient): SearchFeed {
  let held: { commit: Changed; mirror: LogMirror }[] | null = []

  function applyNow({ put, removed, step }: Changed, mirror: LogMirror): void {
    const openIds = openIdsByRow(mirror)
    const gone = [...removed]
    const entries: SearchEntry[] = []
    for (const row of put) {
      const entry = searchEntryOf(row, openIds.get(row.localId) ?? [])
      if (entry) entries.push(entry)
      else gone.push(row.localId)
    }
    if (step || gone.length + entries.length > 0) search.change({ entries, gone, step: step ?? null })
  }

  return {
    async load(mirror, first, setAside) {
      const damaged = await search.load(db.name, [first, markOf(mirror)])
      if (damaged.length > 0) await setAside(damaged)
      // The worker knows the rows alone, not what of them is on its way.
      applyNow({ put: await readRows(db, [...openIdsByRow(mirror).keys()], []), removed: [] }, mirror)
      const later = held ?? []
      held = null
      for (const { commit, mirror: at } of later) applyNow(commit, at)
    },
    apply(commit, mirror) {
      if (held) held.push({ commit, mirror })
      else applyNow(commit, mirror)
    },
  }
}
