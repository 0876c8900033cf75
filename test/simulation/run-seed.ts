import type { CustomerFields } from '#shared/customer/customer.ts'
import { LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { chanceOf, planOf, type Plan, type PlanEvent } from './plan.ts'
import { pick } from './random.ts'
import { colleagueActs } from './sim-colleague.ts'
import { SimPc } from './sim-pc.ts'
import { handOf, MORE_VALUES, SimStaff, type Hand } from './sim-staff.ts'
import { NO_FAULTS } from './sim-square.ts'
import { World } from './world.ts'

export interface SeedResult {
  readonly seed: number
  readonly violations: readonly string[]
  readonly steps: number
  readonly acknowledged: number
  /** Customers added, changed and deleted while everything could go wrong, of which staff were told that it is saved. */
  readonly edits: number
  /** How long everything could go wrong, in virtual ms. */
  readonly chaosMs: number
  readonly counts: ReadonlyMap<string, number>
  /** Of every record that became durable and of all that happened at Square: the same for the same seed and code. */
  readonly hash: string
  readonly lines: readonly string[]
}

const MINUTE = 60_000
const CALM_MS = 40 * MINUTE
/** Staff are slower when everything is down, but they come to an end. */
const CHAOS_AT_MOST_MS = 90 * MINUTE

/** One seed: a shop with everything going wrong, then calm, then nothing may be missing. */
export function runSeed(seed: number, trace = false): Promise<SeedResult> {
  return runPlan(planOf(seed), trace)
}

/** The same for a plan, from a seed or what shrinking left of one. Same plan, same run. */
export async function runPlan(plan: Plan, trace = false): Promise<SeedResult> {
  const shop = new Shop(plan, trace)
  await shop.chaos()
  await shop.calm()
  const { world } = shop
  const { violations, acked } = world.oracle
  const customers = world.square.model.customers().map((c) => `${c.id}v${c.version}`)
  return {
    seed: plan.seed,
    violations,
    steps: world.scheduler.steps,
    acknowledged: acked.size,
    edits: shop.edits,
    chaosMs: shop.chaosMs,
    counts: world.counts,
    hash: `${world.scheduler.steps}:${world.oracle.hash.toString(16)}:${customers.join()}`,
    lines: world.lines,
  }
}

class Shop {
  readonly world: World
  /** Operations staff were told are saved, before the calm. */
  edits = 0
  chaosMs = 0
  readonly #plan: Plan
  readonly #staff = new Map<SimPc, SimStaff>()
  /** Events of staff that are still to be done. */
  #toDo = 0

  constructor(plan: Plan, trace: boolean) {
    this.#plan = plan
    const { keyWindowMs, versionStep, replay, restoredId, pageSize, maxIndexLagMs, duplicatesFound } =
      plan.knobs
    const { mergedWrites = 'not-found' } = plan.knobs
    const flags = {
      keyWindowMs: keyWindowMs ?? Number.POSITIVE_INFINITY,
      versionStep,
      replay,
      restoredId,
      mergedWrites,
    }
    this.world = new World({ seed: plan.seed, trace, flags, maxIndexLagMs, duplicatesFound })
    const { world } = this
    const { projectLagMs, bulkFrom, pullEveryMs, killedWhileSaving, mirrorFaults } = plan.knobs
    Object.assign(world, { projectLagMs, bulkFrom, pullEveryMs, killedWhileSaving, mirrorFaults })
    world.opensLateMs = plan.knobs.opensLateMs ?? 0
    if (plan.knobs.parts) world.values = MORE_VALUES
    world.solo = plan.solo
    world.square.pageSize = pageSize
    Object.assign(world.square.faults, plan.faults)
    plan.pcs.forEach(({ compactAfter, diskFull }, i) => {
      const pc = new SimPc(world, `p${i}`)
      pc.compactAfter = compactAfter
      pc.disk.full = diskFull
      this.#join(pc)
    })
    for (const event of plan.events) this.#expect(event)
  }

  async chaos(): Promise<void> {
    const { scheduler } = this.world
    await scheduler.runFor(this.#plan.chaosMs)
    while (this.#toDo > 0 && scheduler.now < CHAOS_AT_MOST_MS) await scheduler.runFor(MINUTE)
    this.chaosMs = scheduler.now
    this.edits = this.world.oracle.acked.size
  }

  /** No faults, tokens valid, staff answer what they are asked; until nothing waits and the directory was swept. */
  async calm(): Promise<void> {
    const { world } = this
    const { scheduler } = world
    Object.assign(world.square.faults, NO_FAULTS)
    world.mirrorFaults = { wipe: 0, rollback: 0, loseTail: 0 }
    world.killedWhileSaving = 0
    world.oracle.asks = new Map()
    for (const pc of world.pcs) {
      pc.disk.full = 0
      for (let t = 1000; t < CALM_MS; t += 10_000) scheduler.at(t, () => this.#tend(pc))
    }
    const until = scheduler.now + CALM_MS
    let quietSince: number | null = null
    let swept = new Map<SimPc, number>()
    while (scheduler.now < until) {
      await scheduler.runFor(MINUTE)
      const isSettled = world.pcs.every((pc) => !pc.life.dead && pc.outbox.state().entries.size === 0)
      // Also a request from before the calm may land meanwhile, and lists lag behind it.
      if (!isSettled || (quietSince !== null && world.square.changedAt > quietSince)) quietSince = null
      else if (quietSince === null) {
        quietSince = scheduler.now
        swept = new Map()
      } else if (scheduler.now - quietSince > LAG_WAIT_MS) {
        // A sweep may have been under way: two have ended, so one has begun since.
        if (swept.size === 0) for (const pc of world.pcs) swept.set(pc, pc.sweeps)
        else if (world.pcs.every((pc) => pc.sweeps >= (swept.get(pc) ?? 0) + 2)) break
      }
    }
    await world.oracle.finish()
    await scheduler.runFor(1)
  }

  #join(pc: SimPc): void {
    this.world.pcs.push(pc)
    this.#staff.set(pc, new SimStaff(pc))
    void pc.boot()
  }

  #pc(n: number): SimPc {
    const { pcs } = this.world
    return pcs[n % pcs.length]!
  }

  #expect(event: PlanEvent): void {
    const { world } = this
    const { scheduler } = world
    if (event.kind === 'staff') this.#toDo++
    scheduler.at(event.at, () => {
      switch (event.kind) {
        case 'staff':
          return this.#staffActs(event, handOf(chanceOf(event), `${event.no}`))
        case 'colleague':
          return colleagueActs(world, chanceOf(event))
        case 'offline': {
          const pc = this.#pc(event.pc)
          world.count('offline')
          pc.setOffline(true)
          return scheduler.at(event.lastsMs, () => pc.setOffline(false))
        }
        case 'crash':
          return this.#pc(event.pc).crash(event.downMs ?? undefined)
        case 'sign-in':
          return this.#pc(event.pc).signInAgain()
        case 'second-start':
          world.count('second start')
          return void this.#pc(event.pc).boot()
        case 'copy':
          return this.#copy(30)
        case 'take-in':
          return this.#takeIn(event.pc, 30)
      }
    })
  }

  /** Not of a profile that is damaged just then: two things would have gone wrong at once. */
  #copy(tries: number): void {
    const { world } = this
    const of = world.pcs[0]!
    if (of.isDamaged()) {
      if (tries > 0) world.scheduler.at(5000, () => this.#copy(tries - 1))
      return
    }
    world.count('profile copied')
    const copy = new SimPc(world, 'k0', of)
    copy.compactAfter = of.compactAfter
    this.#join(copy)
  }

  /** Somebody saves a PC's unsent work to a file and takes it in at another PC, or at the same one a little later. */
  #takeIn(n: number, tries: number): void {
    const { scheduler } = this.world
    const from = this.#pc(n)
    const to = this.#pc(n + 1)
    const file = from.life.dead ? null : from.saveUnsent()
    if (file) scheduler.at(20_000, () => void to.takeIn(file))
    else if (tries > 0) scheduler.at(5000, () => this.#takeIn(n, tries - 1))
  }

  /** Until something is saved: a PC may be down, a customer gone, a value the same as before. */
  #staffActs(event: PlanEvent & { kind: 'staff' }, hand: Hand): void {
    const { world } = this
    const { scheduler } = world
    const pc = this.#pc(event.pc)
    const person = this.#staff.get(pc)!
    // One person, one form at a time.
    const free = !pc.life.dead && pc.outbox && !(world.solo && pc.unacknowledged.length > 0)
    const thinking = free ? this.#act(pc, person, hand) : 0
    scheduler.at(thinking + 1, () => {
      if (hand.saved) this.#toDo--
      else scheduler.at(500 + hand.random() * 3000, () => this.#staffActs(event, hand))
    })
  }

  /** Does one thing; how long they think before they save, in ms. */
  #act(pc: SimPc, person: SimStaff, hand: Hand): number {
    const { world } = this
    const { random } = hand
    const what = random()
    const rows = pc.visible()
    if (rows.length === 0 || what < 0.2) {
      const chosen = Object.entries(world.values).map(([field, values]) => [
        field,
        pick<unknown>(random, values),
      ])
      person.create(Object.fromEntries(chosen) as Partial<CustomerFields>, hand)
      return 0
    }
    const row = pick(random, rows)
    if (what < 0.68) {
      // Whoever is about to be deleted is no longer offered to be edited, also while a question holds that up.
      if (pc.open(row).some(({ op }) => op.kind === 'delete')) return 0
      const form = person.form(row)
      const values = person.randomValues(random)
      const thinking = world.solo || random() < 0.5 ? 0 : random() * 40_000
      const squash = random() < 0.5
      world.scheduler.at(thinking, () => {
        if (!pc.life.dead && !(world.solo && pc.unacknowledged.length > 0))
          void person.edit(form, values, squash, hand)
      })
      return thinking
    }
    if (what < 0.78) void person.remove(row, hand)
    else if (what < 0.86) void person.undo(hand)
    else return this.#answerOne(pc, person, 90_000, hand)
    return 0
  }

  #tend(pc: SimPc): void {
    pc.setOffline(false)
    pc.signInAgain()
    if (!pc.life.dead) this.#answerOne(pc, this.#staff.get(pc)!, 3000, this.#staff.get(pc)!.hand())
  }

  /** Staff look at one question, and answer it some time later with what the screen showed. */
  #answerOne(pc: SimPc, person: SimStaff, within: number, hand: Hand): number {
    if (pc.life.dead || !pc.outbox) return 0
    const asked = [...pc.mirror.rows.rows.values()].filter((row) => row.status === 'needs-you')
    if (asked.length === 0) return 0
    const screen = person.screen(pick(hand.random, asked))
    if (!screen) return 0
    const thinking = hand.random() * within
    this.world.scheduler.at(thinking, () => {
      if (!pc.life.dead) person.answer(screen, hand.random(), hand.random, hand)
    })
    return thinking
  }
}
