import type { CustomerField } from '../customer/customer.ts'

/** Square said no to the content. `field` where it named one we know; `code` and `detail` are Square's. */
export interface Refusal {
  readonly code: string
  readonly field: CustomerField | null
  readonly detail: string | null
}

/**
 * Every way a request to Square can end without a believable success (S13, S14). `notSent` is certain that nothing was
 * applied; `unknown` is certain of nothing.
 */
export type Failure =
  | { readonly kind: 'not-sent'; readonly reason: 'offline' | 'refused' | 'dns' | 'tls' | 'clock' }
  | {
      readonly kind: 'unknown'
      readonly reason: 'timeout' | 'reset' | 'server-error' | 'unreadable' | 'oversized' | 'redirect'
    }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number | null }
  | { readonly kind: 'signed-out'; readonly code: string }
  | { readonly kind: 'forbidden'; readonly code: string }
export type FailureKind = Failure['kind']
