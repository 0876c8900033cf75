import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { onTestFinished } from 'vitest'
import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import type { Answer } from '#shared/outbox/record.ts'
import type { BookSummary, CustomerBook, CustomerCard, SaveResult } from '#renderer/book.ts'
import { createCustomerBook, type OtherWindows } from '#renderer/db/customer-book.ts'
import { openDirectory, type Directory } from '#renderer/db/database.ts'
import type { IndexedDbParts } from '#renderer/db/idb-request.ts'
import type { Position } from '#renderer/db/mirror-mark.ts'
import type { PositionMemory } from '#renderer/db/position-memory.ts'
import { oneAtATime, type OneAtATime } from '#renderer/db/one-at-a-time.ts'
import { readStoredMark, readStoredRows } from '#renderer/db/stored-rows.ts'
import { createSearchClient, type SearchClient, type SearchPort } from '#renderer/search/search-client.ts'
import { searchDatabase } from '#renderer/search/search-database.ts'
import { createSearchServer, type SearchPorts } from '#renderer/search/search-server.ts'
import { TEST_STORE, type FakeMain } from '../../support/fake-bridge.ts'

/** A browser profile: what is left when a window closes. */
export interface Profile {
  readonly database: IndexedDbParts
  readonly memory: PositionMemory
  readonly withLock: OneAtATime
  readonly otherWindows: () => OtherWindows
  /** How the search worker waits until nobody needs it. */
  searchSleep: (ms: number) => Promise<void>
  /** How often a search has read every row before it was of use. */
  fullReads: number
}
export function newProfile(database: IndexedDbParts = newDatabase()): Profile {
  let remembered: Position | null = null
  const windows = new Set<(localIds: readonly string[]) => void>()
  return {
    database,
    memory: { read: () => remembered, write: (position) => void (remembered = position) },
    withLock: oneAtATime(),
    searchSleep: () => new Promise(() => {}),
    fullReads: 0,
    otherWindows: () => {
      let own: ((localIds: readonly string[]) => void) | null = null
      return {
        tell: (localIds) => windows.forEach((listener) => listener !== own && listener(localIds)),
        onTold(listener) {
          own = listener
          windows.add(listener)
          return () => windows.delete(listener)
        },
      }
    },
  }
}
export function newDatabase(): IndexedDbParts {
  return {
    indexedDB: new IDBFactory(),
    IDBKeyRange: IDBKeyRange,
  }
}

type Transact = IDBDatabase['transaction']
/** A browser of which every database hands out its transactions as `through` makes them. */
export function databaseThrough(through: (transaction: Transact) => Transact): IndexedDbParts {
  const database = newDatabase()
  const open = database.indexedDB.open.bind(database.indexedDB)
  database.indexedDB.open = (name, version) => {
    const request = open(name, version)
    request.addEventListener('success', () => {
      const db = request.result
      db.transaction = through(db.transaction.bind(db))
    })
    return request
  }
  return database
}
/** One whose disk takes nothing for the stores `isRefused` names, and takes note of it. */
export function databaseOnDisk(isRefused: (store: string) => boolean, onRefused = () => {}): IndexedDbParts {
  const refuse = () => {
    onRefused()
    throw new DOMException('the disk is full', 'QuotaExceededError')
  }
  return databaseThrough((transaction) => (stores, mode, options) => {
    const tx = transaction(stores, mode, options)
    const objectStore = tx.objectStore.bind(tx)
    tx.objectStore = (store) => {
      const found = objectStore(store)
      return isRefused(store) ? Object.assign(found, { put: refuse, add: refuse }) : found
    }
    return tx
  })
}

export interface OpenedTestBook {
  readonly book: CustomerBook
  readonly notice: Awaited<ReturnType<CustomerBook['open']>>
  readonly timers: Timers
  /** Where something of ours threw. */
  readonly faults: readonly [string, unknown][]
}
/** Time that passes when the test says so. */
export interface Timers {
  readonly waiting: { readonly ms: number; readonly run: () => void }[]
  fire(): void
}

/** The book of a window that has just opened; closed when the test ends. */
export async function openBook(
  main: FakeMain,
  profile: Profile = newProfile(),
  search: SearchClient = localSearch(profile),
): Promise<OpenedTestBook> {
  const timers = manualTimers()
  const faults: [string, unknown][] = []
  const book = createCustomerBook({
    bridge: main.bridge,
    store: TEST_STORE,
    country: 'US',
    search,
    newId: () => crypto.randomUUID(),
    onFault: (where, error) => void faults.push([where, error]),
    clock: {
      wallIso: () => '2026-03-02T10:15:00.000Z',
      sleep: () => Promise.resolve(),
      schedule: (ms, run) => timers.schedule(ms, run),
    },
    database: profile.database,
    memory: profile.memory,
    withLock: profile.withLock,
    page: { isVisible: () => true, onVisible: () => () => {} },
    otherWindows: profile.otherWindows(),
  })
  onTestFinished(() => book.close())
  const notice = await book.open()
  return { book, notice, timers, faults }
}

/** The search in the same thread, with a line that copies as a worker's does. */
export function localSearch(profile: Profile, over: Partial<SearchPorts> = {}): SearchClient {
  const { database } = profile
  const port: SearchPort = {
    postMessage: (request) => serve(structuredClone(request)),
    onmessage: null,
    terminate() {},
  }
  const serve = createSearchServer(
    {
      readDirectory(directory, take, gently) {
        if (!gently) profile.fullReads += 1
        return readStoredRows(database, directory, take, gently)
      },
      readMark: (directory) => readStoredMark(database, directory),
      cacheOf: (directory) => searchDatabase(database, directory),
      sleep: (ms) => profile.searchSleep(ms),
      ...over,
    },
    (reply) => port.onmessage?.({ data: structuredClone(reply) }),
  )
  return createSearchClient(port, 'en')
}

function manualTimers() {
  const waiting: { ms: number; run: () => void }[] = []
  return {
    waiting,
    schedule(ms: number, run: () => void) {
      const timer = { ms, run }
      waiting.push(timer)
      return () => {
        const at = waiting.indexOf(timer)
        if (at >= 0) waiting.splice(at, 1)
      }
    },
    fire() {
      for (const timer of waiting.splice(0)) timer.run()
    },
  }
}

/** The directory itself, beside the book. */
export async function openTables(profile: Profile): Promise<Directory> {
  const opened = await openDirectory(TEST_STORE, profile.database, {
    sleep: () => Promise.resolve(),
    retryAfterMs: [],
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  onTestFinished(() => opened.db.close())
  return opened.db
}

/** Resolves with the first summary that fits. */
export function summaryWhere(
  book: CustomerBook,
  fits: (summary: BookSummary) => boolean,
): Promise<BookSummary> {
  return new Promise((resolve) => {
    const stop = book.watchSummary((summary) => {
      if (!fits(summary)) return
      resolve(summary)
      queueMicrotask(() => stop())
    })
  })
}
/** Resolves once the pull under way is complete. */
export async function pulled(book: CustomerBook): Promise<void> {
  await summaryWhere(book, ({ pull }) => pull.kind === 'current')
}

/** Resolves with the first card of that customer that fits. */
export function cardWhere(
  book: CustomerBook,
  localId: string,
  fits: (card: CustomerCard | null) => boolean = () => true,
): Promise<CustomerCard | null> {
  return new Promise((resolve) => {
    const stop = book.watchCard(localId, (card) => {
      if (!fits(card)) return
      resolve(card)
      queueMicrotask(() => stop())
    })
  })
}
export async function cardOf(book: CustomerBook, localId: string): Promise<CustomerCard> {
  const card = await cardWhere(book, localId)
  if (!card) throw new Error('no card')
  return card
}

export async function titles(book: CustomerBook, text = ''): Promise<string[]> {
  return (await book.search(text, { offset: 0, limit: 1_000 })).rows.map((row) => row.title)
}
/** The local id of the customer with that title. */
export async function idOf(book: CustomerBook, title: string): Promise<string> {
  const { rows } = await book.search('', { offset: 0, limit: 1_000 })
  const row = rows.find((of) => of.title === title)
  if (!row) throw new Error(`no customer ${title}`)
  return row.localId
}

export async function add(book: CustomerBook, fields: Partial<CustomerFields>): Promise<string> {
  const form = await book.openForm(null)
  const result = await book.save(form!, { ...form!.shown, ...fields }, null)
  if (result.kind !== 'saved') throw new Error(`not saved: ${JSON.stringify(result)}`)
  return result.localId
}
export async function edit(
  book: CustomerBook,
  localId: string,
  fields: Partial<CustomerFields>,
): Promise<SaveResult> {
  const form = await book.openForm(localId)
  if (!form) throw new Error('no form')
  return book.save(form, { ...form.shown, ...fields }, null)
}

/** What the engine would do next for that operation: note that it was sent. */
export async function send(main: FakeMain, opId: string): Promise<void> {
  const entry = openEntry(main, opId)
  await main.record({
    kind: 'sent',
    opId,
    attempt: entry.attempts.size + 1,
    squareId: entry.op.kind === 'create' ? null : entry.op.squareId,
    version: entry.op.kind === 'create' ? null : (entry.op.basis?.version ?? '0'),
    body: {},
    squareTime: entry.op.kind === 'create' ? Date.parse(main.squareTime) : null,
  })
}
export async function settle(main: FakeMain, opId: string, answer: Answer): Promise<void> {
  await main.record({ kind: 'answered', opId, attempt: openEntry(main, opId).attempts.size, answer })
}
export async function apply(main: FakeMain, opId: string, remote: RemoteCustomer | null): Promise<void> {
  await send(main, opId)
  await settle(main, opId, { kind: 'applied', remote, how: 'sent' })
}
export function openEntry(main: FakeMain, opId: string): Entry {
  const entry = main.outbox().state().entries.get(opId)
  if (!entry) throw new Error(`operation ${opId} is not open`)
  return entry
}
/** Ids of all open operations, oldest first. */
export function openIds(main: FakeMain): string[] {
  return [...main.outbox().state().entries.keys()]
}
