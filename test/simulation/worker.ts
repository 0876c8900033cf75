import { parentPort, workerData } from 'node:worker_threads'
import { HISTORIES } from './histories.ts'
import { planOf, type Plan } from './plan.ts'
import { runPlan, runSeed } from './run-seed.ts'
import { shrink, type Regression } from './shrink.ts'

export interface Job {
  readonly from: number
  readonly step: number
  readonly count: number
  readonly untilMs: number
  /** Tell the fixed histories before any seed (all of them, or those whose name begins so). */
  readonly histories: string | null
  readonly stopAtFirst: boolean
  /** Run these plans as well, before any seed. */
  readonly plans?: readonly Plan[]
  /** Make this seed small, in so many ms, instead of anything else. */
  readonly shrink?: { readonly seed: number; readonly budgetMs: number }
}
export interface Report {
  readonly seeds: number
  readonly failed: readonly { readonly seed: string; readonly violation: string }[]
  readonly acknowledged: number
  readonly steps: number
  readonly counts: Readonly<Record<string, number>>
  /** Of all seeds the least; infinite where there was none. */
  readonly leastEdits: number
  readonly leastChaosMs: number
  /** Seeds that were run twice. */
  readonly twice: number
  readonly regression: Regression | null
}

const words = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** The next error that nobody waited for; only in a thread of its own is it known to be this seed's. */
function escaped(): Promise<string> {
  if (!parentPort) return new Promise(() => {})
  return new Promise((resolve) => {
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.removeAllListeners(event)
      process.once(event, (error: unknown) => resolve(words(error)))
    }
  })
}

/** Runs seeds until the job is done; a thrown error counts as a violation of that seed, also one nobody waited for. */
export async function work(job: Job): Promise<Report> {
  const failed: { seed: string; violation: string }[] = []
  const counts: Record<string, number> = {}
  let [seeds, acknowledged, steps, twice] = [0, 0, 0, 0]
  let [leastEdits, leastChaosMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const started = performance.now()
  const enough = () => job.stopAtFirst && failed.length > 0
  const check = async (seed: string, run: () => Promise<string | null | undefined>) => {
    const violation = await Promise.race([run().catch(words), escaped()])
    if (violation) failed.push({ seed, violation })
  }
  for (const [name, tell] of Object.entries(HISTORIES)) {
    if (job.histories === null || !name.startsWith(job.histories) || enough()) continue
    await check(`history ${name}`, async () => (await tell()).violations[0])
  }
  for (const plan of job.plans ?? [])
    await check(`plan of ${plan.seed}`, async () => (await runPlan(plan)).violations[0])
  for (let seed = job.from; seeds < job.count && !enough(); seed += job.step) {
    if (performance.now() - started > job.untilMs) break
    seeds++
    await check(String(seed), async () => {
      const result = await runSeed(seed)
      acknowledged += result.acknowledged
      steps += result.steps
      leastEdits = Math.min(leastEdits, result.edits)
      leastChaosMs = Math.min(leastChaosMs, result.chaosMs)
      for (const [what, times] of result.counts) counts[what] = (counts[what] ?? 0) + times
      if (seed % 50 !== 0 || result.violations[0]) return result.violations[0]
      twice++
      const again = await runSeed(seed)
      return again.hash === result.hash ? null : 'not deterministic'
    })
  }
  const regression = job.shrink ? await shrink(planOf(job.shrink.seed), job.shrink.budgetMs) : null
  return { seeds, failed, acknowledged, steps, counts, leastEdits, leastChaosMs, twice, regression }
}

if (parentPort) {
  const port = parentPort
  void work(workerData as Job).then((report) => port.postMessage(report))
}
