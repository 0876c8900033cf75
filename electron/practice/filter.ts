import { checkKeys, isObject, type JsonObject } from './check-fields.ts'
import { ok, refuse, type Outcome } from './outcome.ts'
import type { WireCustomer } from './wire.ts'

export type CustomerTest = (customer: WireCustomer) => boolean
type ReadPhone = (raw: string) => string | null

const FILTERS = new Set([
  'creation_source',
  'created_at',
  'updated_at',
  'email_address',
  'phone_number',
  'reference_id',
])

/**
 * Reads a search filter; all its parts must hold. Exact matches only: e-mail and reference id without regard to case,
 * phones by E.164 (a number without its country code finds nothing, as at Square).
 */
export function readFilter(filter: unknown, readPhone: ReadPhone): Outcome<CustomerTest> {
  if (!isObject(filter))
    return refuse('EXPECTED_OBJECT', 'Expected query.filter to be an object.', 'query.filter')
  const unknown = checkKeys(filter, FILTERS, 'query.filter.')
  if (unknown) return unknown
  const tests: CustomerTest[] = []
  for (const [name, part] of Object.entries(filter)) {
    if (!isObject(part))
      return refuse('EXPECTED_OBJECT', `Expected ${name} to be an object.`, `query.filter.${name}`)
    const test = readPart(name, part, readPhone)
    if (test.kind === 'refused') return test
    tests.push(test.value)
  }
  return ok((customer) => tests.every((test) => test(customer)))
}

function readPart(name: string, part: JsonObject, readPhone: ReadPhone): Outcome<CustomerTest> {
  switch (name) {
    case 'creation_source':
      return readSources(part)
    case 'created_at':
    case 'updated_at':
      return readRange(name, part)
    case 'email_address':
    case 'reference_id':
      return readText(name, part, (text) => {
        const wanted = text.toLowerCase()
        return (customer) => customer[name]?.toLowerCase() === wanted
      })
    default:
      return readText('phone_number', part, (text) => {
        const wanted = text.trim().startsWith('+') ? readPhone(text) : null
        return ({ phone_number }) =>
          wanted !== null && phone_number !== undefined && readPhone(phone_number) === wanted
      })
  }
}

function readText(
  name: string,
  part: JsonObject,
  test: (text: string) => CustomerTest,
): Outcome<CustomerTest> {
  const field = `query.filter.${name}`
  const unknown = checkKeys(part, new Set(['exact']), `${field}.`)
  if (unknown) return unknown
  const exact = part['exact']
  if (typeof exact !== 'string')
    return refuse('EXPECTED_STRING', `Expected ${field}.exact to be a string.`, `${field}.exact`)
  return ok(test(exact))
}

function readSources(part: JsonObject): Outcome<CustomerTest> {
  const field = 'query.filter.creation_source'
  const unknown = checkKeys(part, new Set(['values', 'rule']), `${field}.`)
  if (unknown) return unknown
  const { values = [], rule = 'INCLUDE' } = part
  if (!Array.isArray(values))
    return refuse('EXPECTED_ARRAY', `Expected ${field}.values to be an array.`, `${field}.values`)
  if (rule !== 'INCLUDE' && rule !== 'EXCLUDE')
    return refuse('INVALID_ENUM_VALUE', `Not a valid enum value for \`${field}.rule\`.`, `${field}.rule`)
  const wanted = new Set<unknown>(values)
  return ok((customer) => wanted.has(customer.creation_source) === (rule === 'INCLUDE'))
}

/** Start inclusive, end exclusive. */
function readRange(name: 'created_at' | 'updated_at', part: JsonObject): Outcome<CustomerTest> {
  const field = `query.filter.${name}`
  const unknown = checkKeys(part, new Set(['start_at', 'end_at']), `${field}.`)
  if (unknown) return unknown
  const bounds: Record<string, number> = {
    start_at: Number.NEGATIVE_INFINITY,
    end_at: Number.POSITIVE_INFINITY,
  }
  for (const [bound, text] of Object.entries(part)) {
    const time = typeof text === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(time))
      return refuse('INVALID_TIME', `Expected ${field}.${bound} to be an RFC 3339 time.`, `${field}.${bound}`)
    bounds[bound] = time
  }
  const { start_at: start = 0, end_at: end = 0 } = bounds
  if (end < start) return refuse('INVALID_TIME_RANGE', `${field} ends before it starts.`, field)
  return ok((customer) => {
    const time = Date.parse(customer[name])
    return time >= start && time < end
  })
}
