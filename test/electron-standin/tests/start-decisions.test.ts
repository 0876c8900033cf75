import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { findBrowser, mustRunWithoutSandbox, usualBrowserPlaces } from '../../../build/browser.mjs'
import { chooseRuntime, type RuntimeQuestion } from '../../../build/runtime.mjs'
import { isStale, newestChange } from '../../../build/stale.mjs'

const bundled = { kind: 'found', path: '/cache/chromium', source: 'bundled', env: {} } as const
const question = (env: NodeJS.ProcessEnv, executables: readonly string[]) => ({
  root: '/project',
  platform: 'linux' as const,
  env,
  isExecutable: (path: string) => executables.includes(path),
  unpack: () => Promise.resolve(bundled),
})

test('COUNTERFOIL_BROWSER comes first and is never replaced silently', async () => {
  const env = { COUNTERFOIL_BROWSER: '/opt/mine', PATH: '/usr/bin' }
  expect(await findBrowser(question(env, ['/opt/mine', '/usr/bin/chromium']))).toMatchObject({
    path: '/opt/mine',
    source: 'COUNTERFOIL_BROWSER',
  })
  expect(await findBrowser(question(env, ['/usr/bin/chromium']))).toEqual({
    kind: 'none',
    message: 'COUNTERFOIL_BROWSER names "/opt/mine", which is not an executable file.',
  })
})

test('an installed browser comes before the bundled one', async () => {
  const env = { PATH: '/usr/local/bin:/usr/bin' }
  expect(await findBrowser(question(env, ['/usr/bin/google-chrome']))).toMatchObject({
    path: '/usr/bin/google-chrome',
    source: 'installed',
  })
  expect(await findBrowser(question(env, []))).toBe(bundled)
})

test('browsers are looked for where each system has them', () => {
  expect(usualBrowserPlaces('linux', { PATH: '/a:relative:/b' })).toContain('/b/microsoft-edge')
  expect(usualBrowserPlaces('linux', { PATH: '/a:relative:/b' }).every((path) => path.startsWith('/'))).toBe(
    true,
  )
  expect(usualBrowserPlaces('darwin', { HOME: '/Users/me' })).toContain(
    '/Users/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  )
  expect(usualBrowserPlaces('win32', { ProgramFiles: 'C:\\Program Files' })).toContain(
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  )
})

test('the sandbox is given up only where it cannot work', () => {
  const readFile = () => ''
  expect(mustRunWithoutSandbox({ platform: 'linux', uid: 0, readFile })).toBe(true)
  expect(mustRunWithoutSandbox({ platform: 'linux', uid: 1000, readFile })).toBe(false)
  expect(mustRunWithoutSandbox({ platform: 'darwin', uid: 0, readFile })).toBe(false)
  const restricted = (path: string) => (path.endsWith('apparmor_restrict_unprivileged_userns') ? '1' : '')
  expect(mustRunWithoutSandbox({ platform: 'linux', uid: 1000, readFile: restricted })).toBe(true)
})

test('a build is stale when a source is newer, or a result missing', () => {
  const changes: Record<string, number> = { source: 5, other: 3, result: 5, late: 9 }
  const changeOf = (path: string) => changes[path]
  expect(isStale(['source', 'other'], ['result'], changeOf)).toBe(false)
  expect(isStale(['late'], ['result'], changeOf)).toBe(true)
  expect(isStale(['source'], ['result', 'nothing'], changeOf)).toBe(true)
  expect(isStale(['nothing'], ['result'], changeOf)).toBe(false)
})

test('what a build writes beside its sources does not make it stale, a source that is written or removed does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stale-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const at = (seconds: number, ...names: string[]) => utimesSync(join(folder, ...names), seconds, seconds)
  const write = (seconds: number, ...names: string[]) => {
    mkdirSync(join(folder, ...names, '..'), { recursive: true })
    writeFileSync(join(folder, ...names), '')
    at(seconds, ...names)
  }
  write(10, 'views', 'A.vue')
  write(10, 'App.vue')
  at(10, 'views')
  write(30, 'node_modules', '.cache', 'made.ts')
  expect(newestChange(folder)).toBe(10_000)
  write(20, 'views', 'A.vue')
  expect(newestChange(folder)).toBe(20_000)
  at(25, 'views') // a view was removed
  expect(newestChange(folder)).toBe(25_000)
  expect(newestChange(join(folder, 'none'))).toBeUndefined()
})

/** A machine with a display, where nothing is installed and nothing can be reached. */
const bare: RuntimeQuestion = {
  env: { DISPLAY: ':0' },
  platform: 'linux',
  electron: {
    installed: () => undefined,
    reach: () => Promise.resolve(undefined),
    fetch: () => Promise.reject(new Error('nobody asked for it')),
  },
  browser: () => Promise.resolve(bundled),
}
const reachable = (outcome: Awaited<ReturnType<RuntimeQuestion['electron']['fetch']>>) => ({
  installed: () => undefined,
  reach: () => Promise.resolve(1),
  fetch: () => Promise.resolve(outcome),
})

test('Electron is taken where it is installed, or can be fetched', async () => {
  const installed = { ...bare.electron, installed: () => '/electron' }
  expect(await chooseRuntime({ ...bare, electron: installed })).toMatchObject({
    kind: 'electron',
    why: 'installed',
  })
  const fetched = reachable({ kind: 'fetched', path: '/electron' })
  expect(await chooseRuntime({ ...bare, electron: fetched })).toMatchObject({ why: 'fetched just now' })
})

test('else the stand-in, with the reason; headless only where nobody could see a window', async () => {
  expect(await chooseRuntime(bare)).toEqual({
    kind: 'stand-in',
    browser: '/cache/chromium',
    why: 'Electron is not installed and its download cannot be reached',
    headlessBecause: 'the browser that npm brought has no windows',
  })
  const failing = reachable({ kind: 'failed', why: 'disk full' })
  expect(await chooseRuntime({ ...bare, electron: failing })).toMatchObject({
    why: 'Electron could not be fetched (disk full)',
  })
  const browser = () => Promise.resolve({ ...bundled, source: 'installed' } as const)
  expect(await chooseRuntime({ ...bare, browser })).not.toHaveProperty('headlessBecause')
  const unseen = { ...bare, env: {}, electron: { ...bare.electron, installed: () => '/electron' } }
  expect(await chooseRuntime(unseen)).toMatchObject({
    kind: 'stand-in',
    headlessBecause: 'there is no display',
  })
})

test('COUNTERFOIL_RUNTIME is obeyed or refused, never replaced', async () => {
  const asked = (runtime: string, more: Partial<RuntimeQuestion> = {}) =>
    chooseRuntime({ ...bare, ...more, env: { COUNTERFOIL_RUNTIME: runtime, DISPLAY: ':0' } })
  expect(await asked('electron')).toMatchObject({ kind: 'none' })
  const installed = { ...bare.electron, installed: () => '/electron' }
  expect(await asked('stand-in', { electron: installed })).toMatchObject({ kind: 'stand-in' })
  expect(await asked('chrome')).toEqual({
    kind: 'none',
    message: 'COUNTERFOIL_RUNTIME is "chrome"; it can be "electron" or "stand-in".',
  })
  expect(await asked('stand-in', { platform: 'win32' })).toMatchObject({ kind: 'none' })
})

test('npm start says what is wrong in one line and fails', () => {
  const start = fileURLToPath(new URL('../../../build/start.mjs', import.meta.url))
  for (const [name, value, words] of [
    ['COUNTERFOIL_RUNTIME', 'chrome', 'it can be "electron" or "stand-in"'],
    ['COUNTERFOIL_BROWSER', '/no/such/browser', 'which is not an executable file'],
  ] as const) {
    const env = { ...process.env, COUNTERFOIL_RUNTIME: 'stand-in', [name]: value }
    const { status, stderr } = spawnSync(process.execPath, [start], { env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(words)])
  }
})
