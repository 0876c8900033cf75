import {
  ADDRESS_PARTS,
  CUSTOMER_FIELDS,
  type Address,
  type CustomerField,
  type CustomerFields,
  type Patch,
  type RemoteCustomer,
  type SeenCard,
} from './customer.ts'

/**
 * Shapes, not rules: what comes from a disk must look like before it is believed (S15). There are no limits, because what
 * Square holds may be older than its rules, and no schema library: a log of thousands of records is read at each start.
 */

/** A plain object whose members are still to be looked at. */
export type Unknown = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
export function isText(value: unknown): value is string {
  return typeof value === 'string'
}
/** A text that names something: never empty. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
export function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
export function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem)
}

/** Has parts, known ones only, each holding text: no part at all would be null. */
export function isAddress(value: unknown): value is Address {
  if (!isObject(value)) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([part, held]) => isPart(part) && isName(held))
}

/** Every field, no other. */
export function isCustomerFields(value: unknown): value is CustomerFields {
  return isSomeFields(value) && Object.keys(value).length === CUSTOMER_FIELDS.length
}

/** Known fields only. */
export function isSomeFields(value: unknown): value is Partial<CustomerFields> {
  return (
    isObject(value) &&
    Object.entries(value).every(([field, held]) => isField(field) && isFieldValue(field, held))
  )
}

/** Known fields only, each with what was shown and what was chosen. */
export function isPatch(value: unknown): value is Patch {
  return (
    isObject(value) &&
    Object.entries(value).every(([field, change]) => isField(field) && isChange(field, change))
  )
}

export function isRemoteCustomer(value: unknown): value is RemoteCustomer {
  return (
    isObject(value) &&
    isName(value.id) &&
    isVersion(value.version) &&
    isCustomerFields(value.fields) &&
    isListOf(value.groupIds, isText) &&
    isText(value.creationSource) &&
    isText(value.createdAt) &&
    isText(value.updatedAt)
  )
}

export function isSeenCard(value: unknown): value is SeenCard {
  return (
    isObject(value) &&
    isCustomerFields(value.fields) &&
    (value.groupIds === undefined || isListOf(value.groupIds, isText)) &&
    (value.creationSource === undefined || isText(value.creationSource))
  )
}

/** A decimal string of any size (S11). */
export function isVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d+$/.test(value)
}

function isChange(field: CustomerField, value: unknown): boolean {
  return (
    isObject(value) &&
    'base' in value &&
    'local' in value &&
    isFieldValue(field, value.base) &&
    isFieldValue(field, value.local)
  )
}

function isFieldValue(field: CustomerField, value: unknown): boolean {
  return value === null || (field === 'address' ? isAddress(value) : isText(value))
}

function isField(name: string): name is CustomerField {
  return (CUSTOMER_FIELDS as readonly string[]).includes(name)
}
function isPart(name: string): boolean {
  return (ADDRESS_PARTS as readonly string[]).includes(name)
}
