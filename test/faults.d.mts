export interface NamedTest {
  readonly file: string
  readonly title: string
}
export interface FaultRow {
  readonly number: number
  readonly fault: string
  /** What must hold; of an invariant, what the simulation watches. */
  readonly must: string
  readonly tests: readonly NamedTest[]
  readonly whyNot: string | null
}
export const TABLES: readonly {
  readonly path: string
  readonly row: string
  readonly count: number
}[]
export function readFaults(markdown: string): FaultRow[]
export function unprovenFaults(
  rows: readonly FaultRow[],
  passed: readonly NamedTest[],
  row?: string,
): string[]
