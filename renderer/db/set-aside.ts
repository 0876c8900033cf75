import type { Directory } from './database.ts'

/** Keeps what could not be read, as it is (S15). Inside the transaction of the caller, if there is one. */
export async function setAside(db: Directory, table: string, values: readonly unknown[]): Promise<void> {
  if (values.length > 0) await db.setAside.bulkAdd(values.map((value) => ({ table, value })))
}
