import { canonicalJson } from './apply-changes.ts'
import { readAttributeFilters } from './attribute-filter.ts'
import { checkKeys, isObject, wrongType, type JsonObject } from './check-fields.ts'
import { fuzzyText, type Entry, type FuzzyField } from './entry.ts'
import { readMembership } from './membership-filter.ts'
import { NOBODY, type Narrowing } from './narrowing.ts'
import { andThen, ok, refuse, type Outcome } from './outcome.ts'
import type { Call, Store } from './store.ts'
import { digitTokens, readTextFilter, wordTokens } from './text-filter.ts'
import { readTimeRange } from './time-range.ts'

/** Whom a search finds. */
export interface Filter {
  readonly test: (entry: Entry) => boolean
  /** Each is true of everybody it finds: an index may know who these are. */
  readonly narrowings: readonly Narrowing[]
  /** Equal where the same customers pass; null: who passes depends on more than what the index is told of. */
  readonly key: string | null
}
type Part = Partial<Omit<Filter, 'key'>>
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
      field: 'group_ids',
      unknown: 'nobody',
    }),
  segment_ids: (part, field, { state }) =>
    readMembership(part, field, {
      known: state.segments,
      field: 'segment_ids',
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
  const narrowings: Narrowing[] = []
  for (const [name, read] of Object.entries(FILTERS)) {
    const part = filter[name] ?? null
    if (part === null) continue
    const field = `${path}.${name}`
    if (!isObject(part)) return wrongType(field, 'object')
    const found = read(part, field, store, call)
    if (found.kind === 'refused') return found
    if (found.value.test) tests.push(found.value.test)
    narrowings.push(...(found.value.narrowings ?? []))
  }
  const [only = () => true] = tests
  const test: Filter['test'] = tests.length < 2 ? only : (entry) => tests.every((one) => one(entry))
  const key = filter['custom_attribute'] ? null : canonicalJson([filter, store.flags.rangeEnd])
  return ok({ test, narrowings, key })
}

/** E-mail and reference id: without regard to case. */
function readWords(name: 'email_address' | 'reference_id', part: JsonObject, field: string): Outcome<Part> {
  return andThen(readTextFilter(part, field, wordTokens), (filter) => {
    if (filter.kind === 'fuzzy') return ok(holdsAll(name, filter.tokens))
    const wanted = filter.text.toLowerCase()
    return ok({
      test: ({ customer }) => customer[name]?.toLowerCase() === wanted,
      narrowings: [{ kind: 'keys', field: name, texts: [filter.text] }],
    })
  })
}

/** Exact by E.164: a number without its country code finds nobody. Fuzzy by the digits of the number as it is stored. */
function readPhone(part: JsonObject, field: string, store: Store): Outcome<Part> {
  return andThen(readTextFilter(part, field, digitTokens), (filter) => {
    if (filter.kind === 'fuzzy') return ok(holdsAll('phone_number', filter.tokens))
    const wanted = filter.text.trim().startsWith('+') ? store.readPhone(filter.text) : null
    if (wanted === null) return ok({ test: () => false, narrowings: [NOBODY] })
    return ok({
      test: ({ customer: { phone_number } }) =>
        phone_number !== undefined && store.readPhone(phone_number) === wanted,
      narrowings: [{ kind: 'keys', field: 'phone_number', texts: [wanted] }],
    })
  })
}

function holdsAll(field: FuzzyField, tokens: readonly string[]): Part {
  return {
    test: (entry) => {
      const text = fuzzyText(entry, field)
      for (const token of tokens) if (!text.includes(token)) return false
      return true
    },
    narrowings: [{ kind: 'fuzzy', field, tokens }],
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
  const listed = new Set<unknown>(values)
  const wanted = (source: string) => listed.has(source) === (rule === 'INCLUDE')
  return ok({
    test: ({ customer }) => wanted(customer.creation_source),
    narrowings: [{ kind: 'sources', wanted }],
  })
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
      narrowings: [{ kind: 'range', by: name, start, end }],
    })
  })
}
