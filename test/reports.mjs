// What a suite left behind: how many tests passed, and which.
import { join, relative } from 'node:path'

/**
 * @typedef {import('./faults.mjs').NamedTest} NamedTest
 * @typedef {import('./reports.mjs').SuiteReport} SuiteReport
 * @typedef {NamedTest & { isPassed: boolean }} Outcome
 */

/**
 * Vitest's JSON report. A file that could not even be loaded has no tests to fail; it counts as one that did.
 * @param {any} report @param {string} root
 * @returns {SuiteReport}
 */
export function readVitestReport(report, root) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report
  /** @type {readonly any[]} */
  const files = testResults
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  const outcomes = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((/** @type {any} */ { title, status }) => ({
      file: fromRoot(root, name),
      title,
      isPassed: status === 'passed',
    })),
  )
  return {
    counts: {
      passed: numPassedTests,
      failed: numFailedTests + broken,
      skipped: numPendingTests + numTodoTests,
    },
    passed: passedOnly(outcomes),
  }
}

/**
 * Playwright's JSON report. What passed at its second try has passed.
 * @param {any} report @param {string} root
 * @returns {SuiteReport}
 */
export function readPlaywrightReport({ config, suites, stats, errors }, root) {
  /** @param {any} suite @returns {Outcome[]} */
  const inside = ({ specs = [], suites: inner = [] }) => [
    ...specs.map((/** @type {any} */ { file, title, tests }) => ({
      file: fromRoot(root, join(config.rootDir, file)),
      title,
      isPassed: tests.every((/** @type {any} */ { status }) => status === 'expected' || status === 'flaky'),
    })),
    ...inner.flatMap(inside),
  ]
  return {
    counts: {
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
      skipped: stats.skipped,
    },
    passed: passedOnly(suites.flatMap(inside)),
  }
}

/**
 * Tests in two `describe`s may have one name: it has passed where all of them have.
 * @param {readonly Outcome[]} outcomes
 * @returns {NamedTest[]}
 */
function passedOnly(outcomes) {
  const nameOf = (/** @type {NamedTest} */ { file, title }) => `${file} ${title}`
  const others = new Set(outcomes.filter(({ isPassed }) => !isPassed).map(nameOf))
  return outcomes.filter((one) => !others.has(nameOf(one))).map(({ file, title }) => ({ file, title }))
}

/** @param {string} root @param {string} file */
function fromRoot(root, file) {
  return relative(root, file).replaceAll('\\', '/')
}
