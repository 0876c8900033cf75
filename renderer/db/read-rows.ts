import type { CustomerRow } from '#shared/directory/row.ts'
import type { Directory } from './database.ts'
import { isStoredRow } from './parse.ts'

/**
 * Rows with these local ids or Square ids, as far as there are any. Everything is asked for before anything is waited
 * for. Inside a transaction of the caller, if there is one (S18).
 */
export async function readRows(
  db: Directory,
  localIds: readonly string[],
  squareIds: readonly string[],
): Promise<CustomerRow[]> {
  const [byLocalId, bySquareId] = await Promise.all([
    localIds.length > 0 ? db.customers.bulkGet([...localIds]) : [],
    Promise.all(squareIds.map((id) => db.customers.where('squareId').equals(id).toArray())),
  ])
  const found = new Map<string, CustomerRow>()
  for (const row of [...byLocalId, ...bySquareId.flat()]) if (isStoredRow(row)) found.set(row.localId, row)
  return [...found.values()]
}

/** Every row. Inside a transaction of the caller (S18). */
export async function readAllRows(db: Directory): Promise<CustomerRow[]> {
  return (await db.customers.toArray()).filter(isStoredRow)
}

const CHUNK = 1_000

/** What is stored of every row, as it is, a thousand at a time, in the order of local ids. */
export async function* readChunks(db: Directory): AsyncGenerator<unknown[]> {
  let last = ''
  for (;;) {
    const read: unknown[] = await db.customers.where('localId').above(last).limit(CHUNK).toArray()
    if (read.length === 0) return
    last = (read.at(-1) as { localId: string }).localId
    yield read
  }
}
