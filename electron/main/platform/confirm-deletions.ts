import type { Dialog } from 'electron'

/** Asks the person in a dialog of main's own, which no page can answer, whether so many customers are to be deleted. */
export async function confirmDeletions(
  dialog: Pick<Dialog, 'showMessageBox'>,
  count: number,
): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Delete ${count} customers?`,
    detail:
      `Counterfoil was asked to delete ${count} customers within a minute. ` +
      'If nobody here is deleting customers, choose Cancel and tell whoever looks after this PC.',
    buttons: ['Cancel', 'Delete them'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}
