import { addressParts, canonicalEquals, type CompareContext } from '../customer/canonical.ts'
import { ADDRESS_PARTS, type CustomerField, type CustomerFields } from '../customer/customer.ts'

/**
 * Fields that Square says it has written and still holds as they were before (S13): what was sent is not in its answer, and
 * what was there is; of an address any part of it. Another spelling, or another value, is Square's way of writing what it took.
 */
export function leftAsItWas(
  sent: Partial<CustomerFields>,
  before: CustomerFields,
  after: CustomerFields,
  context: CompareContext,
): CustomerField[] {
  return (Object.keys(sent) as CustomerField[]).filter((field) => {
    if (field === 'address') return holdsOldPart(sent.address ?? null, before.address, after.address)
    const value = sent[field] ?? null
    return (
      !canonicalEquals(field, after[field], value, context) &&
      canonicalEquals(field, after[field], before[field], context)
    )
  })
}

function holdsOldPart(...sides: [sent: Address, before: Address, after: Address]): boolean {
  const [sent, before, after] = sides.map((address) => addressParts(address ?? {})) as [Parts, Parts, Parts]
  return ADDRESS_PARTS.some(
    (part) => after.get(part) !== sent.get(part) && after.get(part) === before.get(part),
  )
}

type Address = CustomerFields['address']
type Parts = ReturnType<typeof addressParts>
