import { VALUES, type Values } from './sim-staff.ts'
import type { PracticeFlags } from '#practice/options.ts'
import { BULK_FROM } from '#shared/outbox/queue.ts'
import { Oracle } from './oracle.ts'
import { randomStreams, type Streams } from './random.ts'
import type { Plan } from './plan.ts'
import { Scheduler } from './scheduler.ts'
import type { SimPc } from './sim-pc.ts'
import { SimSquare } from './sim-square.ts'

export interface WorldOptions {
  readonly seed: number
  readonly trace?: boolean
  readonly flags?: Partial<PracticeFlags>
  readonly maxIndexLagMs?: number
  readonly duplicatesFound?: boolean
}

/** Everything of one seed: time, chance, Square, the store PCs, and who watches. */
export class World {
  readonly streams: Streams
  readonly scheduler: Scheduler
  readonly square: SimSquare
  readonly oracle: Oracle
  readonly pcs: SimPc[] = []
  readonly counts = new Map<string, number>()
  readonly lines: string[] = []
  readonly trace: ((line: string) => void) | null
  readonly duplicatesFound: boolean
  /** One PC and nobody else at Square: every conflict question is needless. */
  solo = false
  mirrorFaults: Plan['knobs']['mirrorFaults'] = { wipe: 0, rollback: 0, loseTail: 0 }
  /** How often the PC dies while somebody waits for "Saved". */
  killedWhileSaving = 0
  projectLagMs = 100
  /** How long after a start the window asks for the first time what is new, at most; staff may save before. */
  opensLateMs = 0
  pullEveryMs = 30_000
  /** What people write in which field. */
  values: Values = VALUES
  /** From so many waiting customers on they travel together. */
  bulkFrom = BULK_FROM
  readonly #wall = new Map<SimPc, number>()

  constructor(options: WorldOptions) {
    this.streams = randomStreams(options.seed)
    this.scheduler = new Scheduler(this.streams.schedule)
    this.trace = options.trace
      ? (line) => this.lines.push(`${(this.scheduler.now / 1000).toFixed(2).padStart(8)} ${line}`)
      : null
    this.duplicatesFound = options.duplicatesFound ?? false
    this.oracle = new Oracle(this)
    this.square = new SimSquare({
      scheduler: this.scheduler,
      streams: this.streams,
      flags: options.flags ?? {},
      maxIndexLagMs: options.maxIndexLagMs ?? 0,
      duplicatesFound: this.duplicatesFound,
      count: (what) => this.count(what),
      onEffect: (effect) => this.oracle.effect(effect),
      onLook: (pc) => this.oracle.looked(pc),
      bad: (what) => this.oracle.bad(what),
    })
  }

  /** A situation that a run of many seeds must have reached. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  /** The PC's own clock: anything, and it jumps. Nothing may depend on it (S17). */
  wallOf(pc: SimPc): number {
    const offset = this.#wall.get(pc) ?? (this.streams.setup() - 0.5) * 1e12
    this.#wall.set(pc, offset)
    return 1.7e12 + offset + this.scheduler.now
  }
}
