import { sameValue } from '../customer/canonical.ts'
import {
  CUSTOMER_FIELDS,
  type CustomerField,
  type CustomerFields,
  type FieldValue,
  type Patch,
} from '../customer/customer.ts'
import { patchOf } from '../customer/patch.ts'
import { keepBothNotes } from './merge-note.ts'
import { threeWayMerge, type FieldVerdict, type MergeContext } from './three-way-merge.ts'

/**
 * The answer to a question as an edit like any other (S12): everything where the chosen card differs from the remote that
 * was shown, with that remote as base, so that only a further change at Square is asked about. Empty: all is Square's.
 */
export function resolutionPatch(shown: CustomerFields, chosen: CustomerFields): Patch {
  return patchOf((field) =>
    sameValue<CustomerField>(shown[field], chosen[field])
      ? null
      : { base: shown[field], local: chosen[field] },
  )
}

/** One line of the conflict screen. */
export interface ResolutionField {
  readonly field: CustomerField
  readonly verdict: FieldVerdict['verdict']
  readonly base: FieldValue<CustomerField>
  readonly local: FieldValue<CustomerField>
  readonly remote: FieldValue<CustomerField>
  /** What the field becomes without a choice; of an `ask` nothing follows, so it is null there and means nothing. */
  readonly result: FieldValue<CustomerField>
  /** Notes only: Square's text with our lines below it. */
  readonly both: string | null
}

/**
 * Every touched field with its verdict, for the screen. `askAll` turns the automatic merges into questions: for S19, for
 * an operation in doubt and for the identity guard, where the whole card is to be looked at.
 */
export function resolutionFields(
  patch: Patch,
  remote: CustomerFields,
  context: MergeContext,
  askAll: boolean,
): readonly ResolutionField[] {
  return threeWayMerge(patch, remote, context).map((verdict) => {
    const asked = verdict.verdict === 'ask' || (askAll && verdict.verdict !== 'agreed')
    return {
      ...verdict,
      verdict: asked ? 'ask' : verdict.verdict,
      result: asked ? null : verdict.result,
      both: asked && verdict.field === 'note' ? bothNotes(verdict) : null,
    }
  })
}

/**
 * The card that follows from the choices: Square's, with what follows by rule and what was chosen. Null while a question
 * is open: nothing is preselected.
 */
export function resolvedCard(
  remote: CustomerFields,
  fields: readonly ResolutionField[],
  choices: ResolutionChoices,
): CustomerFields | null {
  const chosen = new Map<CustomerField, FieldValue<CustomerField>>()
  for (const line of fields) {
    const choice = choices[line.field]
    if (choice !== undefined) chosen.set(line.field, choice)
    else if (line.verdict === 'ask') return null
    else chosen.set(line.field, line.result)
  }
  const entries = CUSTOMER_FIELDS.map((field) => [
    field,
    chosen.has(field) ? chosen.get(field) : remote[field],
  ])
  return Object.fromEntries(entries) as CustomerFields
}
export type ResolutionChoices = { readonly [F in CustomerField]?: FieldValue<F> | undefined }

function bothNotes({ local, remote }: FieldVerdict): string | null {
  const text = (value: FieldValue<CustomerField>) => (typeof value === 'string' ? value : null)
  return keepBothNotes(text(local), text(remote))
}
