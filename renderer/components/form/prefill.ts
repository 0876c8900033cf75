import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'

/** What was searched for in vain, in the field it belongs to: nobody types it twice. */
export function prefillFrom(text: string): CustomerFields {
  const typed = text.trim()
  if (typed === '') return EMPTY_FIELDS
  if (typed.includes('@')) return { ...EMPTY_FIELDS, emailAddress: typed }
  if (/^[+\d][\d\s().-]{4,}$/.test(typed)) return { ...EMPTY_FIELDS, phoneNumber: typed }
  const [given = '', ...family] = typed.split(/\s+/)
  return { ...EMPTY_FIELDS, givenName: given, familyName: family.join(' ') || null }
}
