import type { StartedChromium } from './chromium.ts'
import type { AttachedToTarget, TargetInfo } from './devtools-types.ts'
import { ignoreGone, Page } from './page.ts'
import type { PageScripts } from './page-scripts.ts'

/** Opens pages and tells each what DevTools reports about it from outside: closed, crashed, title, window.open. */
export class Pages {
  readonly #chromium: StartedChromium
  readonly #attached = new Map<string, AttachedToTarget>()
  readonly #awaited = new Map<string, (target: AttachedToTarget) => void>()
  readonly #open = new Map<string, { readonly page: Page; readonly onGone: () => void }>()
  #spare: Promise<string> | null = null

  private constructor(chromium: StartedChromium) {
    this.#chromium = chromium
    const { browser } = chromium
    browser.listen<AttachedToTarget>('Target.attachedToTarget', (target) => this.#take(target))
    browser.listen<{ targetId: string }>('Target.targetDestroyed', ({ targetId }) => {
      const known = this.#open.get(targetId)
      this.#open.delete(targetId)
      known?.onGone()
    })
    browser.listen<{ targetId: string; status: string; errorCode: number }>(
      'Target.targetCrashed',
      ({ targetId, status, errorCode }) => this.#open.get(targetId)?.page.emit('crashed', status, errorCode),
    )
    browser.listen<{ targetInfo: TargetInfo }>('Target.targetInfoChanged', ({ targetInfo }) => {
      this.#open.get(targetInfo.targetId)?.page.emit('title', targetInfo.title)
    })
  }

  /** Asks at once, while the browser is still starting. */
  static begin(chromium: StartedChromium): Pages {
    const pages = new Pages(chromium)
    const { browser } = chromium
    browser.tell('Target.setDiscoverTargets', { discover: true })
    browser.tell('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: [{ type: 'page', exclude: false }],
    })
    if (chromium.headless) pages.#keepSpare()
    return pages
  }

  /**
   * A page in reserve, as Electron keeps a renderer: the first window need not wait until there is one. It is let go at
   * once, for nothing of the app's runs in a blank page. Not where there is a display: it would show.
   */
  #keepSpare(): void {
    const letGo = async () => {
      const targetId = await this.#create({ width: 800, height: 600 })
      const target = await this.#attachment(targetId)
      this.#chromium.connection.session(target.sessionId).tell('Runtime.runIfWaitingForDebugger')
      this.#attached.set(targetId, { ...target, waitingForDebugger: false })
      return targetId
    }
    this.#spare = letGo()
    this.#spare.catch(ignoreGone) // whoever opens a window is told
  }

  async #create(size: { readonly width: number; readonly height: number }): Promise<string> {
    const created = await this.#chromium.browser.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...size,
    })
    return created.targetId
  }

  /** A new page, prepared before anything runs in it. `onGone` is called once, when the page is closed or lost. */
  async open(options: {
    readonly scripts: PageScripts
    readonly width: number
    readonly height: number
    readonly prepare: (page: Page) => Promise<void>
    readonly onGone: () => void
  }): Promise<Page> {
    const { connection } = this.#chromium
    const { scripts, width, height } = options
    const creating = this.#spare ?? this.#create({ width, height })
    this.#spare = null
    const targetId = await creating
    const target = await this.#attachment(targetId)
    const page = new Page(connection.session(target.sessionId), targetId, scripts)
    this.#open.set(targetId, { page, onGone: options.onGone })
    await Promise.all([page.prepare(), options.prepare(page)])
    if (target.waitingForDebugger) await page.session.send('Runtime.runIfWaitingForDebugger')
    return page
  }

  close(page: Page): void {
    this.#chromium.browser.tell('Target.closeTarget', { targetId: page.targetId })
  }

  /** The answer to createTarget and the news of the attachment come in either order. */
  #attachment(targetId: string): Promise<AttachedToTarget> {
    const known = this.#attached.get(targetId)
    this.#attached.delete(targetId)
    return known ? Promise.resolve(known) : new Promise((resolve) => this.#awaited.set(targetId, resolve))
  }

  #take(target: AttachedToTarget): void {
    const { targetId, openerId } = target.targetInfo
    if (openerId !== undefined) return void this.#refuse(target)
    const awaited = this.#awaited.get(targetId)
    this.#awaited.delete(targetId)
    if (awaited) awaited(target)
    else this.#attached.set(targetId, target)
  }

  /** A page opened by a page: its handler was asked on Page.windowOpen; nothing but "deny" is implemented. */
  async #refuse({ sessionId, targetInfo }: AttachedToTarget): Promise<void> {
    const session = this.#chromium.connection.session(sessionId)
    // Its request is held back; the script of the opener goes on only when the new page has been let go.
    session.tell('Fetch.enable')
    await session.send('Runtime.runIfWaitingForDebugger').catch(() => {})
    this.#chromium.browser.tell('Target.closeTarget', { targetId: targetInfo.targetId })
  }
}
