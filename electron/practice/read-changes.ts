import type { Dialect } from './api-version.ts'
import { readBirthday, readOldBirthday } from './birthday.ts'
import { checkKeys, isObject, tooLong, wrongType, type JsonObject } from './check-fields.ts'
import type { PracticeFlags } from './flags.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import { isStorablePhone } from './phone.ts'
import { ADDRESS_PARTS, TEXT_FIELDS, type TextField, type WireChanges } from './wire.ts'

/** What decides whether a value may be written. */
export interface FieldRules {
  readonly dialect: Dialect
  readonly flags: PracticeFlags
  /** Is it a number of a numbering plan, national ones read with the merchant's country? */
  readonly isNumber: (raw: string) => boolean
}

const LIMITS: Partial<Record<TextField, number>> = {
  given_name: 300,
  family_name: 300,
  company_name: 500,
  nickname: 100,
  email_address: 254,
  reference_id: 100,
}
const FIELDS = [...TEXT_FIELDS, 'address', 'tax_ids']
/** Top-level keys by kind of request; what is not a field is read by the operation itself. */
const KEYS = {
  create: new Set([...FIELDS, 'idempotency_key']),
  update: new Set([...FIELDS, 'version']),
  edit: new Set(FIELDS),
}
const TAX_ID_KEYS = new Set(['eu_vat'])
const ADDRESS_KEYS = new Set<string>([...ADDRESS_PARTS, 'first_name', 'last_name'])

/**
 * Reads the writable fields out of a body, by the limits, formats and ways to clear of its version. What comes out as
 * null is to be cleared; what was ignored is absent.
 */
export function readChanges(
  body: JsonObject,
  request: keyof typeof KEYS,
  rules: FieldRules,
): Outcome<WireChanges> {
  const unknown = strangers(body, KEYS[request], rules)
  if (unknown) return unknown
  const changes: Record<string, unknown> = {}
  for (const field of TEXT_FIELDS) {
    const read = body[field] === undefined ? null : readText(field, body[field], rules)
    if (read?.kind === 'refused') return read
    if (read && read.value !== undefined) changes[field] = read.value
  }
  for (const [field, readPart] of [['address', readAddress] as const, ['tax_ids', readTaxIds] as const]) {
    const value = body[field]
    if (value === undefined || (value === null && rules.dialect.nulls === 'ignored')) continue
    const read = value === null ? ok(null) : readPart(value, rules)
    if (read.kind === 'refused') return read
    changes[field] = read.value
  }
  return ok(changes as WireChanges)
}

function strangers(body: JsonObject, known: ReadonlySet<string>, rules: FieldRules, prefix = '') {
  return rules.dialect.unknownFields === 'refused' ? checkKeys(body, known, prefix) : null
}

/** Null clears, undefined was ignored. */
function readText(field: TextField, value: unknown, rules: FieldRules): Outcome<string | null | undefined> {
  const read = readPlain(field, value, rules)
  if (read.kind === 'refused' || typeof read.value !== 'string') return read
  const text = field === 'email_address' && rules.flags.lowerCaseEmail ? read.value.toLowerCase() : read.value
  const { dialect } = rules
  const limit = dialect.formats === 'checked' ? LIMITS[field] : undefined
  if (limit !== undefined && text.length > limit) return tooLong(field, limit)
  if (field === 'email_address' && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text))
    return badContact(dialect, 'INVALID_EMAIL_ADDRESS', 'a valid email address', field)
  if (field === 'phone_number' && !isPhone(text, rules))
    return badContact(dialect, 'INVALID_PHONE_NUMBER', 'a valid phone number', field)
  if (field !== 'birthday') return ok(text)
  const day = (dialect.formats === 'checked' ? readBirthday : readOldBirthday)(text)
  return day === null
    ? refuse('INVALID_TIME', 'Expected birthday to be formatted as YYYY-MM-DD or MM-DD', field)
    : ok(day)
}

function readPlain(field: string, value: unknown, rules: FieldRules): Outcome<string | null | undefined> {
  if (value === null) return ok(rules.dialect.nulls === 'clear' ? null : undefined)
  if (typeof value !== 'string') return wrongType(field, 'string')
  const text = rules.flags.trimText ? value.trim() : value
  if (text !== '') return ok(text)
  return rules.dialect.emptyText === 'clears'
    ? ok(null)
    : refuse('VALUE_EMPTY', 'Field must not be blank.', field)
}

function isPhone(text: string, { dialect, flags, isNumber }: FieldRules): boolean {
  if (dialect.formats === 'unchecked') return /\d/.test(text)
  return isStorablePhone(text) && (flags.phoneRule === 'digits' || isNumber(text))
}

function badContact(dialect: Dialect, code: string, expected: string, field: string): Refused {
  const known = dialect.contactCodes === 'specific' ? code : 'INVALID_VALUE'
  return refuse(known, `Expected ${field} to be ${expected}`, field)
}

function readAddress(value: unknown, rules: FieldRules): Outcome<WireChanges['address']> {
  if (!isObject(value)) return wrongType('address', 'object')
  const unknown = strangers(value, ADDRESS_KEYS, rules, 'address.')
  if (unknown) return unknown
  const limit = rules.flags.addressLimit
  const parts: Record<string, string | null> = {}
  for (const part of ADDRESS_PARTS) {
    if (value[part] === undefined) continue
    const field = `address.${part}`
    const read = readPlain(field, value[part], rules)
    if (read.kind === 'refused') return read
    const text = read.value
    if (text === undefined) continue
    if (text !== null && rules.dialect.formats === 'checked' && text.length > limit)
      return tooLong(field, limit)
    if (text !== null && part === 'country' && !/^[A-Z]{2}$/.test(text))
      return refuse('INVALID_ENUM_VALUE', `\`${text}\` is not a valid enum value for \`${field}\`.`, field)
    parts[part] = text
  }
  return ok(parts)
}

function readTaxIds(value: unknown, rules: FieldRules): Outcome<WireChanges['tax_ids']> {
  const field = 'tax_ids.eu_vat'
  if (!isObject(value)) return wrongType('tax_ids', 'object')
  const unknown = strangers(value, TAX_ID_KEYS, rules, 'tax_ids.')
  if (unknown) return unknown
  if (value['eu_vat'] === undefined) return ok({})
  const read = readPlain(field, value['eu_vat'], rules)
  if (read.kind === 'refused') return read
  const vat = read.value
  if (vat === undefined) return ok({})
  if (vat !== null && vat.length > 20) return tooLong(field, 20)
  if (vat !== null && !/^[\p{L}\p{N}]+$/u.test(vat))
    return refuse('INVALID_VALUE', `Expected ${field} to be alphanumeric.`, field)
  return ok({ eu_vat: vat })
}
