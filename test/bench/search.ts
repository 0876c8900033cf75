import type { Page } from '@playwright/test'
import { percentile, type Figure } from './figures.ts'
import type { SearchTimes } from './page/searches.ts'
import { inPage } from './seller.ts'

/** Searches as typed, letter by letter. */
export async function measureSearch(page: Page): Promise<Figure[]> {
  const { answer, rows } = await inPage<SearchTimes>(page, 'typeSearches')
  const figure = (name: string, times: readonly number[], share: number): Figure => ({
    benchmark: `search, ${answer.length} keys`,
    name,
    value: percentile(times, share),
    unit: 'ms',
  })
  return [
    figure('worker there and back p50', answer, 0.5),
    figure('worker there and back p95', answer, 0.95),
    figure('key to rows p50', rows, 0.5),
    figure('key to rows p95', rows, 0.95),
  ]
}
