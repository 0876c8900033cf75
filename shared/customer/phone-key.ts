import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * The text two phone numbers are compared by: E.164 read in the seller's country, an extension behind it. What cannot be
 * read is compared by its digits, and by its letters where it has any: two remarks must not be taken for one number.
 */
export function phoneKey(phone: string, country: string): string {
  const text = asciiDigits(phone.normalize('NFC')).trim()
  const region = country.toUpperCase()
  const parsed = parsePhoneNumberFromString(text, {
    // Never fish a number out of the middle of a sentence: the rest of the sentence would not be compared.
    extract: false,
    ...(isSupportedCountry(region) ? { defaultCountry: region } : {}),
  })
  if (parsed) return parsed.ext ? `${parsed.number};ext=${parsed.ext}` : parsed.number
  return text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase() || text
}

/** Digits of Arabic, Persian and full-width keyboards as `0`-`9`: Square takes no others. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) =>
    String((digit.charCodeAt(0) - (digit >= '\uff10' ? 0xff10 : digit >= '\u06f0' ? 0x06f0 : 0x0660)) % 10),
  )
}
