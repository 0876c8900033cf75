// `npm start`: builds what is stale, chooses the runtime, says which and why, and runs the app until it ends.
// `npm run dev` (`--dev`): the same runtime, with Vite's dev server and hot reload instead of a build.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const isDev = process.argv[2] === '--dev'
const appArguments = process.argv.slice(isDev ? 3 : 2)
/** @param {string} line */
const tell = (line) => console.log(line)

/**
 * Ends with one line that says what is wrong.
 * @param {string} message
 * @returns {never}
 */
function refuse(message) {
  console.error(`npm start: ${message}`)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isNodeFit = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
if (!isNodeFit) refuse(`Node ${process.versions.node} is too old; use 20.19 or newer, or 22.12 or newer.`)
if (!existsSync(join(root, 'node_modules', 'electron', 'package.json'))) refuse('run npm ci first.')

// Imported only now: with a wrong Node or without packages, the lines above are all that is said.
const { buildIfStale } = await import('./build-app.mjs')
const { findBrowser } = await import('./browser.mjs')
const { electronVersion, fetchElectron, installedElectron, reachElectron } =
  await import('./electron-binary.mjs')
const { chooseRuntime } = await import('./runtime.mjs')

const runtime = await chooseRuntime({
  env: process.env,
  platform: process.platform,
  electron: {
    installed: () => installedElectron(root),
    reach: () => reachElectron(root),
    fetch: (size) => fetchElectron(root, { size, tell }),
  },
  browser: () => findBrowser({ root, onUnpack: tell }),
})
if (runtime.kind === 'none') refuse(runtime.message)

if (!isDev) {
  const built = await buildIfStale(root, tell)
  if (built.kind === 'failed') refuse(`the app could not be built.\n${built.output.trimEnd()}`)
}

if (runtime.kind === 'electron') {
  tell(`Counterfoil on Electron ${electronVersion(root)} (${runtime.why}).`)
  const withoutSandbox = process.platform === 'linux' && process.getuid?.() === 0
  if (withoutSandbox) tell('As root, Electron runs without its sandbox.')
  run(runtime.path, withoutSandbox ? ['--no-sandbox'] : [], {})
} else {
  tell(`Counterfoil on the Electron stand-in with ${runtime.browser}: ${runtime.why}.`)
  if (runtime.headlessBecause) {
    tell(
      `It runs headless, without a window: ${runtime.headlessBecause}. To watch the app at work: npm run demo`,
    )
  }
  const { bundleStandin } = await import('../test/electron-standin/bundle.mjs')
  await bundleStandin()
  run(
    join(root, 'test', 'electron-standin', 'electron'),
    [],
    runtime.headlessBecause ? {} : { STANDIN_HEADED: '1' },
  )
}

/**
 * Runs the app with the arguments given to npm start; its exit code becomes ours. A first Ctrl-C asks it to quit, a
 * second one does not ask.
 * @param {string} executable
 * @param {string[]} switches
 * @param {Record<string, string>} env
 */
function run(executable, switches, env) {
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const [command, args] = isDev
    ? [process.execPath, [electronVite, 'dev', '--', ...switches, ...appArguments]]
    : [executable, [...switches, root, ...appArguments]]
  const child = spawn(command, args, {
    env: { ...inherited, ...env, ...(isDev ? { ELECTRON_EXEC_PATH: executable } : {}) },
    stdio: 'inherit',
    windowsHide: false,
  })
  let askedAt = Infinity
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // npm and the terminal both pass one Ctrl-C on; only a later one is a second.
      const isSecond = Date.now() - askedAt > 1000
      askedAt = Math.min(askedAt, Date.now())
      child.kill(isSecond ? 'SIGKILL' : signal)
    })
  }
  child.on('error', (error) => refuse(`the app could not be started: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)))
}
