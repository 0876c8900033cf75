// Bundles the stand-in to out/electron-standin. `node test/electron-standin/bundle.mjs` builds it where it is stale.
import { build } from 'esbuild'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isStale } from '../../build/stale.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const source = join(root, 'test/electron-standin/source')
const out = join(root, 'out/electron-standin')

/** What the bundle is made from; the mark is written last, so that a build cut short counts as none. */
export const STANDIN_INPUTS = [
  source,
  join(root, 'test/electron-standin/bundle.mjs'),
  join(root, 'build/browser.mjs'),
  join(root, 'build/bundled-chromium.mjs'),
]
export const STANDIN_MARK = join(out, 'built.json')

/** @param {string} from @param {string} to @param {import('esbuild').BuildOptions} options */
async function bundle(from, to, options) {
  const partial = join(out, `${process.pid}-${to}`)
  await build({
    entryPoints: [join(source, from)],
    outfile: partial,
    bundle: true,
    logLevel: 'warning',
    ...options,
  })
  // In one step, because another process may be starting the stand-in just now.
  renameSync(partial, join(out, to))
}

/** Builds the stand-in if its sources are newer than its bundle. */
export async function bundleStandin() {
  if (!isStale(STANDIN_INPUTS, [STANDIN_MARK])) return
  const node = { platform: /** @type {const} */ ('node'), target: 'node20' }
  const page = {
    platform: /** @type {const} */ ('browser'),
    target: 'chrome120',
    format: /** @type {const} */ ('iife'),
  }
  mkdirSync(out, { recursive: true })
  await Promise.all([
    bundle('main/entry.ts', 'main.cjs', { ...node, format: 'cjs' }),
    bundle('world/page-world.ts', 'page-world.js', page),
    bundle('world/preload-world.ts', 'preload-world.js', page),
  ])
  writeFileSync(STANDIN_MARK, '{}\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleStandin()
