import { refuse, type Refused } from './outcome.ts'

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

const KINDS = {
  string: ['EXPECTED_STRING', 'a string'],
  integer: ['EXPECTED_INTEGER', 'an integer'],
  boolean: ['EXPECTED_BOOLEAN', 'a boolean'],
  object: ['EXPECTED_OBJECT', 'an object'],
  array: ['EXPECTED_ARRAY', 'an array'],
  map: ['EXPECTED_MAP', 'a map'],
} as const

/** The error for a value of the wrong type. */
export function wrongType(field: string, expected: keyof typeof KINDS): Refused {
  const [code, words] = KINDS[expected]
  return refuse(code, `Expected ${field} to be ${words}.`, field)
}

/** The error for something that has to be there and is not. */
export function missing(field: string): Refused {
  return refuse('MISSING_REQUIRED_PARAMETER', 'Missing required parameter.', field)
}

/** The error for a text of more than `limit` UTF-16 units. */
export function tooLong(field: string, limit: number): Refused {
  return refuse('VALUE_TOO_LONG', `Field must not be greater than ${limit} in length`, field)
}
