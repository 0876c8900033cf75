import { parentPort, workerData } from 'node:worker_threads'
import { HISTORIES } from './histories.ts'
import { runSeed } from './run-seed.ts'

export interface Job {
  readonly from: number
  readonly step: number
  readonly count: number
  readonly untilMs: number
  /** Tell the fixed histories before any seed (all of them, or those whose name begins so). */
  readonly histories: string | null
  readonly stopAtFirst: boolean
}
export interface Report {
  readonly seeds: number
  readonly failed: readonly { readonly seed: string; readonly violation: string }[]
  readonly acknowledged: number
  readonly steps: number
  readonly counts: Readonly<Record<string, number>>
}

/** Runs seeds until the job is done; a thrown error counts as a violation of that seed. */
export async function work(job: Job): Promise<Report> {
  const failed: { seed: string; violation: string }[] = []
  const counts: Record<string, number> = {}
  let seeds = 0
  let acknowledged = 0
  let steps = 0
  const started = performance.now()
  const enough = () => job.stopAtFirst && failed.length > 0
  for (const [name, tell] of Object.entries(HISTORIES)) {
    if (job.histories === null || !name.startsWith(job.histories) || enough()) continue
    const violation = await tell().then(
      (told) => told.violations[0] ?? null,
      (error: unknown) => String(error),
    )
    if (violation) failed.push({ seed: `history ${name}`, violation })
  }
  for (let seed = job.from; seeds < job.count && !enough(); seed += job.step) {
    if (performance.now() - started > job.untilMs) break
    seeds++
    try {
      const result = await runSeed(seed)
      acknowledged += result.acknowledged
      steps += result.steps
      for (const [what, times] of result.counts) counts[what] = (counts[what] ?? 0) + times
      if (result.violations[0]) failed.push({ seed: String(seed), violation: result.violations[0] })
      if (seed % 50 === 0) {
        const again = await runSeed(seed)
        if (again.hash !== result.hash) failed.push({ seed: String(seed), violation: 'not deterministic' })
      }
    } catch (error) {
      failed.push({
        seed: String(seed),
        violation: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
    }
  }
  return { seeds, failed, acknowledged, steps, counts }
}

if (parentPort) {
  const port = parentPort
  void work(workerData as Job).then((report) => port.postMessage(report))
}
