import { EMPTY_FIELDS, type CustomerFields, type Patch } from '../customer/customer.ts'
import { diffFields, patchOf } from '../customer/patch.ts'
import { threeWayMerge, type FieldVerdict, type MergeContext } from './three-way-merge.ts'

/**
 * What becomes of a new customer as typed, once it is somebody whom Square has: the same comparison as of an edit, of
 * somebody who had none of it before. Only what was typed is in it; order of `CUSTOMER_FIELDS`.
 */
export function adoptionVerdicts(
  typed: CustomerFields,
  remote: CustomerFields,
  context: MergeContext,
): readonly FieldVerdict[] {
  return threeWayMerge(diffFields(EMPTY_FIELDS, typed), remote, context)
}

/**
 * The same as an edit of the one who was chosen (S12): nothing that was typed is left out but what Square has. The base stays
 * empty, for none of it was shown with what Square holds: notes are put together with whatever stands there when it is sent,
 * and where both hold something else it is asked about like any field that was written on both sides (S7).
 */
export function adoptionPatch(typed: CustomerFields, remote: CustomerFields, context: MergeContext): Patch {
  const verdicts = adoptionVerdicts(typed, remote, context)
  return patchOf((field) => {
    const of = verdicts.find((one) => one.field === field)
    return !of || of.verdict === 'agreed' ? null : { base: null, local: of.local }
  })
}
