import type { CustomerRow } from './row.ts'

/**
 * The directory's rows as the projection needs them: synchronous, in memory. The renderer loads what a batch can touch,
 * runs the projection on it and writes the difference in one transaction; the simulation keeps all rows in maps.
 */
export interface Rows {
  get(localId: string): CustomerRow | undefined
  bySquareId(squareId: string): CustomerRow | undefined
  /** Inserts or replaces by `localId`. */
  put(row: CustomerRow): void
  delete(localId: string): void
  /** Where a row went that was collapsed into another one (two rows had become one customer). */
  redirectOf(localId: string): string | undefined
  setRedirect(from: string, to: string): void
  clearRedirect(localId: string): void
  /** Rows without a Square id and rows with open operations: those that the log, not Square, accounts for. */
  localOnes(): readonly CustomerRow[]
}
