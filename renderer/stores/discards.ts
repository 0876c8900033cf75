import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { Discarded } from '#shared/outbox/record.ts'
import type { DiscardedChange, SaveResult, WaitingCustomer } from '../book.ts'
import { useBook } from './book.ts'

export interface ShownDiscard {
  readonly n: number
  /** As it was shown before. */
  readonly was: WaitingCustomer
  readonly change: DiscardedChange
}
type Problem = Exclude<SaveResult, { kind: 'saved' }>

/** What was discarded while this book is open, newest first: it can be taken up again (S27). */
export const useDiscards = defineStore('discards', () => {
  const books = useBook()
  const shown = shallowRef<readonly ShownDiscard[]>([])
  let n = 0
  watch(
    () => books.book,
    () => (shown.value = []),
  )

  async function discard(was: WaitingCustomer, reason: Discarded): Promise<Problem | null> {
    const result = await books.opened().discard(was, reason)
    if (result.kind !== 'discarded') return result
    shown.value = [{ n: ++n, was, change: result.change }, ...shown.value]
    return null
  }

  async function takeUp(one: ShownDiscard): Promise<Problem | null> {
    const result = await books.opened().takeUp(one.change)
    if (result.kind !== 'saved') return result
    dismiss(one)
    return null
  }

  function dismiss(one: ShownDiscard): void {
    shown.value = shown.value.filter((other) => other.n !== one.n)
  }
  return { shown, discard, takeUp, dismiss }
})
