import { onScopeDispose } from 'vue'
import { useBook } from '../stores/book.ts'

/**
 * Learns whether an answer has ended its customer. A card that is on screen may still be told as it was before the answer;
 * whoever asks the book after the answer was saved is told what that made of it (S1), however late. `ended` is called
 * where the customer is not in the book any more; a later end is none of this answer's.
 */
export function useEnding(ended: (localId: string) => void) {
  const books = useBook()
  let stop = () => {}

  /** That answer is saved. What an earlier one ended is not waited for any more. */
  function answered(localId: string): void {
    stop()
    let first = true
    const end = books.opened().watchCard(localId, (card) => {
      if (!first) return
      first = false
      queueMicrotask(() => end()) // told before there is anything to stop
      if (!card) ended(localId)
    })
    stop = end
  }
  onScopeDispose(() => stop())
  return { answered }
}
