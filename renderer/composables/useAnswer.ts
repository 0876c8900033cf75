import { ref } from 'vue'
import type { CustomerCard, PersonAnswer } from '../book.ts'
import { useBook } from '../stores/book.ts'
import type { SaveProblem } from './useCustomerForm.ts'

/** Gives a person's answer to the book, once. What the screen holds stays when it is refused. */
export function useAnswer(card: () => CustomerCard, done: (localId: string) => void) {
  const books = useBook()
  const problem = ref<SaveProblem | null>(null)
  let under = false

  async function send(answer: PersonAnswer): Promise<void> {
    if (under) return
    under = true
    try {
      const result = await books.opened().answer(card(), answer)
      problem.value = result.kind === 'saved' ? null : result
      if (result.kind === 'saved') done(result.localId)
    } catch {
      problem.value = { kind: 'unexpected' }
    } finally {
      under = false
    }
  }
  return { problem, send }
}
