import type { PullRequest, PullResult } from '#shared/ipc/contract.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { PullProgress } from '../book.ts'
import type { PulledPage } from './pages-writer.ts'
import type { StoredPull } from './stored-pull.ts'

/** What the steps of a pull work with. */
export interface PullContext {
  /** Never rejects. */
  readonly ask: (request: PullRequest) => Promise<PullResult>
  readonly apply: (page: PulledPage) => Promise<void>
  readonly readState: () => Promise<StoredPull | null>
  readonly isStopped: () => boolean
  readonly report: (progress: PullProgress) => void
  /** The PC's clock: a label. */
  readonly wallIso: () => string
}

export type Page = Extract<PullResult, { kind: 'page' }>
export type Outcome = { readonly kind: 'complete' } | { readonly kind: 'failed'; readonly failure: Failure }
export const COMPLETE: Outcome = { kind: 'complete' }

/** True where Square does not know the cursor any more: the list is read from its beginning. */
export function isStaleCursor(failure: Failure): boolean {
  return failure.kind === 'refused' || failure.kind === 'not-found'
}

// Square's own times, in one format; compared as times because fractions of a second are optional.

/** The earlier of two times; null is none. */
export function earlier(a: string, b: string | null): string {
  return b !== null && Date.parse(b) < Date.parse(a) ? b : a
}
/** The later of two times. */
export function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a
}
/**
 * The earlier of that time and those of these answers: one that is alone with a time far ahead is not believed. Null where
 * the time is not known.
 */
export function earliestOf(time: string | null, pages: readonly Page[]): string | null {
  return time === null ? null : pages.reduce((first, { squareTime }) => earlier(first, squareTime), time)
}
/** The oldest of that time and the changes of customers that were held back: the next delta must bring them again. */
export function earliest(time: string | null, heldBack: readonly RemoteCustomer[]): string | null {
  return heldBack.reduce(
    (oldest: string | null, { updatedAt }) => (oldest === null ? updatedAt : earlier(oldest, updatedAt)),
    time,
  )
}
