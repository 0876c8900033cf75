import type { CustomerFields } from '#shared/customer/customer.ts'
import type { ListRow, SearchAnswer } from '../book.ts'
import type { MirrorMark, Step } from '../db/mirror-mark.ts'
import type { SearchEntry } from './search-entry.ts'

/** The search as the book uses it, wherever the index lives. */
export interface SearchClient {
  /**
   * Replaces what is held by the customers of that directory. What was read ahead stands where it was read at one of
   * these marks; else it is read again. Resolves with the local ids of what could not be read (S15); rejects where the
   * browser cannot read.
   */
  load(directory: string, marks: readonly MirrorMark[]): Promise<readonly string[]>
  change(change: SearchChange): void
  /** Rows that were found damaged after the load (S15): they are looked through while nobody waits. */
  onDamaged(listener: (localIds: readonly string[]) => void): void
  query(text: string, offset: number, limit: number): Promise<SearchAnswer>
  alike(fields: Partial<CustomerFields>, exceptLocalId: string | null): Promise<readonly ListRow[]>
  close(): void
}

/** What is asked of the worker; commands without an answer are carried out in the order they were sent. */
export type SearchRequest =
  /** Nobody waits for it yet: the load that comes later does. */
  | { readonly kind: 'read'; readonly directory: string; readonly locale: string }
  | LoadRequest
  | { readonly kind: 'change'; readonly change: SearchChange }
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
/** What of the list is another now. */
export interface SearchChange {
  readonly entries: readonly SearchEntry[]
  readonly gone: readonly string[]
  /** This is all that one write changed (see `SearchCache`); null: it is only how those customers are now. */
  readonly step: Step | null
}
export interface LoadRequest {
  readonly kind: 'load'
  readonly call: number
  readonly directory: string
  readonly locale: string
  readonly marks: readonly MirrorMark[]
}
export type SearchReply =
  | { readonly kind: 'loaded'; readonly call: number; readonly damaged: readonly string[] }
  | { readonly kind: 'damaged'; readonly localIds: readonly string[] }
  | { readonly kind: 'not-loaded'; readonly call: number; readonly why: string }
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
  let damaged: (localIds: readonly string[]) => void = () => {}
  port.onmessage = ({ data }) => {
    if (data.kind === 'damaged') return damaged(data.localIds)
    waiting.get(data.call)?.(data)
    waiting.delete(data.call)
  }
  const ask = <R extends SearchReply>(request: (call: number) => SearchRequest): Promise<R> =>
    new Promise((resolve) => {
      const call = ++calls
      // The worker answers a request of a kind with a reply of that kind: `search-server.ts`.
      waiting.set(call, resolve as (reply: SearchReply) => void)
      port.postMessage(request(call))
    })

  return {
    async load(directory, marks) {
      const reply = await ask<Extract<SearchReply, { kind: 'loaded' | 'not-loaded' }>>((call) => ({
        kind: 'load',
        call,
        directory,
        locale,
        marks,
      }))
      if (reply.kind === 'not-loaded') {
        // Under the name of what the worker met: whether that was the database is for the book to say.
        throw Object.assign(new Error(`the directory cannot be read: ${reply.why}`), { name: reply.why })
      }
      return reply.damaged
    },
    change: (change) => port.postMessage({ kind: 'change', change }),
    onDamaged: (listener) => void (damaged = listener),
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

/** The client over that worker. */
export function createWorkerSearch(worker: Worker, locale: string): SearchClient {
  const port: SearchPort = {
    postMessage: (request) => worker.postMessage(request),
    onmessage: null,
    terminate: () => worker.terminate(),
  }
  worker.onmessage = (event: MessageEvent<SearchReply>) => port.onmessage?.(event)
  return createSearchClient(port, locale)
}
