import { exactKeysOf, oneByOne, sharedKeys, type ExactKeys } from '../customer/exact-keys.ts'
import { EMPTY_FIELDS, type CustomerFields, type RemoteCustomer } from '../customer/customer.ts'
import { applyPatch } from '../customer/patch.ts'
import type { CreateOperation } from '../outbox/operation.ts'

/**
 * Staff were shown this customer and told them apart from the new one, and nothing speaks for them that did not speak then:
 * they share no phone number, e-mail or reference id with it that was not typed at that time (S9). Numbers are read in
 * the seller's country.
 */
export function isToldApart(
  { apartFrom = [], patch }: CreateOperation,
  { id, fields }: Pick<RemoteCustomer, 'id' | 'fields'>,
  country: string,
): boolean {
  const keys = exactKeysOf(applyPatch(EMPTY_FIELDS, patch), country)
  const shared = (keys ? oneByOne(keys) : []).filter((key) => shares(key, fields, country))
  return apartFrom.some(
    ({ shown, typed }) =>
      shown.includes(id) && shared.every((key) => shares(key, { ...EMPTY_FIELDS, ...typed }, country)),
  )
}

function shares(key: ExactKeys, fields: CustomerFields, country: string): boolean {
  return sharedKeys(new Map([['', key]]), country)(fields).size > 0
}
