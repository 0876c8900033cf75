import { defineStore } from 'pinia'
import type { CustomerFields } from '#shared/customer/customer.ts'
import { useServices } from '../app-services.ts'
import type { AnswerDraft } from '../book.ts'
import type { Answers } from '../composables/conflict-answers.ts'
import { useBook } from './book.ts'

/**
 * What was answered of a question and not given yet: it is there again when the question is opened, also after a reload
 * or a crash, until it is given or the question goes. By the operation that asks; what no longer fits is asked again (S12).
 */
export const useUnfinishedAnswers = defineStore('unfinished-answers', () => {
  const books = useBook()
  const { wallIso, onFault } = useServices()
  const unwritten = new Set<string>()
  let writing = false

  /** Each change is written at once; those that come during a write go together into the next one. */
  async function write(opId: string): Promise<void> {
    unwritten.add(opId)
    if (writing) return
    writing = true
    try {
      for (const id of unwritten) {
        unwritten.delete(id)
        const draft = books.answers.get(id)
        await (draft ? books.book?.keepAnswer(draft) : books.book?.discardAnswer(id))
      }
    } catch (error) {
      onFault('answers.keep', error) // they stay in this window, and the next change is written again
    } finally {
      writing = false
    }
  }
  function keep(draft: AnswerDraft): void {
    books.answers.set(draft.opId, draft)
    void write(draft.opId)
  }

  return {
    conflict(opId: string): Answers {
      const kept = books.answers.get(opId)
      return new Map(kept?.kind === 'conflict' ? kept.fields.map(({ field, ...rest }) => [field, rest]) : [])
    },
    keepConflict(opId: string, answers: Answers): void {
      const fields = [...answers].map(([field, answer]) => ({ field, ...answer }))
      keep({ kind: 'conflict', opId, keptAt: wallIso(), fields })
    },
    /** What was typed in place of a refused value, perhaps with the tick of consent; null for another question than that. */
    correction(opId: string, questionId: string): { fields: CustomerFields; consent?: boolean } | null {
      const kept = books.answers.get(opId)
      return kept?.kind === 'refused' && kept.questionId === questionId ? kept : null
    },
    keepCorrection(opId: string, questionId: string, fields: CustomerFields, consent: boolean): void {
      keep({ kind: 'refused', opId, keptAt: wallIso(), questionId, fields, consent })
    },
    forget(opId: string): void {
      if (books.answers.delete(opId)) void write(opId)
    },
  }
})
