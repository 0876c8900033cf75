import { join } from 'node:path'
import type { StoreId } from '#shared/outbox/operation.ts'

/** Every path, address and limit of the main process: the one place to look them up. */

export const APP_SCHEME = 'app'
export const APP_HOST = 'counterfoil'
/** The page's origin, for ever: IndexedDB and its locks hang on it. */
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`
/** Windows groups windows and notifications by it; the same as `appId` in electron-builder.yml. */
export const APP_ID = 'app.counterfoil.desktop'

export const SQUARE_URLS = {
  production: 'https://connect.squareup.com',
  sandbox: 'https://connect.squareupsandbox.com',
} as const

/** Below this much free space staff are told; below the outbox's floor nothing new is promised (S1). */
export const FREE_BYTES_WARNING = 500 * 1024 * 1024
/** What a quitting app grants the line, as a courtesy: everything is in the log anyway. */
export const QUIT_COURTESY_MS = 5_000
/** Largest request a window may send, counted as UTF-16 units and values. */
export const IPC_SIZE_LIMIT = 4_000_000
export const WINDOW_MIN_SIZE = { width: 800, height: 600 } as const
export const WINDOW_DEFAULT_SIZE = { width: 1180, height: 780 } as const
/** A renderer that dies more often than this within a minute is not reloaded again. */
export const RELOADS_PER_MINUTE = 3
export const LOG_FILE_BYTES = 1_000_000
export const LOG_FILES_KEPT = 5

/** Where things lie below the user's data folder. */
export function dataPaths(userData: string) {
  return {
    userData,
    session: join(userData, 'session.json'),
    window: join(userData, 'window.json'),
    machine: join(userData, 'machine.json'),
    starts: join(userData, 'starts.json'),
    repair: join(userData, 'directory-repair.json'),
    logs: join(userData, 'logs'),
    stores: join(userData, 'stores'),
  } as const
}
export type DataPaths = ReturnType<typeof dataPaths>

/** The files of one store. Nothing in it is shared with another store (S16). */
export function storePaths(paths: DataPaths, store: StoreId) {
  const folder = join(paths.stores, storeFolderName(store))
  return {
    folder,
    log: join(folder, 'log'),
    token: join(folder, 'token.json'),
    practice: join(folder, 'practice-square.json'),
  } as const
}

/** One path segment, the same on case-insensitive disks; throws for a merchant id that Square would not give. */
export function storeFolderName(store: StoreId): string {
  if (!isMerchantId(store.merchantId)) throw new Error('merchant id is not usable as a folder name')
  return `${store.environment}-${store.merchantId}`
}

/** Square's merchant ids are short, upper case and plain; anything else is not believed (S13). */
export function isMerchantId(text: string): boolean {
  return /^[A-Z0-9_-]{1,64}$/.test(text)
}

/**
 * Square's address for an environment. `COUNTERFOIL_SANDBOX_URL` may stand in for the sandbox on a developer's machine:
 * never in a packaged app, never anything but plain http on 127.0.0.1.
 */
export function squareUrl(
  environment: 'production' | 'sandbox',
  overrides: { readonly isPackaged: boolean; readonly sandboxUrl: string | undefined },
): string {
  if (environment === 'sandbox' && !overrides.isPackaged && overrides.sandboxUrl !== undefined) {
    return loopbackOrigin(overrides.sandboxUrl) ?? SQUARE_URLS.sandbox
  }
  return SQUARE_URLS[environment]
}

/**
 * Requests a second that a developer allows the Square on their own machine (`COUNTERFOIL_SANDBOX_PACE`), so that a first
 * load of 200,000 customers can be measured without the eleven minutes the real pace takes. Undefined, which is the real
 * pace: in a packaged app, and wherever it is Square that is asked.
 */
export function requestsPerSecond(
  environment: StoreId['environment'],
  overrides: {
    readonly isPackaged: boolean
    readonly sandboxUrl: string | undefined
    readonly sandboxPace?: string | undefined
  },
): number | undefined {
  const { sandboxPace = '' } = overrides
  if (environment !== 'sandbox' || !/^[1-9]\d{0,3}$/.test(sandboxPace)) return undefined
  return squareUrl('sandbox', overrides) === SQUARE_URLS.sandbox ? undefined : Number(sandboxPace)
}

/** The origin of a plain http address on 127.0.0.1 with a port and nothing else, or null. */
export function loopbackOrigin(text: string): string | null {
  const match = /^http:\/\/127\.0\.0\.1:\d{1,5}\/?$/.exec(text)
  return match && URL.canParse(text) ? new URL(text).origin : null
}
