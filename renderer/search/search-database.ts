import { answerOf, openExisting, type IndexedDbParts } from '../db/idb-request.ts'
import type { KeptBase, KeptChange, SearchCache } from './search-cache.ts'

/** Of the base, what it is (0) and its parts in order; of changes, each. */
const BASE = 'base'
const CHANGES = 'changes'

/** The database in which the search of that directory keeps its copy. It is made when something is kept. */
export function searchDatabase({ indexedDB, IDBKeyRange }: IndexedDbParts, directory: string): SearchCache {
  const name = `search-of-${directory}`
  let held: Promise<IDBDatabase> | null = null

  /** Makes it where there is none. */
  function opened(): Promise<IDBDatabase> {
    held ??= make()
    return held
  }

  async function make(): Promise<IDBDatabase> {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(BASE)
      request.result.createObjectStore(CHANGES, { autoIncrement: true })
    }
    const db = await answerOf(request)
    // Another window drops it: it is made anew when something is kept again.
    db.onversionchange = release
    db.onclose = () => (held = null)
    return db
  }

  function release(): void {
    held?.then((db) => db.close()).catch(() => {})
    held = null
  }

  /** Relaxed: all of it can be read from the directory again. */
  async function write(stores: string[], run: (transaction: IDBTransaction) => void): Promise<void> {
    const db = await opened()
    await new Promise<void>((resolve, reject) => {
      const transaction = db.transaction(stores, 'readwrite', { durability: 'relaxed' })
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('not kept'))
      run(transaction)
    })
  }

  return {
    async read() {
      const db = await openExisting(indexedDB, name)
      if (!db) return null
      try {
        const transaction = db.transaction([BASE, CHANGES])
        const [[head, ...everybody], changes] = await Promise.all([
          answerOf<unknown[]>(transaction.objectStore(BASE).getAll()),
          answerOf<unknown[]>(transaction.objectStore(CHANGES).getAll()),
        ])
        return { base: { ...(head as object | undefined), everybody }, changes }
      } finally {
        db.close()
      }
    },
    append: (change: KeptChange) => write([CHANGES], (all) => void all.objectStore(CHANGES).add(change)),
    async newest() {
      const db = await opened()
      const cursor = await answerOf(db.transaction(CHANGES).objectStore(CHANGES).openKeyCursor(null, 'prev'))
      return cursor ? Number(cursor.key) : 0
    },
    replace: (base: KeptBase, upTo) =>
      write([BASE, CHANGES], (all) => {
        const { everybody, ...head } = base
        const store = all.objectStore(BASE)
        store.clear()
        store.put(head, 0)
        all.objectStore(CHANGES).delete(IDBKeyRange.upperBound(upTo))
        // One after the other: each is copied for the browser while nobody is heard.
        const putFrom = (at: number) => {
          if (at < everybody.length) store.put(everybody[at], at + 1).onsuccess = () => putFrom(at + 1)
        }
        putFrom(0)
      }),
    drop() {
      release()
      return new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(name)
        request.onsuccess = request.onerror = () => resolve()
      })
    },
  }
}
