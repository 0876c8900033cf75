import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import type { PracticeFlags } from '#practice/options.ts'
import { fieldsToWire, wireToRemote } from './wire.ts'
import { SimPc } from './sim-pc.ts'
import type { Fate as SquaresFate } from './sim-square.ts'
import { SimStaff } from './sim-staff.ts'
import { World } from './world.ts'

/** What becomes of the next writes, in order; reads always work. */
export type Fate = 'ok' | SquaresFate

/** A world without chance, for histories told step by step. */
export class History {
  readonly world: World
  readonly pc: SimPc
  readonly staff: SimStaff
  /** Fates of the coming writes; what is not said is `ok`. */
  readonly fates: Fate[] = []
  note = ''

  constructor(
    options: {
      flags?: Partial<PracticeFlags>
      indexLagMs?: number
      pullEveryMs?: number
      bulkFrom?: number
      duplicatesFound?: boolean
    } = {},
  ) {
    const lag = options.indexLagMs ?? 0
    const { flags = {}, duplicatesFound = false } = options
    this.world = new World({ seed: 12345, trace: true, flags, maxIndexLagMs: lag, duplicatesFound })
    this.world.streams.square = () => 1
    this.world.streams.staff = () => 0.99 // no double clicks, no squashing, unless a history says so
    this.world.projectLagMs = 20
    this.world.pullEveryMs = options.pullEveryMs ?? 1e12
    if (options.bulkFrom !== undefined) this.world.bulkFrom = options.bulkFrom
    this.pc = new SimPc(this.world, 'p0')
    this.pc.compactAfter = 1e9
    this.world.pcs.push(this.pc)
    this.staff = new SimStaff(this.pc)
    this.world.square.script = (_pc, request) => {
      if (request.kind === 'read') return null
      const fate = this.fates.shift()
      return !fate || fate === 'ok' ? null : fate
    }
  }

  async begin(): Promise<this> {
    void this.pc.boot()
    await this.go(1500)
    return this
  }

  /** Another PC of the shop, with a directory and a log of its own. */
  async secondPc(): Promise<SimPc> {
    const other = new SimPc(this.world, 'p1')
    this.world.pcs.push(other)
    void other.boot()
    await this.go(500)
    return other
  }

  go(ms: number): Promise<void> {
    return this.world.scheduler.runFor(ms)
  }

  async until(condition: () => boolean, ms = 20_000): Promise<void> {
    for (let waited = 0; waited < ms && !condition(); waited += 10) await this.go(10)
  }

  /** Until the open operation was sent once and that attempt is over. */
  async sentOnce(): Promise<void> {
    await this.until(() =>
      [...this.pc.outbox.state().entries.values()].some((entry) => entry.attempts.size > 0),
    )
    await this.go(60)
  }

  /** The n-th visible row. */
  row(n = 0, pc = this.pc) {
    const row = [...pc.mirror.rows.rows.values()].filter((r) => !r.hidden)[n]
    if (!row) throw new Error(`no row ${n}`)
    return row
  }

  async addAnn(): Promise<void> {
    this.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
    await this.go(3000)
  }

  async edit(values: Partial<CustomerFields>, row = this.row()): Promise<void> {
    await this.staff.edit(this.staff.form(row), values, false)
  }

  /** An edit that takes the never-sent end of the customer's operations with it. Not awaited: time must run first. */
  squash(values: Partial<CustomerFields>, row = this.row()): void {
    void this.staff.edit(this.staff.form(row), values, true)
  }

  colleagueEdits(squareId: string, values: Partial<CustomerFields>): void {
    this.world.square.model.colleague.edit(squareId, fieldsToWire(values, 'update'), this.world.square.call())
  }

  merge(...ids: string[]): string {
    const merged = this.world.square.model.colleague.merge(ids, this.world.square.call())
    if (merged.kind === 'refused') throw new Error(merged.errors[0]!.detail)
    return merged.value.id
  }

  listed(): RemoteCustomer[] {
    const page = this.world.square.model.list({ limit: '100' }, this.world.square.call())
    return page.kind === 'ok' ? (page.value.customers ?? []).map(wireToRemote) : []
  }

  async pull(remotes = this.listed()): Promise<void> {
    await this.pc.project()
    for (const remote of remotes) this.pc.mirror.pulled(remote, 'listed')
  }

  /** Answers the first question; says which kind it was. */
  async answer(choice = 0, field = choice, pc = this.pc, staff = this.staff): Promise<string> {
    await pc.project()
    for (const row of pc.mirror.rows.rows.values()) {
      const screen = staff.screen(row)
      if (!screen) continue
      staff.answer(screen, choice, () => field)
      await this.go(900)
      return screen.question.kind
    }
    return 'no question'
  }

  /** `Ann/212-555-0101/x` per customer at Square. */
  square(): string[] {
    return this.world.square.model
      .customers()
      .map((c) => `${c.given_name ?? '-'}/${c.phone_number ?? '-'}/${c.note ?? '-'}`)
  }

  questions(): string[] {
    return [...this.pc.outbox.state().entries.values()].flatMap((entry) => entry.question?.kind ?? [])
  }

  /** Every acknowledged operation ended honestly, and nothing forbidden was seen on the way. */
  async end(): Promise<readonly string[]> {
    const { oracle } = this.world
    for (const [id] of oracle.acked) if (!oracle.closed.has(id)) oracle.bad(`open: ${id}`)
    for (const pc of this.world.pcs) {
      if (!pc.life.dead) await pc.project()
      oracle.noSharedCustomer(pc)
    }
    return oracle.violations
  }
}
