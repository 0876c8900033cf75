import { canonicalEquals, sameValue } from '../customer/canonical.ts'
import type { CustomerField, CustomerFields, FieldValue, Patch } from '../customer/customer.ts'
import { touchedFields } from '../customer/patch.ts'
import { largerChange } from './containment.ts'
import { mergeNote } from './merge-note.ts'

/** What comparison needs to know beside the values: the seller's country, for phone numbers without a prefix. */
export interface MergeContext {
  readonly country: string
}

/**
 * Verdict per touched field:
 * agreed: nothing of ours is left to send, because Square already holds it (perhaps with more), or because our change
 * was one of spelling only while Square's value moved; ours: Square still holds the base, ours goes out; combined: both
 * changed and the result follows by rule (note lines, containment in an address); ask: a person decides.
 */
export type FieldVerdict<F extends CustomerField = CustomerField> = {
  readonly field: F
  readonly verdict: 'agreed' | 'ours' | 'combined' | 'ask'
  readonly base: FieldValue<F>
  readonly local: FieldValue<F>
  readonly remote: FieldValue<F>
  /** What would be sent (agreed: what Square holds; ask: our value). */
  readonly result: FieldValue<F>
}

/** Compares each touched field of a patch with Square's copy. Pure; order of `CUSTOMER_FIELDS`. */
export function threeWayMerge(
  patch: Patch,
  remote: CustomerFields,
  context: MergeContext,
): readonly FieldVerdict[] {
  return touchedFields(patch).map((field) => {
    const { base, local } = patch[field]!
    return fieldVerdict(field, { base, local, remote: remote[field] }, context)
  })
}

interface Sides {
  readonly base: FieldValue<CustomerField>
  readonly local: FieldValue<CustomerField>
  readonly remote: FieldValue<CustomerField>
}

function fieldVerdict(field: CustomerField, sides: Sides, context: MergeContext): FieldVerdict {
  const { base, local, remote } = sides
  const verdict = (kind: FieldVerdict['verdict'], result: FieldValue<CustomerField>): FieldVerdict => ({
    field,
    verdict: kind,
    ...sides,
    result,
  })
  const equal = (a: FieldValue<CustomerField>, b: FieldValue<CustomerField>) =>
    canonicalEquals(field, a, b, context)

  if (sameValue<CustomerField>(local, remote)) return verdict('agreed', remote)
  // Square did not move: what staff chose goes out as typed, also where only the spelling is new.
  if (sameValue<CustomerField>(remote, base)) return verdict('ours', local)
  if (equal(local, remote)) return verdict('agreed', remote)
  // One side changed at most the spelling: the other side's change is the only one there is.
  if (equal(remote, base)) return verdict('ours', local)
  if (equal(local, base)) return verdict('agreed', remote)

  const merged = mergeByRule(field, sides)
  if (merged === undefined) return verdict('ask', local)
  return equal(merged, remote) ? verdict('agreed', remote) : verdict('combined', merged)
}

/** The value that follows by rule where both sides really changed; undefined where none does. */
function mergeByRule(
  field: CustomerField,
  { base, local, remote }: Sides,
): FieldValue<CustomerField> | undefined {
  if (field === 'note') return mergeNote(asText(base), asText(local), asText(remote)) ?? undefined
  return largerChange(field, base, local, remote)
}

function asText(value: FieldValue<CustomerField>): string | null {
  return typeof value === 'string' ? value : null
}
