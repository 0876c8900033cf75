import {
  ADDRESS_PARTS,
  CUSTOMER_FIELDS,
  EMPTY_FIELDS,
  type Address,
  type CustomerFields,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import type { WireCustomer } from '#practice/wire.ts'

/** `addressLine1` -> `address_line_1`. The product's own mapping goes through the SDK; this one is the simulation's. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`).replace(/(\d)/g, '_$1')
}

const PARTS = ADDRESS_PARTS.map((part) => [part, snake(part)] as const)
const TEXTS = CUSTOMER_FIELDS.filter((f) => f !== 'address' && f !== 'euVat').map(
  (f) => [f, snake(f)] as const,
)

/** A customer of the model as the gateway would hand it on. */
export function wireToRemote(wire: WireCustomer): RemoteCustomer {
  const source = wire as unknown as Record<string, unknown>
  const fields: Record<string, unknown> = { ...EMPTY_FIELDS }
  for (const [field, name] of TEXTS) fields[field] = source[name] ?? null
  fields['euVat'] = wire.tax_ids?.eu_vat ?? null
  if (wire.address) {
    const address: Address = {}
    for (const [part, name] of PARTS) {
      const value = (wire.address as Record<string, string>)[name]
      if (value) address[part] = value
    }
    fields['address'] = Object.keys(address).length > 0 ? address : null
  }
  return {
    id: wire.id,
    version: String(wire.version),
    fields: fields as CustomerFields,
    groupIds: wire.group_ids ?? [],
    creationSource: wire.creation_source,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
  }
}

/** What an app would send: null clears (update only), an address is sent whole. */
export function fieldsToWire(
  fields: Partial<CustomerFields>,
  kind: 'create' | 'update',
): Record<string, unknown> {
  const wire: Record<string, unknown> = {}
  for (const [field, name] of TEXTS) {
    const value = fields[field]
    if (value !== undefined && (value !== null || kind === 'update')) wire[name] = value
  }
  if (fields.euVat !== undefined) wire['tax_ids'] = { eu_vat: fields.euVat }
  const { address } = fields
  if (address === null) wire['address'] = null
  else if (address) {
    wire['address'] = Object.fromEntries(PARTS.map(([part, name]) => [name, address[part] ?? null]))
  }
  return wire
}
