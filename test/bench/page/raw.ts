import { Dexie, type Table } from 'dexie'
import type { Bridge } from '#shared/ipc/bridge.ts'
import { PAGES_AT_ONCE } from '#renderer/db/first-load.ts'
import { sleep } from './dom.ts'
import { PAUSE_MS } from './saves.ts'

const bridge = () => (globalThis as unknown as { counterfoil: Bridge }).counterfoil

/** One question to main that costs main nothing, there and back; ms each. */
export async function ipcRoundTrips(count: number): Promise<number[]> {
  return timeEach(count, () => bridge().invoke['sync:state'](null))
}

/** One row of some 600 bytes in a strict transaction of its own; ms each. */
export async function strictPuts(count: number): Promise<number[]> {
  const db = new Dexie('bench-strict', { chromeTransactionDurability: 'strict' }) as Dexie & {
    readonly rows: Table<object, string>
  }
  db.version(1).stores({ rows: 'localId, squareId, status' })
  await db.open()
  let n = 0
  const times = await timeEach(count, () => {
    n += 1
    return db.rows.put({ localId: `row-${n}`, squareId: `S${n}`, status: 'in-square', note: 'x'.repeat(560) })
  })
  await db.delete()
  return times
}

/** Everything in the directory's table of customers. */
export async function readAllRaw<T>(database: string): Promise<T[]> {
  const from = await opened(indexedDB.open(database))
  const rows = await opened<T[]>(from.transaction('customers').objectStore('customers').getAll())
  from.close()
  return rows
}

/** As many rows a transaction as the pull writes at once: what is gained by that is not ours. */
const ROWS_AT_ONCE = 100 * PAGES_AT_ONCE

/**
 * The rows of that directory put again, in relaxed transactions, with nothing but IndexedDB; ms for all. They stay: the
 * browser would go on clearing them away beside what is measured next.
 */
export async function rawPuts(database: string): Promise<{ readonly rows: number; readonly ms: number }> {
  const rows = await readAllRaw<object>(database)
  const request = indexedDB.open(`bench-raw-${crypto.randomUUID()}`)
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore('customers', { keyPath: 'localId' })
    store.createIndex('squareId', 'squareId')
    store.createIndex('status', 'status')
  }
  const to = await opened(request)
  const before = performance.now()
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const transaction = to.transaction('customers', 'readwrite', { durability: 'relaxed' })
    const store = transaction.objectStore('customers')
    for (const row of rows.slice(at, at + ROWS_AT_ONCE)) store.put(row)
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onerror = () => reject(transaction.error ?? new Error('the transaction failed'))
    })
  }
  const ms = performance.now() - before
  to.close()
  return { rows: rows.length, ms }
}

/** With the pauses of the saves: what wakes from idle takes longer than what follows at once. */
async function timeEach(count: number, run: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    await sleep(PAUSE_MS)
    const before = performance.now()
    await run()
    times.push(performance.now() - before)
  }
  return times
}

function opened<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the request failed'))
  })
}
