import { defineStore } from 'pinia'
import type { CustomerFields } from '#shared/customer/customer.ts'
import type { Answers } from '../composables/conflict-answers.ts'

/**
 * What was answered of a question that had to wait for a customer: it is there again when the question is opened, until
 * it is given. By local id, as long as the window lives; what no longer fits is asked again (S12).
 */
export const useUnfinishedAnswers = defineStore('unfinished-answers', () => {
  const conflicts = new Map<string, Answers>()
  const corrections = new Map<string, { readonly questionId: string; readonly fields: CustomerFields }>()

  return {
    conflict: (localId: string): Answers => conflicts.get(localId) ?? new Map(),
    keepConflict: (localId: string, answers: Answers) => void conflicts.set(localId, answers),
    /** What was typed in place of a refused value; null for another question than that. */
    correction(localId: string, questionId: string): CustomerFields | null {
      const kept = corrections.get(localId)
      return kept?.questionId === questionId ? kept.fields : null
    },
    keepCorrection: (localId: string, questionId: string, fields: CustomerFields) =>
      void corrections.set(localId, { questionId, fields }),
    forget(localId: string) {
      conflicts.delete(localId)
      corrections.delete(localId)
    },
  }
})
