import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * The text two phone numbers are compared by: E.164 read in the seller's country, an extension behind it. What cannot be
 * read is compared by its digits, and by its letters where it has any: two remarks must not be taken for one number.
 */
export function phoneKey(phone: string, country: string): string {
  const text = plainPhone(phone.normalize('NFC')).trim()
  const parsed = parsePhone(text, country)
  if (parsed) return parsed.ext ? `${parsed.number};ext=${parsed.ext}` : parsed.number
  return text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase() || text
}

function parsePhone(text: string, country: string) {
  const region = country.toUpperCase()
  return parsePhoneNumberFromString(text, {
    // Never fish a number out of the middle of a sentence: the rest of the sentence would not be compared.
    extract: false,
    ...(isSupportedCountry(region) ? { defaultCountry: region } : {}),
  })
}

/** The groups a phone number is read in, in its country's manner; the text itself where nobody can say. */
export function phoneGrouping(phone: string, country: string): readonly string[] {
  const parsed = parsePhone(phone, country)
  if (!parsed?.isPossible()) return [phone]
  const shown = phone.startsWith('+') ? parsed.formatInternational() : parsed.formatNational()
  return [...shown.matchAll(/\+?\d+/g)].map(([group]) => group)
}

/**
 * A phone number in the characters Square takes: digits of Arabic, Persian and full-width keyboards as `0`-`9`, blanks and
 * dashes of word processors as plain ones, without the invisible marks that address books put around numbers.
 */
export function plainPhone(text: string): string {
  return text
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f]/g, ' ')
    .replace(/[\u2010-\u2015\u2212\uff0d]/g, '-')
    .replace(/\uff0b/g, '+')
    .replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, asciiDigit)
}

function asciiDigit(digit: string): string {
  const zero = digit >= '\uff10' ? 0xff10 : digit >= '\u06f0' ? 0x06f0 : 0x0660
  return String(digit.charCodeAt(0) - zero)
}
