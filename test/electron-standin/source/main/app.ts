import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { loudMembers } from '../loud.ts'
import { AppPaths } from './app-paths.ts'
import type { Boot } from './boot.ts'
import { logCall } from './call-log.ts'
import { cancelable } from './cancelable.ts'
import { InstanceLock } from './single-instance.ts'

export interface AppDoings {
  /** Closes all windows as a user would; false where one of them stays. */
  readonly closeWindows: () => Promise<boolean>
  /** Ends the browser and this process. */
  readonly end: (exitCode: number) => Promise<void>
}

/** electron.app. */
export class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine: CommandLine
  name: string
  readonly #boot: Boot
  readonly #doings: AppDoings
  readonly #paths: AppPaths
  readonly #lock: InstanceLock
  readonly #whenReady: Promise<void>
  #resolveReady: () => void = () => {}
  #isReady = false
  #isQuitting = false
  #isOver = false
  #told: Promise<void> = Promise.resolve()

  constructor(boot: Boot, doings: AppDoings) {
    super()
    this.#boot = boot
    this.#doings = doings
    this.name = boot.name
    this.commandLine = loudMembers('app.commandLine', new CommandLine(boot.switches))
    this.#paths = new AppPaths(boot, () => this.name)
    this.#whenReady = new Promise((resolve) => (this.#resolveReady = resolve))
    this.#lock = new InstanceLock(({ argv, workingDirectory, additionalData }) => {
      void this.whenReady().then(() =>
        this.emit('second-instance', {}, argv, workingDirectory, additionalData),
      )
    })
    process.on('exit', () => this.#lock.release())
  }

  getName(): string {
    return this.name
  }
  setName(name: string): void {
    this.name = name
  }
  getVersion(): string {
    return this.#boot.version
  }
  getAppPath(): string {
    return this.#boot.appPath
  }
  getLocale(): string {
    return this.#boot.switches.get('lang') || systemLocale()
  }
  getSystemLocale(): string {
    return systemLocale()
  }
  getPreferredSystemLanguages(): string[] {
    return [systemLocale()]
  }
  getPath(name: string): string {
    return this.#paths.get(name)
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }
  isReady(): boolean {
    return this.#isReady
  }
  whenReady(): Promise<void> {
    return this.#whenReady
  }
  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
  }
  focus(): void {}

  requestSingleInstanceLock(additionalData?: Record<never, never>): boolean {
    const outcome = this.#lock.request(this.getPath('userData'), additionalData)
    if (outcome.kind === 'second') this.#told = outcome.told
    return outcome.kind === 'first'
  }
  hasSingleInstanceLock(): boolean {
    return this.#lock.isHeld
  }
  releaseSingleInstanceLock(): void {
    this.#lock.release()
  }

  /** Test tools hold on to the process they started: with STANDIN_RELAUNCH=0 the call is logged, and they start it. */
  relaunch(): void {
    logCall('app.relaunch', {})
    if (process.env['STANDIN_RELAUNCH'] === '0') return
    const [executable = process.execPath, ...args] = process.argv
    // The lock was asked to be released at exit before this was.
    process.on('exit', () => spawn(executable, args, { detached: true, stdio: 'ignore' }).unref())
  }
  quit(): void {
    if (!this.#isQuitting) void this.#quit()
  }
  exit(exitCode = 0): void {
    this.#end(exitCode)
  }

  /** For the stand-in only. */
  static becomeReady(app: App): void {
    if (app.#isOver) return
    app.#isReady = true
    app.emit('will-finish-launching')
    app.emit('ready', {}, {})
    app.#resolveReady()
  }
  static isQuitting(app: App): boolean {
    return app.#isQuitting || app.#isOver
  }

  async #quit(): Promise<void> {
    this.#isQuitting = true
    const stays = (name: string) => {
      const event = cancelable({})
      this.emit(name, event)
      return event.defaultPrevented
    }
    if (stays('before-quit') || !(await this.#doings.closeWindows()) || stays('will-quit')) {
      this.#isQuitting = false
      return
    }
    this.#end(Number(process.exitCode ?? 0))
  }

  #end(exitCode: number): void {
    if (this.#isOver) return
    this.#isOver = true
    this.emit('quit', {}, exitCode)
    void this.#told.then(() => this.#doings.end(exitCode))
  }
}

/** app.commandLine. */
class CommandLine {
  readonly #switches: Map<string, string>
  constructor(switches: Map<string, string>) {
    this.#switches = switches
  }
  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name, value)
  }
  hasSwitch(name: string): boolean {
    return this.#switches.has(name)
  }
  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? ''
  }
  removeSwitch(name: string): void {
    this.#switches.delete(name)
  }
}

function systemLocale(): string {
  const given = process.env['LC_ALL'] || process.env['LC_MESSAGES'] || process.env['LANG'] || ''
  const [, language, region] = /^([a-z]{2,3})(?:_([A-Z]{2}))?(?:\.|@|$)/.exec(given) ?? []
  if (language === undefined) return 'en-US'
  return region === undefined ? language : `${language}-${region}`
}

// Absent on Linux in Electron itself, so apps ask for it with "?.".
const ONLY_ELSEWHERE = process.platform === 'darwin' ? [] : ['dock']

export const createApp = (boot: Boot, doings: AppDoings) =>
  loudMembers('app', new App(boot, doings), ONLY_ELSEWHERE)
