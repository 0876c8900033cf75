import type * as Electron from 'electron'
import { loudStatics, missingModule } from '../loud.ts'
import { createApp, type App, type AppDoings } from './app.ts'
import type { Boot } from './boot.ts'
import { BrowserWindow } from './browser-window.ts'
import { createDialog, createPowerMonitor, createShell } from './desktop.ts'
import type { Inherited, Misfits, None } from './electron-shape.ts'
import { createIpcMain } from './ipc-main.ts'
import { Menu, MenuItem } from './menu.ts'
import { MISSING_MODULES } from './missing-modules.ts'
import { createNativeTheme } from './native-theme.ts'
import { createNet } from './net.ts'
import { createProtocol } from './protocol.ts'
import { createSafeStorage } from './safe-storage.ts'
import { SchemeMap } from './scheme-map.ts'
import { createScreen } from './screen.ts'
import { createSessionModule } from './session.ts'
import { createWebContentsModule } from './web-contents-module.ts'
import { createWebRequest } from './web-request.ts'

/** The `electron` module, as far as the stand-in has it. */
export function createApi(boot: Boot, doings: AppDoings) {
  const app: App = createApp(boot, doings)
  const isReady = () => app.isReady()
  const schemes = new SchemeMap()
  const protocol = createProtocol(schemes, isReady)
  const webRequest = createWebRequest()
  const net = createNet(protocol, webRequest)
  const session = createSessionModule({
    protocol,
    net,
    webRequest,
    storagePath: () => app.getPath('sessionData'),
  })
  const offered = {
    app,
    BrowserWindow: loudStatics('BrowserWindow', BrowserWindow),
    dialog: createDialog(),
    ipcMain: createIpcMain(),
    Menu: loudStatics('Menu', Menu),
    MenuItem: loudStatics('MenuItem', MenuItem),
    nativeTheme: createNativeTheme(),
    net,
    powerMonitor: createPowerMonitor(),
    protocol,
    safeStorage: createSafeStorage({ folder: () => app.getPath('userData'), isReady }),
    screen: createScreen(),
    session: session.module,
    shell: createShell(),
    webContents: createWebContentsModule(),
  }
  const missing = Object.fromEntries(MISSING_MODULES.map((name) => [name, missingModule(name)]))
  return {
    api: { ...missing, ...offered },
    schemes,
    defaultSession: session.defaultSession,
  }
}
export type Api = ReturnType<typeof createApi>['api']

/** The hold on electron.d.ts: an error in one of these lines names the member that Electron does not have like that. */
export type Held = [
  None<Exclude<keyof Api, keyof typeof Electron>>,
  None<Exclude<keyof typeof Electron, keyof Api | (typeof MISSING_MODULES)[number]>>,
  None<Misfits<Api['app'], Electron.App>>,
  None<Misfits<Api['app']['commandLine'], Electron.CommandLine>>,
  None<
    Misfits<
      typeof BrowserWindow,
      typeof Electron.BrowserWindow,
      Exclude<keyof typeof BrowserWindow, Inherited | 'askToClose'>
    >
  >,
  None<Misfits<InstanceType<typeof BrowserWindow>, Electron.BrowserWindow>>,
  None<Misfits<InstanceType<typeof BrowserWindow>['webContents'], Electron.WebContents>>,
  None<Misfits<InstanceType<typeof BrowserWindow>['webContents']['mainFrame'], Electron.WebFrameMain>>,
  None<Misfits<Api['dialog'], Electron.Dialog>>,
  None<Misfits<Api['ipcMain'], Electron.IpcMain>>,
  None<Misfits<Menu, Electron.Menu>>,
  None<Misfits<typeof Menu, typeof Electron.Menu>>,
  None<Misfits<MenuItem, Electron.MenuItem>>,
  None<Misfits<Api['nativeTheme'], Electron.NativeTheme>>,
  None<Misfits<Api['net'], Electron.Net>>,
  None<Misfits<Api['powerMonitor'], Electron.PowerMonitor>>,
  None<Misfits<Api['protocol'], Electron.Protocol>>,
  None<Misfits<Api['safeStorage'], Electron.SafeStorage>>,
  None<Misfits<Api['screen'], Electron.Screen>>,
  None<Misfits<Api['session']['defaultSession'], Electron.Session>>,
  None<Misfits<Api['session']['defaultSession']['webRequest'], Electron.WebRequest>>,
  None<Misfits<Api['shell'], Electron.Shell>>,
  None<Misfits<Api['webContents'], typeof Electron.webContents>>,
]
