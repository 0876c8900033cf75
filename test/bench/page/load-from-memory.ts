import type { Bridge } from '#shared/ipc/bridge.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { PullResult } from '#shared/ipc/contract.ts'
import { createCustomerBook, storeKey } from '#renderer/db/customer-book.ts'
import type { CustomerBook } from '#renderer/book.ts'
import { searchLocale } from '#renderer/search/read-ahead.ts'
import { createSearchClient, type SearchPort } from '#renderer/search/search-client.ts'
import { readAllRaw } from './raw.ts'

/** As Square gives them. */
const PAGE = 100

export interface LoadFromMemory {
  readonly rows: number
  /** From the first page asked for to the last one written. */
  readonly ms: number
}

/**
 * The first load of the customers of that directory into another one, by the book of the app with its pull, projector,
 * search worker, lock and summary. Only the line is left out: every page is there when it is asked for. What it wrote
 * stays, as with `rawPuts`.
 */
export async function loadFromMemory(database: string): Promise<LoadFromMemory> {
  const remotes = (await readAllRaw<{ readonly remote: RemoteCustomer }>(database)).map(
    ({ remote }) => remote,
  )
  // As Square lists them.
  remotes.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
  const store = { merchantId: `bench-${crypto.randomUUID()}`, environment: 'sandbox' } as const
  let began = 0
  const book = bookOver(store, (cursor) => {
    if (cursor === null) began = performance.now()
    const from = Number(cursor ?? 0)
    const to = from + PAGE
    return {
      kind: 'page',
      remotes: remotes.slice(from, to),
      cursor: to < remotes.length ? String(to) : null,
      squareTime: new Date().toISOString(),
      count: cursor === null ? remotes.length : null,
      missing: [],
    }
  })
  await book.open()
  await new Promise<void>((resolve) => {
    const stop = book.watchSummary(({ pull }) => {
      if (pull.kind !== 'current') return
      resolve()
      queueMicrotask(() => stop())
    })
  })
  const ms = performance.now() - began
  await book.close()
  return { rows: remotes.length, ms }
}

function bookOver(
  store: Parameters<typeof storeKey>[0],
  list: (cursor: string | null) => PullResult,
): CustomerBook {
  const name = storeKey(store)
  const channel = new BroadcastChannel(name)
  return createCustomerBook({
    bridge: bridgeOver(list),
    store,
    country: 'US',
    search: createSearchClient(searchPort(), searchLocale()),
    newId: () => crypto.randomUUID(),
    onFault: (where, error) => console.error(where, error),
    clock: {
      wallIso: () => new Date().toISOString(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      schedule(ms, run) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    },
    database: { indexedDB, IDBKeyRange },
    memory: { read: () => null, write: () => {} },
    withLock: (run) => navigator.locks.request(`projector-${name}`, run),
    page: { isVisible: () => true, onVisible: () => () => {} },
    otherWindows: { tell: (localIds) => channel.postMessage(localIds), onTold: () => () => channel.close() },
  })
}

/** A main with an empty log. What crosses is copied, as the real bridge copies it. */
function bridgeOver(list: (cursor: string | null) => PullResult): Bridge {
  const batch = { generation: 1, reset: false, records: [], through: 0, lostTail: false }
  const invoke = {
    'outbox:since': () => Promise.resolve(batch),
    'directory:pull': (request: { readonly cursor: string | null }) =>
      Promise.resolve(structuredClone(list(request.cursor))),
  }
  const on = new Proxy({}, { get: () => () => () => {} })
  return { invoke, on } as unknown as Bridge
}

/** The app's own search worker, a second time. */
function searchPort(): SearchPort {
  const script = performance.getEntriesByType('resource').find(({ name }) => name.includes('search-worker'))
  if (!script) throw new Error('the app has loaded no search worker')
  const worker = new Worker(script.name, { type: 'module' })
  const port: SearchPort = {
    postMessage: (request) => worker.postMessage(request),
    onmessage: null,
    terminate: () => worker.terminate(),
  }
  worker.onmessage = (event) => port.onmessage?.(event as never)
  return port
}
