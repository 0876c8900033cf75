import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { createInterface } from 'node:readline'
import { findBrowser } from '../../../../build/browser.mjs'
import { StartRefusal } from './app-package.ts'
import { CdpConnection, type CdpSession } from './cdp.ts'
import { chromiumArguments } from './chromium-arguments.ts'

const CLOSE_PATIENCE_MS = 5000

/** A browser that has been started, and answers when it is up. */
export interface StartedChromium {
  readonly connection: CdpConnection
  readonly browser: CdpSession
  readonly headless: boolean
}
/** The browser that shows the app's windows. It ends by itself soon after this process ends, because its pipe closes. */
export interface Chromium extends StartedChromium {
  readonly version: string
  readonly pid: number | undefined
  /** Ends it in order, so that IndexedDB is closed properly. */
  close(): Promise<void>
}

/** Starts the browser and waits until it answers. Refuses with one line where there is none or it does not. */
export async function startChromium(options: {
  readonly root: string
  readonly profile: string
  readonly switches: ReadonlyMap<string, string>
  /** Called before it answers. */
  readonly onStarted: (started: StartedChromium) => void
  /** Called when the browser ends although nobody closed it. */
  readonly onLost: () => void
}): Promise<Chromium> {
  const found = await findBrowser({ root: options.root, onUnpack: (line) => console.error(line) })
  if (found.kind === 'none') throw new StartRefusal(found.message)
  mkdirSync(options.profile, { recursive: true })
  const headless = process.env['STANDIN_HEADED'] !== '1' || found.source === 'bundled'
  const child = spawn(found.path, chromiumArguments({ ...options, headless }), {
    env: { ...process.env, ...found.env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C is for the app, which ends in order and then ends the browser.
    detached: process.platform !== 'win32',
  })
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal))
  })
  const lastWords = passOnWords(child)
  let isClosing = false
  let isUp = false
  const [, , , output, input] = child.stdio as unknown as [unknown, unknown, unknown, Writable, Readable]
  const connection = new CdpConnection(output, input, () => {
    if (isUp && !isClosing) options.onLost()
  })
  const started = { connection, browser: connection.browser, headless }
  options.onStarted(started)
  const version = await Promise.race([
    connection.browser.send<{ product: string }>('Browser.getVersion').catch(() => undefined),
    exited.then(() => undefined),
  ])
  if (!version) {
    const why = [await exited, ...lastWords.slice(-1)].join(': ')
    throw new StartRefusal(`The browser ${found.path} ended before it answered (${why}).`)
  }
  isUp = true
  return {
    ...started,
    version: version.product.split('/')[1] ?? '',
    pid: child.pid,
    async close() {
      isClosing = true
      connection.browser.tell('Browser.close')
      const patience = setTimeout(() => child.kill('SIGKILL'), CLOSE_PATIENCE_MS)
      await exited
      clearTimeout(patience)
    },
  }
}

/** Test tools wait for Chromium's line about DevTools; all its other words are shown only when asked for. */
function passOnWords(child: ChildProcess): string[] {
  const last: string[] = []
  if (!child.stderr) return last
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('DevTools listening') || process.env['STANDIN_VERBOSE'] === '1')
      process.stderr.write(`${line}\n`)
    if (line.trim() !== '') last.push(line)
    if (last.length > 20) last.shift()
  })
  return last
}
