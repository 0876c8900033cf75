import type { StoredMeta } from './stored.ts'

/** How far the mirror is: generation 0 has never seen a log. */
export interface Position {
  readonly generation: number
  readonly lastSeq: number
}
export const NOWHERE: Position = { generation: 0, lastSeq: 0 }

/** By which two windows see that they have the same mirror of the same rows. */
export interface MirrorMark {
  readonly position: Position
  /** Counts what was written without the log: pages of a pull. */
  readonly pages: number
  /**
   * Of the rows as they are: a new one, that no directory had before, with every write that changes any. Null: none has
   * been given yet. Who holds a copy of the rows with their stamp knows whether it is what the directory holds (S31).
   */
  readonly stamp: string | null
}
/** What a write made of the rows of one stamp. */
export interface Step {
  readonly from: string | null
  readonly to: string
}

/** How far it is now: the mirror itself moves on. */
export function markOf({ position, pages, stamp }: MirrorMark): MirrorMark {
  return { position, pages, stamp }
}

/** True where both are of the same mirror and the same rows. */
export function isSameMark(a: MirrorMark, b: MirrorMark): boolean {
  return (
    a.position.generation === b.position.generation &&
    a.position.lastSeq === b.position.lastSeq &&
    a.pages === b.pages &&
    a.stamp === b.stamp
  )
}

/** The mark in what is stored of the mirror; where nothing is, nobody has written yet. */
export function markIn(stored: StoredMeta | undefined): MirrorMark {
  if (!stored) return { position: NOWHERE, pages: 0, stamp: null }
  const { generation, lastSeq, pages, stamp = null } = stored
  return { position: { generation, lastSeq }, pages, stamp }
}
