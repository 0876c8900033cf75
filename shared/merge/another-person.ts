import { canonicalEquals } from '../customer/canonical.ts'
import type { CustomerField, CustomerFields, FieldValue, Patch } from '../customer/customer.ts'
import { similarNames } from './similar-names.ts'
import type { MergeContext } from './three-way-merge.ts'

const CONTACT_FIELDS = ['emailAddress', 'phoneNumber', 'address'] as const satisfies readonly CustomerField[]

/**
 * The identity guard: true where one side replaced both names (or the company, where it is the only name) with
 * dissimilar ones and the other side changed a way to reach the customer. Merged by field that would make one card of two
 * people, so a person must see the whole card although no field collides. `before` is what Square held when the form was
 * opened; without it only the fields of the patch can be judged.
 */
export function looksLikeAnotherPerson(
  patch: Patch,
  remote: CustomerFields,
  context: MergeContext,
  before: CustomerFields | null,
): boolean {
  const base = (field: CustomerField): FieldValue<CustomerField> | undefined => {
    const change = patch[field]
    return change ? change.base : before?.[field]
  }
  const local = (field: CustomerField): FieldValue<CustomerField> | undefined => {
    const change = patch[field]
    return change ? change.local : before?.[field]
  }
  const theirs = (field: CustomerField): FieldValue<CustomerField> => remote[field]

  const contactMoved = (side: Side) =>
    CONTACT_FIELDS.some((field) => {
      const [was, is] = [base(field), side(field)]
      return was !== undefined && is !== undefined && !canonicalEquals<CustomerField>(field, was, is, context)
    })
  return (isRenamed(base, local) && contactMoved(theirs)) || (isRenamed(base, theirs) && contactMoved(local))
}

type Side = (field: CustomerField) => FieldValue<CustomerField> | undefined

function isRenamed(base: Side, side: Side): boolean {
  const replaced = (field: CustomerField, by = field) => {
    const [was, is] = [base(field), side(by)]
    // Filling an empty name or clearing one does not make somebody else of a customer.
    return typeof was === 'string' && typeof is === 'string' && !similarNames(was, is)
  }
  const person = [base('givenName'), base('familyName')].filter((name) => typeof name === 'string')
  if (person.length === 0) return replaced('companyName')
  // Names in each other's box are one person with a form filled in the wrong way round.
  return replaced('givenName') && replaced('familyName') && replaced('givenName', 'familyName')
}
