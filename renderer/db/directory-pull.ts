import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { PullRequest, PullResult } from '#shared/ipc/contract.ts'
import type { Clock } from '#shared/ports.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { PullProgress } from '../book.ts'
import type { PulledPage } from './pages-writer.ts'
import type { FirstLoad, StoredPull } from './stored.ts'

/** Changes may appear in Square's list up to this long after they were made (S17). */
export const OVERLAP_MS = 2 * 60_000
/** So often the directory asks for what has changed while somebody looks at it. */
export const PULL_EVERY_MS = 60_000
/** Main asks Square for one after the other; staff should see the first of them soon. */
const IDS_A_REQUEST = 20

export interface PullOptions {
  readonly ask: (request: PullRequest) => Promise<PullResult>
  readonly apply: (page: PulledPage) => Promise<void>
  readonly readState: () => Promise<StoredPull | null>
  /** Square ids of rows without content: the directory was rebuilt. At most so many. */
  readonly loadingIds: (atMost: number) => Promise<readonly string[]>
  readonly schedule: Clock['schedule']
  readonly isVisible: () => boolean
  /** The PC's clock: a label. */
  readonly wallIso: () => string
  readonly onFault: (where: string, error: unknown) => void
  readonly onProgress: (progress: PullProgress) => void
}

/** Brings the customers of Square into the directory, page by page; never two pulls at a time. */
export interface DirectoryPull {
  start(): Promise<void>
  /** Pull now, or once more when the one under way is done. Resolves when nothing is left to pull. */
  wake(): Promise<void>
  progress(): PullProgress
  stop(): void
}

type Outcome = { readonly kind: 'complete' } | { readonly kind: 'failed'; readonly failure: Failure }

/** A pull that has not begun. */
export function createDirectoryPull(options: PullOptions): DirectoryPull {
  const { ask, apply, readState, loadingIds, schedule, isVisible, wallIso, onFault, onProgress } = options
  let progress: PullProgress = { kind: 'never' }
  let running: Promise<void> | null = null
  let again = false
  let failures = 0
  let stopped = false
  let cancelTimer = () => {}

  function report(next: PullProgress): void {
    progress = next
    if (!stopped) onProgress(next)
  }

  async function askSafely(request: PullRequest): Promise<PullResult> {
    try {
      return await ask(request)
    } catch {
      return { kind: 'failed', failure: { kind: 'unknown', reason: 'reset' } }
    }
  }

  /** Rows of which only the id is known come first: staff may be looking at them. */
  async function fetchLoading(): Promise<Outcome> {
    const asked = new Set<string>()
    for (;;) {
      const waiting = await loadingIds(IDS_A_REQUEST + asked.size)
      const squareIds = waiting.filter((id) => !asked.has(id)).slice(0, IDS_A_REQUEST)
      if (squareIds.length === 0 || stopped) return { kind: 'complete' }
      const page = await askSafely({ kind: 'ids', squareIds })
      if (page.kind === 'failed') return page
      await apply({ remotes: page.remotes, how: 'asked-for', missing: page.missing, next: null })
      for (const id of squareIds) asked.add(id)
    }
  }

  async function firstLoad(from: FirstLoad | null): Promise<Outcome> {
    let load: FirstLoad = from ?? { cursor: null, since: null, got: 0, of: null }
    report({ kind: 'loading', got: load.got, of: load.of })
    for (;;) {
      const page = await askSafely({ kind: 'list', cursor: load.cursor })
      if (stopped) return { kind: 'complete' }
      if (page.kind === 'failed') {
        if (load.cursor === null || !isStaleCursor(page.failure)) return page
        // Square forgets cursors after a while: the list is read from its beginning, what is here stays.
        load = { cursor: null, since: null, got: 0, of: null }
        continue
      }
      const began: FirstLoad = {
        ...load,
        since: load.cursor === null ? page.squareTime : load.since,
        of: page.count ?? load.of,
      }
      const next = (heldBack: readonly RemoteCustomer[]): StoredPull => {
        load = {
          ...began,
          cursor: page.cursor,
          since: earliest(began.since, heldBack),
          got: began.got + page.remotes.length,
        }
        return page.cursor === null
          ? { key: 'state', first: null, completeSince: load.since, asOf: wallIso() }
          : { key: 'state', first: load, completeSince: null, asOf: null }
      }
      await apply({ remotes: page.remotes, how: 'listed', missing: [], next })
      if (page.cursor === null) return { kind: 'complete' }
      report({ kind: 'loading', got: load.got, of: load.of })
    }
  }

  async function delta(completeSince: string, state: StoredPull): Promise<Outcome> {
    const since = new Date(Date.parse(completeSince) - OVERLAP_MS).toISOString()
    let cursor: string | null = null
    let began: string | null = null
    let heldBackSince: string | null = null
    for (;;) {
      const page: PullResult = await askSafely({ kind: 'delta', since, cursor })
      if (stopped) return { kind: 'complete' }
      if (page.kind === 'failed') return page
      if (cursor === null) began = page.squareTime
      const isLast = page.cursor === null
      const next = (heldBack: readonly RemoteCustomer[]): StoredPull => {
        heldBackSince = earliest(heldBackSince, heldBack)
        if (!isLast) return state
        // Only after the last page (S17). Without Square's time it stays where it was.
        const reached = began === null ? completeSince : later(began, completeSince)
        return { ...state, completeSince: earlier(reached, heldBackSince), asOf: wallIso() }
      }
      await apply({ remotes: page.remotes, how: 'listed', missing: [], next })
      if (isLast) return { kind: 'complete' }
      cursor = page.cursor
    }
  }

  async function pullOnce(): Promise<Outcome> {
    const rebuilt = await fetchLoading()
    if (rebuilt.kind === 'failed') return rebuilt
    const state = await readState()
    if (!state?.completeSince) return firstLoad(state?.first ?? null)
    return delta(state.completeSince, state)
  }

  async function run(): Promise<void> {
    do {
      again = false
      let outcome: Outcome
      try {
        outcome = await pullOnce()
      } catch (error) {
        // The directory could not be written: it is tried again like everything else.
        onFault('book.pull', error)
        outcome = { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
      }
      if (stopped) return
      const asOf = (await readState().catch(() => null))?.asOf ?? null
      if (outcome.kind === 'complete') {
        failures = 0
        report(asOf === null ? { kind: 'never' } : { kind: 'current', asOf })
      } else {
        failures++
        report({ kind: 'stale', asOf, why: whyOf(outcome.failure) })
        plan(retryMs(outcome.failure, failures))
        return
      }
    } while (again && !stopped)
    plan(PULL_EVERY_MS)
  }

  function plan(ms: number): void {
    cancelTimer()
    if (stopped) return
    cancelTimer = schedule(ms, () => {
      if (isVisible()) void wake()
      else plan(PULL_EVERY_MS)
    })
  }

  function wake(): Promise<void> {
    if (stopped) return Promise.resolve()
    if (running) {
      again = true
      return running
    }
    cancelTimer()
    running = run().finally(() => {
      running = null
    })
    return running
  }

  return {
    async start() {
      const state = await readState()
      if (state?.first) report({ kind: 'loading', got: state.first.got, of: state.first.of })
      else if (state?.completeSince && state.asOf) report({ kind: 'current', asOf: state.asOf })
      void wake()
    },
    wake,
    progress: () => progress,
    stop() {
      stopped = true
      cancelTimer()
    },
  }
}

function isStaleCursor(failure: Failure): boolean {
  return failure.kind === 'refused' || failure.kind === 'not-found'
}

function whyOf(failure: Failure): 'offline' | 'signed-out' | 'failed' {
  switch (failure.kind) {
    case 'not-sent':
      return 'offline'
    case 'signed-out':
    case 'forbidden':
      return 'signed-out'
    case 'unknown':
    case 'conflict':
    case 'not-found':
    case 'key-reused':
    case 'refused':
    case 'rate-limited':
      return 'failed'
    default:
      return assertNever(failure)
  }
}

function retryMs(failure: Failure, failures: number): number {
  if (failure.kind === 'rate-limited' && failure.retryAfterMs !== null)
    return Math.min(failure.retryAfterMs, 300_000)
  return Math.min(PULL_EVERY_MS, 2_500 * 2 ** Math.min(failures, 6))
}

// Square's own times, in one format; compared as times because fractions of a second are optional.
function earlier(a: string, b: string | null): string {
  return b !== null && Date.parse(b) < Date.parse(a) ? b : a
}
function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a
}
/** The oldest of that time and the changes of customers that were held back: the next delta must bring them again. */
function earliest(time: string | null, heldBack: readonly RemoteCustomer[]): string | null {
  return heldBack.reduce(
    (oldest: string | null, { updatedAt }) => (oldest === null ? updatedAt : earlier(oldest, updatedAt)),
    time,
  )
}
