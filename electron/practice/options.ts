import type { WireCustomer, WireMerchant } from './wire.ts'

/** What one access token may do. `state` other than `valid` answers 401. */
export interface TokenGrant {
  readonly scopes: readonly string[]
  readonly state: 'valid' | 'expired' | 'revoked'
}
export const ALL_SCOPES = ['CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'MERCHANT_PROFILE_READ'] as const

/** Something that happened to a customer, whoever did it. */
export interface Effect {
  readonly kind: 'create' | 'update' | 'delete' | 'merge'
  readonly by: 'api' | 'colleague'
  readonly id: string
  readonly at: number
  readonly idempotencyKey: string | null
  /** Whatever the caller gave as tag: `practice-tag` over HTTP, `tag` of a direct call. */
  readonly tag: string | null
  readonly before: WireCustomer | null
  readonly after: WireCustomer | null
}

/** Where public facts end, a flag begins; the defaults are the ones hardest on a client. BEHAVIOUR.md lists them. */
export interface PracticeFlags {
  /** By how much a change raises the version. */
  readonly versionStep: number
  /** Does an update that changes nothing still raise the version? */
  readonly noOpBumps: boolean
  /** An address in an update: only the parts given, or the whole. */
  readonly addressRule: 'merge' | 'replace'
  /** The same for an address in a bulk update. */
  readonly bulkAddressRule: 'merge' | 'replace'
  /** A bulk request breaks off after so many entries with a 429 and leaves what was done; null: it runs to its end. */
  readonly bulkStopsAfter: number | null
  /** `""` clears a field, or is refused. */
  readonly emptyText: 'clears' | 'refused'
  /** What the same key and body brings back: the first answer, or the customer as it is now. */
  readonly replay: 'original' | 'current'
  /** Milliseconds an idempotency key is remembered. */
  readonly keyWindowMs: number
  /** `updated_at` without milliseconds, as seen. */
  readonly wholeSeconds: boolean
  /** HTTP status of CONFLICT. */
  readonly conflictStatus: 400 | 409
}
export const DEFAULT_FLAGS: PracticeFlags = {
  versionStep: 1,
  noOpBumps: true,
  addressRule: 'merge',
  bulkAddressRule: 'merge',
  bulkStopsAfter: null,
  emptyText: 'clears',
  replay: 'original',
  keyWindowMs: Number.POSITIVE_INFINITY,
  wholeSeconds: true,
  conflictStatus: 409,
}

export interface PracticeModelOptions {
  /** Makes customer ids; must never repeat. */
  readonly newId: () => string
  readonly merchant?: Partial<WireMerchant>
  readonly tokens?: Readonly<Record<string, TokenGrant>>
  readonly flags?: Partial<PracticeFlags>
  /** Milliseconds until list and search see a change; drawn once per change. Absent: at once. */
  readonly indexLag?: (change: { readonly id: string; readonly at: number }) => number
  readonly onEffect?: (effect: Effect) => void
}

export const PRACTICE_TOKEN = 'practice-token'

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
