import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { PullResult } from '#shared/ipc/contract.ts'
import { pagesAhead } from './pages-ahead.ts'
import {
  COMPLETE,
  earliest,
  earliestOf,
  isStaleCursor,
  type Outcome,
  type Page,
  type PullContext,
} from './pull-context.ts'
import type { FirstLoad, StoredPull } from './stored-pull.ts'

/**
 * So many pages of a hundred are written at once where they come faster than they are written: a transaction costs about
 * as much as fifty rows. More would make a save wait that comes meanwhile.
 */
export const PAGES_AT_ONCE = 10

/**
 * Brings every customer of Square, page after page, going on where it stopped; all are here once it is complete. Begun
 * in an empty directory it counts as a sweep, too.
 */
export async function firstLoad(
  context: PullContext,
  stored: StoredPull | null,
  isEmpty: () => Promise<boolean>,
): Promise<Outcome> {
  let load = stored?.first ?? begin(await isEmpty())
  for (;;) {
    context.report({ kind: 'loading', got: load.got, of: load.of })
    const end = await loadFrom(context, stored, load)
    if (end.kind !== 'stale-cursor') return end
    // Square forgets cursors after a while: the list is read from its beginning, what is here stays.
    load = begin(false)
  }
}

function begin(fresh: boolean): FirstLoad {
  return { cursor: null, since: null, got: 0, of: null, fresh, upTo: null }
}

async function loadFrom(
  context: PullContext,
  stored: StoredPull | null,
  from: FirstLoad,
): Promise<Outcome | { readonly kind: 'stale-cursor' }> {
  let load = from
  let { got, of } = load
  async function ask(cursor: string | null): Promise<PullResult> {
    const result = await context.ask({ kind: 'list', cursor, left: of && Math.max(0, of - got) })
    if (result.kind === 'page') [got, of] = [got + result.remotes.length, result.count ?? of]
    return result
  }
  const ahead = pagesAhead(ask, load.cursor, PAGES_AT_ONCE)
  try {
    for (;;) {
      const { pages, failure } = await ahead.take()
      if (context.isStopped()) return COMPLETE
      const last = pages.at(-1)
      if (last) {
        load = await write(context, stored, load, pages, last)
        if (last.cursor === null) return COMPLETE
        context.report({ kind: 'loading', got: load.got, of: load.of })
      }
      if (failure) {
        return load.cursor !== null && isStaleCursor(failure)
          ? { kind: 'stale-cursor' }
          : { kind: 'failed', failure }
      }
    }
  } finally {
    ahead.end()
  }
}

async function write(
  { apply, wallIso }: PullContext,
  stored: StoredPull | null,
  load: FirstLoad,
  pages: readonly Page[],
  last: Page,
): Promise<FirstLoad> {
  const remotes = pages.flatMap((page) => page.remotes)
  const first = pages[0] ?? last
  const since = earliestOf(load.cursor === null ? first.squareTime : load.since, pages)
  let after = load
  await apply({
    remotes,
    how: 'listed',
    ...(load.fresh ? { nobodyAfter: load.upTo ?? null } : {}),
    next: ({ heldBack, wasAlone }) => {
      after = {
        ...load,
        fresh: wasAlone,
        cursor: last.cursor,
        since: earliest(since, heldBack),
        got: load.got + remotes.length,
        of: first.count ?? load.of,
        upTo: latestCreation(load.upTo ?? null, remotes),
        unreadable: pages.reduce((sum, page) => sum + (page.unreadable ?? 0), load.unreadable ?? 0),
      }
      const before = { asOf: null, ...stored, key: 'state' } as const
      if (last.cursor !== null) return { ...before, first: after, completeSince: null }
      return {
        ...before,
        first: null,
        completeSince: after.since,
        asOf: wallIso(),
        sweep: null,
        unreadable: after.unreadable ?? 0,
        ...(after.fresh ? { sweptSince: after.since, doubtedAt: null } : {}),
      }
    },
  })
  return after
}

function latestCreation(known: string | null, remotes: readonly RemoteCustomer[]): string | null {
  let latest = known
  let time = known === null ? -Infinity : Date.parse(known)
  for (const { createdAt } of remotes) {
    const at = Date.parse(createdAt)
    if (at > time) [latest, time] = [createdAt, at]
  }
  return latest
}
