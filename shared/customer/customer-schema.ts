import { mixed, object, string, ValidationError, type AnySchema, type ObjectSchema } from 'yup'
import { sameValue } from './canonical.ts'
import {
  ADDRESS_PARTS,
  TEXT_FIELDS,
  type Address,
  type AddressPart,
  type CustomerField,
  type CustomerFields,
  type Patch,
} from './customer.ts'
import { addressProblem, hasIdentity, textProblem, type RuleOptions } from './field-rules.ts'
import { applyPatch, touchedFields } from './patch.ts'
import { tidyFields, type RawFields } from './tidy.ts'
import { messageText, problem, type Problem } from './validation-message.ts'

export interface SchemaOptions extends RuleOptions {
  /**
   * The card as the form showed it. A field still holding what was shown is not judged: Square's rules were once looser,
   * and nobody should have to mend a colleague's old entry to save a phone number.
   */
  readonly shown?: CustomerFields | undefined
}

/** Where the error "no name, company, e-mail or phone number" stands: no field, so the form shows it above them. */
export const IDENTITY_PATH = 'identity'

/**
 * The one schema of a customer's card, for the form and for whoever receives what it made. Tidies what it is given and
 * answers with `CustomerFields`; messages are read with `problemOf`.
 */
export function customerSchema(options: SchemaOptions): ObjectSchema<CustomerFields> {
  const shown = options.shown === undefined ? null : tidyFields(options.shown)
  const shape: Record<string, AnySchema> = { address: addressSchema(shown) }
  for (const field of TEXT_FIELDS) {
    shape[field] = string()
      .nullable()
      .defined()
      .default(null)
      .test(field, (value, at) => {
        const untouched = shown !== null && shown[field] === value
        const found = untouched ? null : textProblem(field, value, options)
        return found === null || at.createError({ message: messageText(found) })
      })
  }
  return (object(shape) as unknown as ObjectSchema<CustomerFields>)
    .transform((_, original: RawFields | null | undefined) => tidyFields(original ?? {}))
    .test(IDENTITY_PATH, (fields, at) => {
      const said = messageText(problem('identity'))
      return hasIdentity(fields) || at.createError({ path: IDENTITY_PATH, message: said })
    })
}

/**
 * What is wrong with the values a patch chooses, by path; for whoever accepts operations. `before` is the card the patch
 * applies to (`EMPTY_FIELDS` for a create): what becomes of it needs an identity. Null where that card is not known.
 */
export function patchProblems(
  patch: Patch,
  before: CustomerFields | null,
  options: RuleOptions,
): readonly { readonly path: string; readonly problem: Problem }[] {
  const found = touchedFields(patch).flatMap((field) =>
    fieldProblems(field, patch[field]?.local ?? null, options),
  )
  const faceless = before !== null && !hasIdentity(applyPatch(before, patch))
  return faceless ? [...found, { path: IDENTITY_PATH, problem: problem('identity') }] : found
}

function fieldProblems(field: CustomerField, value: Address | string | null, options: RuleOptions) {
  if (value === null) return []
  if (field !== 'address') {
    const found = typeof value === 'string' ? textProblem(field, value, options) : problem('invalid')
    return found === null ? [] : [{ path: field, problem: found }]
  }
  if (typeof value === 'string') return [{ path: 'address', problem: problem('invalid') }]
  return addressProblems(value).map(({ part, problem }) => ({ path: `address.${part}`, problem }))
}

function addressProblems(
  address: Address,
): readonly { readonly part: AddressPart; readonly problem: Problem }[] {
  return ADDRESS_PARTS.flatMap((part) => {
    const found = addressProblem(part, address[part])
    return found === null ? [] : [{ part, problem: found }]
  })
}

function addressSchema(shown: CustomerFields | null): AnySchema {
  return mixed<Address>()
    .nullable()
    .defined()
    .default(null)
    .test('address', (address, at) => {
      if (address === null || sameValue<'address'>(address, shown?.address ?? null)) return true
      const errors = addressProblems(address).map(({ part, problem }) =>
        at.createError({ path: `${at.path}.${part}`, message: messageText(problem) }),
      )
      return errors.length === 0 || new ValidationError(errors)
    })
}
