import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorldConfig } from '../world/messages.ts'
import type { Boot } from './boot.ts'

/** The name under which Chromium knows the preload's world; the same as in Electron. */
export const PRELOAD_WORLD = 'Electron Isolated Context'

export interface PageScripts {
  readonly config: WorldConfig
  readonly forPage: string
  readonly forPreload: string
}

/** The texts that are injected before any script of the page, for one window with this preload. */
export function pageScripts(boot: Boot, preload: string | undefined): PageScripts {
  const run = randomUUID()
  const config: WorldConfig = {
    binding: '__standinPost',
    receiver: '__standinReceive',
    toIsolated: `standin-isolated-${run}`,
    toPage: `standin-page-${run}`,
    preloadPath: preload ?? '',
    process: {
      type: 'renderer',
      platform: process.platform,
      arch: process.arch,
      sandboxed: true,
      contextIsolated: true,
      versions: { ...process.versions },
      execPath: boot.executable,
      env: {},
      argv: [],
      pid: 0,
    },
  }
  const constants = `const STANDIN = ${JSON.stringify(config)};`
  const script = (name: string) => readFileSync(join(boot.bundleFolder, name), 'utf8')
  return {
    config,
    forPage: `(() => { ${constants}\n${script('page-world.js')}\n})()`,
    forPreload: [
      `(() => { ${constants}`,
      `const PRELOAD = function (require, process, global, exports, module) {\n${readPreload(preload)}\n};`,
      script('preload-world.js'),
      '})()\n//# sourceURL=electron-preload',
    ].join('\n'),
  }
}

function readPreload(path: string | undefined): string {
  if (path === undefined) return ''
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    console.error(`Unable to load preload script: ${path}`)
    console.error(error)
    return ''
  }
}
