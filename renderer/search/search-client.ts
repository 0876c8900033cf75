import type { CustomerFields } from '#shared/customer/customer.ts'
import type { ListRow, SearchAnswer } from '../book.ts'
import type { SearchEntry } from './search-entry.ts'
import { createSearchIndex } from './search-index.ts'

/** The search as the book uses it, wherever the index lives. */
export interface SearchClient {
  /** Replaces what is held by these customers, in chunks as they are read from disk. */
  load(chunks: AsyncIterable<readonly SearchEntry[]>): Promise<void>
  upsert(entries: readonly SearchEntry[]): void
  remove(localIds: readonly string[]): void
  query(text: string, offset: number, limit: number): Promise<SearchAnswer>
  alike(fields: Partial<CustomerFields>, exceptLocalId: string | null): Promise<readonly ListRow[]>
  close(): void
}

/** What is asked of the worker; commands without an answer are carried out in the order they were sent. */
export type SearchRequest =
  | { readonly kind: 'start'; readonly locale: string }
  | { readonly kind: 'upsert'; readonly entries: readonly SearchEntry[] }
  | { readonly kind: 'remove'; readonly localIds: readonly string[] }
  | {
      readonly kind: 'query'
      readonly call: number
      readonly text: string
      readonly offset: number
      readonly limit: number
    }
  | {
      readonly kind: 'alike'
      readonly call: number
      readonly fields: Partial<CustomerFields>
      readonly exceptLocalId: string | null
    }
export type SearchReply =
  | { readonly kind: 'found'; readonly call: number; readonly answer: SearchAnswer }
  | { readonly kind: 'alike'; readonly call: number; readonly rows: readonly ListRow[] }

/** The client's end of the line to the worker. */
export interface SearchPort {
  postMessage(request: SearchRequest): void
  onmessage: ((event: { readonly data: SearchReply }) => void) | null
  terminate(): void
}

/** A client of an index behind a port. Answers still awaited when it is closed never come. */
export function createSearchClient(port: SearchPort, locale: string): SearchClient {
  const waiting = new Map<number, (reply: SearchReply) => void>()
  let calls = 0
  port.onmessage = ({ data }) => {
    waiting.get(data.call)?.(data)
    waiting.delete(data.call)
  }
  const ask = <R extends SearchReply>(request: (call: number) => SearchRequest): Promise<R> =>
    new Promise((resolve) => {
      const call = ++calls
      // The worker answers a request of a kind with a reply of that kind: `search-worker.ts`.
      waiting.set(call, resolve as (reply: SearchReply) => void)
      port.postMessage(request(call))
    })

  return {
    async load(chunks) {
      port.postMessage({ kind: 'start', locale })
      for await (const entries of chunks) port.postMessage({ kind: 'upsert', entries })
    },
    upsert: (entries) => port.postMessage({ kind: 'upsert', entries }),
    remove: (localIds) => port.postMessage({ kind: 'remove', localIds }),
    async query(text, offset, limit) {
      const reply = await ask<Extract<SearchReply, { kind: 'found' }>>((call) => ({
        kind: 'query',
        call,
        text,
        offset,
        limit,
      }))
      return reply.answer
    },
    async alike(fields, exceptLocalId) {
      const reply = await ask<Extract<SearchReply, { kind: 'alike' }>>((call) => ({
        kind: 'alike',
        call,
        fields,
        exceptLocalId,
      }))
      return reply.rows
    },
    close() {
      port.onmessage = null
      waiting.clear()
      port.terminate()
    },
  }
}

/** The client over a worker of its own. */
export function createWorkerSearch(locale: string): SearchClient {
  const worker = new Worker(new URL('./search-worker.ts', import.meta.url), {
    type: 'module',
    name: 'search',
  })
  const port: SearchPort = {
    postMessage: (request) => worker.postMessage(request),
    onmessage: null,
    terminate: () => worker.terminate(),
  }
  worker.onmessage = (event: MessageEvent<SearchReply>) => port.onmessage?.(event)
  return createSearchClient(port, locale)
}

/** The index in the same thread: for tests, and where no worker can be had. */
export function createLocalSearch(locale: string): SearchClient {
  let index = createSearchIndex(locale)
  return {
    async load(chunks) {
      index = createSearchIndex(locale)
      for await (const entries of chunks) index.upsert(entries)
    },
    upsert: (entries) => index.upsert(entries),
    remove: (localIds) => index.remove(localIds),
    query: (text, offset, limit) => Promise.resolve(index.query(text, offset, limit)),
    alike: (fields, exceptLocalId) => Promise.resolve(index.alike(fields, exceptLocalId)),
    close() {},
  }
}
