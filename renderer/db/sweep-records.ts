import { isUnlisted } from '#shared/directory/sweep.ts'
import type { Directory } from './database.ts'
import { readChunks } from './read-rows.ts'
import { isStoredRow } from './parse.ts'
import { LISTED } from './stored-pull.ts'

/** What the directory has beside what a sweep listed. */
export interface SweptDirectory {
  /** Square ids that should have been listed and were not, in the order of ids. */
  readonly unlisted: readonly string[]
  /** How many customers could have been listed. */
  readonly known: number
  /** Local ids of rows that are deleted. */
  readonly deleted: readonly string[]
}

/** The pages of the sweep under way, as they lie beside the state of the pull. */
export interface SweepRecords {
  /** Holds what was listed against every row. `began` is Square's time at which the sweep began. */
  compare(began: string): Promise<SweptDirectory>
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
      const unlisted: string[] = []
      const deleted: string[] = []
      let known = 0
      for await (const chunk of readChunks(db)) {
        for (const row of chunk.filter(isStoredRow)) {
          if (row.deleted) deleted.push(row.localId)
          else if (row.squareId !== null && row.remote !== null) known++
          if (isUnlisted(row, (id) => listed.has(id), began)) unlisted.push(row.squareId!)
        }
      }
      return { unlisted: unlisted.toSorted(), known, deleted }
    },
    async forget() {
      await pages().delete()
    },
  }
}
