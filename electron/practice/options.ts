import type { PracticeFlags } from './flags.ts'
import type { WireCustomer, WireMerchant } from './wire.ts'

export { DEFAULT_FLAGS, type PracticeFlags } from './flags.ts'

/** What one access token may do. `state` other than `valid` answers 401. */
export interface TokenGrant {
  readonly scopes: readonly string[]
  readonly state: 'valid' | 'expired' | 'revoked'
  /** Whose customers it opens; absent: those of the model's first merchant. */
  readonly merchantId?: string
  /** From then on (ms since the epoch) it is expired, whatever `state` says. */
  readonly expiresAt?: number
  /** The application it was given to, owner of the attribute definitions made with it. */
  readonly applicationId?: string
}
export const ALL_SCOPES = ['CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'MERCHANT_PROFILE_READ'] as const

/** Something that happened to a customer, whoever did it. */
export interface Effect {
  readonly kind: 'create' | 'update' | 'delete' | 'merge'
  readonly by: 'api' | 'colleague'
  readonly merchantId: string
  readonly id: string
  readonly at: number
  readonly idempotencyKey: string | null
  /** Whatever the caller gave as tag: `practice-tag` over HTTP, `tag` of a direct call. */
  readonly tag: string | null
  readonly before: WireCustomer | null
  readonly after: WireCustomer | null
}

export interface PracticeModelOptions {
  /** Makes ids of customers, groups, cards and the like; must never repeat. */
  readonly newId: () => string
  readonly merchant?: Partial<WireMerchant>
  /** More merchants, each with customers of its own; the same merchant in sandbox and production is two. */
  readonly otherMerchants?: readonly (Partial<WireMerchant> & { readonly id: string })[]
  readonly tokens?: Readonly<Record<string, TokenGrant>>
  readonly flags?: Partial<PracticeFlags>
  /** The Square-Version of requests that name none: what is pinned at the application. Absent: the newest known. */
  readonly pinnedVersion?: string
  /** Milliseconds until list and search see a change; drawn once per change. Absent: at once. */
  readonly indexLag?: (change: { readonly id: string; readonly at: number }) => number
  readonly onEffect?: (effect: Effect) => void
  /** Up to so many customers a search looks at one by one; beyond that it remembers. For tests: the answers are the same. */
  readonly few?: number
}

export const PRACTICE_TOKEN = 'practice-token'
export const PRACTICE_APPLICATION = 'sq0idp-practice'

export const DEFAULT_MERCHANT: WireMerchant = {
  id: 'PRACTICEMERCHANT1',
  business_name: 'Corner Practice Store',
  country: 'US',
  language_code: 'en-US',
  currency: 'USD',
  status: 'ACTIVE',
  main_location_id: 'PRACTICELOCATION1',
  created_at: '2020-01-02T09:00:00.000Z',
}
