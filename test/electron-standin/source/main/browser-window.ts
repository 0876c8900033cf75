import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'
import { loudMembers, notImplemented } from '../loud.ts'
import { cancelable } from './cancelable.ts'
import { ignoreGone, type Page } from './page.ts'
import { pageScripts } from './page-scripts.ts'
import { WebContents } from './web-contents.ts'
import { WindowFrame } from './window-frame.ts'
import { windowParts, windows } from './windows.ts'

/** After the load: where a document has not painted any content by then, it has none. */
const NOTHING_TO_PAINT_MS = 500
let lastId = 0

/** electron.BrowserWindow: one page of the browser, with the state of a window kept beside it. */
class Window extends EventEmitter {
  readonly id = ++lastId
  readonly webContents: WebContents
  readonly #page: Promise<Page>
  readonly #frame: WindowFrame
  #title: string
  #isVisible: boolean
  #isDestroyed = false
  #closing: Promise<boolean> | undefined

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    const parts = windowParts()
    const {
      preload,
      contextIsolation = true,
      nodeIntegration = false,
      sandbox = true,
    } = options.webPreferences ?? {}
    if (!contextIsolation || nodeIntegration || !sandbox) {
      throw new Error(
        notImplemented('a window without contextIsolation and sandbox, or with nodeIntegration,'),
      )
    }
    this.#title = options.title ?? parts.appName()
    this.#isVisible = options.show !== false
    this.#frame = new WindowFrame(this, parts.chromium(), options)
    const { width, height } = this.#frame.bounds
    this.#page = parts.pages().open({
      scripts: pageScripts(parts.boot, preload),
      width,
      height,
      prepare: (page) => this.#prepare(page),
      onGone: () => this.#gone(),
    })
    this.#page.catch(ignoreGone)
    const owner = { close: () => this.close(), isDestroyed: () => this.#isDestroyed }
    const contents = new WebContents({ id: this.id, board: parts.board, owner, page: this.#page })
    this.webContents = loudMembers('webContents', contents)
    contents.on(
      'page-title-updated',
      (event: { defaultPrevented: boolean }, title: string, explicit: boolean) => {
        this.emit('page-title-updated', event, title, explicit)
        if (!event.defaultPrevented) this.#title = title
      },
    )
    windows.add(this, contents)
    parts.board.app.emit('browser-window-created', {}, this)
    parts.board.app.emit('web-contents-created', {}, contents)
  }

  static getAllWindows(): Window[] {
    return windows.all() as Window[]
  }
  static getFocusedWindow(): Window | null {
    return windows.focused() as Window | null
  }
  static fromWebContents(contents: object | null): Window | null {
    return windows.of(contents) as Window | null
  }
  static fromId(id: number): Window | null {
    return Window.getAllWindows().find((window) => window.id === id) ?? null
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }
  loadFile(path: string): Promise<void> {
    return this.webContents.loadFile(path)
  }
  reload(): void {
    this.webContents.reload()
  }
  show(): void {
    this.showInactive()
    this.focus()
  }
  showInactive(): void {
    if (this.#isVisible) return
    this.#isVisible = true
    this.#frame.show(true)
    this.emit('show')
  }
  hide(): void {
    if (!this.#isVisible) return
    this.#isVisible = false
    this.#frame.show(false)
    if (this.isFocused()) this.blur()
    this.emit('hide')
  }
  isVisible(): boolean {
    return this.#isVisible && !this.#isDestroyed
  }
  focus(): void {
    if (this.isFocused()) return
    const before = windows.focused()
    windows.focus(this)
    before?.emit('blur')
    this.webContents.focus()
    this.emit('focus')
    windowParts().board.app.emit('browser-window-focus', {}, this)
  }
  blur(): void {
    if (!this.isFocused()) return
    windows.focus(null)
    this.emit('blur')
    windowParts().board.app.emit('browser-window-blur', {}, this)
  }
  isFocused(): boolean {
    return windows.focused() === this
  }
  minimize(): void {
    this.#frame.change('minimized')
  }
  maximize(): void {
    this.#frame.change('maximized')
  }
  unmaximize(): void {
    if (this.isMaximized()) this.#frame.change('normal')
  }
  restore(): void {
    this.#frame.change('normal')
  }
  setFullScreen(flag: boolean): void {
    this.#frame.change(flag ? 'fullscreen' : 'normal')
  }
  isMinimized(): boolean {
    return this.#frame.state === 'minimized'
  }
  isMaximized(): boolean {
    return this.#frame.state === 'maximized'
  }
  isFullScreen(): boolean {
    return this.#frame.state === 'fullscreen'
  }
  getBounds(): Rectangle {
    return this.#frame.bounds
  }
  getNormalBounds(): Rectangle {
    return this.#frame.bounds
  }
  getContentBounds(): Rectangle {
    return this.#frame.bounds
  }
  getSize(): number[] {
    return [this.#frame.bounds.width, this.#frame.bounds.height]
  }
  setBounds(bounds: Partial<Rectangle>): void {
    this.#frame.setBounds(bounds)
  }
  setSize(width: number, height: number): void {
    this.#frame.setBounds({ width, height })
  }
  setMenuBarVisibility(_visible: boolean): void {}
  setBackgroundColor(_color: string): void {}
  getTitle(): string {
    return this.#title
  }
  setTitle(title: string): void {
    this.#title = title
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  close(): void {
    void this.#askToClose()
  }
  destroy(): void {
    this.#page.then((page) => windowParts().pages().close(page)).catch(ignoreGone)
    this.#gone()
  }

  /** For the stand-in only: closes as close() does and tells whether the window went. */
  static askToClose(window: Window): Promise<boolean> {
    return window.#askToClose()
  }

  #askToClose(): Promise<boolean> {
    if (this.#isDestroyed) return Promise.resolve(true)
    this.#closing ??= this.#closeOnce().finally(() => (this.#closing = undefined))
    return this.#closing
  }

  async #closeOnce(): Promise<boolean> {
    const event = cancelable({})
    this.emit('close', event)
    if (event.defaultPrevented) return false
    const page = await this.#page.catch(() => undefined)
    if (!page || this.#isDestroyed || this.webContents.isCrashed()) {
      this.destroy()
      return true
    }
    return new Promise((resolve) => {
      this.once('closed', () => resolve(true))
      this.webContents.once('will-prevent-unload', (unload: { defaultPrevented: boolean }) => {
        // Listeners added later may still prevent it: looked at after all of them have run.
        queueMicrotask(() => !unload.defaultPrevented && resolve(false))
      })
      page.session.tell('Page.close')
    })
  }

  async #prepare(page: Page): Promise<void> {
    WebContents.attach(this.webContents, page)
    let isPainted = false
    const painted = () => {
      if (isPainted || this.webContents.getURL() === '') return
      isPainted = true
      this.emit('ready-to-show')
    }
    // Electron waits for content; of a document without any it says so after all.
    page.on('painted', painted).on('loaded', () => setTimeout(painted, NOTHING_TO_PAINT_MS).unref())
    await Promise.all([this.#frame.attach(page), ...windowParts().prepare.map((step) => step(page))])
  }

  #gone(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    windows.remove(this)
    this.webContents.emit('destroyed')
    this.emit('closed')
    windowParts().onClosed()
  }
}
loudMembers('BrowserWindow', Window.prototype)

export { Window as BrowserWindow }
