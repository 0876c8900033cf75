import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'

const URL_OF_ELECTRON = 'standin:electron'
let names: readonly string[] = []

// Node calls these on a thread of its own, so the api itself is fetched from the global object at run time.
export const initialize: InitializeHook<{ names: readonly string[] }> = (data) => {
  names = data.names
}

export const resolve: ResolveHook = (specifier, context, next) =>
  /^electron(\/(main|common))?$/.test(specifier)
    ? { url: URL_OF_ELECTRON, format: 'module', shortCircuit: true }
    : next(specifier, context)

export const load: LoadHook = (url, context, next) => {
  if (url !== URL_OF_ELECTRON) return next(url, context)
  const exports = names.map((name) => `export const ${name} = api[${JSON.stringify(name)}]`)
  const source = [
    "const api = globalThis[Symbol.for('electron-standin')]",
    'export default api',
    ...exports,
  ].join('\n')
  return { format: 'module', source, shortCircuit: true }
}
