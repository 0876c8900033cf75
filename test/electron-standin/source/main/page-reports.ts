import { cancelable } from './cancelable.ts'
import type { Page } from './page.ts'
import type { DevToolsSwitchboard } from './switchboard.ts'
import type { WebContents } from './web-contents.ts'

/** What webContents says about its page when asked. */
export interface ContentsState {
  url: string
  title: string
  isLoading: boolean
  isCrashed: boolean
}

/** Keeps the state up to date with the page, and tells the app of each change by Electron's events. */
export function reportPage(options: {
  readonly contents: WebContents
  readonly page: Page
  readonly state: ContentsState
  readonly board: DevToolsSwitchboard
}): void {
  const { contents, page, state, board } = options
  const shown = (url: string) => (state.url = board.schemes.fromChromium(url))

  page.on('navigated', (url) => {
    if (url !== 'about:blank') contents.emit('did-navigate', {}, shown(url), 200, 'OK')
  })
  page.on('navigated-in-page', (url) => contents.emit('did-navigate-in-page', {}, shown(url), true))
  page.on('dom-ready', () => state.url !== '' && contents.emit('dom-ready', {}))
  page.on('loaded', () => {
    if (state.url === '') return
    state.isLoading = false
    contents.emit('did-finish-load')
    contents.emit('did-stop-loading')
  })
  page.on('title', (title) => {
    // Until the page has a title, Chromium says its address, which is not the one the app knows.
    const isAddress = state.url === '' || board.schemes.toChromium(state.url).endsWith(title)
    if (title === state.title || isAddress) return
    state.title = title
    contents.emit('page-title-updated', cancelable({}), title, true)
  })
  page.on('console', (type, message) => {
    const level = ['error', 'warning', 'debug'].find((known) => known === type) ?? 'info'
    const frame = contents.mainFrame
    contents.emit('console-message', { level, message, lineNumber: 0, sourceId: state.url, frame })
  })
  page.on('asks-to-stay', (decide) => {
    const event = cancelable({})
    contents.emit('will-prevent-unload', event)
    decide(event.defaultPrevented)
  })
  page.on('crashed', (reason, exitCode) => {
    state.isCrashed = true
    const details = { reason, exitCode }
    contents.emit('render-process-gone', {}, details)
    board.app.emit('render-process-gone', {}, contents, details)
  })
}
