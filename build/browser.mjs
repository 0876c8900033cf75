// Which browser carries the app on the stand-in, the demo and the tests: one choice for all of them.
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { unpackBundledChromium } from './bundled-chromium.mjs'

const NAMES_ON_PATH = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
]
const MAC_APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * Every place where a browser usually is on this system, best first.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]} absolute paths
 */
export function usualBrowserPlaces(platform, env) {
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env['HOME'] ? [join(env['HOME'], 'Applications')] : [])]
    return folders.flatMap((folder) =>
      MAC_APPLICATIONS.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    )
  }
  if (platform === 'win32') {
    const folders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']].filter(
      (folder) => folder,
    )
    return folders.flatMap((folder) => WINDOWS_PROGRAMS.map((program) => `${folder}\\${program}`))
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  return NAMES_ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** @param {string} path */
function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * The browser to use, or one line that says why there is none. COUNTERFOIL_BROWSER is never replaced silently by
 * another browser: whoever sets it wants that one.
 * @param {import('./browser.mjs').BrowserQuestion} question
 * @returns {Promise<import('./browser.mjs').BrowserAnswer>}
 */
export async function findBrowser(question) {
  const { root, env = process.env, platform = process.platform, isExecutable = isExecutableFile } = question
  const wanted = env['COUNTERFOIL_BROWSER']
  if (wanted) {
    if (isExecutable(wanted)) return { kind: 'found', path: wanted, source: 'COUNTERFOIL_BROWSER', env: {} }
    return {
      kind: 'none',
      message: `COUNTERFOIL_BROWSER names "${wanted}", which is not an executable file.`,
    }
  }
  const installed = usualBrowserPlaces(platform, env).find(isExecutable)
  if (installed) return { kind: 'found', path: installed, source: 'installed', env: {} }
  const unpack = question.unpack ?? unpackBundledChromium
  return unpack({ root, env, onUnpack: question.onUnpack ?? (() => {}) })
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

/**
 * True where Chromium's own sandbox cannot work: as root, and on Linux systems that deny user namespaces.
 * @param {{ platform?: NodeJS.Platform, uid?: number | undefined, readFile?: (path: string) => string }} [system]
 */
export function mustRunWithoutSandbox(system = {}) {
  const { platform = process.platform, uid = process.getuid?.(), readFile = read } = system
  if (platform !== 'linux') return false
  return (
    uid === 0 ||
    readFile('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    readFile('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    readFile('/proc/sys/user/max_user_namespaces') === '0'
  )
}
