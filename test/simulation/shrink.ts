import { NO_FAULTS, type NetFaults } from './sim-square.ts'
import type { Plan, PlanEvent } from './plan.ts'
import { runPlan } from './run-seed.ts'

/** A failing plan made small, kept in `test/regressions` and run for ever. */
export interface Regression {
  /** What it showed when it was found. */
  readonly violation: string
  /** The mutant it was made with; absent: the product itself failed. */
  readonly mutant?: string
  readonly plan: Plan
}
type Fails = (plan: Plan) => Promise<string | null>

/**
 * Takes out of a failing plan whatever it does not need to fail in the same way: the events, most at a time, PCs, faults
 * and what is odd about the shop. Ends after `budgetMs` at the latest. Null: the plan does not fail.
 */
export async function shrink(
  plan: Plan,
  budgetMs: number,
  run = (smaller: Plan): Promise<readonly string[]> => runPlan(smaller).then(({ violations }) => violations),
): Promise<Regression | null> {
  const violation = (await run(plan))[0]
  if (violation === undefined) return null
  const wanted = kindOf(violation)
  const started = performance.now()
  const inTime = () => performance.now() - started < budgetMs
  const fails: Fails = async (smaller) =>
    inTime() ? ((await run(smaller)).find((other) => kindOf(other) === wanted) ?? null) : null
  let best = { plan, violation }
  const attempt = async (smaller: Plan): Promise<boolean> => {
    const still = await fails(smaller)
    if (still !== null) best = { plan: smaller, violation: still }
    return still !== null
  }
  for (let size = Number.POSITIVE_INFINITY; sizeOf(best.plan) < size && inTime();) {
    size = sizeOf(best.plan)
    await fewerPcs(() => best.plan, attempt)
    for (const kinds of [
      ['staff'],
      ['crash', 'offline', 'second-start', 'copy', 'take-in'],
      ['colleague'],
      ['sign-in'],
    ])
      await fewerEvents(kinds, () => best.plan, attempt)
    await fewerFaults(() => best.plan, attempt)
    await fewerOddities(() => best.plan, attempt)
  }
  return best
}

/** The size of what a person has to read. */
function sizeOf({ events, faults, pcs, chaosMs }: Plan): number {
  return events.length + pcs.length + Object.values(faults).filter(Boolean).length + chaosMs / 1e9
}

/** What went wrong, without whom and where: `effect 2 times: update p0.op7` is `effect times: update`. */
export function kindOf(violation: string): string {
  return violation
    .replace(/\(.*/s, '')
    .split(/\s+/)
    .filter((word) => !/[\d"{[]/.test(word))
    .join(' ')
}

type Best = () => Plan
type Attempt = (smaller: Plan) => Promise<boolean>

async function fewerPcs(best: Best, attempt: Attempt): Promise<void> {
  while (best().pcs.length > 1 && (await attempt({ ...best(), pcs: best().pcs.slice(0, -1) }))) continue
}

/** Delta debugging over the events of these kinds: halves, quarters, and so on to single ones. */
async function fewerEvents(kinds: readonly string[], best: Best, attempt: Attempt): Promise<void> {
  const ours = () => best().events.filter(({ kind }) => kinds.includes(kind))
  for (let chunk = ours().length; chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let at = 0; at < ours().length;) {
      const out = new Set<PlanEvent>(ours().slice(at, at + chunk))
      const events = best().events.filter((event) => !out.has(event))
      if (!(await attempt({ ...best(), events }))) at += chunk
    }
  }
}

async function fewerFaults(best: Best, attempt: Attempt): Promise<void> {
  for (const name of Object.keys(best().faults) as (keyof NetFaults)[])
    if (best().faults[name])
      await attempt({ ...best(), faults: { ...best().faults, [name]: NO_FAULTS[name] } })
}

async function fewerOddities(best: Best, attempt: Attempt): Promise<void> {
  const plain: Partial<Plan['knobs']> = {
    maxIndexLagMs: 0,
    killedWhileSaving: 0,
    mirrorFaults: { wipe: 0, rollback: 0, loseTail: 0 },
    versionStep: 1,
    pageSize: 100,
    projectLagMs: 100,
    opensLateMs: 0,
    restoredId: 'new',
  }
  for (const [name, value] of Object.entries(plain))
    if (JSON.stringify(best().knobs[name as keyof Plan['knobs']]) !== JSON.stringify(value))
      await attempt({ ...best(), knobs: { ...best().knobs, [name]: value } })
  await attempt({ ...best(), pcs: best().pcs.map((pc) => ({ ...pc, diskFull: 0 })) })
  // The end is cut off behind the last event.
  const last = Math.max(0, ...best().events.map(({ at }) => at))
  if (last + 60_000 < best().chaosMs) await attempt({ ...best(), chaosMs: Math.ceil(last) + 60_000 })
}
