import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import { isStorablePhone } from './phone.ts'
import { ADDRESS_PARTS, TEXT_FIELDS, type TextField, type WireChanges } from './wire.ts'

const LIMITS: Partial<Record<TextField, number>> = {
  given_name: 300,
  family_name: 300,
  company_name: 500,
  nickname: 100,
  email_address: 254,
  reference_id: 100,
}
/** Not published by Square; invented so that a client meets the error at all. */
const ADDRESS_LIMIT = 500
const IGNORED_ADDRESS_PARTS = new Set(['first_name', 'last_name'])

export type JsonObject = Readonly<Record<string, unknown>>

/** True for `{…}`, false for arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The error for a field nobody has heard of, as pasted by users. */
export function unrecognized(field: string): Refused {
  return refuse('BAD_REQUEST', `The field named '${field}' is unrecognized (line 1, character 2)`, field)
}

/** Refuses the first key of `body` that is not in `known`. */
export function checkKeys(body: JsonObject, known: ReadonlySet<string>, prefix = ''): Refused | null {
  for (const key of Object.keys(body)) if (!known.has(key)) return unrecognized(prefix + key)
  return null
}

const FIELDS = [...TEXT_FIELDS, 'address', 'tax_ids']
/** Top-level keys by kind of request; what is not a field is read by the operation itself. */
const KEYS = {
  create: new Set([...FIELDS, 'idempotency_key']),
  update: new Set([...FIELDS, 'version']),
  edit: new Set(FIELDS),
}
const TAX_ID_KEYS = new Set(['eu_vat'])

/**
 * Reads the writable fields out of a body, by the limits and formats of the API. Text is kept as sent, not trimmed.
 */
export function readChanges(
  body: JsonObject,
  request: keyof typeof KEYS,
  emptyText: 'clears' | 'refused',
): Outcome<WireChanges> {
  const unknown = checkKeys(body, KEYS[request])
  if (unknown) return unknown
  const changes: Record<string, unknown> = {}
  for (const field of TEXT_FIELDS) {
    const value = body[field]
    if (value === undefined) continue
    const read = readText(field, value, emptyText)
    if (read.kind === 'refused') return read
    changes[field] = read.value
  }
  if (body['address'] !== undefined) {
    const address = readAddress(body['address'])
    if (address.kind === 'refused') return address
    changes['address'] = address.value
  }
  if (body['tax_ids'] !== undefined) {
    const taxIds = readTaxIds(body['tax_ids'])
    if (taxIds.kind === 'refused') return taxIds
    changes['tax_ids'] = taxIds.value
  }
  return ok(changes as WireChanges)
}

function readText(field: TextField, value: unknown, emptyText: 'clears' | 'refused'): Outcome<string | null> {
  if (value === null) return ok(null)
  if (typeof value !== 'string') return refuse('EXPECTED_STRING', `Expected ${field} to be a string.`, field)
  if (value === '')
    return emptyText === 'clears' ? ok(null) : refuse('VALUE_EMPTY', `Field must not be blank.`, field)
  const limit = LIMITS[field]
  if (limit !== undefined && value.length > limit) return tooLong(field, limit)
  if (field === 'email_address' && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value))
    return refuse('INVALID_EMAIL_ADDRESS', `Expected ${field} to be a valid email address`, field)
  if (field === 'phone_number' && !isStorablePhone(value))
    return refuse('INVALID_PHONE_NUMBER', `Expected ${field} to be a valid phone number`, field)
  if (field === 'birthday') return readBirthday(value)
  return ok(value)
}

function tooLong(field: string, limit: number): Refused {
  return refuse('VALUE_TOO_LONG', `Field must not be greater than ${limit} in length`, field)
}

/** `YYYY-MM-DD` or `MM-DD` in, always `YYYY-MM-DD` out; a day without year may be 29 February. */
function readBirthday(value: string): Outcome<string> {
  const match = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(value)
  const wrong = refuse('INVALID_TIME', `Expected birthday to be formatted as YYYY-MM-DD or MM-DD`, 'birthday')
  if (!match) return wrong
  const [, year = '0000', month = '', day = ''] = match
  const days = [31, isLeap(Number(year)) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1]
  if (days === undefined || Number(day) < 1 || Number(day) > days) return wrong
  return ok(`${year}-${month}-${day}`)
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

const KNOWN_PARTS = new Set<string>([...ADDRESS_PARTS, ...IGNORED_ADDRESS_PARTS])

function readAddress(value: unknown): Outcome<WireChanges['address']> {
  if (value === null) return ok(null)
  if (!isObject(value)) return refuse('EXPECTED_OBJECT', 'Expected address to be an object.', 'address')
  const unknown = checkKeys(value, KNOWN_PARTS, 'address.')
  if (unknown) return unknown
  const parts: Record<string, string | null> = {}
  for (const part of ADDRESS_PARTS) {
    const text = value[part]
    const field = `address.${part}`
    if (text === undefined) continue
    if (text === null || text === '') parts[part] = null
    else if (typeof text !== 'string')
      return refuse('EXPECTED_STRING', `Expected ${field} to be a string.`, field)
    else if (text.length > ADDRESS_LIMIT) return tooLong(field, ADDRESS_LIMIT)
    else if (part === 'country' && !/^[A-Z]{2}$/.test(text))
      return refuse('INVALID_ENUM_VALUE', `\`${text}\` is not a valid enum value for \`${field}\`.`, field)
    else parts[part] = text
  }
  return ok(parts)
}

function readTaxIds(value: unknown): Outcome<WireChanges['tax_ids']> {
  const field = 'tax_ids.eu_vat'
  if (value === null) return ok(null)
  if (!isObject(value)) return refuse('EXPECTED_OBJECT', 'Expected tax_ids to be an object.', 'tax_ids')
  const unknown = checkKeys(value, TAX_ID_KEYS, 'tax_ids.')
  if (unknown) return unknown
  const vat = value['eu_vat']
  if (vat === undefined) return ok({})
  if (vat === null || vat === '') return ok({ eu_vat: null })
  if (typeof vat !== 'string') return refuse('EXPECTED_STRING', `Expected ${field} to be a string.`, field)
  if (vat.length > 20) return tooLong(field, 20)
  if (!/^[\p{L}\p{N}]+$/u.test(vat))
    return refuse('INVALID_VALUE', `Expected ${field} to be alphanumeric.`, field)
  return ok({ eu_vat: vat })
}
