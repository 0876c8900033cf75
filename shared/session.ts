import type { StoreId } from './outbox/operation.ts'

/** Which Square account this PC works with. The token itself never leaves main. */
export type SessionState =
  /** First start, after "disconnect", or because the book of the last time cannot be opened (then nothing of it was touched). */
  | { readonly kind: 'none'; readonly storeProblem?: StoreProblem }
  | {
      readonly kind: 'connected'
      readonly store: StoreId
      readonly seller: Seller
      readonly token: TokenState
    }

/** Why the log of a store stays closed. It is never restarted empty: what it promised may still be in it. */
export type StoreProblem = 'newer-format' | 'unreadable' | 'locked' | 'not-writable'

export interface Seller {
  readonly name: string
  /** ISO 3166-1 alpha-2; decides phone parsing and whether tax ids are offered. */
  readonly country: string
}
/** memory: no keyring on this PC, so the token is asked for again at each start. */
export type TokenState = 'stored' | 'memory' | 'expired' | 'missing'

export type ConnectRequest =
  | { readonly kind: 'token'; readonly environment: 'production' | 'sandbox'; readonly token: string }
  | { readonly kind: 'practice' }

export type ConnectResult =
  | { readonly kind: 'connected'; readonly session: SessionState }
  | {
      readonly kind: 'failed'
      readonly reason:
        | 'token-refused'
        | 'offline'
        | 'missing-rights'
        | 'unreadable-answer'
        | 'practice-failed'
        | 'wrong-merchant'
        | 'store-problem'
      /** Missing rights by name, the problem of the store, or Square's code: never customer data, never the token. */
      readonly detail: string | null
    }
