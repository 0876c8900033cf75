import { build, type BuildOptions } from 'esbuild'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Files that run inside the measured app, bundled to a folder of their own. */
export interface InsideScripts {
  /** Where they lie; to be removed at the end. */
  readonly folder: string
  /** Required by main before the app's own code. */
  readonly hook: string
  /** Evaluated in the page; leaves `bench`, the functions of `page/index.ts`. */
  readonly page: string
  /** The same with those of `page/start.ts` alone: what a start is watched by must weigh nothing in it. */
  readonly start: string
}

/**
 * Bundles what runs inside the app: functions handed over by their source text would miss what they import and what the
 * compiler adds around them.
 */
export async function bundleInside(): Promise<InsideScripts> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-inside-'))
  const hook = join(folder, 'main-hook.cjs')
  const page = join(folder, 'page.js')
  const start = join(folder, 'start.js')
  const inPage = {
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    globalName: 'bench',
    // The app's own search worker is found by its address, not by ours.
    logOverride: { 'empty-import-meta': 'silent' },
  } as const
  await Promise.all([
    bundle('inside/main-hook.ts', {
      outfile: hook,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['electron'],
    }),
    bundle('page/index.ts', { ...inPage, outfile: page }),
    bundle('page/start.ts', { ...inPage, outfile: start }),
  ])
  return { folder, hook, page, start }
}

function bundle(from: string, options: BuildOptions) {
  const entry = fileURLToPath(new URL(from, import.meta.url))
  return build({ entryPoints: [entry], bundle: true, logLevel: 'warning', ...options })
}
