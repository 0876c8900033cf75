import { setTimeout as wait } from 'node:timers/promises'
import type { CdpSession } from './cdp.ts'
import type { FrameInfo, RequestPaused } from './devtools-types.ts'

const RENDERER_WORD_MS = 100

/**
 * Tells navigations that the page began (a link, a script: will-navigate is asked) from those that the app or a test
 * tool began (loadURL, reload). The renderer announces its own; the word may come shortly after the request.
 */
export class WhoNavigates {
  /** What the app itself has asked for. */
  #expected: { readonly url: string } | 'reload' | undefined
  readonly #announced = new Map<string, string>()

  constructor(session: CdpSession) {
    session.listen<{ frameId: string; url: string }>('Page.frameRequestedNavigation', ({ frameId, url }) => {
      this.#announced.set(frameId, withoutHash(url))
    })
    session.listen<{ frame: FrameInfo }>('Page.frameNavigated', ({ frame }) => {
      this.#announced.delete(frame.id)
      if (frame.parentId === undefined && frame.url !== 'about:blank') this.#expected = undefined
    })
  }

  expect(url: string): void {
    this.#expected = { url: withoutHash(url) }
  }
  expectReload(): void {
    this.#expected = 'reload'
  }

  /** True where the page itself asked for this document. */
  async isByPage(paused: RequestPaused, mainFrameId: string): Promise<boolean> {
    if (paused.frameId !== mainFrameId) return true
    const url = withoutHash(paused.request.url)
    if (this.#expected === 'reload' || this.#expected?.url === url) {
      this.#expected = undefined
      return false
    }
    if (this.#announced.get(paused.frameId) !== url) await wait(RENDERER_WORD_MS)
    const isByPage = this.#announced.get(paused.frameId) === url
    this.#announced.delete(paused.frameId)
    return isByPage
  }
}

const withoutHash = (url: string) => url.replace(/#.*$/, '')
