import { expect, test } from '@playwright/test'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isStale } from '../../build/stale.mjs'

const root = join(import.meta.dirname, '../..')
const inRoot = (path: string) => join(root, path)
const run = promisify(execFile)
/** Ends by itself before the test does: else it would go on after it. */
const node = (script: string, ...args: string[]) =>
  run(process.execPath, [inRoot(script), ...args], { cwd: root, timeout: 880_000 })
const PREVIEW = 'test/renderer/preview'
const SOURCES = ['renderer', 'shared', 'test/support', PREVIEW, 'build/ui-kit.ts', 'package.json']

/**
 * The screens that need a damaged disk, an old key or a copied profile to be reached, and all the others: over a fake
 * book, under the product's own security header.
 */
test('every screen, light and dark, at every size: nothing for axe, nothing cut off, no error in the console', async () => {
  test.setTimeout(900_000)
  if (isStale(SOURCES.map(inRoot), [inRoot('out/preview/index.html')]))
    await node(
      'node_modules/vite/bin/vite.js',
      'build',
      '-c',
      `${PREVIEW}/vite.config.ts`,
      '--logLevel',
      'error',
    )
  const looked = await node('node_modules/tsx/dist/cli.mjs', `${PREVIEW}/look.ts`).catch(
    (error: Error & { stdout?: string }) => ({ stdout: error.stdout ?? error.message }),
  )
  const [, screens = '0', findings = ''] = /(\d+) screens looked at, (\d+) findings/.exec(looked.stdout) ?? []
  expect(looked.stdout.split('\n').filter((line) => line.includes(': '))).toEqual([])
  expect(findings).toBe('0')
  expect(Number(screens)).toBeGreaterThan(60)
})
