import { computed } from 'vue'
import type { CustomerField, CustomerFields, FieldValue } from '#shared/customer/customer.ts'
import { useServices } from '../app-services.ts'
import { useText } from '../i18n/text.ts'
import { useSession } from '../stores/session.ts'
import {
  dayText,
  listText,
  NAME_IN_SENTENCE,
  nameOf,
  shortened,
  timeText,
  valueText,
} from './customer-text.ts'

/** Words for customers and times in this PC's language, with the catalogue beside them. */
export function useWords() {
  const text = useText()
  const session = useSession()
  const { wallIso } = useServices()
  const locale = computed(() => session.info?.locale || 'en')

  return {
    ...text,
    locale,
    /** Inside a sentence or on a button: a very long name is cut there. */
    name: (fields: Partial<CustomerFields>) =>
      shortened(nameOf(fields) ?? text.t('notice.someone'), NAME_IN_SENTENCE),
    value: <F extends CustomerField>(field: F, value: FieldValue<F>) => valueText(field, value, locale.value),
    field: (field: CustomerField) => text.t(`field.${field}`),
    /** Field names inside a sentence. */
    fields: (fields: readonly CustomerField[]) =>
      listText(
        fields.map((field) => sentenceCase(text.t(`field.${field}`))),
        locale.value,
      ),
    time: (iso: string | null) => timeText(iso, locale.value, wallIso()),
    day: (iso: string) => dayText(iso, locale.value),
  }
}

/** A field's name inside a sentence; an abbreviation keeps its capitals. */
function sentenceCase(label: string): string {
  return /^[A-Z]{2}/.test(label) || label.startsWith('E-')
    ? label.replace(/^E-/, 'e-')
    : label.charAt(0).toLowerCase() + label.slice(1)
}
