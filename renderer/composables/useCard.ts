import { onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { CustomerCard } from '../book.ts'
import { useBook } from '../stores/book.ts'

/** Follows one customer. `state`: asking until the first answer; absent when the customer is not in the book. */
export function useCard(localId: MaybeRefOrGetter<string | null>) {
  const books = useBook()
  const card = shallowRef<CustomerCard | null>(null)
  const state = shallowRef<'asking' | 'present' | 'absent'>('asking')
  let stop: (() => void) | null = null

  watch(
    [() => toValue(localId), () => books.book],
    ([id, book]) => {
      stop?.()
      stop = null
      state.value = 'asking'
      if (card.value?.row.localId !== id) card.value = null
      if (!id || !book) return
      stop = book.watchCard(id, (next) => {
        card.value = next
        state.value = next ? 'present' : 'absent'
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => stop?.())

  return { card, state }
}
