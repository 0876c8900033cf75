import type { App, Session, WebContents } from 'electron'
import type { Log } from '#shared/ports.ts'
import { originOf } from './origins.ts'

/** What the page may ask the browser for. Everything else is denied, by both handlers. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['persistent-storage', 'clipboard-sanitized-write'])

/** Command-line switches that would open a shipped app to a debugger or loosen its engine. */
const REFUSED_SWITCHES =
  /^--(remote-debugging-(port|pipe|address)|inspect(-brk|-port|-publish-uid)?|js-flags|disable-web-security|ignore-certificate-errors|load-extension|proxy-bypass-list)(=|$)/

/** The first switch under which a packaged app must not start, or null. */
export function refusedSwitch(argv: readonly string[]): string | null {
  return argv.find((argument) => REFUSED_SWITCHES.test(argument))?.split('=')[0] ?? null
}

export interface HardeningOptions {
  /** The only origin pages may have. */
  readonly pageOrigin: string
  /** Origins that main itself may reach at this moment (Square, or the practice store). */
  readonly reachable: () => readonly string[]
  readonly log: Log
}

/** Locks every page the app will ever hold to our own origin: no navigation, no new window, no webview. */
export function hardenPages(app: Pick<App, 'on'>, options: HardeningOptions): void {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, options))
}

function hardenContents(contents: WebContents, { pageOrigin, log }: HardeningOptions): void {
  const deny = (what: string) => (event: { preventDefault(): void }) => {
    event.preventDefault()
    log.warn('page.denied', { what })
  }
  contents.on('will-navigate', (event) => {
    // A reload arrives here in development (Vite asks for it); it goes where the page already is.
    if (originOf(event.url) === pageOrigin && sameDocument(event.url, contents.getURL())) return
    deny('navigate')(event)
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) deny('frame')(event)
  })
  contents.on('will-redirect', deny('redirect'))
  contents.on('will-attach-webview', deny('webview'))
  contents.setWindowOpenHandler(() => {
    log.warn('page.denied', { what: 'window' })
    return { action: 'deny' }
  })
}

function sameDocument(one: string, other: string): boolean {
  return one.split('#')[0] === other.split('#')[0]
}

/** Denies permissions, devices and downloads, and cancels every request that is not for the page's own files. */
export function hardenSession(
  session: Pick<
    Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'webRequest'
    | 'on'
  >,
  options: HardeningOptions,
): void {
  const { pageOrigin, log } = options
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    // No contents: a runtime that asks once for all pages; ours are the only ones there are.
    const origin = contents === null ? pageOrigin : originOf(details.requestingUrl)
    answer(origin === pageOrigin && ALLOWED_PERMISSIONS.has(permission))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => originOf(origin) === pageOrigin && ALLOWED_PERMISSIONS.has(permission),
  )
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => {
    event.preventDefault()
    log.warn('page.denied', { what: 'download' })
  })
  session.webRequest.onBeforeRequest((details, decide) => {
    const allowed = mayRequest(details, options)
    if (!allowed) log.warn('request.cancelled', { type: details.resourceType })
    decide({ cancel: !allowed })
  })
}

/**
 * Pages reach their own origin; only main (no page behind the request) reaches Square. DevTools exist in development
 * alone and load themselves.
 */
export function mayRequest(
  details: { readonly url: string; readonly webContentsId?: number },
  options: Pick<HardeningOptions, 'pageOrigin' | 'reachable'>,
): boolean {
  const origin = originOf(details.url)
  if (origin === null) return false
  if (origin === options.pageOrigin || origin === webSocketOrigin(options.pageOrigin)) return true
  if (/^(data|blob):/.test(details.url)) return true
  if (origin === 'devtools://devtools') return true
  return details.webContentsId === undefined && options.reachable().includes(origin)
}

/** Vite's dev server speaks to its page over a socket of the same host; `app://` has none. */
function webSocketOrigin(pageOrigin: string): string | null {
  return pageOrigin.startsWith('http:') ? pageOrigin.replace(/^http/, 'ws') : null
}
