import { array, boolean, lazy, mixed, number, object, string, type ISchema, type InferType } from 'yup'
import { ADDRESS_PARTS, TEXT_FIELDS, type AddressPart, type TextField } from '#shared/customer/customer.ts'

/**
 * Shapes from which the schemas of the channels are made. They say what a thing must look like and how large it may be;
 * whether a field's content is fit for Square is the form's rule and, in the end, Square's: a `base` value comes from
 * Square and may well break our own rules. All are used in strict mode: nothing is converted.
 */
/** A note at Square has no limit: no answer of Square that is believed holds a longer text (`guarded-fetch.ts`). */
const TEXT_CAP = 10_000_000
const LIST_CAP = 1_000
/** What main or Square makes longer, as the customers of a question: all together is bounded by the size of a request. */
export const LONG_LIST_CAP = 1_000_000

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const SQUARE_ID = /^[\x21-\x7e]{1,255}$/

export const text = () => string().defined().max(TEXT_CAP)
export const label = () => string().defined().max(200)
export const uuid = () => string().defined().matches(UUID)
export const squareId = () => string().defined().matches(SQUARE_ID)
export const version = () =>
  string()
    .defined()
    .matches(/^\d{1,40}$/)
/** As `Date.toISOString` writes it: such times can be compared as texts. */
export const squareTime = () =>
  string()
    .defined()
    .matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
export const cursor = () => string().defined().max(4_096)
export const flag = () => boolean().defined()
export const count = () => number().defined().integer().min(0).max(Number.MAX_SAFE_INTEGER)
export const maybeFlag = () => boolean().optional()
export const maybeCount = () => number().integer().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional()
export const nothing = () => none().nullable().defined()

/** Fits nothing (made nullable: `null` alone). */
function none() {
  return mixed<never>((_value): _value is never => false).required()
}

/** An object with exactly these keys. */
export function exactly<S extends Record<string, ISchema<unknown>>>(shape: S) {
  return object(shape).noUnknown().required()
}
/** A list of at most `cap` such values. */
export function listOf<S extends ISchema<unknown>>(item: S, cap = LIST_CAP) {
  return array()
    .of<InferType<S>>(item as ISchema<InferType<S>>)
    .defined()
    .max(cap)
}
export const one = <const K extends string>(value: K) =>
  string()
    .defined()
    .oneOf([value] as const)
export const oneOf = <const K extends string>(...values: readonly K[]) => string().defined().oneOf(values)

/** A union told apart by `kind`; an unknown kind fits nothing. */
export function byKind<S extends Record<string, ISchema<unknown>>>(variants: S) {
  return lazy((value: unknown) => {
    const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
    const variant = typeof kind === 'string' && Object.hasOwn(variants, kind) ? variants[kind] : undefined
    return (variant ?? none()) as ISchema<InferType<S[keyof S]>>
  })
}

function shapeOf<K extends string, S>(keys: readonly K[], schema: S): Record<K, S> {
  return Object.fromEntries(keys.map((key) => [key, schema])) as Record<K, S>
}

const fieldText = text().nullable()
const address = object(shapeOf<AddressPart, ReturnType<typeof optionalText>>(ADDRESS_PARTS, optionalText()))
  .noUnknown()
  .nullable()
  .defined()
function optionalText() {
  return string().max(TEXT_CAP).optional()
}

/** Every field, `null` where unset. */
export const customerFields = exactly({
  ...shapeOf<TextField, typeof fieldText>(TEXT_FIELDS, fieldText),
  address,
})

const optionalFieldText = string().max(TEXT_CAP).nullable().optional()
/** Some fields. */
export const someFields = exactly({
  ...shapeOf<TextField, typeof optionalFieldText>(TEXT_FIELDS, optionalFieldText),
  address: address.optional(),
})

const textChange = object({ base: fieldText, local: fieldText }).noUnknown().default(undefined).optional()
/** Touched fields with what was shown and what was chosen (S3). */
export const patch = exactly({
  ...shapeOf<TextField, typeof textChange>(TEXT_FIELDS, textChange),
  address: object({ base: address, local: address }).noUnknown().default(undefined).optional(),
})

export const store = exactly({
  merchantId: string()
    .defined()
    .matches(/^[A-Z0-9_-]{1,64}$/),
  environment: oneOf('production', 'sandbox', 'practice'),
})

export const remoteCustomer = exactly({
  id: squareId(),
  version: version(),
  fields: customerFields,
  groupIds: listOf(squareId(), LONG_LIST_CAP),
  creationSource: text(),
  createdAt: text(),
  updatedAt: text(),
})

/** That, or null: for unions, which know no `nullable`. */
export function orNull<S extends ISchema<unknown>>(schema: S) {
  return lazy((value: unknown) => (value === null ? nothing() : schema) as ISchema<InferType<S> | null>)
}
