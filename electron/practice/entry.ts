import { digitText, wordText } from './text-filter.ts'
import { IDENTITY_FIELDS, type WireCustomer } from './wire.ts'

/** A customer as list and search see it, with what decides its place and whether it is found, read once. */
export interface Entry {
  readonly id: string
  readonly customer: WireCustomer
  /** Order by name: given and family name, company, e-mail, phone. */
  readonly name: string
  readonly createdAt: number
  readonly updatedAt: number
  /** What fuzzy filters look through, by field; made when one looks for the first time. */
  readonly fuzzy: { [F in FuzzyField]?: string }
}
export type FuzzyField = 'email_address' | 'reference_id' | 'phone_number'

/** The entry of a customer. */
export function entryOf(customer: WireCustomer): Entry {
  return {
    id: customer.id,
    customer,
    name: nameKey(customer),
    createdAt: Date.parse(customer.created_at),
    updatedAt: Date.parse(customer.updated_at),
    fuzzy: {},
  }
}

/** What a fuzzy filter of this field looks through. */
export function fuzzyText({ customer, fuzzy }: Entry, field: FuzzyField): string {
  return (fuzzy[field] ??= (field === 'phone_number' ? digitText : wordText)(customer[field] ?? ''))
}

/** Only profiles with a name, company, e-mail or phone are listed, found and counted. */
export function isVisible(customer: WireCustomer): boolean {
  return IDENTITY_FIELDS.some((field) => customer[field] !== undefined)
}

function nameKey(customer: WireCustomer): string {
  const {
    given_name = '',
    family_name = '',
    company_name = '',
    email_address = '',
    phone_number = '',
  } = customer
  const name = `${given_name} ${family_name}`.trim()
  return `${name}\u0001${company_name}\u0001${email_address}\u0001${phone_number}`.toLowerCase()
}
