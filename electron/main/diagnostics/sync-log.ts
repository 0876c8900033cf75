import type { Clock } from '#shared/ports.ts'
import { SYNC_LOG_KEPT, type SyncLogEntry, type SyncLogFact } from '#shared/sync-log.ts'

/** What happened with Square lately, as far as it may be shown to anybody (S28). */
export interface SyncLog {
  note(fact: SyncLogFact): void
  /** Oldest first, at most `SYNC_LOG_KEPT`. */
  entries(): readonly SyncLogEntry[]
}

/** A log that goes on after earlier entries and hands on each new one; it keeps the newest in memory. */
export function createSyncLog(
  clock: Pick<Clock, 'wallIso'>,
  {
    earlier = [],
    append = () => {},
  }: { readonly earlier?: readonly SyncLogEntry[]; readonly append?: (entry: SyncLogEntry) => void } = {},
): SyncLog {
  let entries = [...earlier]
  let n = entries.at(-1)?.n ?? 0
  return {
    note(fact) {
      n += 1
      const entry = { n, at: Date.parse(clock.wallIso()), ...fact }
      entries.push(entry)
      // In one go now and then: a list that loses its first member each time would be copied each time.
      if (entries.length >= 2 * SYNC_LOG_KEPT) entries = entries.slice(-SYNC_LOG_KEPT)
      append(entry)
    },
    entries: () => entries.slice(-SYNC_LOG_KEPT),
  }
}
