import { mkdirSync } from 'node:fs'
import { APP_ID, dataPaths, type DataPaths } from './config.ts'
import { ARGUMENT_SCHEMAS } from './ipc/argument-schemas.ts'
import { exportSyncLog } from './diagnostics/export-sync-log.ts'
import { openSyncLog, type KeptSyncLog } from './diagnostics/sync-log-file.ts'
import { createDeletionLimit } from './ipc/deletion-limit.ts'
import { createHandlers } from './ipc/handlers.ts'
import { routeInvokes } from './ipc/router.ts'
import { freeBytesAt, readAppInfo } from './platform/app-info.ts'
import { registerAppScheme, serveApp } from './platform/app-protocol.ts'
import * as electron from './platform/electron.ts'
import { faultFacts } from '#shared/fault.ts'
import { moveAsideIfDue, repairDirectory, type RepairOptions } from './platform/directory-repair.ts'
import { confirmDeletions } from './platform/confirm-deletions.ts'
import { createFileDialogs } from './platform/file-dialogs.ts'
import { hardenPages, hardenSession, refusedSwitch } from './platform/hardening.ts'
import { claimSingleInstance, finishBeforeQuit } from './platform/lifecycle.ts'
import { createLogSink } from './platform/log-sink.ts'
import { menuTemplate } from './platform/menu.ts'
import { listPackedFiles, type PackedFiles } from './platform/packed-files.ts'
import { applyDevelopmentPolicy, pageLocation, type PageLocation } from './platform/page-location.ts'
import { recordStart, type StartRecord } from './platform/start-record.ts'
import { createSecretStorage } from './platform/secret-storage.ts'
import { newUuid, systemClock } from './platform/system-ports.ts'
import { onWakeSignals } from './platform/wake-signals.ts'
import { readWindowSize, type WindowSize } from './platform/window-bounds.ts'
import { openMainWindow, type MainWindow } from './platform/windows.ts'
import { createServices } from './services.ts'
import type { Log } from '#shared/ports.ts'
import { courtesySync } from './session/courtesy-sync.ts'
import { createStorageService } from './storage/storage-service.ts'

const { app } = electron

/** After the first paint: Square's SDK occupies main for as long, and the list and the first search come before it. */
const LIST_FIRST_MS = 500

/** Starts the app. Before anything is ready: the scheme, the sandbox, and the right to be the only one. */
export function startApp(bundleFolder: string): void {
  const isPackaged = app.isPackaged
  if (isPackaged && refusedSwitch(process.argv) !== null) return app.exit(1)
  registerAppScheme(electron.protocol)
  app.enableSandbox()
  if (process.platform === 'win32') app.setAppUserModelId(APP_ID)

  let window: MainWindow | null = null
  if (!claimSingleInstance(app, () => window?.reveal())) return app.quit()
  app.on('activate', () => window?.reveal())
  const paths = dataPaths(app.getPath('userData'))
  mkdirSync(paths.userData, { recursive: true, mode: 0o700 })
  const log = createLogSink(paths.logs, !isPackaged)
  const repair = { file: paths.repair, sessionData: app.getPath('sessionData'), log }
  // Before the browser opens its databases.
  moveAsideIfDue(repair)
  process.on('uncaughtException', (error) => log.error('main.uncaught', faultFacts(error)))
  process.on('unhandledRejection', (error) => log.error('main.unhandled', faultFacts(error)))
  log.info('app.started', { version: app.getVersion(), platform: process.platform })
  const page = pageLocation({ bundleFolder, isPackaged, devServerUrl: process.env['ELECTRON_RENDERER_URL'] })
  // Read while the browser starts.
  const read = Promise.all([
    recordStart({ file: paths.starts, clock: systemClock, log }),
    readWindowSize(paths.window),
    page.isDevServer ? null : listPackedFiles(page.folder),
    openSyncLog({ folder: paths.logs, clock: systemClock, log }),
  ])
  void app.whenReady().then(async () => {
    const [start, size, files, syncLog] = await read
    window = run({ isPackaged, paths, log, repair, page, start, size, files, syncLog })
  })
}

interface Running {
  readonly isPackaged: boolean
  readonly paths: DataPaths
  readonly log: Log
  readonly repair: RepairOptions
  readonly page: PageLocation
  readonly start: StartRecord
  readonly size: WindowSize
  /** Null: a development server has them. */
  readonly files: PackedFiles | null
  readonly syncLog: KeptSyncLog
}

/** The app from ready to quit. */
function run({ isPackaged, paths, log, repair, page, start, size, files, syncLog }: Running): MainWindow {
  const restart = () => {
    app.relaunch()
    app.quit()
  }

  // What the parts need of the window before there is one.
  let window: MainWindow | null = null
  let isAtRest = () => {}
  const windowAtRest = new Promise<void>((resolve) => (isAtRest = resolve))

  const services = createServices({
    userData: paths.userData,
    isPackaged,
    sandboxUrl: process.env['COUNTERFOIL_SANDBOX_URL'],
    sandboxPace: process.env['COUNTERFOIL_SANDBOX_PACE'],
    secrets: createSecretStorage({ safeStorage: electron.safeStorage, platform: process.platform }),
    fetch: (input, init) => electron.net.fetch(input as string, init),
    windowAtRest,
    send: (channel, event) => window?.send(channel, event),
    syncLog,
    safeMode: start.safeMode,
    log,
  })
  const { session, slot, practice } = services

  // The page and its walls.
  const walls = { pageOrigin: page.origin, reachable: services.reachable, log }
  hardenPages(app, walls)
  hardenSession(electron.session.defaultSession, walls)
  if (files === null) applyDevelopmentPolicy(electron.session.defaultSession, page.origin)
  else serveApp({ protocol: electron.protocol, files })

  // The window first, because its process takes longest; it loads its page when there are doors to knock at.
  const mainWindow = openMainWindow({
    createWindow: (options) => new electron.BrowserWindow(options),
    dialog: electron.dialog,
    nativeTheme: electron.nativeTheme,
    pageUrl: page.url,
    preload: page.preload,
    devTools: !isPackaged,
    size,
    sizeFile: paths.window,
    clock: systemClock,
    log,
    onClosed: () => {
      if (process.platform !== 'darwin') app.quit()
    },
  })
  window = mainWindow
  void mainWindow.painted.then(() => systemClock.schedule(LIST_FIRST_MS, isAtRest))
  const template = menuTemplate({ platform: process.platform, devTools: !isPackaged })
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(template))

  // The doors, then the store of the last time behind them, then the page in front.
  const lookAgain = (reason: 'asked' | 'resumed') => {
    slot.current()?.engine.wake(reason)
    window?.send('directory:wake', { reason })
  }
  const restored = session
    .restore()
    .catch((error: unknown) => log.error('session.not-restored', faultFacts(error)))
  const dialogs = createFileDialogs(electron.dialog, () => app.getPath('documents'))
  const wallIso = () => systemClock.wallIso()
  const handlers = createHandlers({
    restored,
    session,
    slot,
    pull: services.pull,
    practice: (command) => practice.command(command),
    appInfo: () => readAppInfo(app, paths.userData),
    log,
    syncNow: () => lookAgain('asked'),
    deletions: createDeletionLimit({
      clock: systemClock,
      confirm: (count) => confirmDeletions(electron.dialog, count),
    }),
    safeMode: start.safeMode,
    restart,
    syncLog,
    exportSyncLog: () => exportSyncLog({ syncLog, dialogs, version: app.getVersion(), wallIso, log }),
    storage: createStorageService({
      paths,
      slot,
      dialogs,
      freeBytes: () => freeBytesAt(paths.userData),
      safeMode: start.safeMode,
      wallIso,
      newId: newUuid,
      repair: (report, hasRoom) => repairDirectory(repair, report, hasRoom),
      restart,
      log,
    }),
  })
  routeInvokes({
    ipcMain: electron.ipcMain,
    schemas: ARGUMENT_SCHEMAS,
    handlers,
    pageOrigin: page.origin,
    log,
  })
  session.onChanged((state) => window?.send('session:changed', state))

  mainWindow.load()
  onWakeSignals(electron.powerMonitor, () => lookAgain('resumed'))

  finishBeforeQuit({
    app,
    clock: systemClock,
    log,
    async finish() {
      await start.endedWell()
      mainWindow.hide()
      mainWindow.release()
      const open = slot.current()
      if (open) await courtesySync(open)
      await slot.close()
      await practice.stop()
      await syncLog.flush()
    },
  })
  return mainWindow
}
