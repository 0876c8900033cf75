import { SWEEP_PAUSE_MS, sweepDue } from '#shared/directory/sweep.ts'
import type { PullResult } from '#shared/ipc/contract.ts'
import type { Clock } from '#shared/ports.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { PullProgress } from '../book.ts'
import { fetchLoading, fetchReappeared } from './ask-by-id.ts'
import { delta } from './delta.ts'
import { firstLoad } from './first-load.ts'
import { COMPLETE, type Outcome, type PullContext } from './pull-context.ts'
import type { StoredPull } from './stored-pull.ts'
import { createSweep, type Swept } from './sweep.ts'
import type { SweepRecords } from './sweep-records.ts'

/** So often the directory asks for what has changed while somebody looks at it. */
export const PULL_EVERY_MS = 60_000

export interface PullOptions extends Pick<PullContext, 'apply' | 'readState' | 'wallIso'> {
  /** A rejected promise means that main could not be asked. */
  readonly ask: PullContext['ask']
  /** True where no customer of Square is here. */
  readonly isEmpty: () => Promise<boolean>
  /** Square ids of rows without content: the directory was rebuilt. At most so many. */
  readonly loadingIds: (atMost: number) => Promise<readonly string[]>
  readonly sweepRecords: SweepRecords
  /** A complete pull is in the directory: tells main what it need not look for (S9). Never rejects. */
  readonly vouch: (state: StoredPull) => Promise<void>
  /** How many operations wait to be sent. */
  readonly waiting: () => Promise<number>
  readonly schedule: Clock['schedule']
  readonly isVisible: () => boolean
  readonly onFault: (where: string, error: unknown) => void
  readonly onProgress: (progress: PullProgress) => void
}

/** Brings the customers of Square into the directory and keeps them true; never two requests at a time. */
export interface DirectoryPull {
  start(): Promise<void>
  /**
   * Pull now, or once more when the one under way is done. Resolves when nothing is left to pull. `asked`: somebody looks
   * on and waits (S26).
   */
  wake(asked?: boolean): Promise<void>
  progress(): PullProgress
  stop(): void
}

/** A pull that has not begun. */
export function createDirectoryPull(options: PullOptions): DirectoryPull {
  const { apply, readState, loadingIds, schedule, isVisible, wallIso, onFault, onProgress } = options
  const context: PullContext = { ask, apply, readState, isStopped: () => stopped, report, wallIso }
  /** Listed, although known here as deleted; asked for by id when the list is through. */
  const reappeared = new Set<string>()
  const sweep = createSweep(context, options.sweepRecords, noteReappeared)
  const due = { pull: false, sweep: false }
  /** Somebody waits for the pull under way, and for the next one. */
  let asked = false
  let asksNext = false
  let progress: PullProgress = { kind: 'never' }
  let running: Promise<void> | null = null
  let failures = 0
  let stopped = false
  let cancelPull = () => {}
  let cancelSweep = () => {}

  function report(next: PullProgress): void {
    progress = next
    if (!stopped) onProgress(next)
  }

  async function ask(request: Parameters<PullContext['ask']>[0]): Promise<PullResult> {
    try {
      return await options.ask(asked && request.kind !== 'list' ? { ...request, asked } : request)
    } catch {
      return { kind: 'failed', failure: { kind: 'unknown', reason: 'reset' } }
    }
  }

  function noteReappeared(squareIds: readonly string[]): void {
    for (const id of squareIds) reappeared.add(id)
  }

  async function pullOnce(): Promise<Outcome> {
    const rebuilt = await fetchLoading(context, loadingIds)
    if (rebuilt.kind === 'failed') return rebuilt
    const state = await readState()
    const changes = isLoaded(state) ? await delta(context, state, noteReappeared) : null
    const come =
      changes && changes.kind !== 'anew'
        ? changes
        : await firstLoad(context, changes ? await readState() : state, options.isEmpty)
    if (come.kind === 'failed') return come
    const back = await fetchReappeared(context, reappeared)
    const now = back.kind === 'complete' && !stopped ? await readState() : null
    if (now) await options.vouch(now)
    return back
  }

  async function sweepOnce(): Promise<Outcome> {
    const state = await readState()
    return isLoaded(state) && (await wantsSweep(state)) ? sweep.step(state) : COMPLETE
  }

  async function wantsSweep(state: Swept): Promise<boolean> {
    if (state.sweep) return true
    const history = { sweptSince: state.sweptSince ?? null, doubtedAt: state.doubtedAt ?? null }
    return sweepDue(history, state.completeSince, await options.waiting())
  }

  /** The directory could not be written: it is tried again like everything else. */
  async function safely(run: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await run()
    } catch (error) {
      onFault('book.pull', error)
      return { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
    }
  }

  async function run(): Promise<void> {
    while (!stopped && (due.pull || due.sweep)) {
      const isPull = due.pull
      due[isPull ? 'pull' : 'sweep'] = false
      asked = isPull && asksNext
      if (isPull) asksNext = false
      const outcome = await safely(isPull ? pullOnce : sweepOnce)
      if (stopped) return
      const state = await readState().catch(() => null)
      if (outcome.kind === 'failed' && isPull) {
        failures++
        report(staleOf(state, outcome.failure))
        due.pull = false
        due.sweep = false
        planPull(retryMs(outcome.failure, failures))
        return
      }
      if (outcome.kind === 'complete') {
        failures = 0
        if (isPull || progress.kind === 'current') report(progressOf(state))
        await planSweep(state)
      }
      // A sweep that failed goes on after the next pull that does not.
      if (isPull) planPull(PULL_EVERY_MS)
    }
  }

  async function planSweep(state: StoredPull | null): Promise<void> {
    cancelSweep()
    if (!isLoaded(state) || !(await wantsSweep(state).catch(() => false)) || stopped) return
    cancelSweep = schedule(SWEEP_PAUSE_MS, () => void begin('sweep'))
  }

  function planPull(ms: number): void {
    cancelPull()
    if (stopped) return
    cancelPull = schedule(ms, () => {
      if (isVisible()) void begin('pull')
      else planPull(PULL_EVERY_MS)
    })
  }

  function begin(what: keyof typeof due): Promise<void> {
    if (stopped) return Promise.resolve()
    due[what] = true
    if (what === 'pull') cancelPull()
    return (running ??= drain())
  }

  async function drain(): Promise<void> {
    try {
      await run()
    } finally {
      running = null
    }
    // Asked for while the last one was ending.
    if (due.pull || due.sweep) return begin(due.pull ? 'pull' : 'sweep')
  }

  return {
    async start() {
      const state = await readState()
      if (state?.first) report({ kind: 'loading', got: state.first.got, of: state.first.of })
      else if (isLoaded(state)) report(progressOf(state))
      void begin('pull')
    },
    wake(byPerson = false) {
      asksNext ||= byPerson
      return begin('pull')
    },
    progress: () => progress,
    stop() {
      stopped = true
      cancelPull()
      cancelSweep()
    },
  }
}

function isLoaded(state: StoredPull | null): state is Swept {
  return state?.completeSince != null
}

function progressOf(state: StoredPull | null): PullProgress {
  if (!state || state.asOf === null) return { kind: 'never' }
  const { asOf, sweep, unreadable = 0 } = state
  return {
    kind: 'current',
    asOf,
    ...(sweep ? { sweep: { got: sweep.got, of: sweep.of } } : {}),
    ...(unreadable > 0 ? { unreadable } : {}),
  }
}

function staleOf(state: StoredPull | null, failure: Failure): PullProgress {
  const { first = null, asOf = null } = state ?? {}
  return {
    kind: 'stale',
    asOf,
    why: whyOf(failure),
    ...(first ? { first: { got: first.got, of: first.of } } : {}),
  }
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
