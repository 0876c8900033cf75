// npm run package [-- --win | --mac | --linux] [targets] : builds the app and makes installers of it. Where Electron
// cannot be had it says so in one line and ends with 1, before anything is built.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packagePlan } from './package-plan.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const plan = packagePlan(process.argv.slice(2), process.platform, process.arch)
if (plan.kind === 'refused') stop(plan.why)

const { version } = JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8'))
const checksums = JSON.parse(readFileSync(require.resolve('electron/checksums.json'), 'utf8'))

for (const platform of plan.platforms) {
  try {
    // Electron's own download: its cache, its mirrors (ELECTRON_MIRROR), checked against the sums in the package.
    const { downloadArtifact } = await import('@electron/get')
    const cacheRoot = process.env['electron_config_cache']
    await downloadArtifact({
      version,
      platform,
      arch: plan.arch,
      artifactName: 'electron',
      checksums,
      ...(cacheRoot ? { cacheRoot } : {}),
    })
  } catch (error) {
    stop(
      `cannot package: Electron ${version} for ${platform}-${plan.arch} could not be fetched (${reasonOf(error)}).`,
    )
  }
}

run('electron-vite', inPackage('electron-vite', 'bin/electron-vite.js'), ['build'])
run('electron-builder', inPackage('electron-builder', 'cli.js'), [
  '--publish',
  'never',
  ...plan.builderArguments,
])

/** A file of a tool, also one that its package does not export. @param {string} name @param {string} path */
function inPackage(name, path) {
  return join(dirname(require.resolve(`${name}/package.json`)), path)
}

/** @param {string} name @param {string} script @param {readonly string[]} args */
function run(name, script, args) {
  const { status, signal } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) stop(`cannot package: ${name} ended with ${status ?? signal}.`)
}

/** @param {unknown} error */
function reasonOf(error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
}

/** @param {string} line @returns {never} */
function stop(line) {
  console.error(line)
  process.exit(1)
}
