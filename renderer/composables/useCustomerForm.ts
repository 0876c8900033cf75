import { toTypedSchema } from '@vee-validate/yup'
import { useDebounceFn, useEventListener } from '@vueuse/core'
import { useForm } from 'vee-validate'
import { computed, onScopeDispose, ref, watch } from 'vue'
import type { CustomerFields } from '#shared/customer/customer.ts'
import { customerSchema } from '#shared/customer/customer-schema.ts'
import { diffFields, touchedFields } from '#shared/customer/patch.ts'
import { tidyFields, type RawFields } from '#shared/customer/tidy.ts'
import type { ConsentAnswer, CustomerBook, FormStart, SaveResult } from '../book.ts'

export interface CustomerFormOptions {
  readonly start: FormStart
  /** What was being typed when it was left; absent for a fresh form. */
  readonly resume?: CustomerFields | undefined
  /** Whether the tick of consent was set then. */
  readonly resumeConsent?: boolean | undefined
  /** What a fresh form begins with: it alone is nothing typed. */
  readonly prefill?: CustomerFields | undefined
  readonly book: Pick<CustomerBook, 'save' | 'keepDraft' | 'discardDraft'>
  /** The seller's country, for the rules of the VAT number. */
  readonly country: string
  readonly wallIso: () => string
}
export type SaveProblem = Exclude<SaveResult, { kind: 'saved' }> | { readonly kind: 'unexpected' }

const PAUSE_MS = 400

/**
 * The customer form: values, messages next to their fields, drafts and the one save. Validates a field when it is left,
 * everything on save. What was typed stays through a refusal, a full disk, a reload and a crash.
 */
export function useCustomerForm({
  start,
  resume,
  resumeConsent,
  prefill,
  book,
  country,
  wallIso,
}: CustomerFormOptions) {
  const today = wallIso().slice(0, 10)
  const began: CustomerFields = { ...start.shown, ...prefill }
  const initial: RawFields = { ...began, ...resume }
  const form = useForm({
    initialValues: initial,
    validationSchema: toTypedSchema(customerSchema({ country, today, shown: start.shown })),
    keepValuesOnUnmount: true,
  })
  const agreed = ref(resumeConsent ?? false)
  const saving = ref(false)
  const saved = ref(false)
  let left = false
  const problem = ref<SaveProblem | null>(null)
  const changed = computed(() => touchedFields(diffFields(began, plain())).length > 0)

  /** The values as a plain object: what goes to the book is never a reactive proxy. */
  function plain(): RawFields {
    const values: RawFields = form.values
    return { ...values, address: values.address ? { ...values.address } : null }
  }
  /** Half a birthday is kept as typed; everything else as it would be saved. */
  function draftFields(): CustomerFields {
    const raw = plain()
    return { ...tidyFields(raw), birthday: raw.birthday || null }
  }

  async function keepDraft(): Promise<void> {
    if (saved.value || left) return
    const draft = { form: start, fields: draftFields(), consent: agreed.value, keptAt: wallIso() }
    if (changed.value || agreed.value) await book.keepDraft(draft)
    else await book.discardDraft(start.opId)
  }
  const keepSoon = useDebounceFn(keepDraft, PAUSE_MS)
  watch([form.values, agreed], () => void keepSoon(), { deep: true })
  useEventListener(globalThis, 'pagehide', () => void keepDraft())
  onScopeDispose(() => {
    void keepDraft()
    left = true // a pause that was still running must not bring back a draft that is saved by then
  })

  /**
   * Saves once, however often it is called meanwhile. `invalid`: messages stand next to their fields. Anything but
   * `saved` leaves the form as it was.
   */
  async function save(consent: ConsentAnswer | null): Promise<SaveResult | { kind: 'invalid' } | null> {
    if (saving.value || saved.value) return null
    saving.value = true
    try {
      const { valid } = await form.validate()
      if (!valid) return { kind: 'invalid' }
      const result = await book.save(start, tidyFields(plain()), consent)
      problem.value = result.kind === 'saved' ? null : result
      if (result.kind === 'saved') {
        saved.value = true
        // Nobody waits for it. Should it stay, it is offered again, and saving it again saves once (S4).
        book.discardDraft(start.opId).catch(() => {})
      }
      return result
    } catch {
      problem.value = { kind: 'unexpected' }
      return null
    } finally {
      saving.value = false
    }
  }

  /** Forgets what was typed. */
  async function discard(): Promise<void> {
    saved.value = true
    await book.discardDraft(start.opId)
  }

  return {
    values: form.values,
    errors: form.errors,
    form,
    saving,
    problem,
    changed,
    agreed,
    save,
    discard,
    plain,
  }
}
export type CustomerFormState = ReturnType<typeof useCustomerForm>
