import type { CustomerField } from '#shared/customer/customer.ts'
import { BULK_FROM } from '#shared/outbox/queue.ts'
import { KEY_SAFE_MS } from '#shared/sync/limits.ts'
import { pick } from './random.ts'
import { SimPc } from './sim-pc.ts'
import { SimStaff, VALUES } from './sim-staff.ts'
import { NO_FAULTS } from './sim-square.ts'
import { World } from './world.ts'
import { fieldsToWire } from './wire.ts'

export interface SeedResult {
  readonly seed: number
  readonly violations: readonly string[]
  readonly steps: number
  readonly acknowledged: number
  readonly counts: ReadonlyMap<string, number>
  /** The same for the same seed and code, else the run is not deterministic. */
  readonly hash: string
  readonly lines: readonly string[]
}

const CHAOS_MS = 25 * 60_000
const CALM_MS = 40 * 60_000

/** One seed: 25 virtual minutes of a shop with everything going wrong, 40 of calm, then nothing may be missing. */
export async function runSeed(seed: number, trace = false): Promise<SeedResult> {
  const world = setUp(seed, trace)
  const { scheduler, streams } = world
  const staff = new Map<SimPc, SimStaff>()
  const join = (pc: SimPc) => {
    world.pcs.push(pc)
    staff.set(pc, new SimStaff(pc))
    void pc.boot()
  }
  const pcs = world.solo ? 1 : 1 + Math.floor(streams.setup() * 2)
  for (let i = 0; i < pcs; i++) {
    const pc = new SimPc(world, `p${i}`)
    pc.compactAfter = 5 + Math.floor(streams.setup() * 60)
    join(pc)
  }
  planStaff(world, staff)
  for (const pc of world.pcs) planTrouble(world, pc)
  if (!world.solo) planColleague(world)
  if (!world.solo && streams.setup() < 0.12) planCopy(world, join)
  await scheduler.runFor(CHAOS_MS)

  // Calm: no faults, tokens valid, staff answer what they are asked.
  Object.assign(world.square.faults, NO_FAULTS)
  world.mirrorFaults = { wipe: 0, rollback: 0, loseTail: 0 }
  world.killedWhileSaving = 0
  world.oracle.asks = new Map()
  for (const pc of world.pcs) {
    pc.disk.full = 0
    for (let t = 1000; t < CALM_MS; t += 10_000) {
      scheduler.at(t, () => {
        pc.setOffline(false)
        pc.signInAgain()
        answerOne(world, pc, staff.get(pc)!, 3000)
      })
    }
  }
  await scheduler.runFor(CALM_MS)
  await world.oracle.finish()
  await scheduler.runFor(1)
  const { violations, acked } = world.oracle
  const hash = `${scheduler.steps}:${world.square.model
    .customers()
    .map((c) => `${c.id}v${c.version}`)
    .join()}`
  return {
    seed,
    violations,
    steps: scheduler.steps,
    acknowledged: acked.size,
    counts: world.counts,
    hash,
    lines: world.lines,
  }
}

function setUp(seed: number, trace: boolean): World {
  // Drawn from a stream of its own, before the world exists.
  const probe = new World({ seed })
  const draw = probe.streams.setup
  const solo = draw() < 0.2
  const world = new World({
    seed,
    trace,
    maxIndexLagMs: pick(draw, [0, 20_000, 300_000]),
    // A match that staff call the same person brings two histories together: questions are then not needless.
    duplicatesFound: !solo && draw() < 0.25,
    flags: {
      keyWindowMs: pick(draw, [KEY_SAFE_MS * 1.05 + 150_000, KEY_SAFE_MS * 3, Number.POSITIVE_INFINITY]),
      versionStep: pick(draw, [1, 1, 1, 3]),
      replay: pick(draw, ['original', 'current']),
    },
  })
  const upTo = (most: number) => draw() * most
  const quiet = draw() < 0.15
  Object.assign(
    world.square.faults,
    quiet
      ? { lost: 0.5 }
      : {
          dropKnown: upTo(0.15),
          drop: upTo(0.12),
          serverError: upTo(0.08),
          rateLimit: upTo(0.08),
          tokenDies: upTo(0.01),
          late: upTo(0.06),
          twice: upTo(0.06),
          lost: upTo(0.25),
          partial: upTo(0.2),
          itemMissing: upTo(0.1),
          crash: draw() < 0.5 ? upTo(0.02) : 0,
        },
  )
  world.solo = solo
  world.killedWhileSaving = quiet ? 0 : 0.03
  if (!world.solo) world.mirrorFaults = { wipe: 0.08, rollback: 0.12, loseTail: 0.08 }
  world.projectLagMs = pick(draw, [100, 1000, 8000])
  world.bulkFrom = pick(draw, [2, 2, 3, BULK_FROM])
  world.pullEveryMs = pick(draw, [5000, 30_000, 90_000])
  return world
}

function planStaff(world: World, staff: ReadonlyMap<SimPc, SimStaff>): void {
  const { scheduler, streams } = world
  const random = streams.staff
  const actions = 10 + Math.floor(streams.setup() * 40)
  let at = 0
  for (let i = 0; i < actions; i++) {
    // Bursts: several actions close together, then a pause.
    at = random() < 0.5 ? Math.min(CHAOS_MS, at + random() * 3000) : random() * CHAOS_MS
    scheduler.at(at, () => {
      const pc = pick(random, world.pcs)
      const person = staff.get(pc)
      if (pc.life.dead || !person || !pc.outbox) return
      if (world.solo && pc.unacknowledged.length > 0) return // one person, one form at a time
      act(world, pc, person)
    })
  }
}

function act(world: World, pc: SimPc, person: SimStaff): void {
  const { scheduler, streams } = world
  const random = streams.staff
  const what = random()
  const rows = pc.visible()
  if (rows.length === 0 || what < 0.2) {
    return person.create({
      givenName: pick(random, VALUES.givenName!),
      phoneNumber: pick(random, VALUES.phoneNumber!),
      note: pick(random, VALUES.note!),
    })
  }
  const row = pick(random, rows)
  if (what < 0.68) {
    const form = person.form(row)
    const values = person.randomValues()
    const thinking = world.solo || random() < 0.5 ? 0 : random() * 40_000
    return scheduler.at(thinking, () => {
      if (!pc.life.dead && !(world.solo && pc.unacknowledged.length > 0)) void person.edit(form, values)
    })
  }
  if (what < 0.78) return void person.remove(row)
  if (what < 0.86) return void person.undo()
  answerOne(world, pc, person, 90_000)
}

/** Staff look at one question, and answer it some time later with what the screen showed. */
function answerOne(world: World, pc: SimPc, person: SimStaff, within: number): void {
  if (pc.life.dead || !pc.outbox) return
  const asked = [...pc.mirror.rows.rows.values()].filter((row) => row.status === 'needs-you')
  if (asked.length === 0) return
  const screen = person.screen(pick(world.streams.staff, asked))
  if (!screen) return
  world.scheduler.at(world.streams.staff() * within, () => {
    if (!pc.life.dead) person.answer(screen)
  })
}

function planTrouble(world: World, pc: SimPc): void {
  const { scheduler, streams } = world
  const draw = streams.setup
  pc.disk.full = draw() * 0.01
  for (let i = 0; i < 1 + draw() * 4; i++) {
    const lasts = draw() * (draw() < 0.3 ? 15 * 60_000 : 60_000)
    scheduler.at(draw() * CHAOS_MS, () => {
      world.count('offline')
      pc.setOffline(true)
      scheduler.at(lasts, () => pc.setOffline(false))
    })
  }
  for (let i = 0; i < draw() * 6; i++) {
    const down = draw() < 0.15 ? draw() * 15 * 60_000 : undefined
    scheduler.at(draw() * CHAOS_MS, () => pc.crash(down))
  }
  for (let t = 5000; t < CHAOS_MS; t += 15_000) {
    scheduler.at(t, () => {
      if (streams.staff() < 0.5) pc.signInAgain()
    })
  }
}

function planColleague(world: World): void {
  const { scheduler, streams, square } = world
  const random = streams.colleague
  const visits = 4 + Math.floor(random() * 30)
  for (let i = 0; i < visits; i++) {
    scheduler.at(random() * CHAOS_MS, () => {
      const { model } = square
      const customers = model.customers()
      if (customers.length === 0) return
      const one = pick(random, customers)
      const what = random()
      const call = square.call()
      if (what < 0.35) {
        const field = pick(random, Object.keys(VALUES) as CustomerField[])
        const value = pick(random, VALUES[field]!)
        world.count('colleague edits')
        model.colleague.edit(one.id, fieldsToWire({ [field]: value }, 'update'), call)
      } else if (what < 0.6) {
        world.count('colleague reverts')
        model.colleague.revert(one.id, call)
      } else if (what < 0.72) {
        world.count('colleague touches something else')
        model.colleague.edit(one.id, { nickname: `n${Math.floor(random() * 3)}` }, call)
      } else if (what < 0.82) {
        world.count('colleague deletes')
        model.colleague.remove(one.id, call)
      } else if (what < 0.92 && customers.length > 1) {
        const other = pick(
          random,
          customers.filter((c) => c !== one),
        )
        world.count('colleague merges')
        model.colleague.merge([one.id, other.id], call)
      } else {
        world.count('colleague creates')
        model.colleague.create(
          { given_name: pick(random, VALUES.givenName!)!, phone_number: pick(random, VALUES.phoneNumber!) },
          call,
        )
      }
      world.trace?.(`COLLEAGUE ${one.id} ${what.toFixed(2)}`)
    })
  }
}

/** Somebody copies the profile of the first PC onto another one; both go on. */
function planCopy(world: World, join: (pc: SimPc) => void): void {
  const { scheduler, streams } = world
  scheduler.at(streams.setup() * CHAOS_MS, () => {
    world.count('profile copied')
    join(new SimPc(world, 'k0', world.pcs[0]))
  })
}
