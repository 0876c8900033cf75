import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../..', name), 'utf8')) as T
interface Package {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  /** Comes inside its parent's archive, under its parent's checksum. */
  readonly inBundle?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Record<string, string>
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}
const manifest = read<Package & { readonly overrides: Record<string, string> }>('package.json')
const lock = read<{ readonly lockfileVersion: number; readonly packages: Record<string, Package> }>(
  'package-lock.json',
)
const installed = Object.entries(lock.packages).filter(([path]) => path !== '')

/**
 * Packages that would like to run a script when they are installed. Build and tests need none of them: the binaries of
 * esbuild come as packages of their own, Electron's is fetched by `npm start`, the others print or pick a version.
 */
const REVIEWED = ['electron-winstaller', 'esbuild', 'vue-demi']

describe('what is installed', () => {
  it('is named exactly', () => {
    for (const [name, version] of Object.entries(manifest.devDependencies!))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
    for (const [name, version] of Object.entries(manifest.overrides))
      expect(version, name).toMatch(/^(\d+\.\d+\.\d+|\$.+)$/)
  })
  it('is bundled: there are no dependencies at run time', () => {
    expect(manifest.dependencies ?? {}).toEqual({})
  })
  it('is in the lock file as in the manifest', () => {
    expect(lock.lockfileVersion).toBe(3)
    expect(lock.packages['']!.devDependencies).toEqual(manifest.devDependencies)
    for (const [name, version] of Object.entries(manifest.devDependencies!))
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
  })
  it('is held to its checksum, from wherever it is fetched', () => {
    expect(installed.length).toBeGreaterThan(500)
    for (const [path, { integrity, resolved, link, inBundle }] of installed) {
      expect(link, path).toBeUndefined()
      if (!inBundle) expect(integrity, path).toMatch(/^sha(512|1)-[A-Za-z0-9+/]+=*( sha\d+-.+)?$/)
      expect(resolved, path).toBeUndefined()
    }
  })
  it('has a package for every system its parent names, so that the lock fits on all of them', () => {
    const optional = installed.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).map((name) => [path, name] as const),
    )
    const present = new Set(installed.map(([path]) => path.replace(/^.*node_modules\//, '')))
    expect(optional.length).toBeGreaterThan(50)
    expect(optional.filter(([, name]) => !present.has(name))).toEqual([])
  })
  it('needs no install script; those that have one are known', () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript)
    const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''))
    expect([...new Set(names)].sort()).toEqual(REVIEWED)
  })
})
