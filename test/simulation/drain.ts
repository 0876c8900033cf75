import type { CreateOperation, UpdateOperation } from '#shared/outbox/operation.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { fieldsToWire, wireToRemote } from './wire.ts'
import { SimPc, STORE } from './sim-pc.ts'
import { World } from './world.ts'

export interface DrainOptions {
  readonly pcs?: number
  /** Per PC; where they are several numbers, PC by PC in turn. */
  readonly waiting: number | readonly number[]
  readonly kind: 'create' | 'update'
  readonly bulkFrom?: number
  readonly limit?: { readonly perSecond: number; readonly burst: number }
  /** The directory is read all the time, page by page. */
  readonly pulling?: boolean
  /** Customers of the seller that the directory has. */
  readonly known?: number
  /** They are still to be loaded when the line comes back: a new PC. */
  readonly newPc?: boolean
  /** Two of the new customers are in Square already: one the directory has, one a colleague adds after the last pull. */
  readonly twice?: boolean
  /** Every new customer has an e-mail, too, and not only every second. */
  readonly allWithEmail?: boolean
  readonly seed?: number
}
export interface Drained {
  /** When each PC had nothing open any more, in virtual ms after the line came back. */
  readonly doneAt: readonly number[]
  readonly requests: number
  readonly limited: number
  /** What staff are asked. */
  readonly questions: readonly string[]
  readonly violations: readonly string[]
}

/** What so many customers saved without a line need to get to Square once it is back, in virtual time. */
export async function drain(options: DrainOptions): Promise<Drained> {
  const { pcs = 1, waiting, limit = null, pulling = false } = options
  const world = new World({ seed: options.seed ?? 7, duplicatesFound: true })
  const { scheduler, square, oracle } = world
  for (let n = 0; n < (options.known ?? 0); n++) {
    const wire = { givenName: `K${n}`, phoneNumber: `212-556-${String(1000 + n).slice(-4)}` }
    square.model.seed(fieldsToWire(wire, 'create'), 'DIRECTORY', square.call())
  }
  if (options.bulkFrom !== undefined) world.bulkFrom = options.bulkFrom
  world.pullEveryMs = pulling ? 1 : 1e12
  world.projectLagMs = 1000
  let requests = 0
  square.script = () => {
    requests += 1
    return null
  }
  for (let i = 0; i < pcs; i++) {
    const pc = new SimPc(world, `p${i}`)
    pc.compactAfter = 1e9
    pc.offline = true
    world.pcs.push(pc)
    void pc.boot()
  }
  await scheduler.runFor(1000)
  for (const [i, pc] of world.pcs.entries()) {
    if (options.known && !options.newPc) await loaded(world, pc)
    if (options.newPc) await scheduler.runFor(3_600_000) // none of them is new at Square
    const length = typeof waiting === 'number' ? waiting : waiting[i % waiting.length]
    const records = Array.from({ length: length! }, (_, n) => promise(world, pc, options, n))
    if (!(await durably(world, pc.outbox.write(records)))) throw new Error('the log takes no records')
  }
  await scheduler.runFor(5000)
  requests = 0
  square.limit = limit
  const started = scheduler.now
  for (const pc of world.pcs) {
    pc.setOffline(false)
    if (options.twice) scheduler.at(COLLEAGUE_AFTER_MS, () => colleagueAdds(world, phoneOf(450)))
    if (options.known) void pc.pull() // the line is back: the window looks at Square
  }
  const doneAt = new Map<SimPc, number>()
  for (let second = 0; second < 4 * 3600 && doneAt.size < pcs; second++) {
    await scheduler.runFor(1000)
    for (const pc of world.pcs)
      if (!doneAt.has(pc) && nobodyWaits(pc)) doneAt.set(pc, scheduler.now - started)
  }
  for (const pc of world.pcs) if (!doneAt.has(pc)) oracle.bad(`${pc.name} did not drain`)
  return {
    doneAt: world.pcs.map((pc) => doneAt.get(pc) ?? Number.POSITIVE_INFINITY),
    requests,
    limited: world.counts.get('429') ?? 0,
    questions: world.pcs.flatMap((pc) =>
      [...pc.outbox.state().entries.values()].map(({ op, question }) => `${op.id} ${question?.kind}`),
    ),
    violations: oracle.violations,
  }
}

/** Sent, or a person is asked. */
function nobodyWaits(pc: SimPc): boolean {
  return [...pc.outbox.state().entries.values()].every(({ question }) => question !== null)
}

/** The directory is complete before the line goes away. */
async function loaded(world: World, pc: SimPc): Promise<void> {
  pc.setOffline(false)
  void pc.pull()
  while (!pc.mirror.pull?.completeSince) await world.scheduler.runFor(1000)
  pc.setOffline(true)
  await world.scheduler.runFor(3_600_000)
}

async function durably(world: World, written: Promise<boolean>): Promise<boolean> {
  await world.scheduler.runFor(2000)
  return written
}

/** One promise to staff: a new customer with a phone number, every second with an e-mail too; or a note on an old one. */
function promise(
  world: World,
  pc: SimPc,
  { kind, allWithEmail, twice }: DrainOptions,
  n: number,
): RecordBody {
  const base = { id: `${pc.name}.op-${n}`, localId: `${pc.name}.c-${n}`, store: STORE }
  if (kind === 'create') {
    const patch = {
      givenName: { base: null, local: `N${n}` },
      phoneNumber: { base: null, local: twice && n === 300 ? '(212) 556-1007' : phoneOf(n) },
      ...(n % 2 || allWithEmail
        ? { emailAddress: { base: null, local: `${pc.name}.${n}@example.com` } }
        : {}),
    }
    const op: CreateOperation = { ...base, kind, patch }
    return { kind: 'queued', op, replaces: [] }
  }
  const wire = fieldsToWire({ givenName: `N${n}` }, 'create')
  const {
    id: squareId,
    version,
    fields,
    groupIds,
    creationSource,
  } = wireToRemote(world.square.model.seed(wire, 'DIRECTORY', world.square.call()))
  const basis = { squareId, version, fields, groupIds, creationSource }
  const op: UpdateOperation = { ...base, kind, patch: { note: { base: null, local: 'x' } }, squareId, basis }
  return { kind: 'queued', op, replaces: [] }
}

/** The directory has vouched by then, and few of the new customers have been sent. */
const COLLEAGUE_AFTER_MS = 20_000

function colleagueAdds({ square }: World, phoneNumber: string): void {
  square.model.seed(fieldsToWire({ givenName: 'Twice', phoneNumber }, 'create'), 'DIRECTORY', square.call())
}

function phoneOf(n: number): string {
  return `212-555-${String(1000 + n).slice(-4)}`
}
