import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export interface AppPackage {
  readonly appPath: string
  readonly mainFile: string
  readonly isModule: boolean
  readonly name: string
  readonly version: string | undefined
}
interface PackageJson {
  readonly main?: string
  readonly type?: string
  readonly name?: string
  readonly productName?: string
  readonly version?: string
}

/** Thrown for what the person who started the app can mend; shown as one line. */
export class StartRefusal extends Error {}

const PACKAGED =
  'The stand-in runs development builds only: this is a packaged app. Start it with the Electron it was packaged with.'

/** Finds the app that `electron <entry>` means, by Electron's rules. Refuses packaged builds. */
export function findApp(entry: string | undefined, bundleFolder: string): AppPackage {
  if (existsSync(join(dirname(bundleFolder), 'resources', 'app.asar'))) throw new StartRefusal(PACKAGED)
  if (entry === undefined)
    throw new StartRefusal('No app was named: electron <folder of the app> [arguments]')
  const path = resolve(entry)
  if (/\.asar([\\/]|$)/.test(path) || existsSync(join(path, 'resources', 'app.asar')))
    throw new StartRefusal(PACKAGED)
  if (basename(path) === 'resources' && existsSync(join(path, 'app.asar'))) throw new StartRefusal(PACKAGED)
  if (!existsSync(path)) throw new StartRefusal(`There is no app at ${path}`)
  return statSync(path).isDirectory() ? folderApp(path) : fileApp(path)
}

function folderApp(appPath: string): AppPackage {
  const manifest = join(appPath, 'package.json')
  if (!existsSync(manifest)) throw new StartRefusal(`There is no package.json in ${appPath}`)
  const json = readManifest(manifest)
  const mainFile = resolve(appPath, json.main ?? 'index.js')
  if (!existsSync(mainFile)) throw new StartRefusal(`${mainFile} does not exist: build the app first`)
  return describe(appPath, mainFile, json)
}

function fileApp(mainFile: string): AppPackage {
  for (let folder = dirname(mainFile); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return describe(dirname(mainFile), mainFile, readManifest(manifest))
    if (folder === dirname(folder)) return describe(dirname(mainFile), mainFile, {})
  }
}

function readManifest(path: string): PackageJson {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackageJson
  } catch (error) {
    throw new StartRefusal(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function describe(appPath: string, mainFile: string, json: PackageJson): AppPackage {
  const isModule = mainFile.endsWith('.mjs') || (json.type === 'module' && !mainFile.endsWith('.cjs'))
  return {
    appPath,
    mainFile,
    isModule,
    name: json.productName ?? json.name ?? 'Electron',
    version: json.version,
  }
}
