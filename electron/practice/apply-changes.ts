import {
  TEXT_FIELDS,
  type WireAddress,
  type WireChanges,
  type WireCustomer,
  type WireFields,
} from './wire.ts'

const EU_AND_UK = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

/** Tax ids are kept only for sellers in the EU and the UK; for others they are silently dropped. */
export function keepsTaxIds(country: string): boolean {
  return EU_AND_UK.has(country)
}

/** The fields after the changes: sparse, null clears, nothing empty is kept. */
export function applyChanges(
  current: WireFields,
  changes: WireChanges,
  rules: { readonly addressRule: 'merge' | 'replace'; readonly country: string },
): WireFields {
  const next: Record<string, unknown> = {}
  for (const field of TEXT_FIELDS) {
    const value = changes[field] === undefined ? current[field] : changes[field]
    if (value !== null && value !== undefined) next[field] = value
  }
  const address = nextAddress(current.address, changes.address, rules.addressRule)
  if (address) next['address'] = address
  const vat = changes.tax_ids === null ? null : changes.tax_ids?.eu_vat
  const kept = vat === undefined || !keepsTaxIds(rules.country) ? current.tax_ids?.eu_vat : vat
  if (kept) next['tax_ids'] = { eu_vat: kept }
  return next
}

function nextAddress(
  current: WireAddress | undefined,
  change: WireChanges['address'],
  rule: 'merge' | 'replace',
): WireAddress | undefined {
  if (change === undefined) return current
  if (change === null) return undefined
  const parts = Object.entries({ ...(rule === 'merge' ? current : {}), ...change }).filter(
    ([, text]) => text !== null,
  )
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

/** The writable part of a customer. */
export function fieldsOf(customer: WireCustomer): WireFields {
  const fields: Record<string, unknown> = {}
  for (const field of [...TEXT_FIELDS, 'address', 'tax_ids'] as const) {
    if (customer[field] !== undefined) fields[field] = customer[field]
  }
  return fields
}

/** Do both hold the same, field by field and part by part? */
export function sameFields(a: WireFields, b: WireFields): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

/** JSON with keys in order: equal text means equal data. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonicalJson(held)}`).join(',')}}`
}
