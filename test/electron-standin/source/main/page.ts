import { EventEmitter } from 'node:events'
import type { ToMain, ToPage } from '../world/messages.ts'
import { BrowserGone, type CdpSession } from './cdp.ts'
import type { ContextCreated, EvaluateResult, FrameInfo, RequestPaused } from './devtools-types.ts'
import { PRELOAD_WORLD, type PageScripts } from './page-scripts.ts'
import { WhoNavigates } from './who-navigates.ts'

export interface PageEvents {
  message: [message: ToMain]
  navigated: [url: string]
  'navigated-in-page': [url: string]
  'dom-ready': []
  loaded: []
  painted: []
  title: [title: string]
  crashed: [reason: string, exitCode: number]
  'asks-to-stay': [decide: (leave: boolean) => void]
  'opens-window': [url: string]
  request: [request: RequestPaused]
  console: [level: string, text: string]
}

/** One page of the browser as DevTools shows it: the worlds, messages to and from the preload, and what happens to it. */
export class Page extends EventEmitter<PageEvents> {
  readonly session: CdpSession
  readonly targetId: string
  readonly navigations: WhoNavigates
  readonly #scripts: PageScripts
  #frameId = ''
  /** The preload's world in the document that is shown now. */
  #preloadContext: number | undefined

  constructor(session: CdpSession, targetId: string, scripts: PageScripts) {
    super()
    this.session = session
    this.targetId = targetId
    this.#scripts = scripts
    this.navigations = new WhoNavigates(session)
  }

  get mainFrameId(): string {
    return this.#frameId
  }

  /** Stands for the document that is shown now; changes with every navigation. */
  get document(): number | undefined {
    return this.#preloadContext
  }

  /** Prepares the page while it is still held at its start. */
  async prepare(): Promise<void> {
    this.#listen()
    const { session } = this
    const [tree] = await Promise.all([
      session.send<{ frameTree: { frame: FrameInfo } }>('Page.getFrameTree'),
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Inspector.enable'),
      session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      session.send('Runtime.addBinding', {
        name: this.#scripts.config.binding,
        executionContextName: PRELOAD_WORLD,
      }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: this.#scripts.forPage }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: this.#scripts.forPreload,
        worldName: PRELOAD_WORLD,
      }),
      session.send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Request' }] }),
    ])
    this.#frameId = tree.frameTree.frame.id
  }

  /** Hands a message to the preload's world; without a document there is nobody to hear it, as in Electron. */
  post(message: ToPage): void {
    const contextId = this.#preloadContext
    if (contextId === undefined) return
    const expression = `${this.#scripts.config.receiver}(${JSON.stringify(message)})`
    // By value: else the browser keeps an object for each answer, and describes it.
    const options = { contextId, expression, returnByValue: true, silent: true }
    this.session.send<EvaluateResult>('Runtime.evaluate', options).then(
      ({ exceptionDetails }) => {
        if (exceptionDetails) console.error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      },
      () => {},
    )
  }

  #listen(): void {
    const { session } = this
    session.listen<{ name: string; payload: string }>('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === this.#scripts.config.binding) this.emit('message', JSON.parse(payload) as ToMain)
    })
    session.listen<ContextCreated>('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === PRELOAD_WORLD && context.auxData?.frameId === this.#frameId) {
        this.#preloadContext = context.id
      }
    })
    session.listen('Runtime.executionContextsCleared', () => {
      this.#preloadContext = undefined
    })
    session.listen<RequestPaused>('Fetch.requestPaused', (paused) => this.emit('request', paused))
    this.#listenToNavigation()
    session.listen<{
      type: string
      args: { value?: string | number | boolean | null; description?: string }[]
    }>('Runtime.consoleAPICalled', ({ type, args }) => {
      const text = args.map(({ value, description }) => String(value ?? description ?? '')).join(' ')
      this.emit('console', type, text)
    })
  }

  #listenToNavigation(): void {
    const { session } = this
    session.listen<{ frame: FrameInfo }>('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.emit('navigated', frame.url + (frame.urlFragment ?? ''))
    })
    session.listen<{ frameId: string; url: string }>('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.#frameId) this.emit('navigated-in-page', url)
    })
    session.listen('Page.domContentEventFired', () => this.emit('dom-ready'))
    session.listen('Page.loadEventFired', () => this.emit('loaded'))
    session.listen<{ name: string; frameId: string }>('Page.lifecycleEvent', ({ name, frameId }) => {
      if (name === 'firstContentfulPaint' && frameId === this.#frameId) this.emit('painted')
    })
    session.listen<{ url: string }>('Page.windowOpen', ({ url }) => this.emit('opens-window', url))
    session.listen<{ type: string }>('Page.javascriptDialogOpening', ({ type }) => {
      if (type !== 'beforeunload') return
      this.emit('asks-to-stay', (leave) => session.tell('Page.handleJavaScriptDialog', { accept: leave }))
    })
  }

  /** Shows this address; resolves with Chromium's error text where the navigation failed. */
  async navigate(url: string): Promise<string | undefined> {
    this.navigations.expect(url)
    const { errorText } = await this.session.send<{ errorText?: string }>('Page.navigate', { url })
    return errorText
  }

  reload(): void {
    this.navigations.expectReload()
    this.session.tell('Page.reload')
  }

  /** Ends the renderer process at once. Chromium does not answer the command: the page is gone before. */
  crash(): void {
    this.session.tell('Page.crash')
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.session.send<EvaluateResult>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      allowUnsafeEvalBlockedByCSP: true,
    })
    if (!exceptionDetails) return result.value
    throw new Error(exceptionDetails.exception?.description?.split('\n')[0] ?? exceptionDetails.text)
  }
}

/** For answers to a page that may have gone meanwhile. */
export function ignoreGone(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error)
  if (error instanceof BrowserGone || /Invalid InterceptionId|Session with given id/.test(words)) return
  console.error(error)
}
