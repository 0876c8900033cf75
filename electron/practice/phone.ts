import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'

/**
 * Reads phone numbers the way the search does: E.164, national numbers by the merchant's country. Remembers what it has
 * read, because searches ask for the same numbers again and again.
 */
export function createPhoneReader(country: string): (raw: string) => string | null {
  const known = new Map<string, string | null>()
  return (raw) => {
    const found = known.get(raw)
    if (found !== undefined) return found
    const e164 = parsePhoneNumberFromString(raw, country as CountryCode)?.number ?? null
    known.set(raw, e164)
    return e164
  }
}

/** Is it a number of some numbering plan, a national one of that country's? */
export function isPlannedNumber(raw: string, country: string): boolean {
  return parsePhoneNumberFromString(raw, country as CountryCode)?.isValid() ?? false
}

/** Square's rule for what may be stored: 9 to 16 digits, an optional plus, usual separators. */
export function isStorablePhone(raw: string): boolean {
  const digits = raw.replace(/\D/g, '').length
  return /^\s*\+?[\d\s().-]+$/.test(raw) && digits >= 9 && digits <= 16
}
