import { setTimeout as wait } from 'node:timers/promises'
import type { CdpSession } from './cdp.ts'
import type { RequestPaused } from './devtools-types.ts'

const RENDERER_WORD_MS = 100

/**
 * Tells navigations that the page began (a link, a script: will-navigate is asked) from those that the app or a test
 * tool began (loadURL, reload). The renderer announces its own; the word may come shortly after the request.
 */
export class WhoNavigates {
  #expected: string | 'reload' | undefined
  readonly #announced = new Map<string, string>()

  constructor(session: CdpSession) {
    session.listen<{ frameId: string; url: string }>('Page.frameRequestedNavigation', ({ frameId, url }) => {
      this.#announced.set(frameId, withoutHash(url))
    })
    session.listen<{ frame: { id: string } }>('Page.frameNavigated', ({ frame }) =>
      this.#announced.delete(frame.id),
    )
  }

  expect(url: string): void {
    this.#expected = withoutHash(url)
  }
  expectReload(): void {
    this.#expected = 'reload'
  }

  /** True where the page itself asked for this document. */
  async isByPage(paused: RequestPaused, mainFrameId: string): Promise<boolean> {
    if (paused.frameId !== mainFrameId) return true
    const url = withoutHash(paused.request.url)
    if (this.#expected === url || this.#expected === 'reload') {
      this.#expected = undefined
      return false
    }
    if (this.#announced.get(paused.frameId) !== url) await wait(RENDERER_WORD_MS)
    return this.#announced.get(paused.frameId) === url
  }
}

const withoutHash = (url: string) => url.replace(/#.*$/, '')
