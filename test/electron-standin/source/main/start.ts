import { join } from 'node:path'
import { createApi } from './api.ts'
import { App } from './app.ts'
import type { Boot } from './boot.ts'
import { BrowserWindow } from './browser-window.ts'
import { startChromium, type Chromium } from './chromium.ts'
import { NativeTheme } from './native-theme.ts'
import { Pages } from './pages.ts'
import { Session } from './session.ts'
import { connectWindows, windows } from './windows.ts'

/** The api for the app, and what starts the browser and then makes the app ready. */
export interface Runtime {
  readonly api: ReturnType<typeof createApi>['api']
  readonly start: () => Promise<void>
}

export function createRuntime(boot: Boot): Runtime {
  let chromium: Chromium | undefined
  // Kept: process.exit is replaced below by app.exit, as in Electron.
  const exitProcess = process.exit.bind(process)

  const { api, schemes, defaultSession } = createApi(boot, {
    async closeWindows() {
      for (const window of BrowserWindow.getAllWindows()) {
        if (!(await BrowserWindow.askToClose(window))) return false
      }
      return true
    },
    async end(exitCode) {
      await chromium?.close()
      exitProcess(exitCode)
    },
  })
  const { app } = api
  process.exit = ((code?: number | string) =>
    app.exit(Number(code ?? process.exitCode ?? 0))) as typeof process.exit

  function onClosed(): void {
    if (windows.all().length > 0 || App.isQuitting(app)) return
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed')
    else app.quit()
  }

  async function start(): Promise<void> {
    if (App.isQuitting(app)) return
    let pages: Pages | undefined
    const starting = startChromium({
      root: boot.root,
      profile: join(app.getPath('sessionData'), 'Chromium'),
      switches: boot.switches,
      onStarted: (started) => (pages = Pages.begin(started)),
      onLost() {
        // Where the browser shares the app's terminal after all, one Ctrl-C ends both: while the app quits that is no news.
        if (!App.isQuitting(app)) console.error('stand-in: the browser has ended unexpectedly')
        exitProcess(1)
      },
    })
    // Node makes its fetch classes when they are first named: while the browser starts, not when it asks for the page.
    void globalThis.Response
    const browser = await starting
    chromium = browser
    if (App.isQuitting(app)) return
    Object.defineProperty(process.versions, 'chrome', {
      value: browser.version,
      enumerable: true,
      configurable: true,
    })
    connectWindows({
      boot,
      board: {
        app,
        ipcMain: api.ipcMain,
        session: defaultSession,
        settlePermissions: (asking) =>
          Session.settle(defaultSession, { ...asking, browser: browser.browser }),
        appPath: boot.appPath,
        schemes,
        protocol: api.protocol,
        webRequest: defaultSession.webRequest,
      },
      chromium: () => browser,
      pages: () => pages!,
      appName: () => app.name,
      prepare: [(page) => NativeTheme.prepare(api.nativeTheme, page)],
      onClosed,
    })
    App.becomeReady(app)
  }

  return { api, start }
}
