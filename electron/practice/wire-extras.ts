import type { WireAddress } from './wire.ts'

/** What stands beside the customers, as it travels. */
export interface WireGroup {
  readonly id: string
  readonly name: string
  readonly created_at: string
  readonly updated_at: string
}
export type WireSegment = WireGroup

export const VISIBILITIES = [
  'VISIBILITY_HIDDEN',
  'VISIBILITY_READ_ONLY',
  'VISIBILITY_READ_WRITE_VALUES',
] as const
export type Visibility = (typeof VISIBILITIES)[number]

export interface WireAttributeDefinition {
  readonly key: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly name?: string
  readonly description?: string
  readonly visibility: Visibility
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
}
export interface WireAttribute {
  readonly key: string
  readonly value: unknown
  readonly version: number
  readonly visibility: Visibility
  readonly definition?: WireAttributeDefinition
  readonly created_at: string
  readonly updated_at: string
}

/** A card on file: nothing that could be paid with. */
export interface WireCard {
  readonly id: string
  readonly card_brand: string
  readonly last_4: string
  readonly exp_month: number
  readonly exp_year: number
  readonly cardholder_name?: string
  readonly billing_address?: WireAddress
}
