import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { WindowOpenHandlerResponse, HandlerDetails } from 'electron'
import { encode } from '../codec/encode.ts'
import { loudMembers, notImplemented } from '../loud.ts'
import type { ToMain } from '../world/messages.ts'
import { cancelable } from './cancelable.ts'
import type { DevToolsSwitchboard } from './switchboard.ts'
import { IpcMain } from './ipc-main.ts'
import { mayNavigate } from './navigation-guard.ts'
import { ignoreGone, type Page } from './page.ts'
import { answerRequest } from './requests.ts'
import { WebFrameMain } from './web-frame.ts'

export interface ContentsOwner {
  /** Closes the window around it, asking as win.close() does. */
  readonly close: () => void
  readonly isDestroyed: () => boolean
}
type OpenHandler = (details: HandlerDetails) => WindowOpenHandlerResponse

/** electron.WebContents of one window. Its page comes a little later: commands before that wait for it. */
export class WebContents extends EventEmitter {
  readonly id: number
  readonly mainFrame: WebFrameMain
  readonly session: object
  readonly #board: DevToolsSwitchboard
  readonly #owner: ContentsOwner
  readonly #page: Promise<Page>
  #present: Page | undefined
  #url = ''
  #title = ''
  #isLoading = false
  #isCrashed = false
  #openHandler: OpenHandler | undefined

  constructor(options: {
    id: number
    board: DevToolsSwitchboard
    owner: ContentsOwner
    page: Promise<Page>
  }) {
    super()
    this.id = options.id
    this.#board = options.board
    this.#owner = options.owner
    this.#page = options.page
    this.session = options.board.session
    this.mainFrame = loudMembers(
      'webFrameMain',
      new WebFrameMain({ id: options.id, url: () => this.#url, isDestroyed: () => this.isDestroyed() }),
    )
  }

  send(channel: string, ...args: unknown[]): void {
    if (typeof channel !== 'string') throw new TypeError('Missing required channel argument')
    this.#present?.post({ kind: 'send', channel, args: encode(args) })
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#page
    this.#begin()
    const done = this.#outcome(url)
    const errorText = await page.navigate(this.#board.schemes.toChromium(url))
    if (errorText !== undefined && errorText !== 'net::ERR_ABORTED') {
      this.#isLoading = false
      this.emit('did-fail-load', {}, -2, errorText.replace('net::', ''), url, true)
    }
    return done
  }
  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(resolve(this.#board.appPath, path)).href)
  }
  reload(): void {
    this.#begin()
    this.#isCrashed = false
    this.#present?.reload()
  }
  forcefullyCrashRenderer(): void {
    this.#present?.crash()
  }
  close(): void {
    this.#owner.close()
  }
  async executeJavaScript(code: string): Promise<unknown> {
    return (await this.#page).evaluate(code)
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }
  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve()
  }
  getURL(): string {
    return this.#url
  }
  getTitle(): string {
    return this.#title
  }
  isLoading(): boolean {
    return this.#isLoading
  }
  isCrashed(): boolean {
    return this.#isCrashed
  }
  isDestroyed(): boolean {
    return this.#owner.isDestroyed()
  }
  focus(): void {
    this.#present?.session.tell('Page.bringToFront')
  }

  /** For the stand-in only: connects it to its page, before anything runs there. */
  static attach(contents: WebContents, page: Page): void {
    contents.#present = page
    contents.#listen(page)
  }

  static targetOf(contents: WebContents): string | undefined {
    return contents.#present?.targetId
  }

  #begin(): void {
    this.#isLoading = true
    this.emit('did-start-loading')
  }

  /** loadURL's promise: settled by the events that the app sees too. */
  #outcome(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.off('did-finish-load', finished)
        this.off('did-fail-load', failed)
      }
      const finished = () => {
        stop()
        resolve()
      }
      const failed = (_event: object, errno: number, code: string) => {
        stop()
        reject(Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { code, errno, url }))
      }
      this.on('did-finish-load', finished)
      this.on('did-fail-load', failed)
    })
  }

  #listen(page: Page): void {
    const shown = (url: string) => (this.#url = this.#board.schemes.fromChromium(url))
    page.on('message', (message) => this.#take(page, message))
    page.on('request', (paused) => void this.#request(page, paused))
    page.on('navigated', (url) => {
      if (url !== 'about:blank') this.emit('did-navigate', {}, shown(url), 200, 'OK')
    })
    page.on('navigated-in-page', (url) => this.emit('did-navigate-in-page', {}, shown(url), true))
    page.on('dom-ready', () => this.#url !== '' && this.emit('dom-ready', {}))
    page.on('loaded', () => {
      if (this.#url === '') return
      this.#isLoading = false
      this.emit('did-finish-load')
      this.emit('did-stop-loading')
    })
    page.on('title', (title) => {
      if (title === this.#title || title === '' || title === 'about:blank') return
      this.#title = title
      this.emit('page-title-updated', cancelable({}), title, true)
    })
    page.on('console', (type, message) => {
      const level = ['error', 'warning', 'debug'].find((known) => known === type) ?? 'info'
      this.emit('console-message', {
        level,
        message,
        lineNumber: 0,
        sourceId: this.#url,
        frame: this.mainFrame,
      })
    })
    page.on('opens-window', (url) => this.#open(url))
    page.on('asks-to-stay', (decide) => {
      const event = cancelable({})
      this.emit('will-prevent-unload', event)
      decide(event.defaultPrevented)
    })
    page.on('crashed', (reason, exitCode) => {
      this.#isCrashed = true
      const details = { reason: reason === 'crashed' ? 'crashed' : reason, exitCode }
      this.emit('render-process-gone', {}, details)
      this.#board.app.emit('render-process-gone', {}, this, details)
    })
  }

  #take(page: Page, message: ToMain): void {
    if (message.kind === 'preload-error') {
      const { message: words, stack } = message
      console.error(`Unable to load preload script: ${stack || words}`)
      this.emit('preload-error', {}, '', Object.assign(new Error(words), { stack }))
      return
    }
    const document = page.document
    const event = () => ({
      ...this.#frameEvent(),
      reply: (channel: string, ...args: unknown[]) => this.send(channel, ...args),
    })
    IpcMain.take(this.#board.ipcMain, message, {
      event,
      // A document that came later must not get the answer to a question it did not ask.
      reply: (reply) => page.document === document && page.post(reply),
    })
  }

  #frameEvent(): object {
    const frame = this.mainFrame
    const ids = {
      frameId: frame.routingId,
      processId: frame.processId,
      frameTreeNodeId: frame.frameTreeNodeId,
    }
    return {
      type: 'frame',
      sender: this,
      senderFrame: frame,
      ...ids,
      ports: [],
      defaultPrevented: false,
      preventDefault() {},
    }
  }

  async #request(page: Page, paused: Parameters<typeof answerRequest>[2]): Promise<void> {
    try {
      const url = this.#board.schemes.fromChromium(paused.request.url)
      if (!(await mayNavigate({ contents: this, page, paused, url, frame: this.mainFrame }))) {
        await page.session.send('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Aborted' })
        return
      }
      if (paused.resourceType === 'Document' && /^https?:/.test(paused.request.url)) {
        const { origin } = new URL(paused.request.url)
        await this.#board.settlePermissions({ contents: this, url, origin })
      }
      const requester = { session: page.session, webContentsId: this.id, mainFrameId: page.mainFrameId }
      await answerRequest(this.#board, requester, paused)
    } catch (error) {
      ignoreGone(error)
    }
  }

  #open(address: string): void {
    const url = this.#board.schemes.fromChromium(address)
    const referrer = { url: '', policy: 'strict-origin-when-cross-origin' as const }
    const details: HandlerDetails = {
      url,
      frameName: '',
      features: '',
      disposition: 'foreground-tab',
      referrer,
    }
    const answer = this.#openHandler?.(details) ?? { action: 'allow' }
    if (answer.action !== 'deny') console.error(notImplemented('window.open with the answer "allow"'))
  }
}
