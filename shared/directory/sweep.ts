import { LAG_WAIT_MS } from '../sync/limits.ts'
import type { CustomerRow } from './row.ts'

/**
 * When and what to believe of a sweep: the whole list of Square, read to find who is no longer in it. Square tells nobody
 * of deletions and merges. All times are Square's (S17), ISO. The rule is S23.
 */

/** Nobody is hurt by a customer who is gone but still shown for a day, and every edit meets the truth earlier (S10). */
export const SWEEP_EVERY_MS = 24 * 3_600_000
/** What staff saved goes first, but a line that is never quiet must not put a sweep off for ever. */
export const SWEEP_AT_LATEST_MS = 2 * SWEEP_EVERY_MS
/** A sweep that was not believed is repeated so soon. */
export const SWEEP_AGAIN_MS = 3_600_000
/** Between two pages: a third of the requests that Square takes, the rest is for what staff save. */
export const SWEEP_PAUSE_MS = 1_000
/** Square's support brings deleted customers back for so long. */
export const DELETED_KEPT_MS = 30 * SWEEP_EVERY_MS
/** Fewer customers than this may well be deleted all at once. */
const MANY = 20

export interface SweepHistory {
  /** When the last whole sweep began; null: never. */
  readonly sweptSince: string | null
  /** When the last sweep was not believed; null: it was. */
  readonly doubtedAt: string | null
}

/** True where a sweep is to begin: once a day, while nothing waits to be sent, and after at most two days anyway. */
export function sweepDue(history: SweepHistory, now: string, waiting: number): boolean {
  const { sweptSince, doubtedAt } = history
  if (doubtedAt !== null) return since(doubtedAt, now) >= SWEEP_AGAIN_MS
  if (sweptSince === null) return true
  const age = since(sweptSince, now)
  return age >= (waiting > 0 ? SWEEP_AT_LATEST_MS : SWEEP_EVERY_MS)
}

/**
 * True for a customer that a whole sweep should have listed and did not. Not of somebody who was created so late that the
 * list may lag behind (S11), and not where the content is still to be fetched: that asks by id anyway.
 */
export function isUnlisted(
  row: CustomerRow,
  isListed: (squareId: string) => boolean,
  began: string,
): boolean {
  const { squareId, remote, deleted } = row
  if (squareId === null || remote === null || deleted || isListed(squareId)) return false
  return !(since(remote.createdAt, began) < LAG_WAIT_MS)
}

/** What a directory has beside what a sweep listed. */
export interface SweptRows {
  /** Square ids that should have been listed and were not, in the order of ids. */
  readonly unlisted: readonly string[]
  /** How many customers could have been listed. */
  readonly known: number
  /** Local ids of rows that are deleted. */
  readonly deleted: readonly string[]
}

/** Holds rows against what was listed, as they come. `began` is when the sweep did. */
export async function compareWithList(
  rows: AsyncIterable<readonly CustomerRow[]> | Iterable<readonly CustomerRow[]>,
  listed: ReadonlySet<string>,
  began: string,
): Promise<SweptRows> {
  const unlisted: string[] = []
  const deleted: string[] = []
  let known = 0
  for await (const chunk of rows) {
    for (const row of chunk) {
      if (row.deleted) deleted.push(row.localId)
      else if (row.squareId !== null && row.remote !== null) known++
      if (row.squareId !== null && isUnlisted(row, (id) => listed.has(id), began)) unlisted.push(row.squareId)
    }
  }
  return { unlisted: unlisted.toSorted(), known, deleted }
}

/**
 * True where so many are missing that a broken answer is likelier than that they were all deleted. The next sweep that
 * says the same is believed.
 */
export function isDoubtful(unlisted: number, known: number): boolean {
  return known >= MANY && unlisted * 2 > known
}

/** True for a row that has been deleted for so long that nobody brings it back any more. */
export function isPastRecovery(row: CustomerRow, now: string): boolean {
  return (
    row.deleted && row.openOps === 0 && row.deletedAt != null && since(row.deletedAt, now) >= DELETED_KEPT_MS
  )
}

/**
 * True for a time that, by another answer of Square's, is more than a day away: nothing is counted from it, or nothing would
 * be due before it.
 */
export function isToCome(time: string, now: string): boolean {
  return since(now, time) > SWEEP_EVERY_MS
}

function since(earlier: string, later: string): number {
  return Date.parse(later) - Date.parse(earlier)
}
