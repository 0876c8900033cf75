import { join } from 'node:path'
import type { Session } from 'electron'
import { APP_ORIGIN } from '../config.ts'
import { developmentPolicy, policyText } from './content-security-policy.ts'
import { originOf } from './origins.ts'

/** Where the page and its preload come from. */
export interface PageLocation {
  readonly url: string
  readonly origin: string
  readonly preload: string
  /** Folder of the packed page. */
  readonly folder: string
  /** True while a dev server serves the page. */
  readonly isDevServer: boolean
}

/** The packed page, or the dev server named by electron-vite; the latter never in a packaged app, and only on this PC. */
export function pageLocation(options: {
  readonly bundleFolder: string
  readonly isPackaged: boolean
  readonly devServerUrl: string | undefined
}): PageLocation {
  const files = {
    preload: join(options.bundleFolder, '..', 'preload', 'index.cjs'),
    folder: join(options.bundleFolder, '..', 'renderer'),
  }
  const devOrigin = options.isPackaged ? null : localOrigin(options.devServerUrl)
  return devOrigin === null || options.devServerUrl === undefined
    ? { ...files, url: `${APP_ORIGIN}/index.html`, origin: APP_ORIGIN, isDevServer: false }
    : { ...files, url: options.devServerUrl, origin: devOrigin, isDevServer: true }
}

function localOrigin(url: string | undefined): string | null {
  const origin = url === undefined ? null : originOf(url)
  return origin !== null && /^http:\/\/(localhost|127\.0\.0\.1):\d+$/.test(origin) ? origin : null
}

/** Gives the dev server's pages their looser policy; the packed page brings its own. */
export function applyDevelopmentPolicy(session: Pick<Session, 'webRequest'>, devOrigin: string): void {
  const policy = policyText(developmentPolicy(devOrigin))
  session.webRequest.onHeadersReceived((details, answer) => {
    answer({ responseHeaders: { ...details.responseHeaders, 'content-security-policy': [policy] } })
  })
}
