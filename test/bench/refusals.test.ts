import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../e2e/support/runtime.ts'

const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs')
const NO_BROWSER = { COUNTERFOIL_RUNTIME: 'stand-in', COUNTERFOIL_BROWSER: '/no/such/browser' }
const BENCH = 'test/bench/bench.ts'

it.each([
  ['npm run bench: --only "nope" is not one of practice, drain, first-load.', BENCH, ['--only', 'nope'], {}],
  ["npm run bench: Unknown option '--nope'", BENCH, ['--nope'], {}],
  ['npm run bench: COUNTERFOIL_BROWSER names "/no/such/browser"', BENCH, [], NO_BROWSER],
  ['npm run bench: COUNTERFOIL_BROWSER names "/no/such/browser"', BENCH, ['--only', 'drain'], NO_BROWSER],
  [
    'npm run screenshots: COUNTERFOIL_BROWSER names "/no/such/browser"',
    'test/e2e/screenshots.ts',
    [],
    NO_BROWSER,
  ],
])('one line says what is wrong: %s', (words, script, options, env) => {
  const run = spawnSync(process.execPath, [TSX, script, ...options], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  expect(run.stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(words)])
  expect(run.stdout).toBe('')
  expect(run.status).toBe(1)
})
