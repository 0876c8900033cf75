import { answerOf, openExisting, type IndexedDbParts } from './idb-request.ts'
import { markIn, type MirrorMark } from './mirror-mark.ts'

/** As many rows as are asked for at a time: a transaction of its own each, so that no writer waits for all of them. */
const CHUNK = 1_000

/** Beside whoever is at the counter: fewer rows at a time, and a pause after them. */
export interface Gently {
  readonly rows: number
  readonly between: () => Promise<void>
}

/**
 * Hands out what is stored of every row of that directory, as it is, in the order of local ids, and answers how far the
 * mirror was before the first of them was read. Where there is no directory nothing is handed out, and none is made.
 * Without Dexie: the search worker reads it beside the page, before anybody has opened the book. Rejects where the
 * browser cannot read.
 */
export async function readStoredRows(
  { indexedDB, IDBKeyRange }: IndexedDbParts,
  directory: string,
  take: (rows: readonly unknown[]) => void,
  gently?: Gently,
): Promise<MirrorMark> {
  const db = await openDirectory(indexedDB, directory)
  if (!db) return markIn(undefined)
  try {
    const mark = await markOn(db)
    let chunk = await readAfter('')
    while (chunk.length > 0) {
      // The next ones are on their way while these are taken.
      const next = readAfter((chunk.at(-1) as { localId: string }).localId)
      next.catch(() => {})
      take(chunk)
      await gently?.between()
      chunk = await next
    }
    return mark
  } finally {
    db.close()
  }

  function readAfter(localId: string): Promise<unknown[]> {
    const customers = db!.transaction('customers').objectStore('customers')
    return answerOf(customers.getAll(IDBKeyRange.lowerBound(localId, true), gently?.rows ?? CHUNK))
  }
}

/** How far the mirror of that directory is. Rejects where the browser cannot read. */
export async function readStoredMark({ indexedDB }: IndexedDbParts, directory: string): Promise<MirrorMark> {
  const db = await openDirectory(indexedDB, directory)
  if (!db) return markIn(undefined)
  try {
    return await markOn(db)
  } finally {
    db.close()
  }
}

/** Null where there is none. */
async function openDirectory(indexedDB: IDBFactory, directory: string): Promise<IDBDatabase | null> {
  const db = await openExisting(indexedDB, directory)
  if (!db) return null
  // Whoever wants to change or delete it does not wait for us.
  db.onversionchange = () => db.close()
  const names = [...db.objectStoreNames]
  if (names.includes('customers') && names.includes('meta')) return db
  db.close()
  return null
}

async function markOn(db: IDBDatabase): Promise<MirrorMark> {
  return markIn(await answerOf(db.transaction('meta').objectStore('meta').get('position')))
}
