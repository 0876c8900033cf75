import type { Clock } from '#shared/ports.ts'
import { SYNC_LOG_KEPT, type SyncLogEntry, type SyncLogFact } from '#shared/sync-log.ts'

/** What happened with Square since the app started, as far as it may be shown to anybody (S28). */
export interface SyncLog {
  note(fact: SyncLogFact): void
  /** Oldest first, at most `SYNC_LOG_KEPT`. */
  entries(): readonly SyncLogEntry[]
}

/** An empty log; it keeps the newest entries in memory and writes nothing to the disk. */
export function createSyncLog(clock: Pick<Clock, 'wallIso'>, kept = SYNC_LOG_KEPT): SyncLog {
  const ring: SyncLogEntry[] = []
  let n = 0
  return {
    note(fact) {
      ring[n % kept] = { n: n + 1, at: Date.parse(clock.wallIso()), ...fact }
      n += 1
    },
    entries: () => (n <= kept ? [...ring] : [...ring.slice(n % kept), ...ring.slice(0, n % kept)]),
  }
}
