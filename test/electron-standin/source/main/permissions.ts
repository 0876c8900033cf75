import type { Session as ElectronSession, WebContents } from 'electron'
import type { CdpSession } from './cdp.ts'

export type RequestHandler = Parameters<ElectronSession['setPermissionRequestHandler']>[0]
export type CheckHandler = Parameters<ElectronSession['setPermissionCheckHandler']>[0]
type Permission = Parameters<NonNullable<RequestHandler>>[1]

const PATIENCE_MS = 500
/** Electron's names, and Chromium's for the same permission. */
const NAMES: Readonly<Partial<Record<Permission, string>>> = {
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  media: 'camera',
  midi: 'midi',
  notifications: 'notifications',
  'persistent-storage': 'persistent-storage',
  'screen-wake-lock': 'wake-lock-screen',
  'window-management': 'window-management',
  'idle-detection': 'idle-detection',
}

/** A page that is about to be shown. */
export interface PageAsking {
  readonly browser: CdpSession
  readonly contents: object
  /** As the app knows it (its own scheme), and as Chromium is shown it. */
  readonly url: string
  readonly origin: string
}

/**
 * Chromium does not ask the stand-in when a page wants something. So the app's handlers are asked once for each
 * permission before the first page of an origin runs, and Chromium is told the answers. Without handlers all is
 * granted, as in Electron.
 */
export async function applyPermissions(
  asking: PageAsking & { readonly request: RequestHandler; readonly check: CheckHandler },
): Promise<void> {
  const { browser, origin } = asking
  const answers = Object.entries(NAMES).map(async ([permission, name]) => {
    const asked = permission as Permission
    const setting = isAllowed(asking, asked) && (await isGranted(asking, asked)) ? 'granted' : 'denied'
    await browser.send('Browser.setPermission', { permission: { name }, setting, origin }).catch(() => {})
  })
  await Promise.all(answers)
}

type Asked = Parameters<typeof applyPermissions>[0]

function isAllowed({ check, contents, url }: Asked, permission: Permission): boolean {
  if (!check) return true
  const details = { isMainFrame: true, requestingUrl: url, securityOrigin: url }
  return check(contents as WebContents, permission, new URL('/', url).href, details)
}

function isGranted({ request, contents, url }: Asked, permission: Permission): Promise<boolean> {
  if (!request) return Promise.resolve(true)
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS, false).unref()
    request(contents as WebContents, permission, resolve, { isMainFrame: true, requestingUrl: url })
  })
}
