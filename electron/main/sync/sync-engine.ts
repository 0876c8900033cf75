import type { Clock, Log, NewId, Random } from '#shared/ports.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { MergeContext } from '#shared/merge/three-way-merge.ts'
import type { SyncState } from '#shared/sync/sync-state.ts'
import { backoffMs } from '#shared/sync/backoff.ts'
import { furtherLoad, SEARCH_MS, searchesSaved, type FirstLoad } from '#shared/directory/vouch.ts'
import { laneOf } from '#shared/outbox/fold-log.ts'
import { MAX_IN_FLIGHT, nextOfEachLane } from '#shared/outbox/queue.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { SquareGateway } from '../square/square-gateway.ts'
import { everyoneCreatedSince } from './created-since.ts'
import { createCrowd } from './crowd.ts'
import { createCrowds, type OnTheWay } from './crowds.ts'
import { pacedGateway, singleDoor } from './door.ts'
import { createEarlier } from './earlier-creates.ts'
import { createLine } from './line.ts'
import { createReviews } from './reviews.ts'
import { pushOperation, WAIT, type PushContext, type PushResult } from './push-operation.ts'
import type { SyncEngine } from './sync-engine-port.ts'
import { createTurnstile } from './turnstile.ts'

export interface SyncEngineOptions {
  readonly outbox: Outbox
  readonly store: StoreId
  /** The gateway with the token in force; null while nobody is signed in. A new token is a new gateway. */
  readonly gateway: () => SquareGateway | null
  readonly merge: () => MergeContext
  readonly clock: Clock
  readonly random: Random
  readonly newId: NewId
  readonly log: Log
  /** Square refused the token of that gateway (S14: a 401 counts only for the token it was sent with). */
  readonly onTokenRefused: (gateway: SquareGateway) => void
  /** From so many waiting customers on they travel together; default BULK_FROM. */
  readonly bulkFrom?: number
  /** Requests a second, where it is not Square that is asked; absent: what Square bears (S26). */
  readonly mostPerSecond?: number
}

/** How long the engine leaves a log alone that could not be written. */
const UNWRITABLE_PAUSE_MS = 5_000

const NOBODY: ReadonlySet<Entry> = new Set()

/** Of so many operations is told when they are tried again: more than a screen shows, and small beside a long queue. */
const RETRIES_TOLD = 100

/**
 * Drains the outbox in the background: picks the next operation of each customer, pushes it, waits as the answers say.
 * It holds no truth of its own: everything it must remember is in the log, so it may be stopped at any instant.
 */
export function createSyncEngine(options: SyncEngineOptions): SyncEngine {
  const { outbox, clock, random, log } = options
  const inFlight = new Map<string, Promise<void>>()
  const sending = new Set<string>()
  /** Monotonic time before which an operation is left alone, and its failures in a row in this run. */
  const retryAt = new Map<string, number>()
  const failures = new Map<string, number>()
  /** Creates the directory has nobody like: since when what has changed is to be held against them (S9). */
  const vouched = new Map<string, string>()
  let load: FirstLoad | null = null
  const earlier = createEarlier(outbox.state().entries.keys())
  const listeners = new Set<(state: SyncState) => void>()
  let running = false
  let lookDue = false
  let cancelTimer = () => {}
  let stopListening = () => {}
  const turnstile = createTurnstile(options)
  const line = createLine({ ...options, turnstile, onChange: changed })
  const reviews = createReviews({
    ...options,
    // A log that may still be given back what it lost takes nothing before (S20).
    reader: () => (running && outbox.mirrorReported() ? reader('pull') : null),
    onThrew: (error) => threw('sync.review-threw', error),
  })
  /** Operations on their way by themselves. */
  const singles = new Set<string>()
  const crowds = createCrowds({ ...options, turnstile, watch: (gateway) => line.watch(gateway), begin })

  /** Asks for one look at the log in this tick, however often it is called. */
  function look(): void {
    if (lookDue || !running) return
    lookDue = true
    void Promise.resolve().then(() => {
      lookDue = false
      if (running) lookNow()
    })
  }

  /** Starts what may start now and sets one timer for what may start later. Never waits. */
  function lookNow(): void {
    cancelTimer()
    const gateway = options.gateway()
    if (!outbox.mirrorReported())
      return line.pause({ kind: outbox.cannotBeMadeWhole() ? 'log-unwritable' : 'starting' })
    line.resume('starting')
    line.resume('log-unwritable')
    if (!gateway) return line.pause({ kind: 'signed-out' })
    // The line is checked before anything is sent: it brings Square's time (S9) and spares `sent` records offline.
    if (!line.open(gateway)) return
    const now = clock.monotonic()
    let next = Number.POSITIVE_INFINITY
    const busy = busyLanes()
    const due: Entry[] = []
    for (const [lane, entry] of nextOfEachLane(outbox.state())) {
      if (inFlight.has(entry.op.id) || busy.has(lane)) continue
      const at = retryAt.get(entry.op.id) ?? 0
      if (at > now) next = Math.min(next, at)
      else due.push(entry)
    }
    const held = waitForLoad(due, now)
    if (held.size > 0 && load) next = Math.min(next, load.until)
    const ready = due.filter((entry) => !held.has(entry))
    for (const entry of crowds.gather(ready, gateway)) {
      if (singles.size >= MAX_IN_FLIGHT) break
      singles.add(entry.op.id)
      begin(entry.op.id, alone(entry.op.id, gateway))
    }
    if (next < Number.POSITIVE_INFINITY) cancelTimer = clock.schedule(next - now, look)
  }

  /** New customers in numbers that the directory will vouch for sooner than they could all be looked for (S9). */
  function waitForLoad(due: readonly Entry[], now: number): ReadonlySet<Entry> {
    if (load && load.until <= now) load = null
    if (!load) return NOBODY
    const wanted = due.filter(({ op }) => op.kind === 'create' && !vouched.has(op.id))
    const saved = searchesSaved(wanted, options.bulkFrom)
    return saved.searches * SEARCH_MS > load.pages * load.pageMs ? saved.entries : NOBODY
  }

  /** Customers being worked on: merging can put a second operation in front while one is in flight. */
  function busyLanes(): Set<string> {
    const state = outbox.state()
    return new Set(
      [...inFlight.keys()].flatMap((opId) => {
        const op = state.entries.get(opId)?.op
        return op ? [laneOf(state, op.localId)] : []
      }),
    )
  }

  function begin(opId: string, way: OnTheWay): void {
    // Registered before its first step, so that nothing of the same customer can begin beside it.
    const pushed = Promise.resolve().then(() => pushOperation(opId, contextFor(opId, way)))
    const done = pushed.then(
      (result) => finish(opId, result, way),
      (error: unknown) => {
        // A broken rule of ours: the operation waits, the fault is in the technical log, nothing else stops.
        threw('sync.push-threw', error, { op: opId })
        finish(opId, WAIT, way)
      },
    )
    inFlight.set(opId, done)
  }

  function threw(event: string, error: unknown, facts: Record<string, string> = {}): void {
    log.error(event, { ...facts, name: error instanceof Error ? error.name : typeof error })
  }

  /** By itself. While others travel together, whoever comes after them need not wait for them (S26). */
  function alone(opId: string, gateway: SquareGateway): OnTheWay {
    const urgency = crowds.some() ? 'person' : 'push'
    const watched = line.watch(gateway)
    return {
      together: false,
      chance: random,
      reads: pacedGateway(watched, turnstile, urgency),
      changedSince: () => Promise.resolve(null), // by itself it costs the same as a search
      door: (how) =>
        how === 'single'
          ? singleDoor(watched, turnstile, urgency)
          : createCrowd({ members: [opId], gateway: watched, turnstile }).door(opId),
      leave: () => singles.delete(opId),
    }
  }

  function contextFor(opId: string, way: OnTheWay): PushContext {
    return {
      outbox: { state: () => outbox.state(), write: writeOrPause },
      gateway: way.reads,
      door: way.door,
      together: way.together,
      async changed() {
        const since = vouched.get(opId)
        if (since === undefined) return null
        const found = await way.changedSince(since)
        if (!found) vouched.delete(opId) // not asked for again
        return found
      },
      lately: (since) => earlier(opId, () => everyoneCreatedSince(way.reads, since)),
      merge: options.merge(),
      newId: options.newId,
      inFlight,
      squareNow: line.squareNow,
      onSending: (on) => {
        if (on) sending.add(opId)
        else sending.delete(opId)
        changed()
      },
    }
  }

  async function writeOrPause(records: Parameters<Outbox['write']>[0]): Promise<boolean> {
    const written = await outbox.write(records)
    if (!written) line.pauseFor({ kind: 'log-unwritable' }, UNWRITABLE_PAUSE_MS)
    return written
  }

  function finish(opId: string, result: PushResult, way: OnTheWay): void {
    inFlight.delete(opId)
    sending.delete(opId)
    way.leave()
    const entry = outbox.state().entries.get(opId)
    if (result.kind === 'wait' && result.ms === undefined && line.state().paused?.kind === 'rate-limited') {
      // Square asked everybody to wait, and that they do: who met it is not held back beyond that (S26).
      retryAt.delete(opId)
    } else if (result.kind === 'wait' && entry) {
      // Counted by attempts in the log too, so that a restart does not begin to hammer (S14).
      const count = Math.max(entry.attempts.size, (failures.get(opId) ?? 0) + 1)
      failures.set(opId, count)
      retryAt.set(opId, clock.monotonic() + (result.ms ?? backoffMs(count, way.chance)))
    } else {
      failures.delete(opId)
      retryAt.delete(opId)
    }
    changed()
  }

  function reader(urgency: Parameters<SyncEngine['reader']>[0] = 'pull'): SquareGateway | null {
    const gateway = options.gateway()
    return gateway && pacedGateway(line.watch(gateway), turnstile, urgency)
  }

  function state(): SyncState {
    return { store: options.store, sending: [...sending], retries: retries(), ...line.state() }
  }

  /** The label is made anew each time: the PC's clock may have been set since. */
  function retries(): Record<string, string> {
    const told: Record<string, string> = {}
    const wall = Date.parse(clock.wallIso()) - clock.monotonic()
    let left = RETRIES_TOLD
    for (const [opId, at] of retryAt) {
      if (left-- === 0) break
      told[opId] = new Date(wall + at).toISOString()
    }
    return told
  }

  function changed(): void {
    const now = state()
    for (const listener of listeners) listener(now)
    look()
  }

  return {
    start() {
      if (running) return
      running = true
      turnstile.open()
      stopListening = outbox.onChanged(look)
      look()
    },
    async stop() {
      running = false
      stopListening()
      cancelTimer()
      line.stop()
      turnstile.close()
      await Promise.all([...inFlight.values(), line.idle(), reviews.idle()])
    },
    wake(reason) {
      if (reason !== 'saved') {
        retryAt.clear()
        line.lookAgain(reason)
      }
      look()
    },
    vouch(since, opIds) {
      for (const opId of vouched.keys()) if (!outbox.state().entries.has(opId)) vouched.delete(opId)
      for (const opId of opIds) vouched.set(opId, since)
      load = null // the others are looked for
      look()
    },
    seen: (remotes, missing) => reviews.seen(remotes, missing),
    loading(left) {
      load = left === null ? null : furtherLoad(load, left, clock.monotonic())
      look()
    },
    reader,
    state,
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
