import { readStoredMark, readStoredRows } from '../db/stored-rows.ts'
import type { SearchReply, SearchRequest } from './search-client.ts'
import { searchDatabase } from './search-database.ts'
import { createSearchServer } from './search-server.ts'

// The worker's global scope, as far as it is used: the DOM and the worker library cannot be loaded together.
const scope = globalThis as unknown as {
  onmessage: ((event: { readonly data: SearchRequest }) => void) | null
  postMessage(reply: SearchReply): void
}
const database = { indexedDB, IDBKeyRange }
const handle = createSearchServer(
  {
    readDirectory: (directory, take, gently) => readStoredRows(database, directory, take, gently),
    readMark: (directory) => readStoredMark(database, directory),
    cacheOf: (directory) => searchDatabase(database, directory),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  },
  (reply) => scope.postMessage(reply),
)
scope.onmessage = ({ data }) => handle(data)
