import { mkdirSync, readFileSync } from 'node:fs'
import { appendFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Log } from '#shared/ports.ts'
import type { SyncLogEntry } from '#shared/sync-log.ts'
import { parseSyncLogEntry } from '#shared/sync-log-entry.ts'

/** The sync log on disk: whoever helps comes the next morning. It is no promise, so nothing waits for the disk (S28). */
export interface SyncLogFile {
  /** Of the newest `most` lines those that can be read, oldest first. To be called once, first. */
  read(most: number): SyncLogEntry[]
  /** On its way to the disk within a second. What cannot be written is lost. */
  append(entry: SyncLogEntry): void
  /** Writes what is still to be written; never rejects. */
  flush(): Promise<void>
}

/** Two files in turn, so that the newest 500 lines are always there: a line has some 100 to 200 bytes. */
const MOST_BYTES = 200_000
const LATER_MS = 1_000

/** The files of the sync log in that folder. */
export function createSyncLogFile(options: {
  readonly folder: string
  readonly clock: Pick<Clock, 'schedule'>
  readonly log: Log
}): SyncLogFile {
  const { folder, clock, log } = options
  const newest = join(folder, 'sync-log.jsonl')
  const older = join(folder, 'sync-log.1.jsonl')
  let bytes = 0
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

  return {
    read(most) {
      const text = textIn(newest)
      bytes = text.length
      // Lines that are left out cost as much as those that are read, and this stands between the start and the window.
      const lines = `${textIn(older)}\n${text}`.split('\n').filter((line) => line !== '')
      return lines.slice(-most).flatMap(entryIn)
    },
    append(entry) {
      // The line before may be torn by a kill: each begins anew.
      if (lines.length === 0) {
        lines.push('\n')
        clock.schedule(LATER_MS, () => void flush())
      }
      lines.push(`${JSON.stringify(entry)}\n`)
    },
    flush,
  }

  function textIn(file: string): string {
    try {
      mkdirSync(folder, { recursive: true })
      return readFileSync(file, 'utf8')
    } catch {
      return ''
    }
  }
}

function entryIn(line: string): SyncLogEntry[] {
  try {
    const entry = parseSyncLogEntry(JSON.parse(line))
    return entry ? [entry] : []
  } catch {
    return [] // a torn line
  }
}
