/**
 * What the schema says is wrong: a key for the screen's own words (`validation.<key>`), never prose. The forms library
 * carries messages as text, so key and numbers travel as `key?max=300&length=301`.
 */
export const VALIDATION_KEYS = [
  /** No name, company, e-mail or phone number: at the path `identity`, which is no field. */
  'identity',
  /** Params max, length. */
  'too-long',
  /** Params max, length: the limit is ours, not Square's. */
  'note-too-long',
  'email',
  /** Params min, max: digits. */
  'phone',
  /** Letters, an extension: whatever its digits are. */
  'phone-characters',
  'birthday',
  /** The day is one, but the year has not four digits. */
  'birthday-year',
  'birthday-future',
  'country',
  'vat',
  /** The seller's country has no EU or UK VAT numbers. */
  'vat-country',
  'characters',
  /** A value of the wrong shape: no person can type one. */
  'invalid',
] as const
export type ValidationKey = (typeof VALIDATION_KEYS)[number]

export interface Problem {
  readonly key: ValidationKey
  readonly params: Readonly<Record<string, number>>
}

export function problem(key: ValidationKey, params: Problem['params'] = {}): Problem {
  return { key, params }
}

/** A problem as the text that travels in a validation error. */
export function messageText({ key, params }: Problem): string {
  const query = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  return query.length === 0 ? key : `${key}?${query.join('&')}`
}

/** The problem a message stands for; `invalid` for a text that is none of ours. */
export function problemOf(message: string): Problem {
  const [key, query = ''] = message.split('?', 2)
  const known = VALIDATION_KEYS.find((candidate) => candidate === key)
  if (known === undefined) return problem('invalid')
  const pairs = query.split('&').filter((pair) => pair !== '')
  return problem(
    known,
    Object.fromEntries(pairs.map((pair) => pair.split('=', 2)).map(([n, v]) => [n, Number(v)])),
  )
}
