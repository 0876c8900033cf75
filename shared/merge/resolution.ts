import type { CustomerFields, Patch } from '../customer/customer.ts'
import { diffFields } from '../customer/patch.ts'
import type { RawFields } from '../customer/tidy.ts'

/**
 * The answer to a question as an edit like any other (S12): the fields in which the chosen card differs from the remote
 * that was shown, with that remote as their base. So whatever Square changes after the question was asked is found by the
 * usual comparison, and only where it matters. Empty: all is as Square has it.
 */
export function resolutionPatch(shownRemote: CustomerFields, chosen: RawFields): Patch {
  return diffFields(shownRemote, chosen)
}
