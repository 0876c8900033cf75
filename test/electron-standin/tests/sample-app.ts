import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { bundleStandin } from '../bundle.mjs'
import { MAIN, PRELOAD } from './sample-sources.ts'

export const EXECUTABLE = fileURLToPath(new URL('../electron', import.meta.url))

export interface SampleApp {
  readonly folder: string
  readonly userData: string
}
export interface RunningSample {
  readonly app: ElectronApplication
  readonly page: Page
  /** What has happened in its main process, from the start. */
  readonly events: () => Promise<readonly string[]>
  /** What it has written to stdout and stderr since it was up. */
  readonly output: () => string
}
/** What the sample's preload puts on the page's window. */
export interface SampleBridge {
  readonly invoke: (channel: string, ...args: unknown[]) => Promise<unknown>
  readonly on: (channel: string, listener: (...args: unknown[]) => void) => () => void
  readonly send: (channel: string, ...args: unknown[]) => void
  readonly fails: () => void
  readonly missing: () => void
  readonly forbidden: () => string
  readonly nested: {
    readonly twice: (n: number) => number
    readonly when: Date
    readonly list: readonly number[]
  }
}
declare global {
  interface Window {
    readonly sample: SampleBridge
  }
}

const folders: string[] = []
const running: { readonly app: ElectronApplication; readonly child: ChildProcess }[] = []

/** Ends what a test has left running (one that failed has not closed its app) and removes its folders. */
async function cleanUp(): Promise<void> {
  for (const { app, child } of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await app.close().catch(() => {})
  }
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

/** For tests that start an app each. */
export function cleanUpAfterEach(): void {
  afterEach(cleanUp)
}

/** One app for all tests of a file: for those that leave nothing behind which another one would see. */
export function shareSample(): () => RunningSample {
  let shared: RunningSample | undefined
  beforeAll(async () => {
    shared = await launchSample(writeSample())
  })
  afterAll(async () => {
    await shared?.app.close()
    await cleanUp()
  })
  return () => {
    if (!shared) throw new Error('the shared app is started before the first test')
    return shared
  }
}

/** Writes a small app into a folder of its own. `more` is added to the end of its main file. */
export function writeSample(more = ''): SampleApp {
  const folder = mkdtempSync(join(tmpdir(), 'standin-sample-'))
  folders.push(folder)
  const manifest = {
    name: 'sample',
    productName: 'Sample',
    version: '1.2.3',
    type: 'module',
    main: 'main.js',
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'main.js'), `${MAIN}\n${more}`)
  writeFileSync(join(folder, 'preload.cjs'), PRELOAD)
  const userData = join(folder, 'user-data')
  mkdirSync(userData)
  return { folder, userData }
}

/** Starts the app as test tools start Electron, and waits for its page. */
export async function launchSample(
  sample: SampleApp,
  env: Record<string, string> = {},
): Promise<RunningSample> {
  await bundleStandin()
  const app = await _electron.launch({
    executablePath: EXECUTABLE,
    args: [sample.folder, `--user-data-dir=${sample.userData}`],
    env: { ...(process.env as Record<string, string>), ...env },
  })
  const child = app.process()
  running.push({ app, child })
  let output = ''
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()))
  const page = await app.firstWindow()
  await page.getByTestId('ready').waitFor()
  const events = () => app.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
  return { app, page, output: () => output, events }
}
