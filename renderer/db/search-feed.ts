import type { CustomerRow } from '#shared/directory/row.ts'
import { searchEntryOf, type SearchEntry } from '../search/search-entry.ts'
import type { SearchClient } from '../search/search-client.ts'
import type { Commit } from './commits.ts'
import type { Directory } from './database.ts'
import type { LogMirror } from './log-mirror.ts'
import { openIdsByRow } from './mirror-reads.ts'
import { allRows } from './read-rows.ts'

/** Keeps the search equal to the directory. */
export interface SearchFeed {
  /** Fills the search from disk; what is committed meanwhile is applied afterwards. */
  load(mirror: LogMirror, onSetAside: (count: number) => void): Promise<void>
  apply(commit: Pick<Commit, 'put' | 'removed'>, mirror: LogMirror): void
}

/** A feed of this search from this directory. */
export function createSearchFeed(db: Directory, search: SearchClient): SearchFeed {
  let held: { commit: Pick<Commit, 'put' | 'removed'>; mirror: LogMirror }[] | null = null

  function applyNow({ put, removed }: Pick<Commit, 'put' | 'removed'>, mirror: LogMirror): void {
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
    async load(mirror, onSetAside) {
      held = []
      try {
        await search.load(chunks(allRows(db, onSetAside), openIdsByRow(mirror)))
      } finally {
        const later = held
        held = null
        for (const { commit, mirror: at } of later) applyNow(commit, at)
      }
    },
    apply(commit, mirror) {
      if (held) held.push({ commit, mirror })
      else applyNow(commit, mirror)
    },
  }
}

async function* chunks(
  rows: AsyncIterable<readonly CustomerRow[]>,
  openIds: ReadonlyMap<string, readonly string[]>,
): AsyncGenerator<SearchEntry[]> {
  for await (const chunk of rows) {
    yield chunk.flatMap((row) => searchEntryOf(row, openIds.get(row.localId) ?? []) ?? [])
  }
}
