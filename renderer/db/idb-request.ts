/** Where IndexedDB is; tests bring their own. */
export interface IndexedDbParts {
  readonly indexedDB: IDBFactory
  readonly IDBKeyRange: typeof IDBKeyRange
}

/** What the browser answers; rejects where it cannot. */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('not read'))
  })
}

/** The database of that name in the version it has; null where there is none, and none is made. */
export function openExisting(indexedDB: IDBFactory, name: string): Promise<IDBDatabase | null> {
  const request = indexedDB.open(name)
  let isNone = false
  request.onupgradeneeded = () => {
    isNone = true
    request.transaction?.abort() // the browser takes back what it has begun to make
  }
  return answerOf(request).catch((error: unknown) => {
    if (isNone) return null
    throw error
  })
}
