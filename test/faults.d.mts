export interface NamedTest {
  readonly file: string
  readonly title: string
}
export interface FaultRow {
  readonly number: number
  readonly fault: string
  readonly tests: readonly NamedTest[]
  readonly whyNot: string | null
}
export function readFaults(markdown: string): FaultRow[]
export function unprovenFaults(rows: readonly FaultRow[], passed: readonly NamedTest[]): string[]
