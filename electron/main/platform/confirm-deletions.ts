import type { Dialog } from 'electron'
import { filled, words } from './words.ts'

/** Asks the person in a dialog of main's own, which no page can answer, whether so many customers are to be deleted. */
export async function confirmDeletions(
  dialog: Pick<Dialog, 'showMessageBox'>,
  count: number,
): Promise<boolean> {
  const { ask, detail, no, yes } = words.deletions
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: filled(ask, count),
    detail: filled(detail, count),
    buttons: [no, yes],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}
