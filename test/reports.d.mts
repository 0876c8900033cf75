import type { NamedTest } from './faults.mjs'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}
export interface SuiteReport {
  readonly counts: Counts
  /** Every test that ran and passed. */
  readonly passed: readonly NamedTest[]
}
export function readVitestReport(report: unknown, root: string): SuiteReport
export function readPlaywrightReport(report: unknown, root: string): SuiteReport
