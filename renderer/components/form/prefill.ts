import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'

/** What was searched for in vain, in the field it belongs to: nobody types it twice. */
export function prefillFrom(text: string): CustomerFields {
  const typed = text.trim()
  if (typed === '') return EMPTY_FIELDS
  if (typed.includes('@')) return { ...EMPTY_FIELDS, emailAddress: typed }
  if (/^[+\d][\d\s().-]{4,}$/.test(typed)) return { ...EMPTY_FIELDS, phoneNumber: typed }
  const [given = '', family = ''] = namesOf(typed)
  return { ...EMPTY_FIELDS, givenName: given || null, familyName: family || null }
}

/** Given and family name: `Anna Berg`, or with a comma the family first, `van der Berg, Anna`. */
function namesOf(typed: string): readonly string[] {
  const [family = '', ...afterComma] = typed.split(',')
  if (afterComma.length > 0) return [afterComma.join(',').trim(), family.trim()]
  const [given = '', ...rest] = typed.split(/\s+/)
  return [given, rest.join(' ')]
}
