import { readFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SourceTextModule, SyntheticModule, type Module } from 'node:vm'
import { meansElectron } from './module-hooks.ts'

/**
 * Runs the app's ES modules, with `api` wherever they import electron. Not by Node's own module hooks: those live on a
 * thread of their own, and each start would wait a tenth of a second for it. A package of node_modules is Node's to load.
 */
export function createEsModules(api: object): (file: string) => Promise<void> {
  const modules = new Map<string, Promise<Module>>()
  const running = new Map<string, Promise<Module>>()
  let linked: Promise<void> = Promise.resolve()

  const electron = synthetic('electron', { ...api, default: api })

  async function find(specifier: string, parent: string): Promise<Module> {
    if (meansElectron(specifier)) return electron
    if (/^(\.{0,2}\/|file:)/.test(specifier))
      return once(modules, new URL(specifier, parent).href, readModule)
    const id = isBuiltin(specifier) ? specifier : pathToFileURL(createRequire(parent).resolve(specifier)).href
    return once(modules, id, async () => synthetic(id, (await import(id)) as object))
  }

  async function readModule(url: string): Promise<Module> {
    const filename = fileURLToPath(url)
    return new SourceTextModule((await readFile(filename)).toString(), {
      identifier: url,
      initializeImportMeta: (meta) => Object.assign(meta, { url, filename, dirname: dirname(filename) }),
      importModuleDynamically: async (specifier: string) => run(await find(specifier, url)),
    })
  }

  /** Its graph linked, one graph after the other because two may share modules, and then evaluated. */
  function run(module: Module): Promise<Module> {
    return once(running, module.identifier, async () => {
      const linking = linked.then(async () => {
        if (module.status === 'unlinked')
          await module.link((specifier, { identifier }) => find(specifier, identifier))
      })
      linked = linking.catch(() => {})
      await linking
      await module.evaluate()
      return module
    })
  }

  return async (file) => {
    await run(await find(pathToFileURL(file).href, pathToFileURL(file).href))
  }
}

/** A module that exports the members of `value` under their names. */
function synthetic(identifier: string, value: object): Module {
  const names = Object.keys(value)
  return new SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, (value as Record<string, unknown>)[name])
    },
    { identifier },
  )
}

function once(
  known: Map<string, Promise<Module>>,
  key: string,
  make: (key: string) => Promise<Module>,
): Promise<Module> {
  const made = known.get(key) ?? make(key)
  known.set(key, made)
  return made
}
