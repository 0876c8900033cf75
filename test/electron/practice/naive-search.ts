import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { WireCustomer } from '#practice/wire.ts'

/** The part of a search that has a plain meaning, as the reference words it. */
export interface PlainSearch {
  readonly filter: {
    readonly creation_source?: { readonly values: readonly string[]; readonly rule?: 'INCLUDE' | 'EXCLUDE' }
    readonly created_at?: { readonly start_at?: string; readonly end_at?: string }
    readonly updated_at?: { readonly start_at?: string; readonly end_at?: string }
    readonly email_address?: { readonly exact: string } | { readonly fuzzy: string }
    readonly phone_number?: { readonly exact: string } | { readonly fuzzy: string }
    readonly reference_id?: { readonly exact: string } | { readonly fuzzy: string }
    readonly group_ids?: Partial<Record<'any' | 'all' | 'none', readonly string[]>>
  }
  readonly sort: { readonly field: 'DEFAULT' | 'CREATED_AT'; readonly order: 'ASC' | 'DESC' }
}

/**
 * The ids a search finds, in order, by looking at every customer with every rule: no index, no cursor, nothing shared
 * with the model. `country` reads national numbers.
 */
export function naiveSearch(
  customers: readonly WireCustomer[],
  { filter, sort }: PlainSearch,
  country: 'US',
): readonly string[] {
  const e164 = (raw: string) => parsePhoneNumberFromString(raw, country)?.number
  const fuzzy = (text: string, query: string) =>
    query
      .match(/[a-z0-9]+/gi)!
      .every((token) => text.match(/[a-z0-9]+/gi)?.some((word) => contains(word, token)))
  const inRange = (text: string, range: { start_at?: string; end_at?: string } | undefined) =>
    (!range?.start_at || new Date(text) >= new Date(range.start_at)) &&
    (!range?.end_at || new Date(text) < new Date(range.end_at))
  const word = (name: 'email_address' | 'reference_id', customer: WireCustomer) => {
    const wanted = filter[name]
    const text = customer[name]
    if (!wanted) return true
    if (text === undefined) return false
    return 'exact' in wanted ? text.toUpperCase() === wanted.exact.toUpperCase() : fuzzy(text, wanted.fuzzy)
  }
  const phone = ({ phone_number: text }: WireCustomer) => {
    const wanted = filter.phone_number
    if (!wanted) return true
    if (text === undefined) return false
    if ('fuzzy' in wanted)
      return wanted.fuzzy.split(' ').every((token) => digits(text).includes(digits(token)))
    return wanted.exact.startsWith('+') && e164(text) !== undefined && e164(text) === e164(wanted.exact)
  }
  const groups = ({ group_ids: theirs = [] }: WireCustomer) => {
    const { any, all = [], none = [] } = filter.group_ids ?? {}
    return (
      (!any || any.some((id) => theirs.includes(id))) &&
      all.every((id) => theirs.includes(id)) &&
      !none.some((id) => theirs.includes(id))
    )
  }
  const source = ({ creation_source: theirs }: WireCustomer) => {
    const { values, rule } = filter.creation_source ?? {}
    return !values || values.includes(theirs) !== (rule === 'EXCLUDE')
  }
  const listed = (c: WireCustomer) =>
    [c.given_name, c.family_name, c.company_name, c.email_address, c.phone_number].some(Boolean)

  const found = customers.filter(
    (c) =>
      listed(c) &&
      source(c) &&
      inRange(c.created_at, filter.created_at) &&
      inRange(c.updated_at, filter.updated_at) &&
      word('email_address', c) &&
      word('reference_id', c) &&
      phone(c) &&
      groups(c),
  )
  const keys = (c: WireCustomer) =>
    sort.field === 'CREATED_AT'
      ? [c.created_at, c.id]
      : [
          `${c.given_name ?? ''} ${c.family_name ?? ''}`.trim(),
          c.company_name ?? '',
          c.email_address ?? '',
          c.phone_number ?? '',
          c.id,
        ].map((text, at) => (at < 4 ? text.toLowerCase() : text))
  found.sort((a, b) => compareLists(keys(a), keys(b)))
  const ids = found.map((c) => c.id)
  return sort.order === 'DESC' ? ids.reverse() : ids
}

function contains(word: string, token: string): boolean {
  return word.toLowerCase().includes(token.toLowerCase())
}

function digits(text: string): string {
  return text.replace(/[^0-9]/g, '')
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((text, place) => text !== b[place])
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
}
