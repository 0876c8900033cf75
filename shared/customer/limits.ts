import type { TextField } from './customer.ts'

/**
 * Longest values, in UTF-16 units: Square does not say how it counts, and this count is never the smaller one.
 * Square sets no limit for the note; ours keeps one customer from filling a page of everything.
 */
export const NOTE_LIMIT = 100_000
export const TEXT_LIMITS = {
  givenName: 300,
  familyName: 300,
  companyName: 500,
  nickname: 100,
  emailAddress: 254,
  referenceId: 100,
  note: NOTE_LIMIT,
  euVat: 20,
} as const satisfies Record<Exclude<TextField, 'phoneNumber' | 'birthday'>, number>

/** Square publishes no limit for the parts of an address; longer than this is a mistake of the paste, not an address. */
export const ADDRESS_PART_LIMIT = 500

/** Digits of a phone number, without `+` and separators. */
export const PHONE_DIGITS = { least: 9, most: 16 } as const
