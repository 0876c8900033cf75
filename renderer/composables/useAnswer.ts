import { ref } from 'vue'
import type { CustomerCard, PersonAnswer } from '../book.ts'
import { useBook } from '../stores/book.ts'
import type { SaveProblem } from './useCustomerForm.ts'

/** Nobody has read in so short a time what has just taken the place of what they were answering. */
const UNREAD_MS = 1_000

/**
 * Gives a person's answer to the book, once. What the screen holds stays when it is refused. `replacedAt`: when the
 * question took the place of another one on this screen (`performance.now()`), and an answer is still meant for that one;
 * null: it did not.
 */
export function useAnswer(
  card: () => CustomerCard,
  replacedAt: () => number | null,
  done: (localId: string) => void,
) {
  const books = useBook()
  const problem = ref<SaveProblem | null>(null)
  let under = false

  async function send(answer: PersonAnswer): Promise<void> {
    if (under || isUnread()) return
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
  function isUnread(): boolean {
    const at = replacedAt()
    return at !== null && performance.now() - at < UNREAD_MS
  }
  return { problem, send }
}
