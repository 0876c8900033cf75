import { LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { pagesAhead } from './pages-ahead.ts'
import { PAGES_AT_ONCE } from './first-load.ts'
import {
  COMPLETE,
  earlier,
  earliest,
  earliestOf,
  later,
  type Outcome,
  type PullContext,
} from './pull-context.ts'
import { begunAgain, sweepsBy, wasAhead, type StoredPull } from './stored-pull.ts'

/**
 * Brings what changed since the last complete pull began, by Square's time and with an overlap (S17, S23). `anew`: that time
 * was not Square's, and what changed meanwhile may never have been asked for: the state says that everything is listed again.
 */
export async function delta(
  context: PullContext,
  state: StoredPull & { readonly completeSince: string },
  onReappeared: (squareIds: readonly string[]) => void,
): Promise<Outcome | { readonly kind: 'anew' }> {
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
      const now = earliestOf(began ?? null, pages)
      began = now
      const isLie = wasAhead(completeSince, now)
      const isLast = pages.at(-1)?.cursor === null
      await context.apply({
        remotes: pages.flatMap((page) => page.remotes),
        how: 'listed',
        next: ({ heldBack, reappeared }) => {
          onReappeared(reappeared)
          heldBackSince = earliest(heldBackSince, heldBack)
          if (isLie) return begunAgain(state, now)
          if (!isLast) return state
          // Only after the last page (S17). Without Square's time it stays where it was.
          const reached = now === null ? completeSince : later(now, completeSince)
          const upTo = earlier(reached, heldBackSince)
          return { ...state, ...sweepsBy(state, now), completeSince: upTo, asOf: context.wallIso() }
        },
      })
      if (isLie) return { kind: 'anew' }
      if (failure) return { kind: 'failed', failure }
      if (isLast) return COMPLETE
    }
  } finally {
    ahead.end()
  }
}
