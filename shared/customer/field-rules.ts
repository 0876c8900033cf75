import { COUNTRIES, hasVatNumbers } from './countries.ts'
import { IDENTITY_FIELDS, type AddressPart, type CustomerFields, type TextField } from './customer.ts'
import { ADDRESS_PART_LIMIT, PHONE_DIGITS, TEXT_LIMITS } from './limits.ts'
import { problem, type Problem } from './validation-message.ts'

export interface RuleOptions {
  /** The seller's country (ISO 3166-1 alpha-2): decides whether `euVat` is taken. */
  readonly country: string
  /** The PC's day as `YYYY-MM-DD`; birthdays after it are refused. Absent where no clock should decide. */
  readonly today?: string | undefined
}

/** What is wrong with a tidied text field, or null. A limit is Square's, unless `limits.ts` says otherwise. */
export function textProblem(field: TextField, value: string | null, options: RuleOptions): Problem | null {
  if (value === null) return null
  if (hasForbiddenCharacter(value)) return problem('characters')
  const limit = field in TEXT_LIMITS ? TEXT_LIMITS[field as keyof typeof TEXT_LIMITS] : null
  if (limit !== null && value.length > limit) {
    return problem(field === 'note' ? 'note-too-long' : 'too-long', { max: limit, length: value.length })
  }
  switch (field) {
    case 'emailAddress':
      return isEmail(value) ? null : problem('email')
    case 'phoneNumber':
      if (/[^0-9 ().+-]/.test(value)) return problem('phone-characters')
      return isPhone(value) ? null : problem('phone', { min: PHONE_DIGITS.least, max: PHONE_DIGITS.most })
    case 'birthday':
      if (!isDay(value)) return problem(isDayOfHalfYear(value) ? 'birthday-year' : 'birthday')
      return options.today !== undefined && value > options.today ? problem('birthday-future') : null
    case 'euVat':
      if (!hasVatNumbers(options.country)) return problem('vat-country')
      return /^[A-Za-z0-9]+$/.test(value) ? null : problem('vat')
    default:
      return null
  }
}

/** What is wrong with one part of a tidied address, or null. */
export function addressProblem(part: AddressPart, value: string | undefined): Problem | null {
  if (value === undefined) return null
  if (hasForbiddenCharacter(value)) return problem('characters')
  if (part === 'country') return COUNTRIES.includes(value) ? null : problem('country')
  return value.length > ADDRESS_PART_LIMIT
    ? problem('too-long', { max: ADDRESS_PART_LIMIT, length: value.length })
    : null
}

/** True where a card could be found again: a name, a company, an e-mail or a phone number that can be seen. */
export function hasIdentity(fields: CustomerFields): boolean {
  return IDENTITY_FIELDS.some((field) => /[^\s\p{C}\p{M}]/u.test(fields[field] ?? ''))
}

/** NUL and halves of surrogate pairs: they do not survive a file, a database and an HTTP body unchanged. */
function hasForbiddenCharacter(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text)
}

/** Deliberately generous (other scripts, long top-level domains): Square has the last word, this catches slips. */
function isEmail(text: string): boolean {
  const match = /^[^\s@"(),:;<>[\]\\]+@([^\s@]+)$/u.exec(text)
  if (!match?.[1] || /^\.|\.\.|\.@/.test(text)) return false
  const labels = match[1].split('.')
  return (
    labels.length >= 2 &&
    labels.every((label) => /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(label))
  )
}

function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  return /^\(?\+?[0-9 ().-]*$/.test(text) && digits >= PHONE_DIGITS.least && digits <= PHONE_DIGITS.most
}

/** A day and a month with something else than four digits for the year: `85-03-07`. */
function isDayOfHalfYear(text: string): boolean {
  const match = /^(?!\d{4}-)[^-]+-(\d{2}-\d{2})$/.exec(text)
  return match !== null && isDay(`0000-${match[1]}`)
}

/** A day of the calendar, as `YYYY-MM-DD`; 29 February is one where the year is unknown (`0000`). */
function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}
