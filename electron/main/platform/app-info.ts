import type { App } from 'electron'
import { statfs } from 'node:fs/promises'
import type { AppInfo } from '#shared/ipc/contract.ts'

/** Free space for the data folder in bytes; null where the system does not say. */
export async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** What the app says about itself. Electron names itself in `process.versions`; what only stands in for it does not. */
export async function readAppInfo(
  app: Pick<App, 'getVersion' | 'getLocale'>,
  dataFolder: string,
): Promise<AppInfo> {
  return {
    version: app.getVersion(),
    runtime: 'counterfoilStandIn' in process.versions ? 'stand-in' : 'electron',
    locale: app.getLocale(),
    dataFolder,
    freeBytes: await freeBytesAt(dataFolder),
  }
}
