import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import type { StoredRow } from '#renderer/db/stored.ts'
import { directoryName } from '#renderer/db/database.ts'
import { readStoredRows } from '#renderer/db/stored-rows.ts'
import { TEST_STORE } from '../../support/fake-bridge.ts'
import { newDatabase, newProfile, openTables } from './book-fixture.ts'

const NAME = directoryName(TEST_STORE)
const row = (localId: string): StoredRow => ({
  localId,
  squareId: null,
  remote: null,
  local: EMPTY_FIELDS,
  openOps: 0,
  status: 'in-square',
  deleted: false,
  hidden: false,
})

async function read(database: ReturnType<typeof newDatabase>, name = NAME) {
  const chunks: (readonly unknown[])[] = []
  const mark = await readStoredRows(database, name, (rows) => chunks.push(rows))
  return { mark, chunks, ids: chunks.flat().map((stored) => (stored as StoredRow).localId) }
}

describe('reading what is stored beside the book', () => {
  it('hands out every row once, in order, and how far the mirror was', async () => {
    const database = newDatabase()
    const tables = await openTables(newProfile(database))
    const ids = Array.from({ length: 2_001 }, (_, n) => `c${String(n).padStart(4, '0')}`)
    await tables.customers.bulkPut(ids.toReversed().map(row))
    await tables.meta.put({
      key: 'position',
      generation: 3,
      lastSeq: 41,
      pages: 2,
      stamp: 'of these rows',
      showEveryConflict: false,
    })
    const { mark, chunks, ids: found } = await read(database)
    expect(found).toEqual(ids)
    expect(chunks.map((chunk) => chunk.length)).toEqual([1_000, 1_000, 1])
    expect(mark).toEqual({ position: { generation: 3, lastSeq: 41 }, pages: 2, stamp: 'of these rows' })
  })

  it('hands out also what cannot be understood', async () => {
    const database = newDatabase()
    const tables = await openTables(newProfile(database))
    await tables.customers.put({ localId: 'x', garbled: true } as never)
    expect((await read(database)).chunks).toEqual([[{ localId: 'x', garbled: true }]])
  })

  it('finds nothing where there is no directory, and makes none', async () => {
    const database = newDatabase()
    const { mark, ids } = await read(database, 'nobody')
    expect(ids).toEqual([])
    expect(mark).toEqual({ position: { generation: 0, lastSeq: 0 }, pages: 0, stamp: null })
    expect(await database.indexedDB.databases()).toEqual([])
  })

  it('finds nothing in a database that is no directory', async () => {
    const database = newDatabase()
    await new Promise<void>((resolve) => {
      const request = database.indexedDB.open('other', 1)
      request.onsuccess = () => {
        request.result.close()
        resolve()
      }
    })
    expect((await read(database, 'other')).ids).toEqual([])
  })
})
