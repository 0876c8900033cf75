import type { CustomerField, CustomerFields } from '#shared/customer/customer.ts'
import { applyPatch, diffFields, touchedFields } from '#shared/customer/patch.ts'
import type { FormDraft, FormStart } from '../book.ts'

/** A form that goes on from a draft, and what became of the customer since. */
export interface ResumedForm {
  readonly start: FormStart
  readonly fields: CustomerFields
  readonly keptAt: string
  /** Changed since and not touched in the draft: shown as they are now. */
  readonly renewed: readonly CustomerField[]
  /** Changed since to something else than the draft has there, which was typed: as typed. */
  readonly typedOver: readonly CustomerField[]
}

/**
 * The draft over the customer as they are now (`shownNow`; null where nobody knows). A field nobody touched shows what is
 * there now, and what is typed there from now on is a change of that. A touched one stays as typed, with the base that was
 * shown when it was typed (S3), and the basis stays with it: whether somebody else changed it is for the merge to say (S7).
 */
export function resumedForm(
  { form, fields, keptAt }: FormDraft,
  shownNow: CustomerFields | null,
): ResumedForm {
  if (shownNow === null) return { start: form, fields, keptAt, renewed: [], typedOver: [] }
  const typed = diffFields(form.shown, fields)
  const touched = touchedFields(typed)
  const moved = touchedFields(diffFields(form.shown, shownNow))
  const other = touchedFields(diffFields(shownNow, fields))
  const shown = {
    ...shownNow,
    ...Object.fromEntries(touched.map((field) => [field, form.shown[field]])),
  }
  return {
    start: { ...form, shown },
    fields: applyPatch(shownNow, typed),
    keptAt,
    renewed: moved.filter((field) => !touched.includes(field)),
    typedOver: moved.filter((field) => touched.includes(field) && other.includes(field)),
  }
}
