import type { CustomerFields, RemoteCustomer } from '../customer/customer.ts'

/**
 * A customer as this PC shows one. `local` is always `viewOf(row, log)` (S2) and never edited by hand.
 */
export interface CustomerRow {
  readonly localId: string
  readonly squareId: string | null
  /** Newest content from Square; null while a create waits, or while the row is being fetched again. */
  readonly remote: RemoteCustomer | null
  /** What staff see. */
  readonly local: CustomerFields
  readonly openOps: number
  readonly status: RowStatus
  /** Gone in Square, or its create was withdrawn. */
  readonly deleted: boolean
  /** Since when that is known, by Square's clock; absent while it is not deleted, or not known yet. A label for S23. */
  readonly deletedAt?: string
  /** Not in the list: deleted, or its deletion waits here and nobody is asked about it. */
  readonly hidden: boolean
}
/** "Sending" is not here: it is `SyncState.sending`, true only while a request is under way. */
export type RowStatus = 'in-square' | 'saved-here' | 'needs-you' | 'loading'
