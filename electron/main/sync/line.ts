import type { Clock, Random } from '#shared/ports.ts'
import type { OfflineCause, SyncPause, SyncState } from '#shared/sync/sync-state.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { backoffMs, pauseMs } from '#shared/sync/backoff.ts'
import { saidOfAll } from '#shared/sync/bulk.ts'
import { aroundGateway } from '../square/around-gateway.ts'
import type { Reply, SquareGateway } from '../square/square-gateway.ts'
import type { SyncEngine } from './sync-engine-port.ts'
import type { Turnstile } from './turnstile.ts'

type WakeReason = Parameters<SyncEngine['wake']>[0]

/** A line that is up again is noticed this soon at the latest; a probe is one small read (S14). */
export const PROBE_CAP_MS = 30_000
/** A request without an answer for so long: that the line is up is not claimed any more (S14). */
export const QUIET_MS = 8_000

export interface LineOptions {
  readonly clock: Clock
  readonly random: Random
  /** The gateway in force, to tell whose token a 401 speaks of. */
  readonly gateway: () => SquareGateway | null
  readonly turnstile: Pick<Turnstile, 'enter' | 'limited'>
  readonly onTokenRefused: (gateway: SquareGateway) => void
  /** Something changed: look at the queue again. */
  readonly onChange: () => void
}
export interface Line {
  /** May anything be sent now? If not for want of a line, a cheap read is under way or scheduled to find out. */
  open(gateway: SquareGateway): boolean
  /** The same gateway, every answer of which tells about the line, about Square's time, and what must pause (S14). */
  watch(gateway: SquareGateway): SquareGateway
  /** Stops everything for that reason until `resume`. */
  pause(pause: SyncPause): void
  /** Ends that pause; one that is over after a while ends by itself. */
  resume(kind: SyncPause['kind']): void
  /** Stops everything for a while. */
  pauseFor(pause: SyncPause, ms: number): void
  /**
   * Somebody has reason to think that it works again. Only a person or another token lifts a refusal, and nobody what
   * Square asked for itself: a pause (the table of answers in SPEC.md).
   */
  lookAgain(reason: WakeReason): void
  readonly squareNow: () => number | null
  state(): Omit<SyncState, 'store' | 'sending' | 'retries'>
  stop(): void
  /** Resolves when no probe is under way. */
  idle(): Promise<void>
}

/**
 * What the engine knows of the way to Square as a whole: up or down, paused or not, and Square's clock. After "not a
 * byte left" a cheap read probes before anything is sent again (S14).
 */
export function createLine(options: LineOptions): Line {
  const { clock, random, onChange } = options
  let connection: SyncState['connection'] = 'unknown'
  let offlineSince: string | null = null
  let offlineCause: OfflineCause | null = null
  let lastContactAt: string | null = null
  /** How often this PC has slept: what was asked before tells nothing of the line after (S29), nor of the time (S9). */
  let sleeps = 0
  let paused: SyncPause | null = null
  let pausedUntil: number | null = null
  let squareFix: { readonly square: number; readonly at: number } | null = null
  /** Probes and silences since Square last answered something that was not a probe. */
  let silences = 0
  /** 429s since Square last did what it was asked, and when the last one came. */
  let limits = 0
  let limitedAt = 0
  let probeAt = 0
  let probe: Promise<void> | null = null
  let cancelTimer = () => {}

  function heard(reply: Reply<unknown>, didAll: boolean): void {
    if (reply.squareTime !== null) squareFix = { square: reply.squareTime, at: clock.monotonic() }
    if (reply.kind !== 'ok' && reply.squareTime === null) return
    lastContactAt = clock.wallIso()
    if (reply.kind === 'ok' && reply.squareTime !== null) {
      if (didAll) limits = 0
      if (!probe) silences = 0
    }
    if (connection === 'online') return
    connection = 'online'
    offlineSince = null
    offlineCause = null
    onChange()
  }

  function failed(gateway: SquareGateway, reply: Reply<unknown> & { kind: 'failed' }, leftAt: number): void {
    const { failure } = reply
    switch (failure.kind) {
      case 'not-sent':
        return lost('offline', causeOf(failure.reason))
      case 'unknown':
        // Whatever answered, if anything did, it was not Square. A probe will tell whether it is the line.
        return reply.squareTime === null ? lost('unknown') : undefined
      case 'rate-limited':
        return limited(failure.retryAfterMs, leftAt)
      case 'signed-out':
        // An answer to the token before this one says nothing about this one.
        if (options.gateway() !== gateway) return
        options.onTokenRefused(gateway)
        return pause({ kind: 'signed-out' })
      case 'forbidden':
        if (options.gateway() !== gateway) return
        return pause({ kind: 'forbidden', missing: failure.code })
      case 'conflict':
      case 'not-found':
      case 'key-reused':
      case 'refused':
        return
      /* v8 ignore next -- @preserve */
      default:
        return assertNever(failure)
    }
  }

  /** No answer of Square: nothing is sent before a probe came through, and it is not said that the line is up. */
  function lost(now: 'unknown' | 'offline', cause: OfflineCause | null = null): void {
    const news = now === 'offline' && cause !== offlineCause
    if (news) offlineCause = cause
    if (connection === 'offline' || connection === now) return news ? onChange() : undefined
    if (now === 'offline') offlineSince = clock.wallIso()
    connection = now
    probeAt = clock.monotonic() + probeWait()
    onChange()
  }

  /** A request has been quiet for long: nobody knows any more whether the line is up. */
  function doubt(): void {
    if (connection !== 'online') return
    connection = 'unknown'
    onChange()
  }

  /** What was in flight together is one 429 for the pace, however many answers said so. */
  function limited(retryAfterMs: number | null, leftAt: number): void {
    const now = clock.monotonic()
    if (limits === 0 || leftAt >= limitedAt) limits += 1
    limitedAt = now
    const ms = pauseMs(retryAfterMs, limits, random)
    options.turnstile.limited(leftAt, ms)
    const left = paused?.kind === 'rate-limited' && pausedUntil !== null ? pausedUntil - now : 0
    pauseFor({ kind: 'rate-limited' }, Math.max(ms, left))
  }

  function pause(next: SyncPause): void {
    if (paused?.kind === next.kind) return
    paused = next
    pausedUntil = null
    onChange()
  }

  function pauseFor(next: SyncPause, ms: number): void {
    paused = next
    pausedUntil = clock.monotonic() + ms
    onChange()
  }

  function resume(kind: SyncPause['kind']): void {
    if (paused?.kind !== kind || pausedUntil !== null) return
    paused = null
    onChange()
  }

  function open(gateway: SquareGateway): boolean {
    const now = clock.monotonic()
    if (paused && pausedUntil !== null && pausedUntil <= now) {
      paused = null
      pausedUntil = null
      onChange()
    }
    if (paused) {
      if (pausedUntil !== null) after(pausedUntil - now)
      return false
    }
    if (connection === 'online' && squareFix) return true
    if (probe) return false
    if (probeAt > now) after(probeAt - now)
    else probe = ask(gateway).finally(() => ((probe = null), onChange()))
    return false
  }

  async function ask(gateway: SquareGateway): Promise<void> {
    const turn = await options.turnstile.enter('person')
    if (!turn) return
    const reply = await watch(gateway).seller()
    turn.over()
    if (reply.kind === 'ok' && reply.squareTime !== null) return
    if (reply.kind === 'failed' && reply.squareTime === null && reply.failure.kind === 'unknown')
      lost('offline')
    probeAt = Math.max(probeAt, clock.monotonic() + probeWait())
  }

  function probeWait(): number {
    return Math.min(PROBE_CAP_MS, backoffMs(++silences, random))
  }

  function after(ms: number): void {
    cancelTimer()
    cancelTimer = clock.schedule(ms, onChange)
  }

  async function listen<T>(gateway: SquareGateway, send: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const leftAt = clock.monotonic()
    const before = sleeps
    const answeredInTime = clock.schedule(QUIET_MS, doubt)
    const reply = await send()
    answeredInTime()
    const ofAll = reply.kind === 'ok' && reply.value instanceof Map ? saidOfAll(reply.value) : null
    if (sleeps === before) heard(reply, ofAll === null)
    if (reply.kind === 'failed') failed(gateway, reply, leftAt)
    else if (ofAll) failed(gateway, { kind: 'failed', failure: ofAll, squareTime: reply.squareTime }, leftAt)
    return reply
  }

  const watched = new WeakMap<SquareGateway, SquareGateway>()
  function watch(gateway: SquareGateway): SquareGateway {
    const known = watched.get(gateway)
    if (known) return known
    const listening = aroundGateway(gateway, (send) => listen(gateway, send))
    watched.set(gateway, listening)
    return listening
  }

  return {
    open,
    watch,
    pause,
    pauseFor,
    resume,
    lookAgain(reason) {
      probeAt = 0
      if (reason === 'resumed') {
        sleeps += 1
        // Whether the monotonic clock ran while the PC slept depends on the system: Square is asked for the time (S9).
        squareFix = null
        if (connection === 'online') connection = 'unknown'
      }
      if (connection !== 'online') silences = 0
      const again = reason === 'asked' || reason === 'token'
      const refused = paused?.kind === 'signed-out' || paused?.kind === 'forbidden'
      if (paused?.kind === 'log-unwritable' || (refused && again)) paused = null
      onChange()
    },
    squareNow: () => squareFix && squareFix.square + (clock.monotonic() - squareFix.at),
    state: () => ({ connection, offlineSince, offlineCause, paused, lastContactAt }),
    stop: () => cancelTimer(),
    idle: () => probe ?? Promise.resolve(),
  }
}

function causeOf(reason: Extract<Failure, { kind: 'not-sent' }>['reason']): OfflineCause | null {
  return reason === 'clock' || reason === 'tls' ? reason : null
}
