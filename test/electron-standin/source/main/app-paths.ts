import { mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Boot } from './boot.ts'

/** app.getPath and app.setPath. */
export class AppPaths {
  readonly #boot: Boot
  readonly #name: () => string
  readonly #set = new Map<string, string>()

  constructor(boot: Boot, name: () => string) {
    this.#boot = boot
    this.#name = name
  }

  get(name: string): string {
    const path = this.#set.get(name) ?? this.#standard(name)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    if (name === 'userData' || name === 'sessionData') mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }

  set(name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute')
    if (this.#standard(name) === undefined) throw new Error('Failed to set path')
    this.#set.set(name, path)
  }

  #standard(name: string): string | undefined {
    const home = homedir()
    switch (name) {
      case 'home':
        return home
      case 'appData':
        return configFolder(home)
      case 'userData': {
        const given = this.#boot.switches.get('user-data-dir')
        return given ? resolve(given) : join(this.get('appData'), this.#name())
      }
      case 'sessionData':
        return this.get('userData')
      case 'logs':
        return join(this.get('userData'), 'logs')
      case 'crashDumps':
        return join(this.get('userData'), 'Crashpad')
      case 'temp':
        return tmpdir()
      case 'exe':
      case 'module':
        return this.#boot.executable
      case 'desktop':
      case 'documents':
      case 'downloads':
      case 'music':
      case 'pictures':
      case 'videos':
        return join(
          home,
          name.replace(/^./, (first) => first.toUpperCase()),
        )
      default:
        return undefined
    }
  }
}

function configFolder(home: string): string {
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support')
  const given = process.env['XDG_CONFIG_HOME']
  return given && isAbsolute(given) ? given : join(home, '.config')
}
