import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFaults, TABLES, unprovenFaults } from '../faults.mjs'
import { readPlaywrightReport, readVitestReport } from '../reports.mjs'

const root = resolve(import.meta.dirname, '../..')

describe.each(TABLES)('$path', ({ path, row, count }) => {
  const rows = readFaults(readFileSync(join(root, path), 'utf8'))

  it('every one has a row with tests, or with the reason why it cannot be tried here', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, at) => at + 1))
    for (const { number, tests, whyNot } of rows)
      expect(tests.length > 0 || (whyNot ?? '').length > 20, `${row}${number}`).toBe(true)
  })

  it('every file it names is there and has that test, or the words of one that is made from a table', () => {
    for (const { number, tests } of rows)
      for (const { file, title } of tests) {
        expect(existsSync(join(root, file)), `${row}${number}: ${file}`).toBe(true)
        const source = sourceOf(file)
        const words = title.split(/[^\p{L}\p{N}_-]+/u).filter((word) => word.length > 3)
        const found = words.filter((word) => source.includes(word)).length
        const known = source.includes(title) || (words.length > 0 && found / words.length > 0.6)
        expect(known, `${row}${number}: ${file} has no “${title}”`).toBe(true)
      }
  })
})

describe('test/simulation/INVARIANTS.md', () => {
  const rows = readFaults(readFileSync(join(root, 'test/simulation/INVARIANTS.md'), 'utf8'))

  it('every invariant has a test that runs here, and every part of the simulation it names is there', () => {
    const named = rows.flatMap(({ number, tests, must }) => {
      expect(tests, `I${number}`).not.toEqual([])
      return [...must.matchAll(/`([\w-]+)\.(\w+)`/g)].map(([, file = '', name = '']) => ({
        number,
        file,
        name,
      }))
    })
    expect(named.length).toBeGreaterThan(20)
    for (const { number, file, name } of named) {
      const source = readFileSync(join(root, `test/simulation/${file}.ts`), 'utf8')
      expect(source, `I${number}: ${file}.${name}`).toMatch(new RegExp(`^  (async )?#?${name}\\(`, 'm'))
    }
  })
})

describe('the check after a full run', () => {
  const table = '| 1 | offline | all | `test/a.test.ts` works on<br>`test/e2e/b.e2e.ts` a \\| b |'
  const rows = readFaults(table)
  const both = [
    { file: 'test/a.test.ts', title: 'works on' },
    { file: 'test/e2e/b.e2e.ts', title: 'a | b' },
  ]

  it('a named test that did not pass is said', () => {
    expect(unprovenFaults(rows, both)).toEqual([])
    expect(unprovenFaults(rows, both.slice(0, 1))).toEqual([
      'fault 1: did not run and pass: test/e2e/b.e2e.ts “a | b”',
    ])
    expect(unprovenFaults(rows, [{ file: 'test/other.test.ts', title: 'works on' }])).toHaveLength(2)
  })

  it('of an invariant as well, by its own name', () => {
    const invariants = readFaults('| I7 | view | `oracle.projected` | `test/a.test.ts` works on |')
    expect(invariants).toMatchObject([{ number: 7, fault: 'view', must: '`oracle.projected`' }])
    expect(unprovenFaults(invariants, [], 'invariant I')).toEqual([
      'invariant I7: did not run and pass: test/a.test.ts “works on”',
    ])
  })

  it('a row that is neither a test nor a reason is refused', () => {
    expect(() => readFaults('| 1 | offline | all | some day |')).toThrow('row 1, offline')
    expect(() => readFaults('| 1 | offline | all | |')).toThrow('row 1, offline')
    expect(readFaults('| 2 | x | y | not here: no such kernel |')[0]).toMatchObject({
      tests: [],
      whyNot: 'no such kernel',
    })
  })

  it('vitest: what failed, was skipped, or could not be loaded has not passed, nor a name one of whose tests has not', () => {
    const one = (title: string, status: string) => ({ title, status, ancestorTitles: ['in a describe'] })
    const report = {
      ...{ numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 },
      testResults: [
        {
          name: join(root, 'test', 'a.test.ts'),
          status: 'failed',
          assertionResults: [
            one('works on', 'passed'),
            one('broken', 'failed'),
            one('left out', 'skipped'),
            one('of two', 'passed'),
            one('of two', 'pending'),
            one('twice', 'passed'),
          ],
        },
        { name: join(root, 'test', 'b.test.ts'), status: 'failed', assertionResults: [] },
      ],
    }
    expect(readVitestReport(report, root)).toEqual({
      counts: { passed: 3, failed: 2, skipped: 2 },
      passed: ['works on', 'twice'].map((title) => ({ file: 'test/a.test.ts', title })),
    })
  })

  it('Playwright: at the first try or at the second, in a describe or not; skipped is not passed', () => {
    const spec = (title: string, status: string) => ({ title, file: 'b.e2e.ts', tests: [{ status }] })
    const report = {
      config: { rootDir: join(root, 'test', 'e2e') },
      stats: { expected: 2, flaky: 1, unexpected: 1, skipped: 1 },
      errors: [],
      suites: [
        {
          specs: [spec('a | b', 'expected'), spec('red', 'unexpected'), spec('later', 'skipped')],
          suites: [{ specs: [spec('second try', 'flaky')] }],
        },
      ],
    }
    const { counts, passed } = readPlaywrightReport(report, root)
    expect(counts).toEqual({ passed: 3, failed: 1, skipped: 1 })
    expect(passed.map(({ title }) => title)).toEqual(['a | b', 'second try'])
    expect(unprovenFaults(rows, [...passed, ...both.slice(0, 1)])).toEqual([])
  })
})

const sources = new Map<string, string>()
/** A history is told in a file beside the test that runs it. */
function sourceOf(file: string): string {
  const known = sources.get(file)
  if (known !== undefined) return known
  const beside = file.startsWith('test/simulation/') ? ['histories.ts', 'bulk-histories.ts'] : []
  const paths = [file, ...beside.map((name) => `test/simulation/${name}`)]
  const source = paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n')
  sources.set(file, source)
  return source
}
