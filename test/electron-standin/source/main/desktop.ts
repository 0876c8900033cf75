// What talks to the desktop: nothing is shown, every call is logged, and questions are answered by their "cancel".
// Tests replace the functions where an answer matters.
import { EventEmitter } from 'node:events'
import type {
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogOptions,
  OpenDialogReturnValue,
  SaveDialogOptions,
  SaveDialogReturnValue,
} from 'electron'
import { loudMembers } from '../loud.ts'
import { logCall } from './call-log.ts'

/** Dialogs take their options last, with or without the window before them. */
const optionsOf = <T extends object>(args: readonly (object | undefined)[]): T => (args.at(-1) ?? {}) as T

class Dialog {
  showOpenDialog(...args: object[]): Promise<OpenDialogReturnValue> {
    logCall('dialog.showOpenDialog', { options: optionsOf<OpenDialogOptions>(args) })
    return Promise.resolve({ canceled: true, filePaths: [] })
  }
  showSaveDialog(...args: object[]): Promise<SaveDialogReturnValue> {
    logCall('dialog.showSaveDialog', { options: optionsOf<SaveDialogOptions>(args) })
    return Promise.resolve({ canceled: true, filePath: '' })
  }
  showMessageBox(...args: object[]): Promise<MessageBoxReturnValue> {
    const options = optionsOf<MessageBoxOptions>(args)
    logCall('dialog.showMessageBox', { options })
    return Promise.resolve({
      response: options.cancelId ?? 0,
      checkboxChecked: options.checkboxChecked ?? false,
    })
  }
  showErrorBox(title: string, content: string): void {
    logCall('dialog.showErrorBox', { title, content })
    console.error(`${title}\n${content}`)
  }
}

class Shell {
  openExternal(url: string): Promise<void> {
    logCall('shell.openExternal', { url })
    return Promise.resolve()
  }
  openPath(path: string): Promise<string> {
    logCall('shell.openPath', { path })
    return Promise.resolve('')
  }
  showItemInFolder(fullPath: string): void {
    logCall('shell.showItemInFolder', { fullPath })
  }
}

/** Emits nothing by itself; tests emit suspend, resume and the rest. */
class PowerMonitor extends EventEmitter {
  isOnBatteryPower(): boolean {
    return false
  }
  getSystemIdleTime(): number {
    return 0
  }
}

export const createDialog = () => loudMembers('dialog', new Dialog())
export const createShell = () => loudMembers('shell', new Shell())
export const createPowerMonitor = () => loudMembers('powerMonitor', new PowerMonitor())
