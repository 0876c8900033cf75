import type { BrowserWindow, BrowserWindowConstructorOptions, Dialog, NativeTheme } from 'electron'
import type { EventChannel, EventContract } from '#shared/ipc/contract.ts'
import type { Clock, Log } from '#shared/ports.ts'
import { RELOADS_PER_MINUTE, WINDOW_MIN_SIZE } from '../config.ts'
import { writeWindowSize, type WindowSize } from './window-bounds.ts'
import { words } from './words.ts'

export interface MainWindowOptions {
  readonly createWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly nativeTheme: Pick<NativeTheme, 'shouldUseDarkColors'>
  readonly pageUrl: string
  readonly preload: string
  readonly devTools: boolean
  readonly size: WindowSize
  /** Where the size is kept when the window closes. */
  readonly sizeFile: string
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  /** The person closed the window (on macOS it is only hidden). */
  readonly onClosed: () => void
}
export interface MainWindow {
  /** Loads the page: when all it will ask for is there. Until then the window is made ready, and nobody sees it. */
  load(): void
  /** Resolves at the first paint; resolves as well where the page failed to load, so that nobody waits for ever. */
  readonly painted: Promise<void>
  /** Brings the window to the front, also when it was hidden or minimised. */
  reveal(): void
  hide(): void
  /** From now on closing is final: the app is quitting. */
  release(): void
  /** Sends a hint to the page; dropped while there is none. */
  send<C extends EventChannel>(channel: C, event: EventContract[C]): void
}

const BACKGROUND = { light: '#ffffff', dark: '#1b1a17' } as const

/**
 * Opens the one window. It is hidden, not destroyed, when it is closed: main goes on until the quit is through. A page
 * that dies is loaded again, at most three times a minute; then a person decides.
 */
export function openMainWindow(options: MainWindowOptions): MainWindow {
  const { width, height, maximized } = options.size
  const window = options.createWindow({
    width,
    height,
    minWidth: WINDOW_MIN_SIZE.width,
    minHeight: WINDOW_MIN_SIZE.height,
    show: false,
    title: 'Counterfoil',
    backgroundColor: options.nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.devTools,
    },
  })

  let released = false
  window.on('close', (event) => {
    const size = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    void writeWindowSize(options.sizeFile, size)
    if (released) return
    event.preventDefault()
    window.hide()
    options.onClosed()
  })
  reloadWhenItDies(window, options)

  const painted = new Promise<void>((resolve) => {
    window.once('ready-to-show', () => {
      if (maximized) window.maximize()
      window.show()
      resolve()
    })
    window.webContents.once('did-fail-load', (_event, code) => {
      options.log.error('window.load-failed', { code })
      resolve()
    })
  })

  return {
    load() {
      window.loadURL(options.pageUrl).catch(() => options.log.error('window.load-failed'))
    },
    painted,
    reveal() {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    hide: () => window.hide(),
    release() {
      released = true
    },
    send(channel, event) {
      if (!window.isDestroyed() && !window.webContents.isDestroyed()) window.webContents.send(channel, event)
    },
  }
}

function reloadWhenItDies(window: BrowserWindow, { clock, dialog, log }: MainWindowOptions): void {
  const mayReload = createReloadLimit(clock)
  const { message, detail, again } = words.windowGone
  window.webContents.on('render-process-gone', (_event, details) => {
    log.error('window.gone', { reason: details.reason, exitCode: details.exitCode })
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    if (mayReload()) return window.webContents.reload()
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message,
        detail,
        buttons: [again],
      })
      .then(() => window.webContents.reload())
  })
}

/** Answers true at most `RELOADS_PER_MINUTE` times within any minute. */
export function createReloadLimit(clock: Pick<Clock, 'monotonic'>): () => boolean {
  let recent: number[] = []
  return () => {
    const now = clock.monotonic()
    recent = recent.filter((time) => now - time < 60_000)
    if (recent.length >= RELOADS_PER_MINUTE) return false
    recent.push(now)
    return true
  }
}
