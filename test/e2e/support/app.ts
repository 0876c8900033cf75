import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { appRuntime, ROOT } from './runtime.ts'

export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** What it said on stdout and stderr, for the message of a failing test. */
  readonly output: () => string
  /** kill -9 of main; resolves when its browser is gone as well. */
  kill(): Promise<void>
  /** Closes as a person does. */
  close(): Promise<void>
}
export interface LaunchOptions {
  /** The folder of the app's data; it may hold what an earlier start left. */
  readonly profile: string
  /** Where Square is for this app. */
  readonly squareUrl?: string
  readonly env?: Readonly<Record<string, string>>
}

/** The folder that is started: the project, or another build of the app. */
export const APP_FOLDER = process.env['COUNTERFOIL_APP'] ?? ROOT

const running = new Set<RunningApp>()
const profiles = new Set<string>()

/** A folder for the data of one app, removed by `cleanUp`. */
export function newProfile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-e2e-'))
  profiles.add(folder)
  return folder
}

/** Starts the built app and waits for its first screen. */
export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  const { app, child } = await startApp(options)
  let output = ''
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()))
  const { profile } = options
  const started: { page?: Page } = {}
  const one: RunningApp = {
    app,
    get page() {
      if (!started.page) throw new Error('the app has no window yet')
      return started.page
    },
    output: () => output,
    async kill() {
      running.delete(one)
      const ended = whenEnded(child)
      child.kill('SIGKILL')
      await ended
      await app.close().catch(() => {})
      await whenNobodyUses(profile)
    },
    async close() {
      running.delete(one)
      await app.close()
      await whenNobodyUses(profile)
    },
  }
  running.add(one)
  started.page = await app.firstWindow()
  await started.page.getByRole('main').first().waitFor({ timeout: 30_000 })
  return one
}

async function startApp({ profile, squareUrl, env = {} }: LaunchOptions) {
  const runtime = await appRuntime()
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...runtime.switches, APP_FOLDER, `--user-data-dir=${profile}`],
    cwd: ROOT,
    env: {
      ...(inherited as Record<string, string>),
      ...(squareUrl === undefined ? {} : { COUNTERFOIL_SANDBOX_URL: squareUrl }),
      ...env,
    },
    timeout: 60_000,
  })
  return { app, child: app.process() }
}

/** Starts the app on that data and waits until it ends by itself, as a second double-click does; its exit code. */
export async function startAgain(
  profile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  const runtime = await appRuntime()
  const child = spawn(runtime.executable, [...runtime.switches, APP_FOLDER, `--user-data-dir=${profile}`], {
    cwd: ROOT,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  })
  await whenEnded(child)
  return child.exitCode
}

/** Ends every app that still runs and removes the profiles: for `afterEach` or `afterAll`, also of a failed test. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((one) => one.kill()))
  for (const folder of profiles)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  profiles.clear()
}

function whenEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** A killed app's browser notices on its own; until then it may still write to the profile. */
async function whenNobodyUses(profile: string): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if (!processesOf(profile)) return
    await wait(50)
  }
  throw new Error(`something still runs on ${profile} 10 s after its app ended`)
}

/** Linux alone can be asked; elsewhere nobody is seen. */
function processesOf(profile: string): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(profile)
    } catch {
      return false
    }
  })
}
