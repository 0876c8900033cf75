import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { WindowOpenHandlerResponse, HandlerDetails } from 'electron'
import { encode } from '../codec/encode.ts'
import { loudMembers, notImplemented } from '../loud.ts'
import type { ToMain } from '../world/messages.ts'
import type { DevToolsSwitchboard } from './switchboard.ts'
import { IpcMain } from './ipc-main.ts'
import { mayNavigate } from './navigation-guard.ts'
import { ignoreGone, type Page } from './page.ts'
import { reportPage, type ContentsState } from './page-reports.ts'
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
  readonly #state: ContentsState = { url: '', title: '', isLoading: false, isCrashed: false }
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
      new WebFrameMain({ id: options.id, url: () => this.#state.url, isDestroyed: () => this.isDestroyed() }),
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
      this.#state.isLoading = false
      this.emit('did-fail-load', {}, -2, errorText.replace('net::', ''), url, true)
    }
    return done
  }
  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(resolve(this.#board.appPath, path)).href)
  }
  reload(): void {
    this.#begin()
    this.#state.isCrashed = false
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
    return this.#state.url
  }
  getTitle(): string {
    return this.#state.title
  }
  isLoading(): boolean {
    return this.#state.isLoading
  }
  isCrashed(): boolean {
    return this.#state.isCrashed
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
    this.#state.isLoading = true
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
    page.on('message', (message) => this.#take(page, message))
    page.on('request', (paused) => void this.#request(page, paused))
    page.on('opens-window', (url) => this.#open(url))
    reportPage({ contents: this, page, state: this.#state, board: this.#board })
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
