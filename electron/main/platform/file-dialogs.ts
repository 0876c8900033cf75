import type { Dialog } from 'electron'
import { extname, join } from 'node:path'

/** Asks the person for a file. A window never names one: paths come from here alone. */
export interface FileDialogs {
  /** Where to write; null: the person changed their mind. */
  saveAs(name: string): Promise<string | null>
  open(): Promise<string | null>
}

/** The system's own dialogs; `folder` is where they begin. */
export function createFileDialogs(
  dialog: Pick<Dialog, 'showSaveDialog' | 'showOpenDialog'>,
  folder: () => string,
): FileDialogs {
  const filtersFor = (extension: string) => [{ name: 'Counterfoil', extensions: [extension] }]
  return {
    async saveAs(name) {
      const { canceled, filePath } = await dialog.showSaveDialog({
        defaultPath: join(folder(), name),
        filters: filtersFor(extname(name).slice(1)),
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      })
      return canceled || filePath === '' ? null : filePath
    },
    async open() {
      const properties = ['openFile' as const]
      const { canceled, filePaths } = await dialog.showOpenDialog({
        defaultPath: folder(),
        filters: filtersFor('json'),
        properties,
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
  }
}
