import type { Retire } from '#shared/directory/apply-page.ts'
import { isDoubtful, type SweptRows } from '#shared/directory/sweep.ts'
import { IDS_A_REQUEST } from './ask-by-id.ts'
import { believed } from './pages-ahead.ts'
import {
  COMPLETE,
  earlier,
  earliest,
  isStaleCursor,
  later,
  type Outcome,
  type PullContext,
} from './pull-context.ts'
import type { SweepRecords } from './sweep-records.ts'
import { begunAgain, wasAhead, type StoredPull, type StoredSweep } from './stored-pull.ts'

/** A sweep under way (S23), one request a step, so that it can be paced and goes on where it stopped. */
export interface Sweep {
  /** Takes the next step of the sweep of that state, or the first of a new one. */
  step(state: Swept): Promise<Outcome>
}
/** A directory whose first load is complete. */
export type Swept = StoredPull & { readonly completeSince: string }

/** No step is taken yet. `onReappeared`: Square ids listed, although this PC knows them deleted. */
export function createSweep(
  context: PullContext,
  records: SweepRecords,
  onReappeared: (squareIds: readonly string[]) => void,
): Sweep {
  /** What the list lacked; found out again after a restart. */
  let found: { readonly began: string; readonly directory: SweptRows } | null = null
  /** Cursors of this sweep since the start. */
  const asked = new Set<string | null>()

  async function list(state: Swept, sweep: StoredSweep | null): Promise<Outcome> {
    const cursor = sweep?.cursor ?? null
    if (cursor === null) asked.clear()
    asked.add(cursor)
    const page = believed(await context.ask({ kind: 'list', cursor }), asked)
    if (context.isStopped()) return COMPLETE
    if (page.kind === 'failed') {
      // Square forgets cursors after a while: the sweep begins again.
      if (cursor !== null && isStaleCursor(page.failure))
        await context.apply({ remotes: [], how: 'listed', next: () => ({ ...state, sweep: null }) })
      return page
    }
    const { remotes, squareTime } = page
    if (wasAhead(state.completeSince, squareTime)) {
      // What changed meanwhile may never have been asked for: the next pull lists everything, a sweep follows it.
      const next = () => begunAgain(state, squareTime)
      await context.apply({ remotes, how: 'listed', next })
      return COMPLETE
    }
    if (cursor === null) await records.forget()
    const began = sweep?.began ?? squareTime ?? state.completeSince
    const got = (sweep?.got ?? 0) + remotes.length
    const next: StoredSweep = {
      cursor: page.cursor,
      began,
      got,
      of: page.count ?? sweep?.of ?? null,
      unreadable: (sweep?.unreadable ?? 0) + (page.unreadable ?? 0),
      askedUpTo: page.cursor === null ? '' : null,
    }
    await context.apply({
      remotes,
      how: 'listed',
      listed: { key: `listed:${cursor ?? ''}`, ids: remotes.map(({ id }) => id) },
      next: ({ heldBack, reappeared }) => {
        onReappeared(reappeared)
        const held = earliest(null, heldBack)
        return { ...state, sweep: next, completeSince: earlier(state.completeSince, held) }
      },
    })
    return COMPLETE
  }

  async function ask(state: Swept, sweep: StoredSweep, after: string): Promise<Outcome> {
    if (found?.began !== sweep.began) {
      found = { began: sweep.began, directory: await records.compare(sweep.began) }
      const { unlisted, known } = found.directory
      if (state.doubtedAt == null && after === '' && isDoubtful(unlisted.length, known)) {
        return end({ ...state, sweep: null, doubtedAt: sweep.began })
      }
    }
    const { unlisted, deleted } = found.directory
    const squareIds = unlisted.filter((id) => id > after).slice(0, IDS_A_REQUEST)
    const last = squareIds.at(-1)
    if (last === undefined) {
      const { began, unreadable = 0 } = sweep
      const done = { ...state, sweep: null, sweptSince: began, doubtedAt: null, unreadable }
      const now = {
        atLeast: earlier(began, state.completeSince),
        atMost: later(began, state.completeSince),
      }
      return end(done, { localIds: deleted, now })
    }
    const page = await context.ask({ kind: 'ids', squareIds })
    if (page.kind === 'failed' || context.isStopped()) return page.kind === 'failed' ? page : COMPLETE
    const { remotes, missing } = page
    const squareTime = page.squareTime && later(page.squareTime, sweep.began)
    const next = () => ({ ...state, sweep: { ...sweep, askedUpTo: last } })
    await context.apply({ remotes, missing, squareTime, how: 'asked-for', next })
    return COMPLETE
  }

  async function end(after: StoredPull, retire?: Retire): Promise<Outcome> {
    const old = retire && retire.localIds.length > 0 ? { retire } : {}
    await context.apply({ remotes: [], how: 'asked-for', ...old, next: () => after })
    await records.forget()
    found = null
    return COMPLETE
  }

  return {
    step(state) {
      const sweep = state.sweep ?? null
      return sweep && sweep.askedUpTo !== null ? ask(state, sweep, sweep.askedUpTo) : list(state, sweep)
    },
  }
}
