import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log, NewId } from '#shared/ports.ts'
import type {
  DirectoryReport,
  ExportResult,
  ImportResult,
  RepairResult,
  Room,
  StorageState,
} from '#shared/storage.ts'
import { FREE_BYTES_WARNING, storePaths, type DataPaths } from '../config.ts'
import { FREE_BYTES_FLOOR } from '../outbox/outbox.ts'
import { receiveUnsent } from '../outbox/receive-unsent.ts'
import { readUnsentFile, UNSENT_FILE_LIMIT, unsentFile } from '../outbox/unsent-file.ts'
import { writeAtomically } from '../platform/atomic-file.ts'
import type { FileDialogs } from '../platform/file-dialogs.ts'
import type { StoreSlot } from '../session/store-slot.ts'

export interface StorageOptions {
  readonly paths: DataPaths
  readonly slot: Pick<StoreSlot, 'current'>
  readonly dialogs: FileDialogs
  readonly safeMode: boolean
  readonly wallIso: () => string
  /** Of the disk the data folder is on; null where the system does not say. */
  readonly freeBytes: () => Promise<number | null>
  readonly newId: NewId
  /** What to do about a directory that opened or did not (S25). */
  readonly repair: (report: DirectoryReport, hasRoom: boolean) => Promise<RepairResult>
  /** Ends the app and starts it again. */
  readonly restart: () => void
  readonly log: Log
}
/** The files of this PC, as staff can see and carry them. */
export interface StorageService {
  state(): Promise<StorageState>
  /** Writes what is not in Square to a file the person chooses; the log stays as it is. */
  exportUnsent(): Promise<ExportResult>
  /** Takes such a file in: everything new in it asks, nothing of it is sent by itself (S20). */
  importUnsent(): Promise<ImportResult>
  directoryReport(report: DirectoryReport): Promise<RepairResult>
}

/** The service over the open store; its answers never carry a path or a customer. */
export function createStorageService(options: StorageOptions): StorageService {
  const { paths, slot, dialogs, safeMode, log } = options

  async function exportUnsent(): Promise<ExportResult> {
    const open = slot.current()
    if (!open) return { kind: 'failed', reason: 'no-store' }
    const at = options.wallIso()
    const unsent = unsentFile(open.outbox.state(), open.store, at)
    if (!unsent) return { kind: 'nothing', setAside: open.setAside }
    const file = await dialogs.saveAs(`counterfoil-unsent-${at.slice(0, 10)}.json`)
    if (file === null) return { kind: 'cancelled' }
    try {
      await writeAtomically(file, unsent.text)
    } catch (error) {
      log.warn('export.failed', { code: codeOf(error) })
      return { kind: 'failed', reason: 'not-writable' }
    }
    log.info('export.saved', { operations: unsent.operations })
    return { kind: 'saved', operations: unsent.operations, setAside: open.setAside }
  }

  async function importUnsent(): Promise<ImportResult> {
    const refused = (reason: Extract<ImportResult, { kind: 'refused' }>['reason']): ImportResult => {
      log.warn('import.refused', { reason })
      return { kind: 'refused', reason }
    }
    if (safeMode) return refused('safe-mode')
    if (!slot.current()) return refused('no-store')
    const file = await dialogs.open()
    if (file === null) return { kind: 'cancelled' }
    let text: string
    try {
      if ((await stat(file)).size > UNSENT_FILE_LIMIT) return refused('too-large')
      text = await readFile(file, 'utf8')
    } catch (error) {
      log.warn('import.unreadable', { code: codeOf(error) })
      return refused('unreadable')
    }
    if (roomOf(await options.freeBytes()) === 'none') return refused('disk-low')
    // The dialog may have been open for an hour.
    const open = slot.current()
    if (!open) return refused('no-store')
    const work = readUnsentFile(text, open.store)
    if (work.kind === 'refused') return refused(work.reason)
    const received = await receiveUnsent(open.outbox, work.operations, options.newId)
    if (received.kind === 'refused') return refused(received.reason)
    const { added, known } = received
    log.info('import.done', { added, known })
    return { kind: 'imported', added, known }
  }

  return {
    async state() {
      const open = slot.current()
      const freeBytes = await options.freeBytes()
      return {
        freeBytes,
        room: roomOf(freeBytes),
        safeMode,
        logBytes: open && (await bytesIn(storePaths(paths, open.store).log)),
        setAside: open?.setAside ?? 0,
      }
    },
    exportUnsent,
    importUnsent,
    async directoryReport(report) {
      const result = await options.repair(report, roomOf(await options.freeBytes()) !== 'none')
      if (result === 'restarting') options.restart()
      return result
    },
  }
}

/** What so many free bytes allow. */
export function roomOf(freeBytes: number | null): Room {
  if (freeBytes === null) return 'unknown'
  if (freeBytes < FREE_BYTES_FLOOR) return 'none'
  return freeBytes < FREE_BYTES_WARNING ? 'low' : 'plenty'
}

async function bytesIn(folder: string): Promise<number | null> {
  try {
    const names = await readdir(folder)
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
    return sizes.reduce((sum, size) => sum + size, 0)
  } catch {
    return null
  }
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code)
}
