import { searchEntryOf, type SearchEntry } from '../search/search-entry.ts'
import type { SearchClient } from '../search/search-client.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import type { LogMirror, MirrorMark } from './log-mirror.ts'
import { openIdsByRow } from './mirror-reads.ts'
import { readRows, replaceDamaged } from './read-rows.ts'

type Changed = Pick<Commit, 'put' | 'removed'>

/** Keeps the search equal to the directory. What is committed before it is loaded is applied afterwards. */
export interface SearchFeed {
  /** The search has what is on disk: read at `first`, where this window first saw the mirror, or since. */
  load(mirror: LogMirror, first: MirrorMark, onSetAside: (count: number) => void): Promise<void>
  apply(commit: Changed, mirror: LogMirror): void
}

/** A feed of this search from this directory. */
export function createSearchFeed(db: Directory, search: SearchClient): SearchFeed {
  let held: { commit: Changed; mirror: LogMirror }[] | null = []

  function applyNow({ put, removed }: Changed, mirror: LogMirror): void {
    const openIds = openIdsByRow(mirror)
    const gone = [...removed]
    const entries: SearchEntry[] = []
    for (const row of put) {
      const entry = searchEntryOf(row, openIds.get(row.localId) ?? [])
      if (entry) entries.push(entry)
      else gone.push(row.localId)
    }
    if (gone.length > 0) search.remove(gone)
    if (entries.length > 0) search.upsert(entries)
  }

  return {
    async load(mirror, first, onSetAside) {
      const { position, pages } = mirror
      const damaged = await search.load(db.name, [first, { position, pages }])
      if (damaged.length > 0) {
        applyNow({ put: await replaceDamaged(db, damaged), removed: damaged }, mirror)
        onSetAside(damaged.length)
      }
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
