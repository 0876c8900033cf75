import { expect, test } from 'vitest'
import { findBrowser, mustRunWithoutSandbox, usualBrowserPlaces } from '../../../build/browser.mjs'
import { isStale } from '../../../build/stale.mjs'

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
