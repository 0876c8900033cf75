import { addressParts, birthdayKey } from '../customer/canonical.ts'
import type { CustomerField, FieldValue } from '../customer/customer.ts'

/**
 * For fields that are decided as a whole but have parts (address; birthday = day and year): the side whose change set
 * against the base - edits, additions and removals - contains the other side's; undefined where neither does. Comparing
 * change sets and not values matters: a side that removed a part must not be swallowed by one that merely still has it.
 */
export function largerChange(
  field: CustomerField,
  base: FieldValue<CustomerField>,
  local: FieldValue<CustomerField>,
  remote: FieldValue<CustomerField>,
): FieldValue<CustomerField> | undefined {
  if (field !== 'address' && field !== 'birthday') return undefined
  const before = partsOf(base)
  const ours = changeSet(before, partsOf(local))
  const theirs = changeSet(before, partsOf(remote))
  if (contains(theirs, ours)) return remote
  if (contains(ours, theirs)) return local
  return undefined
}

type Parts = ReadonlyMap<string, string>
/** Part -> its new text; null: removed. */
type ChangeSet = ReadonlyMap<string, string | null>

function partsOf(value: FieldValue<CustomerField>): Parts {
  if (value !== null && typeof value === 'object') return addressParts(value)
  const parts = new Map<string, string>()
  if (value === null) return parts
  const match = /^(\d{4})-(\d{2}-\d{2})$/.exec(birthdayKey(value))
  parts.set('day', match?.[2] ?? value)
  if (match?.[1] !== undefined && match[1] !== '0000') parts.set('year', match[1])
  return parts
}

function changeSet(before: Parts, after: Parts): ChangeSet {
  const changes = new Map<string, string | null>()
  for (const part of new Set([...before.keys(), ...after.keys()])) {
    const value = after.get(part) ?? null
    if (value !== (before.get(part) ?? null)) changes.set(part, value)
  }
  return changes
}

function contains(larger: ChangeSet, smaller: ChangeSet): boolean {
  return [...smaller].every(([part, value]) => larger.has(part) && larger.get(part) === value)
}
