import { Dexie } from 'dexie'
import { BookRefused } from '../book.ts'

/** Chromium says the last one where a file of the database is missing or cannot be read. */
const NAMES: ReadonlySet<string> = new Set([...Object.values(Dexie.errnames), 'NotReadableError'])

/**
 * `BookRefused` in place of an error of the browser's database, by which main takes the steps of S25; any other one, of main
 * or of our own code, as it is: nothing is put aside for those.
 */
export function refusalOf(error: unknown): unknown {
  return error instanceof Error && NAMES.has(error.name) ? new BookRefused('unreadable') : error
}

/** Rejects with `BookRefused` where the database cannot be read. */
export async function readOrRefuse<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    throw refusalOf(error)
  }
}
