import { maySee, qualifiedKey } from './attribute-definitions.ts'
import { optionsOf, typeOf, type AttributeType } from './attribute-schema.ts'
import { checkKeys, isObject, missing, wrongType, type JsonObject } from './check-fields.ts'
import type { Entry } from './entry.ts'
import { readAnyAllNone, satisfies } from './membership-filter.ts'
import type { Narrowing } from './narrowing.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
import { digitText, digitTokens, readTextFilter, wordText, wordTokens } from './text-filter.ts'
import { readTimeRange } from './time-range.ts'

type ValueTest = (value: unknown) => boolean
type ReadTest = (part: unknown, field: string, schema: JsonObject) => Outcome<ValueTest>

const MOST = 10
/** (2^63 - 1) / 10^5, as documented. */
const FARTHEST = 92_233_720_368_547

/** Reads `{filters: [{key, filter?, updated_at?}]}`: every one of them must hold. */
export function readAttributeFilters(
  part: JsonObject,
  field: string,
  store: Store,
  call: Call,
): Outcome<{ readonly test: (entry: Entry) => boolean; readonly narrowings: readonly Narrowing[] }> {
  const unknown = checkKeys(part, new Set(['filters']), `${field}.`)
  if (unknown) return unknown
  const filters = part['filters'] ?? []
  if (!Array.isArray(filters)) return wrongType(`${field}.filters`, 'array')
  if (filters.length > MOST)
    return refuse('ARRAY_LENGTH_TOO_LONG', `No more than ${MOST} filters can be given.`, `${field}.filters`)
  const tests: ((customerId: string) => boolean)[] = []
  const keys = new Set<string>()
  for (const [at, given] of filters.entries()) {
    const read = readOne(given, `${field}.filters[${at}]`, store, call)
    if (read.kind === 'refused') return read
    if (keys.has(read.value.key))
      return refuse('BAD_REQUEST', 'The keys of the filters must be unique.', `${field}.filters[${at}].key`)
    keys.add(read.value.key)
    tests.push(read.value.test)
  }
  return ok({
    test: ({ id }) => tests.every((test) => test(id)),
    narrowings: tests.length > 0 ? [{ kind: 'ids', ids: store.state.attributes }] : [],
  })
}

function readOne(
  given: unknown,
  field: string,
  { state }: Store,
  call: Call,
): Outcome<{ key: string; test: (customerId: string) => boolean }> {
  if (!isObject(given)) return wrongType(field, 'object')
  const unknown = checkKeys(given, new Set(['key', 'filter', 'updated_at']), `${field}.`)
  if (unknown) return unknown
  const { key, filter = null, updated_at: changed = null } = given
  if (typeof key !== 'string') return missing(`${field}.key`)
  const qualified = qualifiedKey(key, call)
  const definition = state.definitions.get(qualified)
  if (!definition || !maySee(definition, call))
    return refuse('BAD_REQUEST', `There is no custom attribute \`${key}\`.`, `${field}.key`)
  if (filter === null && changed === null) return missing(`${field}.filter`)
  if (changed !== null && !isObject(changed)) return wrongType(`${field}.updated_at`, 'object')
  const fits = filter === null ? ok(() => true) : readValue(filter, `${field}.filter`, definition.wire.schema)
  return andThen(fits, (test) =>
    andThen(readTimeRange(changed ?? {}, `${field}.updated_at`), ({ start, end }) =>
      ok({
        key: qualified,
        test: (customerId) => {
          const found = state.attributes.get(customerId)?.[qualified]
          if (!found || !test(found.value)) return false
          const time = Date.parse(found.updated_at)
          return time >= start && time <= end
        },
      }),
    ),
  )
}

/** The one filter in `{email | phone | text | …}`; it must be that of the attribute's type. */
function readValue(filter: unknown, field: string, schema: JsonObject): Outcome<ValueTest> {
  if (!isObject(filter)) return wrongType(field, 'object')
  const unknown = checkKeys(filter, new Set(Object.keys(TESTS)), `${field}.`)
  if (unknown) return unknown
  const given = Object.entries(filter).filter(([, part]) => part !== null)
  const [first] = given
  if (!first || given.length > 1) return refuse('BAD_REQUEST', 'Exactly one value filter must be set.', field)
  const [name, part] = first
  const [type, read] = TESTS[name as keyof typeof TESTS]
  return type === typeOf(schema)
    ? read(part, `${field}.${name}`, schema)
    : refuse('BAD_REQUEST', 'This filter does not fit the data type of the attribute.', `${field}.${name}`)
}

const TESTS = {
  email: ['Email', readWords],
  phone: ['PhoneNumber', readPhone],
  text: ['String', readText],
  selection: ['Selection', readSelection],
  date: ['Date', readDays],
  number: ['Number', readNumbers],
  boolean: ['Boolean', readFlag],
  address: ['Address', readAddress],
} as const satisfies Record<string, readonly [AttributeType, ReadTest]>

function readWords(part: unknown, field: string): Outcome<ValueTest> {
  return andThen(readTextFilter(part, field, wordTokens), (filter) =>
    filter.kind === 'exact' ? ok(equals(filter.text)) : ok(holds(filter.tokens, wordText)),
  )
}

function readPhone(part: unknown, field: string): Outcome<ValueTest> {
  return andThen(readTextFilter(part, field, digitTokens), (filter) =>
    filter.kind === 'exact' ? ok(equals(filter.text)) : ok(holds(filter.tokens, digitText)),
  )
}

/** Fuzzy means whole words here, in any order. */
function readText(part: unknown, field: string): Outcome<ValueTest> {
  return andThen(readTextFilter(part, field, wordTokens), (filter) => {
    if (filter.kind === 'exact') return ok(equals(filter.text))
    return ok((value) => {
      const words = new Set(wordTokens(String(value)))
      return filter.tokens.every((token) => words.has(token))
    })
  })
}

/** By the names of the options, which are told apart by case. */
function readSelection(part: unknown, field: string, schema: JsonObject): Outcome<ValueTest> {
  if (!isObject(part)) return wrongType(field, 'object')
  return andThen(readAnyAllNone(part, field), (membership) => {
    if (membership.none) return refuse('BAD_REQUEST', '`none` is not supported here.', `${field}.none`)
    const ids = new Map(optionsOf(schema))
    return ok((value) => {
      const chosen = new Set(value as readonly string[])
      return satisfies(membership, (name) => chosen.has(ids.get(name) ?? ''))
    })
  })
}

function readDays(part: unknown, field: string): Outcome<ValueTest> {
  if (!isObject(part)) return wrongType(field, 'object')
  return andThen(readTimeRange(part, field, true), ({ start, end }) =>
    ok((value) => {
      const day = Date.parse(String(value))
      return day >= start && day <= end
    }),
  )
}

/** Bounds are texts, both inclusive. */
function readNumbers(part: unknown, field: string): Outcome<ValueTest> {
  if (!isObject(part)) return wrongType(field, 'object')
  const unknown = checkKeys(part, new Set(['start_at', 'end_at']), `${field}.`)
  if (unknown) return unknown
  const { start_at: start = null, end_at: end = null } = part
  for (const [name, bound] of [['start_at', start] as const, ['end_at', end] as const])
    if (bound !== null && !(typeof bound === 'string' && /^-?\d+(\.\d+)?$/.test(bound)))
      return wrongType(`${field}.${name}`, 'string')
  for (const [name, bound] of [['start_at', start] as const, ['end_at', end] as const])
    if (Math.abs(Number(bound)) > FARTHEST)
      return refuse('BAD_REQUEST', `The farthest bound is ${FARTHEST}.`, `${field}.${name}`)
  const low = start === null ? Number.NEGATIVE_INFINITY : Number(start)
  const high = end === null ? Number.POSITIVE_INFINITY : Number(end)
  return ok((value) => Number(value) >= low && Number(value) <= high)
}

function readFlag(part: unknown, field: string): Outcome<ValueTest> {
  return typeof part === 'boolean' ? ok((value) => value === part) : wrongType(field, 'boolean')
}

function readAddress(part: unknown, field: string): Outcome<ValueTest> {
  if (!isObject(part)) return wrongType(field, 'object')
  const unknown = checkKeys(part, new Set(['postal_code', 'country']), `${field}.`)
  if (unknown) return unknown
  const { postal_code: code = null, country = null } = part
  const exact = isObject(code) ? code['exact'] : null
  if (code !== null && typeof exact !== 'string') return wrongType(`${field}.postal_code.exact`, 'string')
  if (country !== null && typeof country !== 'string') return wrongType(`${field}.country`, 'string')
  return ok((value) => {
    const address = value as Readonly<Record<string, unknown>>
    return (
      (code === null || address['postal_code'] === exact) &&
      (country === null || address['country'] === country)
    )
  })
}

function equals(text: string): ValueTest {
  const wanted = text.toLowerCase()
  return (value) => String(value).toLowerCase() === wanted
}

function holds(tokens: readonly string[], textOf: (text: string) => string): ValueTest {
  return (value) => {
    const text = textOf(String(value))
    return tokens.every((token) => text.includes(token))
  }
}
