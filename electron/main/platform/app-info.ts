import type { App } from 'electron'
import { statfs } from 'node:fs/promises'
import type { AppInfo } from '#shared/ipc/contract.ts'

/** Free space for the data folder in bytes; null where the system does not say. */
export async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { blocks, bavail, bsize } = await statfs(folder)
    // A disk of no size is one that does not count, as one in memory: nobody must be told that it is full.
    return blocks === 0 ? null : bavail * bsize
  } catch {
    return null
  }
}

/** What the app says about itself. Electron's own engine names it in its version; what only stands in for it cannot. */
export async function readAppInfo(
  app: Pick<App, 'getVersion' | 'getLocale'>,
  dataFolder: string,
): Promise<AppInfo> {
  return {
    version: app.getVersion(),
    runtime: process.versions.v8.includes('electron') ? 'electron' : 'stand-in',
    locale: app.getLocale(),
    dataFolder,
    freeBytes: await freeBytesAt(dataFolder),
  }
}
