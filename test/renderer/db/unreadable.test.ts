import { expect, it, onTestFinished } from 'vitest'
import { BookRefused } from '#renderer/book.ts'
import { directoryName } from '#renderer/db/database.ts'
import type { IndexedDbParts } from '#renderer/db/idb-request.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, TEST_STORE } from '../../support/fake-bridge.ts'
import { databaseThrough, newProfile, openBook, pulled, titles, type Profile } from './book-fixture.ts'

/** A directory with Ana in it, which the browser opens and of which it cannot read `broken.store`. */
async function shop() {
  const broken = { store: '' }
  const boom = () => {
    throw new DOMException('Internal error', 'UnknownError')
  }
  const database = databaseThrough((transaction) => (stores, mode, options) => {
    const tx = transaction(stores, mode, options)
    const objectStore = tx.objectStore.bind(tx)
    tx.objectStore = (store) => {
      const found = objectStore(store)
      return store === broken.store
        ? Object.assign(found, { get: boom, getAll: boom, openCursor: boom })
        : found
    }
    return tx
  })
  const main = await startFakeMain({ square: [remoteOf('SQ1', { givenName: 'Ana' })] })
  const profile = newProfile(database)
  const { book } = await openBook(main, profile)
  await pulled(book)
  await book.close()
  return { main, profile, broken, connections: connectionsTo(database) }
}
/** How many connections to the directory are open, of those opened from now on. */
function connectionsTo({ indexedDB }: IndexedDbParts): () => number {
  let count = 0
  const open = indexedDB.open.bind(indexedDB)
  indexedDB.open = (name, version) => {
    const request = open(name, version)
    request.addEventListener('success', () => {
      const db = request.result
      if (name !== directoryName(TEST_STORE)) return
      count += 1
      const close = db.close.bind(db)
      let isOpen = true
      db.close = () => {
        if (isOpen) count -= 1
        isOpen = false
        close()
      }
    })
    return request
  }
  return () => count
}
const failure = (opening: Promise<unknown>) =>
  opening.then(
    () => null,
    (error: unknown) => error,
  )

it.each(['meta', 'outbox', 'logState', 'redirects', 'customers', 'pull'])(
  'S25: a directory that opens, and of which "%s" cannot be read, is refused like one that does not open',
  async (store) => {
    const { main, profile, broken, connections } = await shop()
    broken.store = store
    const error = await failure(openBook(main, profile))
    expect(error).toBeInstanceOf(BookRefused)
    expect(error).toMatchObject({ reason: 'unreadable' })
    // Trying again opens no further connection beside one that nobody uses.
    await failure(openBook(main, profile))
    expect(connections()).toBe(0)
    // Nothing was put aside or deleted: where the browser can read it again, it is there.
    broken.store = ''
    expect(await titles((await openBook(main, profile)).book)).toEqual(['Ana'])
    expect(connections()).toBe(1)
  },
)

it.each(['drafts', 'answers'] as const)('S25: so is one whose %s cannot be read', async (store) => {
  const { main, profile, broken } = await shop()
  const { book } = await openBook(main, profile)
  broken.store = store
  const read = store === 'drafts' ? () => book.drafts() : () => book.answerDrafts()
  expect(await failure(read())).toMatchObject({ constructor: BookRefused, reason: 'unreadable' })
})

it('S25: what goes wrong elsewhere is no reason to put a directory aside; the book is closed all the same', async () => {
  const { main, profile, connections } = await shop()
  const wrong = new Error('no room for it')
  const forgetful: Profile = {
    ...profile,
    memory: {
      read: () => null,
      write() {
        throw wrong
      },
    },
  }
  expect(await failure(openBook(main, forgetful))).toBe(wrong)
  expect(connections()).toBe(0)
  // A main that cannot be asked keeps nobody from what is here.
  main.override('outbox:since', () => Promise.reject(new Error('main is busy')))
  const { book } = await openBook(main, profile)
  onTestFinished(() => book.close())
  expect(await titles(book)).toEqual(['Ana'])
})
