import { expect, it, onTestFinished, vi } from 'vitest'
import { BookRefused } from '#renderer/book.ts'
import { directoryName, DIRECTORY_VERSION, durabilityOf, openDirectory } from '#renderer/db/database.ts'
import { startFakeMain, TEST_STORE } from '../../support/fake-bridge.ts'
import { remoteOf } from '../../support/customers.ts'
import { databaseThrough, newDatabase, newProfile, openBook, pulled } from './book-fixture.ts'

const noPause = { sleep: () => Promise.resolve(), retryAfterMs: [] }

/** Notes what every writing transaction asks of the disk. */
function durabilities() {
  const asked: { stores: string[]; durability: string | undefined }[] = []
  const database = databaseThrough((transaction) => (stores, mode, options) => {
    if (mode === 'readwrite')
      asked.push({ stores: [stores].flat() as string[], durability: options?.durability })
    return transaction(stores, mode, options)
  })
  return { asked, database }
}

it('S1: what nobody else holds is written strictly; what log and Square give again is not waited for', async () => {
  const { asked, database } = durabilities()
  const main = await startFakeMain({ square: [remoteOf('SQ1', { givenName: 'Ana' })] })
  const { book } = await openBook(main, newProfile(database))
  await pulled(book)
  const during = async (run: () => Promise<unknown>) => {
    asked.length = 0
    await run()
    // A save is done before its rows are written; who reads then waits for them (S1).
    await book.openForm(form.localId)
    expect(asked.length).toBeGreaterThan(0)
    return new Set(asked.map(({ durability }) => durability))
  }
  const of = (store: string) =>
    new Set(asked.filter(({ stores }) => stores.includes(store)).map(({ durability }) => durability))
  expect(of('pull')).toEqual(new Set(['relaxed']))
  expect(asked.every(({ durability }) => durability !== undefined)).toBe(true)

  const form = (await book.openForm(null))!
  const typed = { ...form.shown, givenName: 'Zoë' }
  expect(await during(() => book.keepDraft({ form, fields: typed, keptAt: '' }))).toEqual(new Set(['strict']))
  // A promise: the log has it, and its snapshot will.
  expect(await during(() => book.save(form, typed, null))).toEqual(new Set(['relaxed']))
  // Consent and history are in the log only until it is compacted.
  const again = (await book.openForm(form.localId))!
  const consent = { given: true, wording: 'w' }
  const consented = () => book.save(again, { ...typed, note: 'n' }, consent)
  expect(await during(consented)).toEqual(new Set(['strict']))
  expect(await during(() => book.undo(form.localId, again.opId))).toEqual(new Set(['strict']))
})

it('S1: only transactions of tables that can be rebuilt are relaxed, an unknown table is not', () => {
  expect(durabilityOf(['customers', 'pull'])).toBe('relaxed')
  expect(durabilityOf(['customers', 'outbox', 'meta'])).toBe('relaxed')
  for (const store of ['drafts', 'history', 'facts', 'setAside', 'later']) {
    expect(durabilityOf(['customers', store])).toBe('strict')
  }
})

it('S16: each store has a directory of its own, under a name that never changes', async () => {
  expect(directoryName({ merchantId: 'ML1', environment: 'production' })).toBe('counterfoil-production-ML1')
  expect(directoryName({ merchantId: 'ML1', environment: 'sandbox' })).toBe('counterfoil-sandbox-ML1')
})

it('a directory that a newer app has written is refused and left as it is', async () => {
  const database = newDatabase()
  const name = directoryName(TEST_STORE)
  const newer = await new Promise<IDBDatabase>((resolve) => {
    const request = database.indexedDB.open(name, (DIRECTORY_VERSION + 1) * 10)
    request.onupgradeneeded = () => request.result.createObjectStore('customers').put('kept', 'key')
    request.onsuccess = () => resolve(request.result)
  })
  newer.close()
  expect(await openDirectory(TEST_STORE, database, noPause)).toEqual({ kind: 'refused', reason: 'newer' })
  await expect(openBook(await startFakeMain(), newProfile(database))).rejects.toMatchObject({
    constructor: BookRefused,
    reason: 'newer',
  })
  const again = await new Promise<IDBDatabase>((resolve) => {
    const request = database.indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
  })
  expect([...again.objectStoreNames]).toEqual(['customers'])
  again.close()
})

it('tries again where the browser cannot open it, then refuses', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  // Dexie itself tries a few times on end.
  for (const failing of [5, 99]) {
    const database = newDatabase()
    const open = database.indexedDB.open.bind(database.indexedDB)
    let left = failing
    const waits: number[] = []
    database.indexedDB.open = (name, version) => {
      if (left-- > 0) throw new DOMException('Internal error opening backing store', 'UnknownError')
      return open(name, version)
    }
    const opened = await openDirectory(TEST_STORE, database, {
      sleep: (ms) => Promise.resolve(void waits.push(ms)),
      retryAfterMs: [200, 1_000, 5_000],
    })
    if (opened.kind === 'opened') opened.db.close()
    expect(opened.kind).toBe(failing === 5 ? 'opened' : 'refused')
    if (failing === 99) expect(waits).toEqual([200, 1_000, 5_000])
  }
})
