import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { runSeed } from './run-seed.ts'
import { runMutants, runSeeds } from './run-workers.ts'

const USAGE =
  'usage: npm run simulate -- [--seeds N] [--from S] [--seed S] [--minutes M] [--mutants] [--counts]'

/** `npm run simulate`: seeds, one seed with its trace, or every mutant. Ends non-zero if anything failed or lives. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      counts: { type: 'boolean', default: false },
    },
  })
  const number = (name: string, text: string | undefined, otherwise: number): number => {
    const n = text === undefined ? otherwise : Number(text)
    if (!Number.isFinite(n) || n < 0) throw new TypeError(`--${name} wants a number, not "${text}"`)
    return n
  }
  const threads = Math.min(availableParallelism(), 8)
  const untilMs = number('minutes', values.minutes, 1e6) * 60_000

  if (values.seed !== undefined) {
    const result = await runSeed(number('seed', values.seed, 1), true)
    console.log(result.lines.join('\n'))
    console.log(result.violations.length === 0 ? 'nothing wrong' : result.violations.join('\n'))
    return result.violations.length === 0 ? 0 : 1
  }
  if (values.mutants) {
    const results = await runMutants({
      count: number('seeds', values.seeds, 1500),
      untilMs,
      threads,
      onResult: ({ mutant, killedAt, seeds }) =>
        console.log(
          killedAt
            ? `killed ${mutant.name} at seed ${killedAt}`
            : `ALIVE ${mutant.name} after ${seeds} seeds`,
        ),
    })
    return results.every(({ killedAt }) => killedAt) ? 0 : 1
  }
  const started = performance.now()
  const count = number('seeds', values.seeds, values.minutes === undefined ? 500 : Number.MAX_SAFE_INTEGER)
  const report = await runSeeds({
    from: number('from', values.from, 1),
    count,
    untilMs,
    threads,
    histories: true,
  })
  const rate = Math.round(report.seeds / ((performance.now() - started) / 60_000))
  if (values.counts)
    for (const [what, times] of Object.entries(report.counts).sort()) console.log(`${what}: ${times}`)
  for (const { seed, violation } of report.failed.slice(0, 20)) console.log(`failed ${seed}: ${violation}`)
  console.log(`seeds=${report.seeds} failed=${report.failed.length} rate=${rate}/min`)
  return report.failed.length === 0 ? 0 : 1
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    process.exitCode = 1
  },
)
