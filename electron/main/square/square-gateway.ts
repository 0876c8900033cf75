import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import type { ExactKeys } from '#shared/customer/exact-keys.ts'
import type { BulkItems } from '#shared/sync/bulk.ts'
import type { Failure } from '#shared/sync/failure.ts'

/**
 * Square as the engine needs it: one request a call, no retries, no hidden decisions. Every outcome is a value; a call
 * never rejects. `squareTime` is the answer's Date header in ms since the epoch, null where there was no answer.
 */
export interface SquareGateway {
  retrieve(squareId: string): Promise<Reply<RemoteCustomer>>
  /** The answered customer may carry another id only for a merge replayed by Square; callers check. */
  create(idempotencyKey: string, body: Partial<CustomerFields>): Promise<Reply<RemoteCustomer>>
  /** `null` in the body clears; the address is sent as a whole. The version is never omitted (S6). */
  update(squareId: string, version: string, body: Partial<CustomerFields>): Promise<Reply<RemoteCustomer>>
  remove(squareId: string, version: string): Promise<Reply<null>>
  /**
   * One request for at most `BULK_LIMIT` customers; never none. The answer may lack items and may be partial: read it
   * with `itemRead` and `itemWritten` (S22). There is no bulk delete here: Square's takes no version.
   */
  bulkRetrieve(squareIds: readonly string[]): Promise<Reply<BulkItems<RemoteCustomer>>>
  /** By idempotency key. */
  bulkCreate(bodies: ReadonlyMap<string, Partial<CustomerFields>>): Promise<Reply<BulkItems<RemoteCustomer>>>
  /** By Square id. No address and no tax id: whether Square merges or replaces them here is not documented. */
  bulkUpdate(changes: ReadonlyMap<string, BulkChange>): Promise<Reply<BulkItems<RemoteCustomer>>>
  list(cursor: string | null): Promise<Reply<CustomerPage>>
  /** Changed at or after `since` (ISO, Square's time). */
  changedSince(since: string, cursor: string | null): Promise<Reply<CustomerPage>>
  /** Created at or after `since` by an app or a merge (S9). */
  createdSince(since: string, cursor: string | null): Promise<Reply<CustomerPage>>
  /** Exact matches by E.164 phone, e-mail or reference id; one search per given key, results united by id. */
  findExact(keys: ExactKeys): Promise<Reply<readonly RemoteCustomer[]>>
  /** The cheapest authorised read: who does this token belong to? Also the probe after "not a byte left". */
  seller(): Promise<Reply<SellerAnswer>>
}
export interface BulkChange {
  readonly version: string
  readonly body: Partial<CustomerFields>
}
export interface CustomerPage {
  readonly customers: readonly RemoteCustomer[]
  readonly cursor: string | null
  readonly count: number | null
  /** Customers of this page that were left out because their shape is wrong (S13); absent: none. */
  readonly unreadable?: number
}
export interface SellerAnswer {
  readonly merchantId: string
  readonly name: string
  readonly country: string
}
export type Reply<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly squareTime: number | null }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly squareTime: number | null }
