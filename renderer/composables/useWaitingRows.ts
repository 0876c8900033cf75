import { ref, shallowRef, watch } from 'vue'
import type { ListRow } from '../book.ts'
import { useBook } from '../stores/book.ts'

const STEP = 500

/** Every customer with something that is not in Square yet, read window by window; again after each change. */
export function useWaitingRows() {
  const books = useBook()
  const rows = shallowRef<readonly ListRow[]>([])
  const phase = ref<'loading' | 'ready' | 'failed'>('loading')
  let asked = 0

  async function load(): Promise<void> {
    const book = books.book
    if (!book) return
    const mine = ++asked
    const found: ListRow[] = []
    try {
      for (let offset = 0, total = 1; offset < total; offset += STEP) {
        const answer = await book.search('', { offset, limit: STEP })
        if (mine !== asked) return
        total = answer.total
        found.push(...answer.rows.filter((row) => row.status === 'saved-here' || row.status === 'needs-you'))
      }
      rows.value = found
      phase.value = 'ready'
    } catch {
      if (mine === asked) phase.value = 'failed'
    }
  }
  watch([() => books.book, () => books.summary], () => void load(), { immediate: true })
  return { rows, phase, load }
}
