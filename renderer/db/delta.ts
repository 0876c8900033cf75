import { LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { pagesAhead } from './pages-ahead.ts'
import { PAGES_AT_ONCE } from './first-load.ts'
import { COMPLETE, earlier, earliest, later, type Outcome, type PullContext } from './pull-context.ts'
import type { StoredPull } from './stored-pull.ts'

/** Brings what changed since the last complete pull began, by Square's time and with an overlap (S17, S23). */
export async function delta(
  context: PullContext,
  state: StoredPull & { readonly completeSince: string },
  onReappeared: (squareIds: readonly string[]) => void,
): Promise<Outcome> {
  const { completeSince } = state
  const since = new Date(Date.parse(completeSince) - LAG_WAIT_MS).toISOString()
  const ahead = pagesAhead((cursor) => context.ask({ kind: 'delta', since, cursor }), null, PAGES_AT_ONCE)
  let began: string | null | undefined
  let heldBackSince: string | null = null
  try {
    for (;;) {
      const { pages, failure } = await ahead.take()
      if (context.isStopped()) return COMPLETE
      if (began === undefined) began = pages[0]?.squareTime
      const isLast = pages.at(-1)?.cursor === null
      await context.apply({
        remotes: pages.flatMap((page) => page.remotes),
        how: 'listed',
        next: ({ heldBack, reappeared }) => {
          onReappeared(reappeared)
          heldBackSince = earliest(heldBackSince, heldBack)
          if (!isLast) return state
          // Only after the last page (S17). Without Square's time it stays where it was.
          const reached = began == null ? completeSince : later(began, completeSince)
          return { ...state, completeSince: earlier(reached, heldBackSince), asOf: context.wallIso() }
        },
      })
      if (failure) return { kind: 'failed', failure }
      if (isLast) return COMPLETE
    }
  } finally {
    ahead.end()
  }
}
