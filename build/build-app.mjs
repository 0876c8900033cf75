// Builds the app where its bundles are older than its sources.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isStale } from './stale.mjs'

const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'build/square-sdk.ts',
  'build/ui-kit.ts',
  'electron.vite.config.ts',
  'package.json',
]
const BUNDLES = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']

/**
 * Builds what is stale, telling in one line that it does. What the build said is shown only if it failed.
 * @param {string} root the project's folder
 * @param {(line: string) => void} tell
 * @returns {Promise<import('./build-app.mjs').BuildOutcome>}
 */
export async function buildIfStale(root, tell) {
  /** @param {readonly string[]} paths */
  const inRoot = (paths) => paths.map((path) => join(root, path))
  if (!isStale(inRoot(SOURCES), inRoot(BUNDLES))) return { kind: 'fresh' }
  tell('Building the app (some 20 seconds) …')
  const { code, output } = await run(process.execPath, [electronVite(root), 'build'], root)
  return code === 0 ? { kind: 'built' } : { kind: 'failed', output }
}

/** @param {string} root */
const electronVite = (root) => join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}
