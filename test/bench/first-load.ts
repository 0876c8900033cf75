import type { Page } from '@playwright/test'
import { setTimeout as sleep } from 'node:timers/promises'
import { median, type Figure } from './figures.ts'
import type { FirstLoad } from './page/first-load.ts'
import type { LoadFromMemory } from './page/load-from-memory.ts'
import type { rawPuts } from './page/raw.ts'
import { DIRECTORY, inPage, readyToSignIn } from './seller.ts'

/**
 * Loading and bare puts in turn, so that both meet the same neighbours on the machine, and bare puts also at the end: a
 * row costs more the more of them the browser holds already.
 */
const ROUNDS = 5
/** The search begins after three seconds in which nobody asked for anything, and pauses after every two hundred. */
const LEFT_ALONE_MS = 5_000
const LOOKED_THROUGH_MS = 0.2

/**
 * The first sign-in, from the button to every customer in the book, and what of it is ours: the same customers loaded
 * from memory, by the same book, against the same rows put into bare IndexedDB. Without the line, because that one is
 * Square's: some three pages a second, so that 200,000 customers take eleven minutes whatever a row costs here.
 */
export async function measureFirstLoad(
  page: Page,
  { rounds = ROUNDS, meanwhile }: { readonly rounds?: number; readonly meanwhile?: () => Promise<void> } = {},
): Promise<Figure[]> {
  const connect = await readyToSignIn(page)
  await inPage(page, 'armFirstLoad')
  await connect.click()
  const armed = inPage<FirstLoad>(page, 'armedFirstLoad')
  if (meanwhile) {
    await inPage(page, 'bookIsOpen')
    await meanwhile()
  }
  const load = await armed
  const ours: number[] = []
  const bare: number[] = []
  const putBare = async () => {
    const raw = await inPage<Awaited<ReturnType<typeof rawPuts>>>(page, 'rawPuts', DIRECTORY)
    bare.push(raw.ms / raw.rows)
  }
  // The search writes down what a next start begins with once it is left alone (S31): not beside what is measured.
  await sleep(LEFT_ALONE_MS + load.total * LOOKED_THROUGH_MS)
  await putBare()
  for (let round = 0; round < rounds; round += 1) {
    const memory = await inPage<LoadFromMemory>(page, 'loadFromMemory', DIRECTORY)
    ours.push(memory.ms / memory.rows)
    await putBare()
  }
  const figure = (name: string, value: number, unit: Figure['unit'] = 'ms'): Figure => ({
    benchmark: `first load of ${load.total}`,
    name,
    value,
    unit,
  })
  return [
    figure('sign-in to open book', load.opened),
    figure('sign-in to first rows', load.firstRows),
    figure('sign-in to complete', load.complete),
    figure('rate with the line', (load.total / (load.complete - load.opened)) * 1_000, 'rows/s'),
    figure('rate from memory', 1_000 / median(ours), 'rows/s'),
    figure('bare IndexedDB, same rows', 1_000 / median(bare), 'rows/s'),
    {
      ...figure('from memory : bare IndexedDB', median(ours) / median(bare), '×'),
      budget: { atMost: 1.5 },
    },
  ]
}
