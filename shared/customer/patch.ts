import { sameValue } from './canonical.ts'
import {
  CUSTOMER_FIELDS,
  EMPTY_FIELDS,
  type Change,
  type CustomerField,
  type CustomerFields,
  type Patch,
} from './customer.ts'
import { tidyFields, type RawFields } from './tidy.ts'

/**
 * The fields a person changed (S3): `base` exactly as it was shown, `local` tidied. A field whose chosen value differs
 * from the shown one only by what tidying does was not touched.
 */
export function diffFields(shown: CustomerFields, chosen: RawFields): Patch {
  const before = tidyFields(shown)
  const after = tidyFields(chosen)
  return patchOf((field) =>
    sameValue<CustomerField>(before[field], after[field])
      ? null
      : { base: shown[field], local: after[field] },
  )
}

/** These fields with the patch's values in place of the touched ones. */
export function applyPatch(fields: CustomerFields, patch: Patch): CustomerFields {
  const locals = touchedFields(patch).map((field) => [field, patch[field]?.local ?? null] as const)
  return { ...fields, ...Object.fromEntries(locals) }
}

/**
 * Patches of one customer, oldest first, as one: the first base and the last local of each field. A field that is back
 * where it began, but for what tidying does, is dropped; of a create, whose bases are all null, every field that holds
 * something stays.
 */
export function combinePatches(patches: readonly Patch[]): Patch {
  return patchOf((field) => {
    const changes = patches
      .map((patch) => patch[field])
      .filter((change): change is Change => change !== undefined)
    const first = changes[0]
    const last = changes.at(-1)
    if (!first || !last) return null
    const began = tidyFields({ [field]: first.base })[field]
    if (sameValue<CustomerField>(began, last.local)) return null
    return { base: first.base, local: last.local }
  })
}

/**
 * Patches of a new customer, oldest first, as the one of its create: all that it holds in the end. It begins with nothing,
 * whatever a form showed that was opened before the create was changed.
 */
export function combineNew(patches: readonly Patch[]): Patch {
  return diffFields(EMPTY_FIELDS, projectFields(null, patches))
}

/** What staff see (S2): Square's copy, or nothing where there is none yet, with the open patches on top, oldest first. */
export function projectFields(remote: CustomerFields | null, patches: readonly Patch[]): CustomerFields {
  return patches.reduce(applyPatch, remote ?? EMPTY_FIELDS)
}

/** Fields a patch touches, in the order of `CUSTOMER_FIELDS`. */
export function touchedFields(patch: Patch): readonly CustomerField[] {
  return CUSTOMER_FIELDS.filter((field) => patch[field] !== undefined)
}

/** A patch made field by field; `null` leaves a field untouched. */
export function patchOf(change: (field: CustomerField) => Change | null): Patch {
  const entries = CUSTOMER_FIELDS.map((field) => [field, change(field)] as const)
  // The callback gave each field its own kind of value; TypeScript cannot follow that through a loop over a union.
  return Object.fromEntries(entries.filter(([, value]) => value !== null))
}
