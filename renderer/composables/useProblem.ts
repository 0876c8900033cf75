import { problemOf } from '#shared/customer/validation-message.ts'
import type { DraftRefusal } from '#shared/outbox/record.ts'
import { useText } from '../i18n/text.ts'
import type { SaveProblem } from './useCustomerForm.ts'

export interface ProblemWords {
  /** A schema message (`key?max=…`) in words; an empty text where there is none. */
  readonly fieldWords: (message: string | undefined) => string
  readonly saveWords: (problem: SaveProblem | null) => string
}

/** What stopped a value or a save, in words. */
export function useProblem(): ProblemWords {
  const { t } = useText()
  return {
    fieldWords(message) {
      if (!message) return ''
      const { key, params } = problemOf(message)
      return t(`validation.${key}`, { ...params })
    },
    saveWords(problem) {
      switch (problem?.kind) {
        case undefined:
          return ''
        case 'refused':
          return refusalWords(problem.refusal)
        case 'unwritable':
          return t(`unwritable.${problem.reason}`)
        case 'unexpected':
          return t('refusal.unexpected')
      }
    },
  }
  function refusalWords(refusal: DraftRefusal): string {
    return t(`refusal.${refusal}`)
  }
}
