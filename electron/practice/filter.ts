import { readAttributeFilters } from './attribute-filter.ts'
import { checkKeys, isObject, wrongType, type JsonObject } from './check-fields.ts'
import type { Narrowing } from './directory-index.ts'
import type { Entry, FuzzyField } from './entry.ts'
import { readMembership } from './membership-filter.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
import { digitText, digitTokens, readTextFilter, wordText, wordTokens } from './text-filter.ts'
import { readTimeRange } from './time-range.ts'

/** Whom a search finds. */
export interface Filter {
  readonly test: (entry: Entry) => boolean
  /** Where an index may know the few who come into question: one of the parts that does. */
  readonly narrowing: Narrowing | null
}
type Part = Partial<Filter>
type ReadPart = (part: JsonObject, field: string, store: Store, call: Call) => Outcome<Part>

const FILTERS: Readonly<Record<string, ReadPart>> = {
  creation_source: readSources,
  created_at: (part, field, store) => readRange('createdAt', part, field, store),
  updated_at: (part, field, store) => readRange('updatedAt', part, field, store),
  email_address: (part, field) => readWords('email_address', part, field),
  reference_id: (part, field) => readWords('reference_id', part, field),
  phone_number: readPhone,
  group_ids: (part, field, { state }) =>
    readMembership(part, field, {
      known: state.groups,
      idsOf: (customer) => customer.group_ids,
      unknown: 'nobody',
    }),
  segment_ids: (part, field, { state }) =>
    readMembership(part, field, {
      known: state.segments,
      idsOf: (customer) => customer.segment_ids,
      unknown: 'refused',
      most: 3,
    }),
  custom_attribute: readAttributeFilters,
}
const SOURCES = new Set(
  (
    'OTHER APPOINTMENTS COUPON DELETION_RECOVERY DIRECTORY EGIFTING EMAIL_COLLECTION FEEDBACK IMPORT INVOICES LOYALTY ' +
    'MARKETING MERGE ONLINE_STORE INSTANT_PROFILE TERMINAL THIRD_PARTY THIRD_PARTY_IMPORT UNMERGE_RECOVERY'
  ).split(' '),
)
const NAMES = new Set(Object.keys(FILTERS))

/** Reads a search filter; all its parts must hold, and a part that is null is not there. */
export function readFilter(filter: unknown, store: Store, call: Call): Outcome<Filter> {
  const path = 'query.filter'
  if (!isObject(filter)) return wrongType(path, 'object')
  const strict = store.fieldRules(call).dialect.unknownFields === 'refused'
  const unknown = strict ? checkKeys(filter, NAMES, `${path}.`) : null
  if (unknown) return unknown
  const tests: Filter['test'][] = []
  let narrowing: Narrowing | null = null
  for (const [name, read] of Object.entries(FILTERS)) {
    const part = filter[name] ?? null
    if (part === null) continue
    const field = `${path}.${name}`
    if (!isObject(part)) return wrongType(field, 'object')
    const found = read(part, field, store, call)
    if (found.kind === 'refused') return found
    if (found.value.test) tests.push(found.value.test)
    narrowing ??= found.value.narrowing ?? null
  }
  const [only = () => true] = tests
  return ok({ test: tests.length < 2 ? only : (entry) => tests.every((test) => test(entry)), narrowing })
}

/** E-mail and reference id: without regard to case. */
function readWords(name: 'email_address' | 'reference_id', part: JsonObject, field: string): Outcome<Part> {
  return andThen(readTextFilter(part, field, wordTokens), (filter) => {
    if (filter.kind === 'fuzzy') return ok({ test: holdsAll(name, filter.tokens, wordText) })
    const wanted = filter.text.toLowerCase()
    return ok({
      test: ({ customer }) => customer[name]?.toLowerCase() === wanted,
      narrowing: { kind: 'exact', field: name, text: filter.text },
    })
  })
}

/** Exact by E.164: a number without its country code finds nobody. Fuzzy by the digits of the number as it is stored. */
function readPhone(part: JsonObject, field: string, store: Store): Outcome<Part> {
  return andThen(readTextFilter(part, field, digitTokens), (filter) => {
    if (filter.kind === 'fuzzy') return ok({ test: holdsAll('phone_number', filter.tokens, digitText) })
    const wanted = filter.text.trim().startsWith('+') ? store.readPhone(filter.text) : null
    if (wanted === null) return ok({ test: () => false, narrowing: { kind: 'nobody' } })
    return ok({
      test: ({ customer: { phone_number } }) =>
        phone_number !== undefined && store.readPhone(phone_number) === wanted,
      narrowing: { kind: 'exact', field: 'phone_number', text: wanted },
    })
  })
}

function holdsAll(
  field: FuzzyField,
  tokens: readonly string[],
  textOf: (text: string) => string,
): Filter['test'] {
  return ({ customer, fuzzy }) => {
    const text = (fuzzy[field] ??= textOf(customer[field] ?? ''))
    for (const token of tokens) if (!text.includes(token)) return false
    return true
  }
}

function readSources(part: JsonObject, field: string): Outcome<Part> {
  const unknown = checkKeys(part, new Set(['values', 'rule']), `${field}.`)
  if (unknown) return unknown
  const values = part['values'] ?? []
  const rule = part['rule'] ?? 'INCLUDE'
  if (!Array.isArray(values)) return wrongType(`${field}.values`, 'array')
  if (rule !== 'INCLUDE' && rule !== 'EXCLUDE')
    return refuse('INVALID_ENUM_VALUE', `Not a valid enum value for \`${field}.rule\`.`, `${field}.rule`)
  const stranger = values.findIndex((value) => !SOURCES.has(value as string))
  if (stranger >= 0)
    return refuse('INVALID_ENUM_VALUE', 'Not a valid creation source.', `${field}.values[${stranger}]`)
  const wanted = new Set<unknown>(values)
  return ok({ test: ({ customer }) => wanted.has(customer.creation_source) === (rule === 'INCLUDE') })
}

function readRange(
  name: 'createdAt' | 'updatedAt',
  part: JsonObject,
  field: string,
  { flags }: Store,
): Outcome<Part> {
  return andThen(readTimeRange(part, field), ({ start, end: given }) => {
    const end = flags.rangeEnd === 'inclusive' ? given + 1 : given
    return ok({
      test: (entry) => entry[name] >= start && entry[name] < end,
      narrowing: { kind: 'range', by: name, start, end },
    })
  })
}
