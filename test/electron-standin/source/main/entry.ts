import { readFileSync } from 'node:fs'
import { open as openInspector } from 'node:inspector'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { findApp, StartRefusal } from './app-package.ts'
import type { Boot } from './boot.ts'
import { parseCommandLine } from './command-line.ts'
import { createEsModules } from './es-modules.ts'
import { installElectronModule } from './module-hooks.ts'
import { createRuntime, type Runtime } from './start.ts'

// out/electron-standin, where this file is bundled to; the project is two folders up.
const bundleFolder = dirname(process.argv[1] ?? '')
const root = resolve(bundleFolder, '..', '..')
// process.exit becomes app.exit once the app is set up, and that waits for a browser which may not be there.
const exitProcess = process.exit.bind(process)
const require = createRequire(join(root, 'package.json'))

/** Electron prepares these before the app's code runs; its types call some of them read-only. */
function prepareProcess(boot: Boot, args: readonly string[]): void {
  process.argv = [boot.executable, ...args]
  Object.assign(process, {
    type: 'browser',
    defaultApp: true,
    resourcesPath: join(bundleFolder, 'resources'),
  })
  const version = { value: boot.electronVersion, enumerable: true, configurable: true }
  Object.defineProperty(process.versions, 'electron', version)
  Object.defineProperty(process.versions, 'chrome', { ...version, value: '0.0.0.0' })
}

function listenToProcess({ api }: Runtime): void {
  process.on('uncaughtException', (error) => {
    // An app that listens itself decides itself.
    if (process.listenerCount('uncaughtException') > 1) return
    const title = 'A JavaScript error occurred in the main process'
    api.dialog.showErrorBox(title, `Uncaught Exception:\n${error.stack ?? String(error)}`)
  })
  process.on('unhandledRejection', (reason) => console.error('UnhandledPromiseRejectionWarning:', reason))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => api.app.quit())
}

async function run(args: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8')) as {
    version: string
  }
  const commandLine = parseCommandLine(args)
  if (commandLine.showVersion) return void console.log(`v${version}`)
  const { port, wait } = commandLine.inspect ?? {}
  if (port !== undefined) openInspector(port, '127.0.0.1', wait)

  const found = findApp(commandLine.entry, bundleFolder)
  const boot: Boot = {
    ...found,
    version: found.version ?? version,
    electronVersion: version,
    executable: process.env['STANDIN_EXECUTABLE'] ?? process.execPath,
    root,
    bundleFolder,
    switches: commandLine.switches,
  }
  prepareProcess(boot, args)
  const runtime = createRuntime(boot)
  installElectronModule(runtime.api)
  listenToProcess(runtime)
  for (const preload of commandLine.preloads) require(resolve(preload))
  process.once('beforeExit', refuseEndlessWait)
  if (boot.isModule) await createEsModules(runtime.api)(boot.mainFile)
  else createRequire(boot.mainFile)(boot.mainFile)
  process.off('beforeExit', refuseEndlessWait)
  await runtime.start()
}

/** A main file that awaits app.whenReady() at its top level; Electron would wait for ever without a word. */
function refuseEndlessWait(): void {
  console.error(
    'stand-in: the main file awaits something that only comes once it has been loaded (whenReady?)',
  )
  exitProcess(1)
}

run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof StartRefusal) console.error(`stand-in: ${error.message}`)
  else console.error('App threw an error during load\n', error)
  exitProcess(1)
})
