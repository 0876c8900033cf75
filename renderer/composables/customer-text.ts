import type { Address, CustomerField, CustomerFields, FieldValue } from '#shared/customer/customer.ts'

/** How a customer is called on every screen, the list's own order: name, else company, e-mail, phone; null for nothing. */
export function nameOf(fields: Partial<CustomerFields>): string | null {
  const name = [fields.givenName, fields.familyName].filter(Boolean).join(' ').trim()
  return name || fields.companyName || fields.emailAddress || fields.phoneNumber || fields.nickname || null
}

/** As long as a name is inside a sentence or on a button: 255 letters would leave no room for what is said. */
export const NAME_IN_SENTENCE = 100

/** As long as a name is on a button beside another one, where the whole name stands above them. */
export const NAME_ON_BUTTON = 32

/** The beginning of a text that is longer than that, with an ellipsis; any other text as it is. */
export function shortened(text: string, most: number): string {
  const letters = [...text]
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** Where the postcode comes last: `Tacoma, WA 98402`. */
const POSTCODE_LAST = new Set('US CA AU NZ IN PH ZA SG'.split(' '))
/** Where it has a line of its own, under the town and the county. */
const POSTCODE_BENEATH = new Set('GB IE GG JE IM'.split(' '))

/** Town, region and postcode in the order of their country, as one or more lines. */
function townLines(address: Address): readonly string[] {
  const { postalCode: code = '', locality: town = '', administrativeDistrictLevel1: region = '' } = address
  const country = address.country ?? ''
  if (POSTCODE_BENEATH.has(country)) return [town, region, code]
  if (POSTCODE_LAST.has(country)) return [[town, joined(region, code)].filter(Boolean).join(', ')]
  return [joined(code, town, region)]
}
function joined(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ')
}

/** An address as the lines of an envelope; the country by its name. */
export function addressLines(address: Address, locale: string): readonly string[] {
  return [
    address.addressLine1,
    address.addressLine2,
    address.addressLine3,
    address.sublocality,
    address.sublocality2,
    address.sublocality3,
    ...townLines(address),
    address.administrativeDistrictLevel2,
    address.administrativeDistrictLevel3,
    address.country === undefined ? undefined : countryName(address.country, locale),
  ].filter((line): line is string => line !== undefined && line !== '')
}

/** `3 March 1980`, or `3 March` where the year is not known (stored as year 0000); anything unreadable as it stands. */
export function birthdayText(value: string, locale: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!match) return value
  const year = Number(match[1])
  // A leap year, so that 29 February without a year can be shown.
  const date = new Date(Date.UTC(2000, Number(match[2]) - 1, Number(match[3])))
  if (year > 0) date.setUTCFullYear(year)
  const shape = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(locale, year > 0 ? { ...shape, year: 'numeric' } : shape).format(date)
}

/** One field in words, on one line where it has several; an empty text where it is not set. */
export function valueText<F extends CustomerField>(field: F, value: FieldValue<F>, locale: string): string {
  if (value === null) return ''
  if (typeof value !== 'string') return addressLines(value, locale).join(', ')
  return field === 'birthday' ? birthdayText(value, locale) : value
}

/** The country's name in the reader's language; the code where nobody knows one. */
export function countryName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' }).of(code) ?? code
  } catch {
    return code
  }
}

/** `14:02` (`2:02 PM`) today, `20 Nov, 14:02` on another day; an empty text where there is no time. */
export function timeText(iso: string | null, locale: string, now: string): string {
  if (iso === null) return ''
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  const clock = { hour: 'numeric', minute: '2-digit' } as const
  const sameDay = at.toDateString() === new Date(now).toDateString()
  return new Intl.DateTimeFormat(
    locale,
    sameDay ? clock : { day: 'numeric', month: 'short', ...clock },
  ).format(at)
}

/** `20 November 2026`. */
export function dayText(iso: string, locale: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? '' : new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(at)
}

/** A list in words: `phone number and e-mail`. */
export function listText(items: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(items)
}
