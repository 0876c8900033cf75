import Module, { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const NAMES = new Set(['electron', 'electron/main', 'electron/common', 'electron/renderer'])
type Load = (this: unknown, id: string, ...rest: unknown[]) => unknown

/** Makes require('electron') and import 'electron' give `api`, in the app and in what test tools evaluate. */
export function installElectronModule(api: object, bundleFolder: string): void {
  const loader = Module as unknown as { _load: Load }
  const load = loader._load
  loader._load = function (id, ...rest) {
    return NAMES.has(id) ? api : load.call(this, id, ...rest)
  }
  Object.assign(globalThis, { [Symbol.for('electron-standin')]: api })
  register(pathToFileURL(join(bundleFolder, 'esm-hooks.mjs')), { data: { names: Object.keys(api) } })
}
