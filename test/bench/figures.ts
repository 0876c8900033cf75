/** One line of the table. Times are ms. */
export interface Figure {
  readonly benchmark: string
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 'kB' | 'MB' | 'rows/s' | '×'
  /** Broken by anything above or below; absent: reported only. */
  readonly budget?: { readonly atMost: number } | { readonly atLeast: number }
}

/** The value at or below which that share (0 to 1) of the samples lies, by nearest rank; throws where there are none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  const value = sorted[at]
  if (value === undefined) throw new Error('a percentile of no samples')
  return value
}

/** The middle sample. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** True where the figure has a budget and keeps to it or not; null where it has none. A value that is no number breaks it. */
export function keepsBudget({ value, budget }: Figure): boolean | null {
  if (!budget) return null
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast
}
