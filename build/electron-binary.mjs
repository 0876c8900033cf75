// The real Electron: whether its binary is there, can be had, and how it is fetched.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const REACH_MS = 3000
const MB = 1_000_000
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'GLOBAL_AGENT_HTTPS_PROXY']

/**
 * The executable that the package `electron` has fetched, if it belongs to the version that is installed.
 * @param {string} root
 * @returns {string | undefined}
 */
export function installedElectron(root) {
  const folder = packageFolder(root)
  try {
    const { version } = manifest(root)
    const fetched = readFileSync(join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '')
    const executable = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return fetched === version && existsSync(executable) ? executable : undefined
  } catch {
    return undefined
  }
}

/** @param {string} root */
export const electronVersion = (root) => manifest(root).version

/**
 * How large the download is where it can be reached within a few seconds; 0 if it is in the download cache already or
 * its size is not told; undefined if it cannot be reached.
 * @param {string} root
 * @returns {Promise<number | undefined>} bytes
 */
export async function reachElectron(root) {
  let size = 0
  let isReachable = true
  // Electron's own downloader says from where (mirrors and its cache included); it is stopped before it begins.
  const downloader = {
    /** @param {string} url */
    async download(url) {
      const answer = await head(url)
      isReachable = answer !== undefined
      size = answer ?? 0
      throw new Error('only asked')
    },
  }
  try {
    const require = createRequire(join(packageFolder(root), 'package.json'))
    const { downloadArtifact } = await import(require.resolve('@electron/get'))
    const { platform, arch } = process
    const checksums = JSON.parse(readFileSync(join(packageFolder(root), 'checksums.json'), 'utf8'))
    const version = electronVersion(root)
    await downloadArtifact({ version, artifactName: 'electron', platform, arch, checksums, downloader })
    return 0
  } catch (error) {
    const wasAsked = error instanceof Error && error.message === 'only asked'
    return wasAsked && isReachable ? size : undefined
  }
}

/**
 * Behind a proxy, which fetch does not use, only the download itself can tell: then it counts as reachable.
 * @param {string} url
 */
async function head(url) {
  if (PROXIES.some((name) => process.env[name])) return 0
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) })
    return response.ok ? Number(response.headers.get('content-length') ?? 0) : undefined
  } catch {
    return undefined
  }
}

/**
 * Fetches the binary into node_modules/electron/dist, where it stays, and shows how far it is on a terminal.
 * @param {string} root
 * @param {{ size: number, tell: (line: string) => void }} options
 * @returns {Promise<{ kind: 'fetched', path: string } | { kind: 'failed', why: string }>}
 */
export async function fetchElectron(root, { size, tell }) {
  const amount = size > 0 ? `${Math.round(size / MB)} MB, ` : ''
  tell(`Fetching Electron ${electronVersion(root)} (${amount}kept in node_modules/electron/dist) …`)
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-electron-'))
  const progress = process.stdout.isTTY ? setInterval(() => showProgress(folder, size), 500) : undefined
  // What `npx install-electron --no` runs. Its download goes through the folder for temporary files.
  const child = spawn(process.execPath, [join(packageFolder(root), 'install.js')], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (text) => (words += text))
  await new Promise((resolve) => child.on('close', resolve).on('error', resolve))
  clearInterval(progress)
  if (progress) process.stdout.write('\r\x1b[K')
  rmSync(folder, { recursive: true, force: true })
  const path = installedElectron(root)
  return path ? { kind: 'fetched', path } : { kind: 'failed', why: firstLine(words) }
}

/** @param {string} folder @param {number} size */
function showProgress(folder, size) {
  const done = Math.round(bytesBelow(folder) / MB)
  process.stdout.write(`\r\x1b[K${done}${size > 0 ? ` of ${Math.round(size / MB)}` : ''} MB`)
}

/** @param {string} path @returns {number} */
function bytesBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.size ?? 0
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0)
}

/** @param {string} root */
function packageFolder(root) {
  return dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json'))
}

/** @param {string} root @returns {{ version: string }} */
function manifest(root) {
  return JSON.parse(readFileSync(join(packageFolder(root), 'package.json'), 'utf8'))
}

/** @param {string} words of a program that failed */
const firstLine = (words) => (words.trim().split('\n')[0] ?? '').replace(/^\w*Error: /, '')
