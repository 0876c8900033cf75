import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import type { CustomerBook } from '#renderer/book.ts'
import { directoryName } from '#renderer/db/database.ts'
import type { IndexedDbParts } from '#renderer/db/idb-request.ts'
import type { SearchCache } from '#renderer/search/search-cache.ts'
import type { SearchPorts } from '#renderer/search/search-server.ts'
import { answerOf } from '#renderer/db/idb-request.ts'
import { searchDatabase } from '#renderer/search/search-database.ts'
import { TEST_STORE } from '../../support/fake-bridge.ts'
import {
  add,
  apply,
  cardOf,
  databaseOnDisk,
  edit,
  localSearch,
  newProfile,
  openBook,
  openEntry,
  openIds,
  pulled,
} from './book-fixture.ts'

export const DIRECTORY = directoryName(TEST_STORE)
/** Of which tables the disk takes nothing. */
export type Refused = 'nothing' | 'rows' | 'copy' | 'everything'
const REFUSED: Readonly<Record<Refused, (store: string) => boolean>> = {
  nothing: () => false,
  rows: (store) => store === 'customers',
  copy: (store) => store === 'changes' || store === 'base',
  everything: () => true,
}

/** A shop with up to two windows, and what happens in it; after each restart its search can be held against the rows. */
export async function openShop() {
  const disk: { refused: Refused } = { refused: 'nothing' }
  const profile = newProfile(databaseOnDisk((store) => REFUSED[disk.refused](store)))
  const sleeping: (() => void)[] = []
  profile.searchSleep = () => new Promise((wake) => void sleeping.push(wake))
  const main = await startFakeMain({
    square: ['Ana', 'Bo', 'Cy', 'Di'].map((name, n) => remoteOf(`SQ${n}`, { givenName: name })),
  })
  main.pageSize = 2
  let created = main.square.length
  let version = 0
  type Window = Awaited<ReturnType<typeof openWindow>>
  const windows: (Window | null)[] = [null, null]

  async function openWindow() {
    const worker = { ended: false }
    const search = localSearch(profile, { cacheOf: (directory) => endingWith(worker, directory) })
    const opened = await openBook(main, profile, search)
    return { ...opened, worker }
  }
  function endingWith(worker: { readonly ended: boolean }, directory: string): SearchCache {
    const cache = searchDatabase(profile.database, directory)
    const unlessEnded = async (run: () => Promise<void>) => (worker.ended ? undefined : run())
    return {
      ...cache,
      append: (change) => unlessEnded(() => cache.append(change)),
      replace: (base, upTo) => unlessEnded(() => cache.replace(base, upTo)),
      drop: () => unlessEnded(() => cache.drop()),
    }
  }
  async function windowOf(n: number): Promise<Window> {
    return (windows[n] ??= await openWindow())
  }
  const everybody = async (book: CustomerBook) => (await book.search('', { offset: 0, limit: 100 })).rows
  async function someone(book: CustomerBook, nth: number): Promise<string | null> {
    const rows = await everybody(book)
    return rows[nth % Math.max(rows.length, 1)]?.localId ?? null
  }
  /** A change in Square, listed by the next pull. */
  function inSquare(nth: number, name: string): void {
    const at = nth % (main.square.length + 1)
    const old = main.square[at]
    version += 1
    const over = { version: String(version), updatedAt: '2026-03-02T10:00:00.000Z' }
    main.square[at] = remoteOf(old?.id ?? `SQ${created++}`, { ...old?.fields, familyName: name }, over)
  }

  return {
    main,
    profile,
    disk,
    window: windowOf,
    add: async (n: number, name: string) => void (await add((await windowOf(n)).book, { givenName: name })),
    async edit(n: number, nth: number, name: string) {
      const { book } = await windowOf(n)
      const localId = await someone(book, nth)
      if (localId) await edit(book, localId, { familyName: name }).catch(() => {})
    },
    async remove(n: number, nth: number) {
      const { book } = await windowOf(n)
      const localId = await someone(book, nth)
      if (localId)
        await cardOf(book, localId).then(
          (card) => book.remove(card),
          () => {},
        )
    },
    /** The engine gets through with what waits first. */
    async send() {
      const [opId] = openIds(main)
      if (opId === undefined) return
      const { op } = openEntry(main, opId)
      version += 1
      const over = { version: String(version) }
      if (op.kind === 'delete') return apply(main, opId, null)
      const id = op.kind === 'create' ? `SQ${created++}` : (op.squareId ?? 'SQ0')
      const named = Object.fromEntries(
        Object.entries(op.patch).map(([field, change]) => [field, change.local]),
      )
      const old = main.square.find((remote) => remote.id === id)
      await apply(main, opId, remoteOf(id, { ...old?.fields, ...named }, over))
    },
    async withdraw() {
      const [opId] = openIds(main)
      if (opId !== undefined) await main.record({ kind: 'withdrawn', opIds: [opId], why: 'undo' })
    },
    async merge(nth: number, name: string) {
      const from = main.square[nth % main.square.length]!.id
      const to = `SQ${created++}`
      const remote = remoteOf(to, { givenName: name }, { creationSource: 'MERGE' })
      main.square.push(remote)
      await main.record({ kind: 'alias', fromSquareId: from, toSquareId: to, remote })
    },
    async pull(n: number, nth: number, name: string) {
      inSquare(nth, name)
      const { book } = await windowOf(n)
      main.emit('directory:wake', { reason: 'asked' })
      if (disk.refused === 'nothing') await pulled(book)
    },
    /** Nobody asks for anything for a while: what waits for that goes on. */
    async quiet(times = 40) {
      for (let i = 0; i < times; i++) {
        for (const wake of sleeping.splice(0)) wake()
        await tick()
      }
    },
    /** The search worker of that window keeps nothing any more: it ends before the window does. */
    async crash(n: number) {
      ;(await windowOf(n)).worker.ended = true
    },
    async close() {
      await tick()
      for (const [n, window] of windows.entries()) {
        await window?.book.close()
        windows[n] = null
      }
      sleeping.length = 0
      await tick()
    },
    /** One kept change is lost, or all of the base. */
    async lose(what: 'base' | 'changes', nth: number) {
      const name = `search-of-${DIRECTORY}`
      if (!(await profile.database.indexedDB.databases()).some((known) => known.name === name)) return
      const db = await opened(profile.database, name)
      const store = db.transaction(what, 'readwrite').objectStore(what)
      const keys = await answerOf(store.getAllKeys())
      const key = keys[nth % Math.max(keys.length, 1)]
      if (key !== undefined) store.delete(key)
      db.close()
      await tick()
    },
    /** What a start makes of the copy, and what the rows say; `over` spoils the start. Nothing may be open. */
    async compare(over: Partial<SearchPorts> = {}) {
      const before = profile.fullReads
      const started = localSearch(profile, { sleep: () => new Promise(() => {}), ...over })
      await started.load(DIRECTORY, [])
      const byRows = localSearch(profile, { sleep: () => new Promise(() => {}), cacheOf: () => NOTHING_KEPT })
      const read = profile.fullReads
      await byRows.load(DIRECTORY, [])
      return {
        fromCopy: read === before,
        found: await answersOf(started),
        expected: await answersOf(byRows),
      }
    },
    kept: () => searchDatabase(profile.database, DIRECTORY).read(),
  }
}
export type Shop = Awaited<ReturnType<typeof openShop>>

export const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 2))

const NOTHING_KEPT = {
  read: () => Promise.resolve(null),
  append: () => Promise.resolve(),
  newest: () => Promise.resolve(0),
  replace: () => Promise.resolve(),
  drop: () => Promise.resolve(),
}

async function answersOf(search: ReturnType<typeof localSearch>) {
  const answers: unknown[] = []
  for (const text of ['', 'a', 'an', 'bo', 'zo', 'mü', 'ruiz', 'x'])
    answers.push(await search.query(text, 0, 100))
  for (const givenName of ['Ana', 'Zoë'])
    answers.push(await search.alike({ givenName, familyName: 'Ruiz' }, null))
  return answers
}

function opened({ indexedDB }: IndexedDbParts, name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name)
  return answerOf(request)
}
