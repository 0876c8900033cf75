import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { bundleSimulation } from './bundle.ts'
import { MUTANTS, type Mutant } from './mutants.ts'
import type { Plan } from './plan.ts'
import type { Regression } from './shrink.ts'
import type { Job, Report } from './worker.ts'

/** Runs a job on so many threads and adds their reports up; seeds are dealt out in turn. */
export async function runSeeds(options: {
  readonly from: number
  readonly count: number
  readonly untilMs: number
  readonly threads: number
  readonly histories: boolean
  readonly mutant?: Mutant
}): Promise<Report> {
  const { from, count, untilMs, threads, mutant = null } = options
  return withBundle(mutant, async (file) => {
    const jobs = Array.from({ length: threads }, (_, i): Job => {
      const share = Math.floor(count / threads) + (i < count % threads ? 1 : 0)
      const histories = options.histories && i === 0 ? '' : null
      return { from: from + i, step: threads, count: share, untilMs, histories, stopAtFirst: false }
    })
    const reports = await Promise.all(jobs.map((job) => runJob(file, job)))
    return reports.reduce(addReports)
  })
}

export interface MutantResult {
  readonly mutant: Mutant
  /** Seed or history that killed it; null: it lives. */
  readonly killedAt: string | null
  readonly seeds: number
}

/** Runs every given mutant until something notices it; those known to need a history get theirs first. */
export async function runMutants(options: {
  readonly mutants?: readonly Mutant[]
  readonly count: number
  readonly untilMs: number
  readonly threads: number
  readonly onResult?: (result: MutantResult) => void
}): Promise<readonly MutantResult[]> {
  const waiting = [...(options.mutants ?? MUTANTS)]
  const results: MutantResult[] = []
  const lane = async () => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const { count, untilMs } = options
      const job: Job = {
        from: 1,
        step: 1,
        count,
        untilMs,
        histories: mutant.history ?? null,
        stopAtFirst: true,
      }
      const report = await withBundle(mutant, (file) => runJob(file, job))
      const result = { mutant, killedAt: report.failed[0]?.seed ?? null, seeds: report.seeds }
      results.push(result)
      options.onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: options.threads }, lane))
  return results
}

const NOTHING = { from: 1, step: 1, count: 0, untilMs: 1e9, histories: null, stopAtFirst: false } as const

/** Makes a failing seed of the product or of a mutant small; null where it does not fail. */
export async function shrinkSeed(
  seed: number,
  mutant: Mutant | null,
  budgetMs: number,
): Promise<Regression | null> {
  const job: Job = { ...NOTHING, shrink: { seed, budgetMs } }
  const { regression } = await withBundle(mutant, (file) => runJob(file, job))
  return regression && mutant ? { mutant: mutant.name, ...regression } : regression
}

/** What a plan shows in the product or in a mutant; null: nothing. */
export async function violationOf(plan: Plan, mutant: Mutant | null): Promise<string | null> {
  const { failed } = await withBundle(mutant, (file) => runJob(file, { ...NOTHING, plans: [plan] }))
  return failed[0]?.violation ?? null
}

async function withBundle<T>(mutant: Mutant | null, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-simulation-'))
  try {
    const file = join(folder, 'worker.mjs')
    await bundleSimulation('worker.ts', file, mutant)
    return await use(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runJob(file: string, job: Job): Promise<Report> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: job })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`simulation worker ended with ${code} and no report`)))
  })
}

function addReports(a: Report, b: Report): Report {
  const counts: Record<string, number> = { ...a.counts }
  for (const [what, times] of Object.entries(b.counts)) counts[what] = (counts[what] ?? 0) + times
  return {
    seeds: a.seeds + b.seeds,
    failed: [...a.failed, ...b.failed],
    acknowledged: a.acknowledged + b.acknowledged,
    steps: a.steps + b.steps,
    counts,
    leastEdits: Math.min(a.leastEdits, b.leastEdits),
    leastChaosMs: Math.min(a.leastChaosMs, b.leastChaosMs),
    twice: a.twice + b.twice,
    regression: a.regression ?? b.regression,
  }
}
