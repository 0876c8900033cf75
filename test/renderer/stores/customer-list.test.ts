import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp, type App } from 'vue'
import { APP_SERVICES } from '#renderer/app-services.ts'
import type { SearchAnswer } from '#renderer/book.ts'
import { useBook } from '#renderer/stores/book.ts'
import { useCustomerList } from '#renderer/stores/customer-list.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { createScreenBridge, PRACTICE_SESSION } from '../../support/screen-bridge.ts'

let app: App
let book: FakeBook
const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ givenName: `C${String(at).padStart(4, '0')}` }))
const connected = PRACTICE_SESSION.kind === 'connected' ? PRACTICE_SESSION : null

beforeEach(async () => {
  book = createFakeBook({ customers: rows(150) })
  app = createApp({})
  app.provide(APP_SERVICES, {
    bridge: createScreenBridge().bridge,
    bookFor: () => book,
    newId: () => 'id',
    keptDirectory: () => Promise.resolve({ kept: true, bytes: null }),
    wallIso: () => '2026-11-20T14:02:00Z',
    onFault: () => {},
  })
  app.use(createPinia())
  setActivePinia(app.config.globalProperties.$pinia)
  if (connected) await useBook().openFor(connected)
})
afterEach(() => useBook().close())

describe('the list behind the screen', () => {
  it('reads only the windows that are looked at', async () => {
    const list = useCustomerList()
    await list.search('')
    expect(list.total).toBe(150)
    expect(list.rowAt(0)?.title).toBe('C0000')
    expect(list.rowAt(140)).toBeNull()
    await list.ensure(130, 145)
    expect(list.rowAt(140)?.title).toBe('C0140')
    expect(list.rowAt(0)?.title).toBe('C0000')
  })

  it('takes the last search, not the last answer', async () => {
    const list = useCustomerList()
    const waiting: (() => void)[] = []
    const search = book.search.bind(book)
    book.search = (text, window) =>
      new Promise<SearchAnswer>((resolve) => waiting.push(() => void search(text, window).then(resolve)))
    const first = list.search('c0001')
    const second = list.search('c0002')
    waiting[1]?.()
    await second
    waiting[0]?.()
    await first
    expect(list.rowAt(0)?.title).toBe('C0002')
  })

  it('keeps what is shown until newer rows are there, and says when the search failed', async () => {
    const list = useCustomerList()
    await list.search('')
    book.search = () => Promise.reject(new Error('worker gone'))
    await list.refresh()
    expect(list.phase).toBe('failed')
    expect(list.rowAt(0)?.title).toBe('C0000')
  })

  it('moves within the list and never past its ends', async () => {
    const list = useCustomerList()
    await list.search('c000')
    expect(list.active).toBe(0)
    list.move(-1)
    expect(list.active).toBe(0)
    list.move(500)
    expect(list.active).toBe(list.total - 1)
  })
})

describe('the book behind the screen', () => {
  it('opens a store once and forgets everything of it when it is closed (S16)', async () => {
    const books = useBook()
    expect(books.summary.total).toBe(150)
    const opened = books.book
    if (connected) await books.openFor(connected)
    expect(books.book).toBe(opened)
    await books.close()
    expect(books.summary.total).toBe(0)
    expect(books.drafts).toEqual([])
    expect(() => books.opened()).toThrow()
  })
})
