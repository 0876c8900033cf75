import type { WireCard } from './wire-extras.ts'

/** Square's objects as they travel: snake_case, unset fields absent. Only what this practice store knows. */

export const ADDRESS_PARTS = [
  'address_line_1',
  'address_line_2',
  'address_line_3',
  'locality',
  'sublocality',
  'sublocality_2',
  'sublocality_3',
  'administrative_district_level_1',
  'administrative_district_level_2',
  'administrative_district_level_3',
  'postal_code',
  'country',
] as const
export type WireAddress = Partial<Record<(typeof ADDRESS_PARTS)[number], string>>

/** Fields that hold one text. */
export const TEXT_FIELDS = [
  'given_name',
  'family_name',
  'nickname',
  'company_name',
  'email_address',
  'phone_number',
  'birthday',
  'reference_id',
  'note',
] as const
export type TextField = (typeof TEXT_FIELDS)[number]

/** A profile needs one of these to be created, listed, found and counted. */
export const IDENTITY_FIELDS = [
  'given_name',
  'family_name',
  'company_name',
  'email_address',
  'phone_number',
] as const satisfies readonly TextField[]

/** What a seller or an app may write. */
export type WireFields = Partial<Record<TextField, string>> & {
  readonly address?: WireAddress
  readonly tax_ids?: { readonly eu_vat: string }
}
export type WireCustomer = WireFields & {
  readonly id: string
  readonly created_at: string
  readonly updated_at: string
  readonly preferences: { readonly email_unsubscribed: boolean }
  readonly creation_source: string
  readonly group_ids?: readonly string[]
  readonly segment_ids?: readonly string[]
  /** Only where it was retrieved by id (flag `cardsOnRetrieve`); no part of what is stored. */
  readonly cards?: readonly WireCard[]
  readonly version: number
}

/** Changes to write: absent = leave as it is, null = clear. */
export type WireChanges = Partial<Record<TextField, string | null>> & {
  readonly address?: Partial<Record<keyof WireAddress, string | null>> | null
  readonly tax_ids?: { readonly eu_vat?: string | null } | null
}

export interface WireMerchant {
  readonly id: string
  readonly business_name: string
  /** ISO 3166-1 alpha-2: decides how national phone numbers are read and whether tax ids are kept. */
  readonly country: string
  readonly language_code: string
  readonly currency: string
  readonly status: string
  readonly main_location_id: string
  readonly created_at: string
}

export interface WireError {
  readonly category: string
  readonly code: string
  readonly detail?: string
  readonly field?: string
}

/** One request as it arrives. Header names are lower case; `body` is the raw text. */
export interface PracticeRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}
/** `body` is a plain JSON value. */
export interface PracticeResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}
