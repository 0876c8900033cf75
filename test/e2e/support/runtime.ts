import { fileURLToPath } from 'node:url'
import { findBrowser } from '../../../build/browser.mjs'
import { fetchElectron, installedElectron, reachElectron } from '../../../build/electron-binary.mjs'
import { chooseRuntime } from '../../../build/runtime.mjs'
import { bundleStandin } from '../../electron-standin/bundle.mjs'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** How to start the app here, and on what. */
export interface AppRuntime {
  readonly kind: 'electron' | 'stand-in'
  readonly executable: string
  readonly switches: readonly string[]
}

/** There is nothing here to start the app on; the message says why, in one line. */
export class NoRuntime extends Error {}

let chosen: Promise<AppRuntime> | undefined

/** The runtime `npm start` would choose (COUNTERFOIL_RUNTIME decides here too), ready to be launched. */
export function appRuntime(): Promise<AppRuntime> {
  chosen ??= prepareRuntime()
  return chosen
}

/** The same for a command: where there is none it ends with one line, as `npm start` does. */
export async function runtimeFor(command: string): Promise<AppRuntime> {
  try {
    return await appRuntime()
  } catch (error) {
    if (error instanceof NoRuntime) refuse(command, error.message)
    throw error
  }
}

/** Ends the process with what is wrong, where that is known: a stack trace would only hide it. */
export function refuse(command: string, message: string): never {
  console.error(`${command}: ${message}`)
  process.exit(1)
}

async function prepareRuntime(): Promise<AppRuntime> {
  const runtime = await chooseRuntime({
    env: process.env,
    platform: process.platform,
    electron: {
      installed: () => installedElectron(ROOT),
      reach: () => reachElectron(ROOT),
      fetch: (size) => fetchElectron(ROOT, { size, tell: console.log }),
    },
    browser: () => findBrowser({ root: ROOT }),
  })
  if (runtime.kind === 'none') throw new NoRuntime(runtime.message)
  if (runtime.kind === 'electron') {
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0
    return { kind: 'electron', executable: runtime.path, switches: asRoot ? ['--no-sandbox'] : [] }
  }
  await bundleStandin()
  const executable = fileURLToPath(new URL('../../electron-standin/electron', import.meta.url))
  return { kind: 'stand-in', executable, switches: [] }
}
