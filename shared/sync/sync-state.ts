import type { StoreId } from '../outbox/operation.ts'

/** What the engine is doing, for the status bar. Counts of waiting operations come from the log itself, not from here. */
export interface SyncState {
  readonly store: StoreId | null
  readonly connection: 'unknown' | 'online' | 'offline'
  /** When the connection was last lost, by the PC's clock (label). */
  readonly offlineSince: string | null
  /** What keeps Square away where it is not the line: this PC's date, or somebody who answers without Square's certificate. */
  readonly offlineCause: OfflineCause | null
  /** Why nothing is being sent although the line is up. */
  readonly paused: SyncPause | null
  /** Operations whose request is under way at this moment. */
  readonly sending: readonly string[]
  /** When operations that failed are tried again, by the PC's clock (label); of many, those that have waited longest. */
  readonly retries: Readonly<Record<string, string>>
  /** When Square last answered, by the PC's clock (label). */
  readonly lastContactAt: string | null
}
export type OfflineCause = 'clock' | 'tls'
export type SyncPause =
  | { readonly kind: 'starting' } // the renderer has not said (generation, lastSeq) yet (S20)
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'forbidden'; readonly missing: string }
  | { readonly kind: 'rate-limited' }
  | { readonly kind: 'log-unwritable' }
  | { readonly kind: 'safe-mode' } // S24

export const INITIAL_SYNC_STATE: SyncState = {
  store: null,
  connection: 'unknown',
  offlineSince: null,
  offlineCause: null,
  paused: { kind: 'starting' },
  sending: [],
  retries: {},
  lastContactAt: null,
}
