import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bundleStandin } from '../bundle.mjs'
import { cleanUpAfterEach, EXECUTABLE, launchSample, writeSample } from './sample-app.ts'

cleanUpAfterEach()

const HELD_BACK = `
  let finished = false
  app.on('before-quit', (event) => {
    if (finished) return
    event.preventDefault()
    setTimeout(() => { finished = true; console.log('event: finished'); app.quit() }, 500)
  })`

/** Runs the executable to its end, as a shell would. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  await bundleStandin()
  const child = spawn(EXECUTABLE, args, { env: { ...process.env, ...env } })
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr.on('data', (text: Buffer) => (output += text.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}

/** Processes whose command line names this folder. */
function processesOf(folder: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids
    .filter((id) => existsSync(`/proc/${id}/cmdline`))
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(folder)
      } catch {
        return false
      }
    })
    .map(Number)
}

test('events of start and of quit come in Electron’s order', async () => {
  const { app, output, events } = await launchSample(writeSample())
  await vi.waitFor(async () =>
    expect(await events()).toEqual(expect.arrayContaining(['loaded', 'ready-to-show'])),
  )
  expect((await events()).slice(0, 2)).toEqual(['will-finish-launching', 'ready'])
  await app.close()
  const names = [...output().matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
  expect(names.slice(names.indexOf('before-quit'))).toEqual([
    'before-quit',
    'close',
    'closed',
    'will-quit',
    'quit',
  ])
})

test('a quit can be held back, finished, and asked for again', async () => {
  const { app, output } = await launchSample(writeSample(HELD_BACK))
  await app.close()
  const events = [...output().matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
  expect(events.slice(events.indexOf('before-quit'))).toEqual([
    ...['before-quit', 'finished', 'before-quit', 'close', 'closed', 'will-quit', 'quit'],
  ])
})

test('a window that refuses to close stays, is hidden, and the app with it', async () => {
  const { app } = await launchSample(
    writeSample(`
      let mayClose = false
      app.on('before-quit', () => { mayClose = true })
      app.on('browser-window-created', (_event, own) => {
        own.on('close', (event) => { if (!mayClose) { event.preventDefault(); own.hide() } })
      })`),
  )
  const state = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (!window?.isVisible()) await new Promise((resolve) => window?.once('show', () => resolve(undefined)))
    const before = window?.isVisible()
    window?.close()
    return { before, after: window?.isVisible(), destroyed: window?.isDestroyed() }
  })
  expect(state).toEqual({ before: true, after: false, destroyed: false })
  await app.close()
})

test('the app knows its name, version, paths and that it is not packaged', async () => {
  const sample = writeSample()
  const { app } = await launchSample(sample)
  const facts = await app.evaluate(({ app }) => ({
    name: app.getName(),
    version: app.getVersion(),
    isPackaged: app.isPackaged,
    userData: app.getPath('userData'),
    electron: process.versions.electron,
  }))
  expect(facts).toMatchObject({
    name: 'Sample',
    version: '1.2.3',
    isPackaged: false,
    userData: sample.userData,
  })
  expect(facts.electron).toMatch(/^\d+\.\d+\.\d+$/)
  await app.close()
})

test('a second start hands its arguments and data to the first and ends with code 0', async () => {
  const sample = writeSample()
  const { app, output } = await launchSample(sample)
  const second = await run([sample.folder, `--user-data-dir=${sample.userData}`, '--hello'])
  expect(second).toMatchObject({ code: 0 })
  expect(second.output).toContain('second instance')
  await vi.waitFor(() => expect(output()).toContain('event: second-instance --hello second'), {
    timeout: 5000,
  })
  await app.close()
})

test('a lock left behind by a killed process does not keep the app from starting', async () => {
  const sample = writeSample()
  const first = await launchSample(sample)
  first.app.process().kill('SIGKILL')
  await vi.waitFor(() => expect(processesOf(sample.userData)).toEqual([]), { timeout: 10_000 })
  const again = await launchSample(sample)
  expect(await again.page.title()).toBe('Sample')
  await again.app.close()
})

test.runIf(process.platform === 'linux')('kill -9 leaves no browser behind', async () => {
  const sample = writeSample()
  const { app } = await launchSample(sample)
  expect(processesOf(sample.userData).length).toBeGreaterThan(1)
  app.process().kill('SIGKILL')
  await vi.waitFor(() => expect(processesOf(sample.userData)).toEqual([]), { timeout: 10_000 })
})

test.runIf(process.platform === 'linux')(
  'one Ctrl-C ends the app in order, however long it takes',
  async () => {
    await bundleStandin()
    const { folder, userData } = writeSample(HELD_BACK)
    const group = { env: process.env, detached: true }
    const child = spawn(EXECUTABLE, [folder, `--user-data-dir=${userData}`], group)
    onTestFinished(() => void child.kill('SIGKILL'))
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    const ended = once(child, 'exit')
    await vi.waitFor(() => expect(output).toContain('event: loaded'), { timeout: 20_000 })
    process.kill(-child.pid!, 'SIGINT') // as a terminal does, to all that it began
    expect(await ended).toEqual([0, null])
    expect(output).toContain('event: quit')
    expect(output).not.toContain('unexpectedly')
  },
)

test('a crashed renderer is reported, and a reload brings the page back', async () => {
  const { app, output } = await launchSample(writeSample())
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
  await vi.waitFor(() => expect(output()).toContain('event: gone crashed'), { timeout: 5000 })
  const answer = await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const loaded = new Promise((resolve) => contents?.once('did-finish-load', () => resolve(undefined)))
    contents?.reload()
    await loaded
    return contents?.executeJavaScript("sample.invoke('echo', 5)") as Promise<unknown>
  })
  expect(answer).toBe(5)
  await app.close()
})

test('app.exit ends at once with its code', async () => {
  const sample = writeSample('app.exit(3)')
  const { code, output } = await run([sample.folder, `--user-data-dir=${sample.userData}`])
  expect(code).toBe(3)
  expect(output).not.toContain('event: will-quit')
})

test('a packaged build is refused in one line with exit code 1', async () => {
  const { folder } = writeSample()
  mkdirSync(join(folder, 'resources'))
  writeFileSync(join(folder, 'resources', 'app.asar'), '')
  for (const entry of [folder, join(folder, 'resources', 'app.asar')]) {
    const { code, output } = await run([entry])
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([
      expect.stringContaining('The stand-in runs development builds only'),
    ])
  }
})

test('a wrong COUNTERFOIL_BROWSER is one line with exit code 1', async () => {
  const sample = writeSample()
  for (const [browser, words] of [
    ['/no/such/browser', 'which is not an executable file'],
    ['/bin/true', 'ended before it answered (exit code 0)'],
  ] as const) {
    const args = [sample.folder, `--user-data-dir=${sample.userData}`]
    const { code, output } = await run(args, { COUNTERFOIL_BROWSER: browser })
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([expect.stringContaining(words)])
  }
})

test('--version answers with the version of Electron that is installed', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, output: expect.stringMatching(/^v\d+\.\d+\.\d+\n$/) })
})
