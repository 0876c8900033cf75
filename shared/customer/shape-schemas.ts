import { array, mixed, object, string, type AnySchema, type Schema } from 'yup'
import {
  ADDRESS_PARTS,
  CUSTOMER_FIELDS,
  type Address,
  type CustomerField,
  type CustomerFields,
  type Patch,
  type RemoteCustomer,
} from './customer.ts'

/**
 * Shapes, not rules: what another process or a file must look like before it is believed (S15). No limits: what Square
 * holds may be older than its rules. Nothing is cast, unknown keys are refused; `customerSchema` and `patchProblems` judge
 * what staff chose.
 */

const text = () => string().strict().nullable().defined()
const requiredText = () => string().strict().required()

/** Set by the parts alone: `{}` is no address, it would be `null`. */
const addressShape = (): AnySchema =>
  mixed<Address>((value): value is Address => isAddress(value))
    .nullable()
    .defined()

/** True for an address that has parts, known ones only, each a text that is not empty. */
export function isAddress(value: unknown): value is Address {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  const known: readonly string[] = ADDRESS_PARTS
  return (
    entries.length > 0 &&
    entries.every(([part, held]) => known.includes(part) && typeof held === 'string' && held !== '')
  )
}

const valueShape = (field: CustomerField) => (field === 'address' ? addressShape() : text())

function strictObject(shape: Record<string, AnySchema>) {
  return object(shape).strict().noUnknown()
}
function byField(shapeOf: (field: CustomerField) => AnySchema): Record<string, AnySchema> {
  return Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, shapeOf(field)]))
}

/** Every field, each a text, an address or null. */
export const customerFieldsSchema = strictObject(
  byField(valueShape),
).required() as unknown as Schema<CustomerFields>

/** Touched fields only, each with `base` and `local`. */
export const patchSchema = strictObject(
  byField((field) =>
    strictObject({ base: valueShape(field), local: valueShape(field) })
      .default(undefined)
      .optional(),
  ),
).required() as unknown as Schema<Patch>

/** A customer as Square answered, already in our form. */
export const remoteCustomerSchema = strictObject({
  id: requiredText(),
  version: requiredText().matches(/^\d{1,20}$/),
  fields: customerFieldsSchema as unknown as AnySchema,
  groupIds: array().strict().of(requiredText()).required(),
  creationSource: string().strict().defined(),
  createdAt: string().strict().defined(),
  updatedAt: string().strict().defined(),
}).required() as unknown as Schema<RemoteCustomer>
