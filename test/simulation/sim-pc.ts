import type { AppendResult } from '#shared/ipc/contract.ts'
import type { Clock } from '#shared/ports.ts'
import type { Draft, LogRecord } from '#shared/outbox/record.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { LogHeader } from '#main/outbox/log-storage.ts'
import type { Outbox } from '#main/outbox/outbox-port.ts'
import type { SyncEngine } from '#main/sync/sync-engine-port.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { receiveUnsent } from '#main/outbox/receive-unsent.ts'
import { unsentFile } from '#main/outbox/unsent-file.ts'
import { createSyncEngine } from '#main/sync/sync-engine.ts'
import { laneOfRow, openEntries } from '#shared/outbox/fold-log.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { rowOf } from '#shared/directory/project-record.ts'
import type { Life } from './scheduler.ts'
import { SimDisk } from './sim-disk.ts'
import { SimMirror } from './sim-mirror.ts'
import { pullOnce } from './sim-pull.ts'
import type { Caller, Request } from './sim-square.ts'
import type { World } from './world.ts'

export const STORE = { merchantId: 'M', environment: 'sandbox' } as const
const NO_LOG = { info() {}, warn() {}, error() {} }

/**
 * One store PC: the product's outbox and sync engine on a simulated disk, and a mirror that is fed as the renderer feeds
 * its own. Disk and mirror outlive the lives of the process.
 */
export class SimPc implements Caller {
  readonly name: string
  readonly world: World
  readonly disk: SimDisk
  /** The PC this profile was copied from. */
  readonly copyOf: SimPc | null
  machineId: string
  mirror: SimMirror
  savedMirror: SimMirror | null = null
  life: Life = { dead: true }
  offline = false
  compactAfter = 40
  /** Sweeps that came to their end. */
  sweeps = 0
  /** The token is not kept: after the next start nobody is signed in. */
  staysSignedOut = false
  /** How long it stays down after the next crash; else drawn. */
  crashDownMs: number | null = null
  outbox!: Outbox
  engine!: SyncEngine
  /** Drafts staff were not told about yet: typed again after a crash, with the same ids. */
  unacknowledged: (readonly Draft[])[] = []
  #ids = 0
  /** What lacks something by a damage that was not made good yet: the mirror, or the log that begins with this header. */
  #lacksSomething: 'mirror' | LogHeader | null = null
  #gateway: SquareGateway | null = null

  constructor(world: World, name: string, copyOf: SimPc | null = null) {
    this.world = world
    this.name = name
    this.copyOf = copyOf
    this.machineId = `machine-${name}`
    const { scheduler, streams } = world
    this.disk = new SimDisk(scheduler, streams, (record: LogRecord) => world.oracle.durable(this, record))
    this.mirror = copyOf ? copyOf.mirror.clone() : new SimMirror(() => this.newId('row'))
    if (copyOf) this.disk.file = structuredClone(copyOf.disk.file)
  }

  /** A damage was not made good yet. */
  isDamaged(): boolean {
    if (this.#lacksSomething === null) return false
    // Whoever is given back what it lost goes on in another file.
    return this.#lacksSomething === 'mirror' || this.#lacksSomething === this.disk.file?.header
  }

  newId(kind: string): string {
    return `${this.name}.${kind}${++this.#ids}`
  }

  /** Starts the app. Where it runs already, the lock of the log turns the second one away (S4: one writer). */
  async boot(): Promise<void> {
    const { world } = this
    const { scheduler, streams } = world
    const life: Life = { dead: false }
    const first = this.life.dead
    if (first) this.life = life
    world.trace?.(`${this.name} boots`)
    const storage = this.disk.storage(life)
    const opened = await openOutbox({
      storage,
      store: STORE,
      machineId: this.machineId,
      newId: () => this.newId('q'),
      freeBytes: async () => null,
      log: { ...NO_LOG, info: (event) => world.count(event) },
      compactAfter: this.compactAfter,
    })
    if (!first) {
      life.dead = true
      if (opened.kind === 'refused' && opened.reason === 'locked') return world.count('second start refused')
      return world.oracle.bad(`${this.name}: two processes have opened one log`)
    }
    if (life.dead) return
    if (opened.kind === 'refused')
      return world.oracle.bad(`${this.name} cannot open its log: ${opened.reason}`)
    this.outbox = opened.outbox
    if (this.staysSignedOut) this.signOut()
    else this.#signIn()
    this.engine = createSyncEngine({
      outbox: this.#watched(this.outbox),
      store: STORE,
      gateway: () => this.#gateway,
      merge: () => ({ country: 'US' }),
      clock: this.#clock(life),
      random: world.streams.engine,
      newId: () => this.newId('q'),
      log: { ...NO_LOG, error: (event, facts) => world.oracle.bad(`${event} ${JSON.stringify(facts)}`) },
      bulkFrom: world.bulkFrom,
      onTokenRefused: () => {
        this.#gateway = null
        world.count('token refused')
      },
    })
    this.engine.start()
    if (world.opensLateMs > 0) await scheduler.after(streams.disk() * world.opensLateMs, life)
    void this.#projectForever(life)
    void this.#pullForever(life)
    const again = this.unacknowledged
    this.unacknowledged = []
    await this.project()
    if (life.dead) return
    world.oracle.atStart(this)
    for (const drafts of again) {
      world.count('saved again after a crash')
      world.oracle.savedAgain(drafts)
      void this.save(drafts)
    }
  }

  /** The engine's door, looked at in the very tick in which it says that something will be sent. */
  #watched(outbox: Outbox): Outbox {
    return {
      append: (drafts, mirror) => outbox.append(drafts, mirror),
      since: (mirror) => outbox.since(mirror),
      restore: (mirror, state) => outbox.restore(mirror, state),
      state: () => outbox.state(),
      write: (records) => {
        for (const record of records) if (record.kind === 'sent') this.world.oracle.sends(this, record.opId)
        return outbox.write(records)
      },
      mirrorReported: () => outbox.mirrorReported(),
      cannotBeMadeWhole: () => outbox.cannotBeMadeWhole(),
      onChanged: (listener) => outbox.onChanged(listener),
      close: () => outbox.close(),
    }
  }

  crash(downMs?: number): void {
    if (this.life.dead) return
    const { world } = this
    world.trace?.(`${this.name} CRASH`)
    world.count('crash')
    this.life.dead = true
    this.disk.crash()
    this.#damage()
    const down = downMs ?? this.crashDownMs ?? 200 + world.streams.crash() * 20_000
    this.crashDownMs = null
    world.scheduler.at(down, () => void this.boot())
  }

  /**
   * IndexedDB may come back empty or older, the log may have lost its end. Never both at once: nothing more happens to a PC
   * that died again before the one gave the other back what it lost.
   */
  #damage(): void {
    const { world } = this
    if (this.isDamaged()) return
    this.#lacksSomething = null
    const { wipe, rollback, loseTail, loseOne = 0 } = world.mirrorFaults
    const draw = world.streams.crash()
    const log = this.disk.file
    if (draw < wipe) {
      world.count('mirror wiped')
      this.#lacksSomething = 'mirror'
      this.mirror = new SimMirror(() => this.newId('row'))
    } else if (draw < wipe + rollback && this.savedMirror) {
      world.count('mirror rolled back')
      this.#lacksSomething = 'mirror'
      this.mirror = this.savedMirror.clone()
    } else if (draw < wipe + rollback + loseTail && log && log.records.length > 2) {
      const last = JSON.parse(log.records.at(-1)!) as LogRecord
      if (this.mirror.generation !== log.header.generation || this.mirror.lastSeq !== last.seq) return
      world.count('log lost its tail')
      this.#lacksSomething = log.header
      this.disk.loseTail(1 + Math.floor(world.streams.crash() * (log.records.length - 1)))
    } else if (draw < wipe + rollback + loseTail + loseOne && log && this.disk.appended() > 1) {
      // Of the last one nobody can tell that it was there.
      if (this.mirror.generation !== log.header.generation) return
      const nth = Math.floor(world.streams.crash() * (this.disk.appended() - 1))
      this.#lacksSomething = log.header
      const seq = this.disk.loseOne(nth)
      world.count(seq <= this.mirror.lastSeq ? 'log lost a record' : 'log lost a record nobody else knew')
      world.trace?.(`${this.name} log lost #${seq}`)
    }
  }

  /** Nobody is signed in: nothing is sent, also no first attempt. */
  signOut(): void {
    this.#gateway = null
  }

  /** Staff sign in again after Square refused the token, or press "try again" after it refused the permission. */
  signInAgain(): void {
    if (this.life.dead || !this.engine) return
    if (this.#gateway) return this.engine.wake('asked')
    this.#signIn()
    this.engine.wake('token')
  }

  /** The file of unsent work; null where nothing is open. */
  saveUnsent(): string | null {
    if (!this.outbox) return null
    return unsentFile(this.outbox.state(), STORE, '2026-01-05T09:00:00.000Z')?.text ?? null
  }

  /** Takes such a file in, as a person chooses it. */
  async takeIn(text: string): Promise<void> {
    if (this.life.dead || !this.outbox) return
    const { world, outbox } = this
    // Read without the check of its form: that wants the product's own ids, and has tests of its own.
    const file = JSON.parse(text) as { operations: { op: Operation }[] }
    const operations = file.operations.map(({ op }) => op)
    const received = await receiveUnsent(outbox, operations, () => this.newId('q'))
    if (received.kind === 'refused') return world.count(`unsent work refused: ${received.reason}`)
    world.oracle.tookIn(this, operations)
    world.count(received.added > 0 ? 'unsent work taken in' : 'unsent work known already')
  }

  setOffline(offline: boolean): void {
    this.offline = offline
    if (!offline && !this.life.dead) this.engine.wake('online')
  }

  #signIn(): void {
    this.#gateway = this.world.square.gateway(this)
  }

  #clock(life: Life): Clock {
    const { scheduler } = this.world
    const bootedAt = scheduler.now
    return {
      monotonic: () => scheduler.now - bootedAt,
      wallIso: () => new Date(this.world.wallOf(this)).toISOString(),
      sleep: (ms) => scheduler.after(ms, life),
      schedule: (ms, callback) => {
        let cancelled = false
        // As a timer of Node: a wait too short to move the time at all would be looked at again and again.
        scheduler.at(Math.max(1, ms), () => !cancelled && callback(), life)
        return () => (cancelled = true)
      },
    }
  }

  operationOf(request: Exclude<Request, { kind: 'read' | 'bulk' }>): string {
    if (request.kind === 'create') return request.key.split('#')[0]! // a mutant appends to it
    const sent = [...this.outbox.state().entries.values()].filter((entry) =>
      [...entry.attempts.values()].some((a) => a.answer === null && a.squareId === request.id),
    )
    const exact = sent.filter((entry) =>
      [...entry.attempts.values()].some(
        (a) => a.answer === null && a.squareId === request.id && a.version === request.version,
      ),
    )
    return (exact[0] ?? sent[0])?.op.id ?? ''
  }

  // ---- the renderer's part

  async project(): Promise<void> {
    const { mirror, outbox, life } = this
    let batch = await outbox.since(mirror.position(STORE))
    if (life.dead || mirror !== this.mirror) return
    if (batch.lostTail) {
      this.world.count('log restored from the mirror')
      batch = await outbox.restore(mirror.position(STORE), toSnapshot(mirror.state))
      if (life.dead || mirror !== this.mirror) return
    }
    mirror.apply(batch)
    if (batch.again) return this.project()
    if (this.#lacksSomething === 'mirror' && !batch.lostTail) this.#lacksSomething = null
    this.world.oracle.projected(this)
  }

  /** What a window does when staff press Save: append, project its own batch, and only then say so (S1). */
  async save(drafts: readonly Draft[]): Promise<AppendResult | null> {
    const { life, mirror, world } = this
    this.unacknowledged.push(drafts)
    const hand = world.streams.staff()
    if (hand < 0.05) {
      world.count('double click')
      void this.outbox.append(drafts, mirror.position(STORE))
    } else if (hand < 0.05 + world.killedWhileSaving) {
      world.scheduler.at(world.streams.crash() * 20, () => this.crash(), life)
    }
    let result = await this.outbox.append(drafts, mirror.position(STORE))
    if (life.dead) return null
    if (result.kind === 'lost-tail') {
      world.count('saved before the log had its end back')
      await this.project()
      if (life.dead) return null
      result = await this.outbox.append(drafts, mirror.position(STORE))
      if (life.dead) return null
    }
    this.unacknowledged = this.unacknowledged.filter((other) => other !== drafts)
    if (result.kind === 'unwritable' || result.kind === 'lost-tail') {
      world.count('refused: disk full')
      return result
    }
    if (mirror === this.mirror) {
      const { batch } = result
      if (batch.generation === mirror.generation && !batch.reset) mirror.apply(batch)
      else await this.project()
      if (life.dead) return null
    }
    world.trace?.(
      `${this.name} ${JSON.stringify(drafts).slice(0, 300)} -> ${result.kind} ${result.kind === 'refused' ? result.refusal : ''}`,
    )
    if (result.kind === 'refused') world.count(`refused: ${result.refusal}`)
    else world.oracle.acknowledged(this, drafts)
    return result
  }

  /** As a window does: told that the log has grown, it asks for what is new a moment later. */
  async #projectForever(life: Life): Promise<void> {
    const { scheduler, streams } = this.world
    let news = true
    let wake = () => {}
    this.outbox.onChanged(() => {
      news = true
      wake()
    })
    while (!life.dead) {
      if (!news) await new Promise<void>((resolve) => (wake = resolve))
      await scheduler.after(50 + streams.disk() * this.world.projectLagMs, life)
      news = false
      await this.project()
      if (streams.disk() < 0.03) this.savedMirror = this.mirror.clone()
    }
  }

  async #pullForever(life: Life): Promise<void> {
    const { scheduler, streams } = this.world
    for (let round = 0; !life.dead; round++) {
      await scheduler.after(this.world.pullEveryMs * (0.5 + streams.net()), life)
      await this.pull(round % 4 === 3)
    }
  }

  /** One complete pull, with `sweep` also a whole sweep. */
  pull(sweep = false): Promise<void> {
    return pullOnce(this, sweep)
  }

  row(localId: string): CustomerRow | undefined {
    return rowOf(this.mirror.directory(), localId)
  }

  open(row: CustomerRow): Entry[] {
    return openEntries(this.mirror.state, laneOfRow(this.mirror.state, row))
  }

  /** Rows staff can pick: not hidden, content known (S2). */
  visible(): CustomerRow[] {
    return [...this.mirror.rows.rows.values()].filter((row) => !row.hidden && row.status !== 'loading')
  }
}
