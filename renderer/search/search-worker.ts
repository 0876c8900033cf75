import { readStoredRows } from '../db/stored-rows.ts'
import type { SearchReply, SearchRequest } from './search-client.ts'
import { createSearchServer } from './search-server.ts'

// The worker's global scope, as far as it is used: the DOM and the worker library cannot be loaded together.
const scope = globalThis as unknown as {
  onmessage: ((event: { readonly data: SearchRequest }) => void) | null
  postMessage(reply: SearchReply): void
}
const handle = createSearchServer(
  (directory, take) => readStoredRows({ indexedDB, IDBKeyRange }, directory, take),
  (reply) => scope.postMessage(reply),
)
scope.onmessage = ({ data }) => handle(data)
