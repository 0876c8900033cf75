// `npm test`: builds what is stale, runs every suite, and ends with one line that counts them all.
// `--full` takes longer: more seeds, every mutant, every storage case, and the branches that the tests reach.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from '../build/build-app.mjs'
import { bundleStandin } from './electron-standin/bundle.mjs'
import { readFaults, TABLES, unprovenFaults } from './faults.mjs'
import { readPlaywrightReport, readVitestReport } from './reports.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name)
const full = process.argv.includes('--full')
// As in playwright.config.ts: for a shared machine that stalls. Twice red is red.
const secondTry = process.env['CI'] ? ['--retry=1'] : []
const reports = mkdtempSync(join(tmpdir(), 'counterfoil-tests-'))

/** @typedef {import('./reports.mjs').SuiteReport} SuiteReport */

/**
 * Runs a command with its output shown; answers its exit code.
 * @param {string} command @param {readonly string[]} args @param {Record<string, string>} [env]
 * @returns {Promise<number>}
 */
function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
      env: { ...process.env, ...(full ? { COUNTERFOIL_FULL: '1' } : {}), ...env },
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/**
 * How many tests that FAULTS.md and INVARIANTS.md name did not run and pass; each is said in a line.
 * @param {readonly SuiteReport[]} suites
 */
function countUnproven(suites) {
  const passed = suites.flatMap((one) => one.passed)
  const unproven = TABLES.flatMap(({ path, row }) =>
    unprovenFaults(readFaults(readFileSync(join(root, path), 'utf8')), passed, row),
  )
  for (const line of unproven) console.error(line)
  return unproven.length
}

/**
 * Runs a suite and reads its report. An exit code that no failed test explains counts as one failure.
 * @param {string} name @param {string} file @param {() => Promise<number>} start
 * @param {(report: unknown, root: string) => SuiteReport} read
 * @returns {Promise<SuiteReport>}
 */
async function suite(name, file, start, read) {
  console.log(`\n== ${name}`)
  const code = await start()
  /** @type {SuiteReport} */
  let report = { counts: { passed: 0, failed: 0, skipped: 0 }, passed: [] }
  try {
    report = read(JSON.parse(readFileSync(file, 'utf8')), root)
  } catch (error) {
    console.error(`${name} left no report: ${error instanceof Error ? error.message : error}`)
  }
  const { counts } = report
  return code !== 0 && counts.failed === 0 ? { ...report, counts: { ...counts, failed: 1 } } : report
}

/**
 * How many failures the branches of what must not lose an edit add: one where any of them is not reached by the tests
 * beside it. Those tests have been counted, and are not counted again.
 */
async function countUncovered() {
  console.log('\n== branch coverage of merge, outbox and sync')
  const code = await run('npm', ['run', 'coverage', '--', ...secondTry])
  return code === 0 ? 0 : 1
}

async function main() {
  await bundleStandin()
  const built = await buildIfStale(root, (line) => console.log(line))
  if (built.kind === 'failed') {
    console.error(built.output)
    console.log('0 passed, 1 failed, 0 skipped')
    return 1
  }
  const unitReport = join(reports, 'unit.json')
  const e2eReport = join(reports, 'e2e.json')
  const unit = await suite(
    'unit, contract, component, property and simulation tests',
    unitReport,
    () =>
      run(bin('vitest'), [
        'run',
        ...secondTry,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ]),
    readVitestReport,
  )
  const e2e = await suite(
    'end to end, on the built app',
    e2eReport,
    () => run(bin('playwright'), ['test'], { PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport }),
    readPlaywrightReport,
  )
  const uncovered = full ? await countUncovered() : 0
  const unproven = countUnproven([unit, e2e])
  const sum = (/** @type {keyof typeof unit.counts} */ key) => unit.counts[key] + e2e.counts[key]
  const failed = sum('failed') + uncovered + unproven
  console.log(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`)
  return failed === 0 && sum('passed') > 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} finally {
  rmSync(reports, { recursive: true, force: true })
}
