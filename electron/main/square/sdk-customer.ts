import type { Square } from 'square'
import {
  ADDRESS_PARTS,
  TEXT_FIELDS,
  type Address,
  type CustomerFields,
  type RemoteCustomer,
  type TextField,
} from '#shared/customer/customer.ts'
import type { BulkChange } from './square-gateway.ts'

/** Said by a reader of an answer whose shape is wrong (S13). */
export const UNREADABLE = Symbol('unreadable')
export type Unreadable = typeof UNREADABLE

type Raw = Readonly<Record<string, unknown>>
type PlainTextField = Exclude<TextField, 'euVat'>
const PLAIN_TEXT_FIELDS = TEXT_FIELDS.filter((field): field is PlainTextField => field !== 'euVat')
const KNOWN_NAMES = new Set<string>([
  ...PLAIN_TEXT_FIELDS,
  ...ADDRESS_PARTS,
  'taxIds',
  'euVat',
  'groupIds',
  'creationSource',
  'createdAt',
  'updatedAt',
  'businessName',
])

/** True for `{…}`. */
export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * When anything in an answer has the wrong type the SDK hands over all of it untranslated, and every field would read
 * as unset. A known name still in the wire's spelling gives that away.
 */
export function isUntranslated(value: Raw): boolean {
  return Object.keys(value).some((key) => key.includes('_') && KNOWN_NAMES.has(ourName(key)))
}

/** A customer as the SDK gives one. Unknown fields are ignored; without id, version or the right types: unreadable. */
export function readCustomer(value: unknown): RemoteCustomer | Unreadable {
  if (!isRecord(value) || isUntranslated(value)) return UNREADABLE
  const { id, version, groupIds = null, creationSource = null, createdAt = null, updatedAt = null } = value
  if (typeof id !== 'string' || id === '' || typeof version !== 'bigint' || version < 0n) return UNREADABLE
  const fields = readFields(value)
  const groups = groupIds === null ? [] : groupIds
  const labels = [creationSource, createdAt, updatedAt]
  if (fields === UNREADABLE || !Array.isArray(groups)) return UNREADABLE
  if (![...labels.filter((label) => label !== null), ...groups].every((text) => typeof text === 'string'))
    return UNREADABLE
  return {
    id,
    version: String(version),
    fields,
    groupIds: groups as string[],
    creationSource: (creationSource as string | null) ?? 'OTHER',
    createdAt: (createdAt as string | null) ?? '',
    updatedAt: (updatedAt as string | null) ?? '',
  }
}

/**
 * A customer of a list. Where a stranger among them made the SDK hand the list over untranslated, each is translated by
 * itself: one wrong customer must not hide ninety-nine.
 */
export function readListed(value: unknown): RemoteCustomer | Unreadable {
  return readCustomer(isRecord(value) && isUntranslated(value) ? translated(value) : value)
}

function translated(customer: Raw): Raw {
  const { address, taxIds, version, ...others } = withOurNames(customer)
  return {
    ...others,
    version: Number.isSafeInteger(version) ? BigInt(version as number) : version,
    address: isRecord(address) ? withOurNames(address) : address,
    taxIds: isRecord(taxIds) ? withOurNames(taxIds) : taxIds,
  }
}

function withOurNames(value: Raw): Raw {
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [ourName(key), held]))
}

function ourName(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_match, next: string) => next.toUpperCase())
}

function readFields(customer: Raw): CustomerFields | Unreadable {
  const address = readAddress(customer['address'])
  const taxIds = customer['taxIds'] ?? {}
  if (address === UNREADABLE || !isRecord(taxIds) || isUntranslated(taxIds)) return UNREADABLE
  const fields: Record<string, unknown> = { address, euVat: readText(taxIds['euVat']) }
  for (const field of PLAIN_TEXT_FIELDS) fields[field] = readText(customer[field])
  if (Object.values(fields).includes(UNREADABLE)) return UNREADABLE
  // Old versions of the API wrote birthdays as a moment.
  if (typeof fields['birthday'] === 'string') fields['birthday'] = fields['birthday'].replace(/T.*$/, '')
  return fields as CustomerFields
}

function readText(value: unknown): string | null | Unreadable {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' ? value : UNREADABLE
}

function readAddress(value: unknown): Address | null | Unreadable {
  if (value === undefined || value === null) return null
  if (!isRecord(value) || isUntranslated(value)) return UNREADABLE
  const address: Address = {}
  for (const part of ADDRESS_PARTS) {
    const text = readText(value[part])
    if (text === UNREADABLE) return UNREADABLE
    if (text !== null) address[part] = text
  }
  return Object.keys(address).length > 0 ? address : null
}

/** The request for a new customer: what is unset is left out. */
export function toCreateRequest(
  idempotencyKey: string,
  body: Partial<CustomerFields>,
): Square.CreateCustomerRequest {
  const { address, euVat } = body
  return {
    idempotencyKey,
    ...Object.fromEntries(writtenTexts(body).filter(([, text]) => text !== null)),
    ...(address ? { address: addressParts(address) as Square.Address } : {}),
    ...(euVat ? { taxIds: { euVat } } : {}),
  }
}

/**
 * The request for a change: null clears, and an address carries every part, null where it is empty, which is right
 * whether Square merges or replaces it. The SDK's types forbid null for the address and its country; at run time it
 * sends them as they are (held by a test on the wire).
 */
export function toUpdateRequest(
  squareId: string,
  version: string,
  body: Partial<CustomerFields>,
): Square.UpdateCustomerRequest {
  const { address, euVat } = body
  const request = {
    customerId: squareId,
    version: BigInt(version),
    ...Object.fromEntries(writtenTexts(body)),
    ...(address === undefined ? {} : { address: address && { ...NO_PARTS, ...addressParts(address) } }),
    ...(euVat === undefined ? {} : { taxIds: { euVat } }),
  }
  return request as Square.UpdateCustomerRequest
}

/** The same as `toCreateRequest` for many: the idempotency key is the key of the map. */
export function toBulkCreateRequest(
  bodies: ReadonlyMap<string, Partial<CustomerFields>>,
): Record<string, Square.BulkCreateCustomerData> {
  return Object.fromEntries(
    [...bodies].map(([key, body]) => {
      const { idempotencyKey: _key, ...data } = toCreateRequest(key, body)
      return [key, data]
    }),
  )
}

/** The same as `toUpdateRequest` for many, by Square id. */
export function toBulkUpdateRequest(
  changes: ReadonlyMap<string, BulkChange>,
): Record<string, Square.BulkUpdateCustomerData> {
  return Object.fromEntries(
    [...changes].map(([squareId, { version, body }]) => {
      const { customerId: _id, ...data } = toUpdateRequest(squareId, version, body)
      return [squareId, data]
    }),
  )
}

const NO_PARTS = Object.fromEntries(ADDRESS_PARTS.map((part) => [part, null]))

function addressParts(address: Address): Partial<Record<keyof Address, string>> {
  return Object.fromEntries(ADDRESS_PARTS.flatMap((part) => (address[part] ? [[part, address[part]]] : [])))
}

/** Touched text fields. Square takes a birthday without year as MM-DD. */
function writtenTexts(body: Partial<CustomerFields>): [PlainTextField, string | null][] {
  return PLAIN_TEXT_FIELDS.flatMap((field): [PlainTextField, string | null][] => {
    const text = body[field]
    if (text === undefined) return []
    return [[field, field === 'birthday' && text !== null ? text.replace(/^0000-/, '') : text]]
  })
}
