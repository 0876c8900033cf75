import { onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { CustomerCard } from '../book.ts'
import { useBook } from '../stores/book.ts'

/**
 * Follows one customer. `state`: asking until the first answer; absent when the customer is not in the book, and then `was`
 * is the card as it was shown last, if it was.
 */
export function useCard(localId: MaybeRefOrGetter<string | null>) {
  const books = useBook()
  const card = shallowRef<CustomerCard | null>(null)
  const was = shallowRef<CustomerCard | null>(null)
  const state = shallowRef<'asking' | 'present' | 'absent'>('asking')
  let stop: (() => void) | null = null

  watch(
    [() => toValue(localId), () => books.book],
    ([id, book]) => {
      stop?.()
      stop = null
      state.value = 'asking'
      was.value = null
      if (card.value?.row.localId !== id) card.value = null
      if (!id || !book) return
      stop = book.watchCard(id, (next) => {
        was.value = card.value ?? was.value
        card.value = next
        state.value = next ? 'present' : 'absent'
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => stop?.())

  return { card, was, state }
}
