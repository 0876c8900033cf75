import { compareWithList, type SweptRows } from '#shared/directory/sweep.ts'
import type { Directory } from './database.ts'
import { isStoredRow } from './parse.ts'
import { readChunks } from './read-rows.ts'
import { LISTED } from './stored-pull.ts'

/** The pages of the sweep under way, as they lie beside the state of the pull. */
export interface SweepRecords {
  /** Holds what was listed against every row. `began` is Square's time at which the sweep began. */
  compare(began: string): Promise<SweptRows>
  forget(): Promise<void>
}

/** The records of this directory. */
export function sweepRecords(db: Directory): SweepRecords {
  const pages = () => db.pull.where('key').startsWith(LISTED)
  return {
    async compare(began) {
      const listed = new Set<string>()
      await pages().each((page) => {
        if ('ids' in page) for (const id of page.ids) listed.add(id)
      })
      return compareWithList(readableRows(db), listed, began)
    },
    async forget() {
      await pages().delete()
    },
  }
}

async function* readableRows(db: Directory) {
  for await (const chunk of readChunks(db)) yield chunk.filter(isStoredRow)
}
