import { isObject, missing, tooLong, wrongType, type JsonObject } from './check-fields.ts'
import { readBirthday } from './birthday.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import { ADDRESS_PARTS } from './wire.ts'

export const ATTRIBUTE_TYPES = [
  'String',
  'Email',
  'PhoneNumber',
  'Address',
  'Date',
  'DateTime',
  'Duration',
  'Boolean',
  'Number',
] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number] | 'Selection'

const COMMON = 'https://developer-production-s.squarecdn.com/schemas/v1/common.json#squareup.common.'
const SELECTION = 'https://developer-production-s.squarecdn.com/meta-schemas/v1/selection.json'

/** The type a stored schema stands for. */
export function typeOf(schema: JsonObject): AttributeType {
  const ref = schema['$ref']
  return typeof ref === 'string' ? (ref.slice(COMMON.length) as AttributeType) : 'Selection'
}

/** Display name and id of the options of a selection. */
export function optionsOf(schema: JsonObject): readonly (readonly [name: string, id: string])[] {
  const { names = [], enum: ids = [] } = (schema['items'] ?? {}) as { names?: string[]; enum?: string[] }
  return names.map((name, at) => [name, ids[at] ?? ''] as const)
}

/**
 * Reads the schema of a definition: a reference to one of the common types, or a selection, whose options get ids here.
 * `before`: the schema it replaces, whose options keep theirs.
 */
export function readSchema(
  given: unknown,
  field: string,
  newId: () => string,
  before?: JsonObject,
): Outcome<JsonObject> {
  if (given === undefined || given === null) return missing(field)
  if (!isObject(given)) return wrongType(field, 'object')
  const ref = given['$ref']
  if (typeof ref === 'string')
    return ATTRIBUTE_TYPES.some((type) => ref === COMMON + type)
      ? ok({ $ref: ref })
      : refuse('INVALID_VALUE', 'No such data type.', `${field}.$ref`)
  if (given['$schema'] !== SELECTION) return refuse('INVALID_VALUE', 'No such schema.', `${field}.$schema`)
  const { maxItems = 1, items } = given
  const names: unknown = isObject(items) ? items['names'] : undefined
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string'))
    return wrongType(`${field}.items.names`, 'array')
  if (new Set(names).size < names.length || names.length > 100)
    return refuse('INVALID_VALUE', 'Up to 100 names, all different.', `${field}.items.names`)
  if (!Number.isInteger(maxItems)) return wrongType(`${field}.maxItems`, 'integer')
  const known = new Map(before ? optionsOf(before) : [])
  const ids = (names as string[]).map((name) => known.get(name) ?? newId())
  return ok({ $schema: SELECTION, type: 'array', uniqueItems: true, maxItems, items: { names, enum: ids } })
}

/** Checks a value against the schema of its definition; null where it may be stored. */
export function checkValue(schema: JsonObject, value: unknown, field: string): Refused | null {
  const type = typeOf(schema)
  const wrong = refuse('INVALID_VALUE', `Expected a value of type ${type}.`, field)
  switch (type) {
    case 'Boolean':
      return typeof value === 'boolean' ? null : wrong
    case 'Address':
      return isObject(value) && Object.entries(value).every(isAddressPart) ? null : wrong
    case 'Selection':
      return isSelection(schema, value) ? null : wrong
    default:
      if (typeof value !== 'string') return wrong
      if (type === 'String' && value.length > 1000) return tooLong(field, 1000)
      return TEXT_FORMS[type](value) ? null : wrong
  }
}

const TEXT_FORMS: Readonly<
  Record<Exclude<AttributeType, 'Boolean' | 'Address' | 'Selection'>, (text: string) => boolean>
> = {
  String: () => true,
  Email: (text) => /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text),
  PhoneNumber: (text) => /^\+\d{9,16}$/.test(text),
  Date: (text) => /^\d{4}-/.test(text) && readBirthday(text) !== null,
  DateTime: (text) => /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)),
  Duration: (text) => /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/.test(text),
  Number: (text) => /^-?\d+(\.\d{1,5})?$/.test(text) && Math.abs(Number(text)) <= 92_233_720_368_547,
}

function isAddressPart([part, text]: readonly [string, unknown]): boolean {
  const parts: readonly string[] = [...ADDRESS_PARTS, 'first_name', 'last_name']
  return parts.includes(part) && typeof text === 'string'
}

function isSelection(schema: JsonObject, value: unknown): boolean {
  if (!Array.isArray(value) || new Set(value).size < value.length) return false
  const ids = new Set<unknown>(optionsOf(schema).map(([, id]) => id))
  return value.length <= Number(schema['maxItems']) && value.every((id) => ids.has(id))
}
