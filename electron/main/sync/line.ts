import type { Clock, Random } from '#shared/ports.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { SyncPause, SyncState } from '#shared/sync/sync-state.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { backoffMs, pauseMs } from '#shared/sync/backoff.ts'
import type { Reply, SquareGateway } from '../square/square-gateway.ts'
import type { SyncEngine } from './sync-engine-port.ts'

type WakeReason = Parameters<SyncEngine['wake']>[0]

/** A line that is up again is noticed this soon at the latest; a probe is one small read (S14). */
export const PROBE_CAP_MS = 30_000

export interface LineOptions {
  readonly clock: Clock
  readonly random: Random
  /** The gateway in force, to tell whose token a 401 speaks of. */
  readonly gateway: () => SquareGateway | null
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
  resume(kind: SyncPause['kind']): void
  /** Stops everything for a while. */
  pauseFor(pause: SyncPause, ms: number): void
  /**
   * Somebody has reason to think that it works again. Only a person or another token lifts a refusal, and nobody what
   * Square asked for itself: a pause (the table of answers in SPEC.md).
   */
  lookAgain(reason: WakeReason): void
  readonly squareNow: () => number | null
  state(): Omit<SyncState, 'store' | 'sending'>
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
  let lastContactAt: string | null = null
  let paused: SyncPause | null = null
  let pausedUntil: number | null = null
  let squareFix: { readonly square: number; readonly at: number } | null = null
  let failures = 0
  let probeAt = 0
  let probe: Promise<void> | null = null
  let cancelTimer = () => {}

  function heard(reply: Reply<unknown>): void {
    if (reply.squareTime !== null) squareFix = { square: reply.squareTime, at: clock.monotonic() }
    const answered = reply.kind === 'ok' || reply.squareTime !== null
    if (!answered) return
    lastContactAt = clock.wallIso()
    if (reply.kind === 'ok' && reply.squareTime !== null) failures = 0
    if (connection === 'online') return
    connection = 'online'
    offlineSince = null
    failures = 0
    onChange()
  }

  function failed(gateway: SquareGateway, failure: Failure): void {
    switch (failure.kind) {
      case 'not-sent':
        if (connection !== 'offline') offlineSince = clock.wallIso()
        connection = 'offline'
        probeAt = clock.monotonic() + probeWait()
        return onChange()
      case 'rate-limited':
        return pauseFor({ kind: 'rate-limited' }, pauseMs(failure.retryAfterMs, ++failures, random))
      case 'signed-out':
        // An answer to the token before this one says nothing about this one.
        if (options.gateway() !== gateway) return
        options.onTokenRefused(gateway)
        return pause({ kind: 'signed-out' })
      case 'forbidden':
        if (options.gateway() !== gateway) return
        return pause({ kind: 'forbidden', missing: failure.code })
      case 'unknown':
      case 'conflict':
      case 'not-found':
      case 'key-reused':
      case 'refused':
        return
      default:
        return assertNever(failure)
    }
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
    if (paused?.kind !== kind) return
    paused = null
    pausedUntil = null
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
    const reply = await watch(gateway).seller()
    if (reply.kind === 'ok' && reply.squareTime !== null) return
    probeAt = Math.max(probeAt, clock.monotonic() + probeWait())
  }

  function probeWait(): number {
    return Math.min(PROBE_CAP_MS, backoffMs(++failures, random))
  }

  function after(ms: number): void {
    cancelTimer()
    cancelTimer = clock.schedule(ms, onChange)
  }

  const watched = new WeakMap<SquareGateway, SquareGateway>()
  function watch(gateway: SquareGateway): SquareGateway {
    const known = watched.get(gateway)
    if (known) return known
    const listen = async <T>(reply: Promise<Reply<T>>): Promise<Reply<T>> => {
      const answer = await reply
      heard(answer)
      if (answer.kind === 'failed') failed(gateway, answer.failure)
      return answer
    }
    const listening: SquareGateway = {
      retrieve: (id) => listen(gateway.retrieve(id)),
      create: (key, body) => listen(gateway.create(key, body)),
      update: (id, version, body) => listen(gateway.update(id, version, body)),
      remove: (id, version) => listen(gateway.remove(id, version)),
      bulkRetrieve: (ids) => listen(gateway.bulkRetrieve(ids)),
      bulkCreate: (bodies) => listen(gateway.bulkCreate(bodies)),
      bulkUpdate: (changes) => listen(gateway.bulkUpdate(changes)),
      list: (cursor) => listen(gateway.list(cursor)),
      changedSince: (since, cursor) => listen(gateway.changedSince(since, cursor)),
      createdSince: (since) => listen(gateway.createdSince(since)),
      findExact: (keys) => listen(gateway.findExact(keys)),
      seller: () => listen(gateway.seller()),
    }
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
      if (connection !== 'online') failures = 0
      const again = reason === 'asked' || reason === 'token'
      const refused = paused?.kind === 'signed-out' || paused?.kind === 'forbidden'
      if (paused?.kind === 'log-unwritable' || (refused && again)) paused = null
      onChange()
    },
    squareNow: () => squareFix && squareFix.square + (clock.monotonic() - squareFix.at),
    state: () => ({ connection, offlineSince, paused, lastContactAt }),
    stop: () => cancelTimer(),
    idle: () => probe ?? Promise.resolve(),
  }
}
