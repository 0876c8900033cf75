import type { EventEmitter } from 'node:events'
import type { IpcMain } from './ipc-main.ts'
import type { PageAsking } from './permissions.ts'
import type { RequestDesk } from './requests.ts'

/** What every webContents shares. */
export interface DevToolsSwitchboard extends RequestDesk {
  readonly app: EventEmitter
  readonly ipcMain: IpcMain
  readonly session: object
  readonly appPath: string
  readonly settlePermissions: (asking: Omit<PageAsking, 'browser'>) => Promise<void>
}
