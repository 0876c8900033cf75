import { computed, ref, shallowRef, watch } from 'vue'
import type { WaitingList } from '../book.ts'
import { useBook } from '../stores/book.ts'

/** More are shown when they are asked for: after a long day offline there may be thousands. */
const STEP = 50

/** Every customer with something that is not in Square; read again after each change. */
export function useWaiting() {
  const books = useBook()
  const list = shallowRef<WaitingList>({ customers: [], total: 0 })
  const phase = ref<'loading' | 'ready' | 'failed'>('loading')
  const limit = ref(STEP)
  let reading = false
  let again = false

  async function load(): Promise<void> {
    if (reading) return void (again = true)
    reading = true
    do {
      again = false
      const { book } = books
      if (!book) continue
      try {
        list.value = await book.waiting(limit.value)
        phase.value = 'ready'
      } catch {
        phase.value = 'failed'
      }
    } while (again)
    reading = false
  }
  watch([() => books.book, () => books.summary, limit], () => void load(), { immediate: true })

  return {
    customers: computed(() => list.value.customers),
    more: computed(() => Math.max(0, list.value.total - list.value.customers.length)),
    phase,
    load,
    showMore: () => void (limit.value += STEP),
  }
}
