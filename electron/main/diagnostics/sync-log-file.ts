import { appendFile, mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Log } from '#shared/ports.ts'
import { SYNC_LOG_KEPT, type SyncLogEntry } from '#shared/sync-log.ts'
import { parseSyncLogEntry } from '#shared/sync-log-entry.ts'
import { createSyncLog, type SyncLog } from './sync-log.ts'

/** The sync log on disk: whoever helps comes the next morning. It is no promise, so nothing waits for the disk (S28). */
export interface KeptSyncLog extends SyncLog {
  /** Writes what is still to be written; never rejects. */
  flush(): Promise<void>
}

/** Two files in turn, so that the newest 500 lines are always there: a line has some 100 to 200 bytes. */
const MOST_BYTES = 200_000
const LATER_MS = 1_000

/**
 * The sync log of that folder, which goes on where an earlier one ended. An entry is on its way to the disk within a
 * second; what cannot be read is left out, and what cannot be written is lost.
 */
export async function openSyncLog(options: {
  readonly folder: string
  readonly clock: Pick<Clock, 'schedule' | 'wallIso'>
  readonly log: Log
}): Promise<KeptSyncLog> {
  const { folder, clock, log } = options
  const newest = join(folder, 'sync-log.jsonl')
  const older = join(folder, 'sync-log.1.jsonl')
  const newestText = await textIn(newest)
  let bytes = newestText.length
  let lines: string[] = []
  let writing = Promise.resolve()
  let failed = false

  async function write(): Promise<void> {
    if (lines.length === 0) return
    const text = lines.join('')
    lines = []
    try {
      if (bytes > MOST_BYTES) {
        await rename(newest, older)
        bytes = 0
      }
      await appendFile(newest, text, { mode: 0o600 })
      bytes += text.length
    } catch (error) {
      // Said once: a full disk is told elsewhere.
      if (!failed) log.warn('sync-log.not-kept', { code: (error as NodeJS.ErrnoException).code ?? '' })
      failed = true
    }
  }
  const flush = () => (writing = writing.then(write))

  function append(entry: SyncLogEntry): void {
    // The line before may be torn by a kill: each begins anew.
    if (lines.length === 0) {
      lines.push('\n')
      clock.schedule(LATER_MS, () => void flush())
    }
    lines.push(`${JSON.stringify(entry)}\n`)
  }

  await mkdir(folder, { recursive: true }).catch(() => {}) // said when it is written to
  const kept = `${await textIn(older)}\n${newestText}`.split('\n').filter((line) => line !== '')
  const earlier = kept.slice(-SYNC_LOG_KEPT).flatMap(entryIn)
  return { ...createSyncLog(clock, { earlier, append }), flush }
}

function textIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

function entryIn(line: string): SyncLogEntry[] {
  try {
    const entry = parseSyncLogEntry(JSON.parse(line))
    return entry ? [entry] : []
  } catch {
    return [] // a torn line
  }
}
