// `npm test`: builds what is stale, runs every suite, and ends with one line that counts them all.
// `--full` takes longer: more seeds, every mutant, every storage case.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from '../build/build-app.mjs'
import { bundleStandin } from './electron-standin/bundle.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name)
const full = process.argv.includes('--full')
// As in playwright.config.ts: for a shared machine that stalls. Twice red is red.
const secondTry = process.env['CI'] ? ['--retry=1'] : []
const reports = mkdtempSync(join(tmpdir(), 'counterfoil-tests-'))

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

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

/** @param {string} file @returns {Counts} */
function vitestCounts(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report
  // A file that could not even be loaded has no tests to fail; it counts as one.
  const broken = testResults.filter(
    (/** @type {any} */ result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests }
}

/** @param {string} file @returns {Counts} */
function playwrightCounts(file) {
  const { stats, errors } = JSON.parse(readFileSync(file, 'utf8'))
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  }
}

/**
 * Runs a suite and reads its report. An exit code that no failed test explains counts as one failure.
 * @param {string} name @param {() => Promise<number>} start @param {() => Counts} read
 * @returns {Promise<Counts>}
 */
async function suite(name, start, read) {
  console.log(`\n== ${name}`)
  const code = await start()
  /** @type {Counts} */
  let counts
  try {
    counts = read()
  } catch (error) {
    console.error(`${name} left no report: ${error instanceof Error ? error.message : error}`)
    counts = { passed: 0, failed: 0, skipped: 0 }
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
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
    () =>
      run(bin('vitest'), [
        'run',
        ...secondTry,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ]),
    () => vitestCounts(unitReport),
  )
  const e2e = await suite(
    'end to end, on the built app',
    () => run(bin('playwright'), ['test'], { PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport }),
    () => playwrightCounts(e2eReport),
  )
  const sum = (/** @type {keyof Counts} */ key) => unit[key] + e2e[key]
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} finally {
  rmSync(reports, { recursive: true, force: true })
}
