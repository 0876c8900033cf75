import type { Log } from '#shared/ports.ts'
import { syncLogText, type SyncLogExport } from '#shared/sync-log.ts'
import { writeAtomically } from '../platform/atomic-file.ts'
import type { FileDialogs } from '../platform/file-dialogs.ts'
import type { SyncLog } from './sync-log.ts'

export interface ExportSyncLogOptions {
  readonly syncLog: Pick<SyncLog, 'entries'>
  readonly dialogs: Pick<FileDialogs, 'saveAs'>
  readonly version: string
  readonly wallIso: () => string
  readonly log: Log
}

/** Writes the sync log as text to a file the person chooses. */
export async function exportSyncLog(options: ExportSyncLogOptions): Promise<SyncLogExport> {
  const { syncLog, dialogs, version, wallIso, log } = options
  const file = await dialogs.saveAs(`counterfoil-log-${wallIso().slice(0, 10)}.txt`)
  if (file === null) return { kind: 'cancelled' }
  try {
    await writeAtomically(file, syncLogText(syncLog.entries(), version))
  } catch (error) {
    log.warn('sync-log.not-saved', { code: (error as NodeJS.ErrnoException).code ?? '' })
    return { kind: 'failed' }
  }
  return { kind: 'saved' }
}
