import type { CustomerField, CustomerFields, FieldValue, Patch } from '../customer/customer.ts'

/** What comparison needs to know beside the values: the seller's country, for phone numbers without a prefix. */
export interface MergeContext {
  readonly country: string
}

/**
 * Verdict per touched field (conflicts.md d2):
 * agreed: Square already holds it; ours: Square still holds the base, ours goes out; combined: both changed and the
 * result follows by rule (note lines, containment in an address); ask: a person decides.
 */
export type FieldVerdict<F extends CustomerField = CustomerField> = {
  readonly field: F
  readonly verdict: 'agreed' | 'ours' | 'combined' | 'ask'
  readonly base: FieldValue<F>
  readonly local: FieldValue<F>
  readonly remote: FieldValue<F>
  /** What would be sent (for `ask`: our value). */
  readonly result: FieldValue<F>
}

/** Compares each touched field of a patch with Square's copy. Pure; order of `CUSTOMER_FIELDS`. */
export declare function threeWayMerge(patch: Patch, remote: CustomerFields, context: MergeContext): readonly FieldVerdict[]
