import type { Clock } from '#shared/ports.ts'
import { SYNC_LOG_KEPT, type SyncLogEntry, type SyncLogFact } from '#shared/sync-log.ts'
import type { SyncLogFile } from './sync-log-file.ts'

/** What happened with Square lately, as far as it may be shown to anybody (S28). */
export interface SyncLog {
  note(fact: SyncLogFact): void
  /** Oldest first, at most `SYNC_LOG_KEPT`. */
  entries(): readonly SyncLogEntry[]
}

/** A log that goes on where that file ends, or an empty one in memory alone; it keeps the newest entries. */
export function createSyncLog(
  clock: Pick<Clock, 'wallIso'>,
  file: Pick<SyncLogFile, 'read' | 'append'> = IN_MEMORY,
  kept = SYNC_LOG_KEPT,
): SyncLog {
  let entries = file.read(kept)
  let n = entries.at(-1)?.n ?? 0
  return {
    note(fact) {
      n += 1
      const entry = { n, at: Date.parse(clock.wallIso()), ...fact }
      entries.push(entry)
      // In one go now and then: a list that loses its first member each time would be copied each time.
      if (entries.length >= 2 * kept) entries = entries.slice(-kept)
      file.append(entry)
    },
    entries: () => entries.slice(-kept),
  }
}

const IN_MEMORY: Pick<SyncLogFile, 'read' | 'append'> = { read: () => [], append() {} }
