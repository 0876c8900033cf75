import { beforeEach, expect, it, vi } from 'vitest'

class FakeWorker {
  static readonly all: FakeWorker[] = []
  readonly sent: unknown[] = []
  ended = false
  constructor() {
    FakeWorker.all.push(this)
  }
  postMessage(request: unknown): void {
    this.sent.push(request)
  }
  terminate(): void {
    this.ended = true
  }
}

const kept = new Map<string, string>()
/** As at the start of a window: the module knows nothing yet. */
async function window() {
  vi.resetModules()
  return import('#renderer/search/read-ahead.ts')
}

beforeEach(() => {
  kept.clear()
  FakeWorker.all.length = 0
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
  return () => vi.unstubAllGlobals()
})

it('reads nothing ahead on a PC that has opened no book', async () => {
  const { readAhead, searchWorkerFor } = await window()
  readAhead()
  expect(FakeWorker.all).toEqual([])
  searchWorkerFor('shop')
  expect(FakeWorker.all[0]?.sent).toEqual([])
})

it('the directory of the last time is read ahead, and its worker is the book’s, once', async () => {
  ;(await window()).searchWorkerFor('shop')
  const { readAhead, searchWorkerFor, searchLocale } = await window()
  FakeWorker.all.length = 0
  readAhead()
  expect(FakeWorker.all[0]?.sent).toEqual([{ kind: 'read', directory: 'shop', locale: searchLocale() }])
  const [ahead] = FakeWorker.all
  expect(searchWorkerFor('shop')).toBe(ahead)
  expect(searchWorkerFor('shop')).not.toBe(ahead)
  expect(ahead?.ended).toBe(false)
})

it('a worker that read another directory is ended', async () => {
  ;(await window()).searchWorkerFor('practice')
  const { readAhead, searchWorkerFor } = await window()
  FakeWorker.all.length = 0
  readAhead()
  const [ahead] = FakeWorker.all
  expect(searchWorkerFor('shop')).not.toBe(ahead)
  expect(ahead?.ended).toBe(true)
})

it('orders names by the locale of the PC, and by English where that is none', async () => {
  const { searchLocale } = await window()
  vi.stubGlobal('navigator', { language: 'de-CH' })
  expect(searchLocale()).toBe('de-CH')
  vi.stubGlobal('navigator', { language: 'en-US@posix' })
  expect(searchLocale()).toBe('en')
})
