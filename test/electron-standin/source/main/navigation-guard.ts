import type { EventEmitter } from 'node:events'
import { cancelable } from './cancelable.ts'
import type { RequestPaused } from './devtools-types.ts'
import type { Page } from './page.ts'

/**
 * Asks the app about a document that the page wants to show, in Electron's order: will-frame-navigate, will-navigate,
 * and for redirects will-redirect. False: it must not be loaded.
 */
export async function mayNavigate(options: {
  readonly contents: EventEmitter
  readonly page: Page
  readonly paused: RequestPaused
  readonly url: string
  readonly frame: object
}): Promise<boolean> {
  const { contents, page, paused, url, frame } = options
  if (paused.resourceType !== 'Document' || paused.responseStatusCode !== undefined) return true
  const isMainFrame = paused.frameId === page.mainFrameId
  const ask = (name: string) => {
    const event = cancelable({
      url,
      isMainFrame,
      isSameDocument: false,
      frame: isMainFrame ? frame : null,
      initiator: null,
    })
    contents.emit(name, event, url, false, isMainFrame)
    return !event.defaultPrevented
  }
  if (paused.redirectedRequestId !== undefined) return ask('will-redirect')
  if (!(await page.navigations.isByPage(paused, page.mainFrameId))) return true
  return ask('will-frame-navigate') && (!isMainFrame || ask('will-navigate'))
}
