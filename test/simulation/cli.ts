import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MUTANTS } from './mutants.ts'
import { runSeed } from './run-seed.ts'
import { runMutants, runSeeds, shrinkSeed } from './run-workers.ts'
import { missed, NIGHTLY_SEEDS, NIGHTLY_TIMES, RARE_SITUATIONS, rareTimes, SITUATIONS } from './situations.ts'

const USAGE = `usage: npm run simulate -- [--seeds N] [--from S] [--minutes M] [--counts]
       npm run simulate -- --nightly [--seeds N] [--minutes M]   every situation at least ${NIGHTLY_TIMES} times,
                                                             the rare ones in ${NIGHTLY_SEEDS} seeds
       npm run simulate -- --seed S                  one seed with its trace
       npm run simulate -- --shrink S [--mutant M]   makes a failing seed small, into test/regressions
       npm run simulate -- --mutants [--mutant M[,M...]] [--seeds N]   seed 0: a history, told before the first seed`
const SHRINK_MS = 60_000
const REGRESSIONS = join(import.meta.dirname, '../regressions')

const values = read()
const threads = Math.min(availableParallelism(), 8)

function number(name: 'seeds' | 'from' | 'seed' | 'minutes' | 'shrink', otherwise: number): number {
  const text = values[name]
  const n = text === undefined ? otherwise : Number(text)
  if (!Number.isFinite(n) || n < 0) throw new TypeError(`--${name} wants a number, not "${text}"`)
  return n
}
const untilMs = () => number('minutes', 1e6) * 60_000

function read() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string' },
        from: { type: 'string', default: '1' },
        seed: { type: 'string' },
        minutes: { type: 'string' },
        mutants: { type: 'boolean', default: false },
        mutant: { type: 'string' },
        counts: { type: 'boolean', default: false },
        nightly: { type: 'boolean', default: false },
        shrink: { type: 'string' },
      },
    }).values
  } catch (error) {
    refuse(error)
    return process.exit()
  }
}

function refuse(error: unknown): void {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  process.exitCode = 1
}

/** Seeds, one seed with its trace, a seed made small, or every mutant. Ends non-zero if anything failed or lives. */
async function main(): Promise<number> {
  if (values.seed !== undefined) return oneSeed(number('seed', 1))
  if (values.shrink !== undefined) return oneSmaller(number('shrink', 1))
  return values.mutants ? mutants() : seeds()
}

async function oneSeed(seed: number): Promise<number> {
  const { lines, violations } = await runSeed(seed, true)
  console.log(lines.join('\n'))
  console.log(violations.length === 0 ? 'nothing wrong' : violations.join('\n'))
  return violations.length === 0 ? 0 : 1
}

async function oneSmaller(seed: number): Promise<number> {
  const mutant = values.mutant === undefined ? null : chosenMutants()[0]!
  const found = await shrinkSeed(seed, mutant, SHRINK_MS)
  if (!found) throw new Error(`seed ${seed} does not fail`)
  await mkdir(REGRESSIONS, { recursive: true })
  const file = join(REGRESSIONS, `${mutant ? mutant.name : 'seed'}-${seed}.json`)
  await writeFile(file, `${JSON.stringify(found, null, 2)}\n`)
  const { events, pcs } = found.plan
  const edits = events.filter(({ kind }) => kind === 'staff').length
  console.log(`${found.violation}\n${edits} staff edits, ${events.length} events, ${pcs.length} PCs: ${file}`)
  return 0
}

function chosenMutants() {
  const { mutant } = values
  if (mutant === undefined) return MUTANTS
  return mutant.split(',').map((wanted) => {
    const found = MUTANTS.find(({ name }) => name === wanted)
    if (!found) throw new TypeError(`there is no mutant "${wanted}"`)
    return found
  })
}

async function mutants(): Promise<number> {
  const results = await runMutants({
    mutants: chosenMutants(),
    count: number('seeds', 1500),
    untilMs: untilMs(),
    threads,
    onResult: ({ mutant: { name }, killedAt, seeds }) => {
      const at = killedAt?.startsWith('history') ? `0 (${killedAt})` : killedAt
      console.log(killedAt ? `killed ${name} at seed ${at}` : `ALIVE ${name} after ${seeds} seeds`)
    },
  })
  return results.every(({ killedAt }) => killedAt) ? 0 : 1
}

async function seeds(): Promise<number> {
  const started = performance.now()
  const usual = values.nightly ? NIGHTLY_SEEDS : values.minutes === undefined ? 500 : Number.MAX_SAFE_INTEGER
  const report = await runSeeds({
    from: number('from', 1),
    count: number('seeds', usual),
    untilMs: untilMs(),
    threads,
    histories: true,
  })
  const rate = Math.round(report.seeds / ((performance.now() - started) / 60_000))
  const { counts, failed } = report
  if (values.counts || values.nightly)
    for (const [what, times] of Object.entries(counts).sort()) console.log(`${what}: ${times}`)
  for (const { seed, violation } of failed.slice(0, 20)) console.log(`failed ${seed}: ${violation}`)
  const wanted = [
    { situations: SITUATIONS, times: NIGHTLY_TIMES },
    { situations: RARE_SITUATIONS, times: rareTimes(report.seeds) },
  ]
  const rare = (values.nightly ? wanted : []).flatMap(({ situations, times }) =>
    missed(counts, situations, times).map((what) => ({ what, times })),
  )
  for (const { what, times } of rare)
    console.log(`reached ${counts[what] ?? 0} times, wanted ${times}: ${what}`)
  console.log(`seeds=${report.seeds} failed=${failed.length} rate=${rate}/min`)
  return failed.length === 0 && rare.length === 0 ? 0 : 1
}

main().then((code) => (process.exitCode = code), refuse)
