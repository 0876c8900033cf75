import { phoneKey } from './phone-key.ts'
import { ADDRESS_PARTS, type Address, type CustomerField, type FieldValue } from './customer.ts'

/** What comparison needs to know beside the values: the seller's country (ISO 3166-1 alpha-2). */
export interface CompareContext {
  readonly country: string
}

/**
 * True where two values of a field mean the same to a person, whatever their spelling: the canonical form is for
 * comparing only, raw text is what is kept and sent. No value and an empty one are the same.
 */
export function canonicalEquals<F extends CustomerField>(
  field: F,
  a: FieldValue<F>,
  b: FieldValue<F>,
  context: CompareContext,
): boolean {
  // Most comparisons of a running engine are of equal raw values: they must not cost a parse.
  if (sameValue<CustomerField>(a, b)) return true
  return canonicalKey(field, a, context) === canonicalKey(field, b, context)
}

/** The text two values of a field are compared by; `''` for no value. */
export function canonicalKey<F extends CustomerField>(
  field: F,
  value: FieldValue<F>,
  context: CompareContext,
): string {
  if (value === null) return ''
  if (typeof value === 'object') return addressKey(value)
  switch (field) {
    case 'emailAddress':
      return textKey(value).toLowerCase()
    case 'phoneNumber':
      return phoneKey(value, context.country)
    case 'birthday':
      return birthdayKey(value)
    case 'note':
      return noteKey(value)
    default:
      return textKey(value)
  }
}

/** True where two raw values are the same text (an address: the same parts with the same text). */
export function sameValue<F extends CustomerField>(a: FieldValue<F>, b: FieldValue<F>): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  return ADDRESS_PARTS.every((part) => a[part] === b[part])
}

/** Parts of an address as they are compared: trimmed, NFC, country in capitals; empty ones and unknown keys are off. */
export function addressParts(address: Address): ReadonlyMap<string, string> {
  const parts = new Map<string, string>()
  for (const part of ADDRESS_PARTS) {
    const key = textKey(address[part] ?? '')
    if (key !== '') parts.set(part, part === 'country' ? key.toUpperCase() : key)
  }
  return parts
}

/**
 * Square's ways of writing a birthday (`MM-DD`, `0000-MM-DD`, `YYYY-MM-DD`, RFC 3339) as `YYYY-MM-DD` with year `0000`
 * where it is not known. Anything else stays as it is: whether it is a date is for the schema to say.
 */
export function birthdayKey(birthday: string): string {
  const match = /^(?:(\d{4})-)?(\d{2})-(\d{2})(?:T.*)?$/.exec(birthday.trim())
  return match ? `${match[1] ?? '0000'}-${match[2]}-${match[3]}` : textKey(birthday)
}

/** A note with one kind of line break and without blanks nobody sees (at line ends, before and after the text). */
export function noteKey(note: string): string {
  return (
    note
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      // The look-behind keeps a long run of blanks from being tried at each of its places.
      .replace(/(?<![^\S\n])[^\S\n]+$/gm, '')
      .trim()
  )
}

function textKey(text: string): string {
  return text.normalize('NFC').trim()
}

function addressKey(address: Address): string {
  const parts = addressParts(address)
  return parts.size === 0 ? '' : JSON.stringify([...parts])
}
