import type { StoreId } from '#shared/outbox/operation.ts'
import type { LogRecord } from '#shared/outbox/record.ts'

/**
 * The log as a file, without any meaning: framed records, durable when `append` says so. `log-file.ts` is the real one,
 * the simulation has one that loses what was not synced and tears what was being written.
 */
export interface LogStorage {
  /** Reads what is there, cuts a torn tail, sets bad records in the middle aside. Creates nothing. */
  open(): Promise<OpenedLog>
  /**
   * Appends in one write and syncs. `written` means: survives a power cut. After `failed` nothing of this call is in the
   * file, also not after the next start; where even that cannot be promised the storage fails every later call.
   */
  append(records: readonly LogRecord[]): Promise<WriteOutcome>
  /** Starts a new file with this header and these records, and switches to it once it is durable (S21). */
  replace(header: LogHeader, records: readonly LogRecord[]): Promise<WriteOutcome>
  /**
   * Removes the files that the one in use came after, once that one has been read back as it was written. Never rejects:
   * what cannot be removed now is removed at the next start.
   */
  removeOlder(): Promise<void>
  close(): Promise<void>
}
export interface LogHeader {
  readonly format: 1
  readonly machineId: string
  readonly generation: number
  readonly store: StoreId
  /** Records up to this seq are inside the snapshot that begins the file; 0 for a file never compacted. */
  readonly compactedThrough: number
  /** When the file was begun, by the PC's clock as ISO 8601: told by nothing but its age (S21). Files before that rule lack it. */
  readonly begun?: string
}
export type OpenedLog =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'opened'
      readonly header: LogHeader
      readonly records: readonly LogRecord[]
      /** Records in the middle whose checksum or shape was wrong, kept in a file beside the log (S15). */
      readonly setAside: number
      readonly tornBytes: number
      /**
       * The highest seq of what a newer file held, which is damaged so that this one counts in its place; absent: there is
       * none. Those records are among `setAside`.
       */
      readonly lostThrough?: number
    }
  | { readonly kind: 'refused'; readonly reason: 'newer-format' | 'unreadable' | 'locked' }
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'failed'; readonly reason: 'disk-full' | 'read-only' | 'io' }
