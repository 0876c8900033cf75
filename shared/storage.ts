/** What this PC has room for: `low` is worth a word to staff, at `none` nothing new is promised (S1). */
export type Room = 'plenty' | 'low' | 'none' | 'unknown'

/** How the files of this PC are. */
export interface StorageState {
  readonly freeBytes: number | null
  readonly room: Room
  /** Nothing is sent or saved: the app ended badly three times in a row (S24). */
  readonly safeMode: boolean
  /** Size of the open store's log; null where none is open or it cannot be read. */
  readonly logBytes: number | null
  /** Records of the open store's log that could not be read and are kept aside (S15). */
  readonly setAside: number
}

/**
 * What came of "save what is not sent to a file". Nothing is taken out of the log by it. `setAside`: records of the log
 * that could not be read (S15), so whether what was in them waits nobody knows, and the file has none of it.
 */
export type ExportResult =
  | { readonly kind: 'saved'; readonly operations: number; readonly setAside: number }
  | { readonly kind: 'nothing'; readonly setAside: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: 'no-store' | 'not-writable' }

/** What came of "take in a file of unsent work". `known`: operations this PC has, or had, already. */
export type ImportResult =
  | { readonly kind: 'imported'; readonly added: number; readonly known: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly reason: ImportRefusal }
export type ImportRefusal =
  | 'not-ours'
  | 'damaged'
  | 'newer'
  | 'wrong-store'
  | 'too-large'
  | 'unreadable'
  | 'no-store'
  | 'not-ready' // no window has opened the customers of this store
  | 'safe-mode'
  | 'disk-low'
  | 'unwritable'

/** How opening the directory went, as its window saw it (S25). */
export interface DirectoryReport {
  readonly opened: boolean
}
/** restarting: the app ends and comes back. stays: what can be done was done, or would do harm. */
export type RepairResult = 'noted' | 'restarting' | 'disk-low' | 'tried'
