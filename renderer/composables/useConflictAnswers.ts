import { computed, ref, shallowRef, toRaw, watch } from 'vue'
import type { CustomerField, CustomerFields, FieldValue } from '#shared/customer/customer.ts'
import { keepBothNotes } from '#shared/merge/merge-note.ts'
import { threeWayMerge, type FieldVerdict } from '#shared/merge/three-way-merge.ts'
import type { CardQuestion, Choice } from '../book.ts'
import {
  askedFields,
  carryAnswers,
  resultOf,
  tripleOf,
  type Answers,
  type ConflictQuestion,
} from './conflict-answers.ts'

/**
 * What a person has decided about a conflict so far. Nothing is chosen beforehand; answers stay while Square moves, as
 * far as what they answer has not changed. `before`: what was answered when the question was left the last time.
 */
export function useConflictAnswers(
  asks: () => CardQuestion,
  question: () => ConflictQuestion,
  country: () => string,
  before: Answers = new Map(),
) {
  const verdicts = computed(() =>
    threeWayMerge(asks().patch, question().remote.fields, { country: country() }),
  )
  const asked = computed(() => askedFields(verdicts.value, question().why))
  const settled = computed(() =>
    verdicts.value.filter(({ field }) => !asked.value.some((other) => other.field === field)),
  )
  const carriedOver = carryAnswers(before, asked.value)
  const answers = shallowRef<Answers>(carriedOver.kept)
  const moved = ref<readonly CustomerField[]>(carriedOver.moved)
  /** Own values that answered what was asked before Square moved: there to be taken again. */
  const typed = shallowRef<Answers>(carriedOver.typed)
  const open = computed(() => asked.value.filter(({ field }) => !answers.value.has(field)))
  const result = computed<CustomerFields>(() =>
    resultOf(question().remote.fields, verdicts.value, asked.value, answers.value),
  )

  watch(asked, (next) => {
    const carried = carryAnswers(answers.value, next)
    answers.value = carried.kept
    moved.value = [...new Set([...moved.value, ...carried.moved])]
    typed.value = new Map([...typed.value, ...carried.typed])
  })

  function choose(verdict: FieldVerdict, choice: Choice, own?: FieldValue<CustomerField>): void {
    const value = choiceValue(verdict, choice, own)
    answers.value = new Map(answers.value).set(verdict.field, {
      choice,
      value: toRaw(value),
      triple: tripleOf(verdict),
    })
    moved.value = moved.value.filter((field) => field !== verdict.field)
  }

  return { answers, moved, typed, verdicts, asked, settled, open, result, choose }
}

function choiceValue(verdict: FieldVerdict, choice: Choice, own: FieldValue<CustomerField> | undefined) {
  switch (choice) {
    case 'own':
      return own ?? null
    case 'both':
      return keepBothNotes(asText(verdict.local), asText(verdict.remote))
    default:
      return verdict[choice]
  }
}
function asText(value: FieldValue<CustomerField>): string | null {
  return typeof value === 'string' ? value : null
}
