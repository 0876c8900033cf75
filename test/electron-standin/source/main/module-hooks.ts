import Module from 'node:module'

const NAMES = new Set(['electron', 'electron/main', 'electron/common', 'electron/renderer'])
type Load = (this: unknown, id: string, ...rest: unknown[]) => unknown

/** True for what stands for Electron's api in an import. */
export function meansElectron(specifier: string): boolean {
  return NAMES.has(specifier)
}

/** Makes require('electron') give `api`, in the app and in what test tools evaluate. */
export function installElectronModule(api: object): void {
  const loader = Module as unknown as { _load: Load }
  const load = loader._load
  loader._load = function (id, ...rest) {
    return meansElectron(id) ? api : load.call(this, id, ...rest)
  }
}
