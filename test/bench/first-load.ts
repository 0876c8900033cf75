import type { Page } from '@playwright/test'
import type { Figure } from './figures.ts'
import type { FirstLoad } from './page/first-load.ts'
import type { rawPuts } from './page/raw.ts'
import { DIRECTORY, inPage, readyToSignIn } from './seller.ts'

/** The first sign-in: from the button to every customer in the book, against the same rows put into bare IndexedDB. */
export async function measureFirstLoad(page: Page): Promise<Figure[]> {
  const connect = await readyToSignIn(page)
  await inPage(page, 'armFirstLoad')
  await connect.click()
  const load = await inPage<FirstLoad>(page, 'armedFirstLoad')
  const raw = await inPage<Awaited<ReturnType<typeof rawPuts>>>(page, 'rawPuts', DIRECTORY)
  const figure = (name: string, value: number, unit: Figure['unit'] = 'ms'): Figure => ({
    benchmark: `first load of ${load.total}`,
    name,
    value,
    unit,
  })
  const loading = load.complete - load.opened
  return [
    figure('sign-in to open book', load.opened),
    figure('sign-in to first rows', load.firstRows),
    figure('sign-in to complete', load.complete),
    figure('rate of loading', (load.total / loading) * 1_000, 'rows/s'),
    figure('bare IndexedDB, same rows', (raw.rows / raw.ms) * 1_000, 'rows/s'),
    figure('loading : bare IndexedDB', loading / raw.ms, '×'),
  ]
}
