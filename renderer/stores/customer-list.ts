import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ListRow } from '../book.ts'
import { useBook } from './book.ts'

const PAGE = 60

/**
 * The list on the left: what is searched, how many match, and the windows of rows seen so far. Rows already shown stay
 * until newer ones arrive, so nothing flickers.
 */
export const useCustomerList = defineStore('customer-list', () => {
  const books = useBook()
  const text = ref('')
  const total = ref(0)
  const pages = shallowRef(new Map<number, readonly ListRow[]>())
  const phase = ref<'loading' | 'ready' | 'failed'>('loading')
  /** The row the arrow keys are on; -1 none. */
  const active = ref(-1)
  /** The rows that exist on screen, first and last; null while the list is hidden. */
  const onScreen = shallowRef<readonly [number, number] | null>(null)
  const begun = ref(false)
  let asked = 0
  let answering: Promise<void> = Promise.resolve()
  let wanted: ReadonlySet<number> = new Set([0])

  const activeRow = computed(() => rowAt(active.value))
  /** The id of the active row's element, for `aria-activedescendant`; none where that row is not on screen. */
  const activeRowId = computed(() => {
    const [from, to] = onScreen.value ?? [0, -1]
    return active.value >= from && active.value <= to ? `customer-row-${active.value}` : undefined
  })

  function rowAt(index: number): ListRow | null {
    if (index < 0) return null
    return pages.value.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null
  }

  async function search(next: string): Promise<void> {
    text.value = next
    active.value = next.trim() === '' ? -1 : 0
    wanted = new Set([0])
    answering = load(true)
    await answering
  }

  /** A search typed key by key where there is no box: the box goes on with it as soon as it is there. */
  function begin(typed: string): void {
    const before = begun.value ? text.value : ''
    begun.value = true
    void search(before + typed)
  }
  /** True once after `begin`: what stands in the box is the beginning of what is being typed. */
  function goesOn(): boolean {
    const was = begun.value
    begun.value = false
    return was
  }

  /** Settles when the rows are those of the newest search text. */
  async function answered(): Promise<void> {
    let last: Promise<void> | null = null
    while (last !== answering) {
      last = answering
      await last
    }
  }

  /** Fetches the pages under these rows where they are not here yet. */
  async function ensure(from: number, to: number): Promise<void> {
    const needed = new Set<number>()
    for (let page = Math.floor(from / PAGE); page <= Math.floor(Math.max(from, to) / PAGE); page++)
      needed.add(page)
    wanted = needed
    if ([...needed].some((page) => !pages.value.has(page))) await load(false)
  }

  /** Reads the windows on screen again: something in the book changed. */
  const refresh = () => load(true)

  async function load(forget: boolean): Promise<void> {
    const book = books.book
    if (!book) return
    const mine = ++asked
    try {
      const missing = [...wanted].filter((page) => forget || !pages.value.has(page))
      const answers = await Promise.all(
        missing.map(async (page) => ({
          page,
          answer: await book.search(text.value, { offset: page * PAGE, limit: PAGE }),
        })),
      )
      if (mine !== asked) return
      const next = forget ? new Map<number, readonly ListRow[]>() : new Map(pages.value)
      for (const { page, answer } of answers) {
        next.set(page, answer.rows)
        total.value = answer.total
      }
      pages.value = next
      phase.value = 'ready'
      if (active.value >= total.value) active.value = total.value - 1
    } catch {
      if (mine === asked) phase.value = 'failed'
    }
  }

  function move(step: number): void {
    if (total.value === 0) return
    active.value = Math.min(Math.max(active.value + step, 0), total.value - 1)
  }

  return {
    text,
    total,
    pages,
    phase,
    active,
    onScreen,
    activeRow,
    activeRowId,
    rowAt,
    search,
    begin,
    goesOn,
    answered,
    ensure,
    refresh,
    move,
  }
})

/** Calls once, when the list has answered for the first time: it can be used from then on. */
export function whenListReady(call: () => void): void {
  const list = useCustomerList()
  watch(
    () => list.phase === 'ready',
    () => call(),
    { once: true },
  )
}
