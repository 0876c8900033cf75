import type { Page } from '@playwright/test'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile, type Figure } from './figures.ts'
import { PAUSE_MS } from './page/saves.ts'
import { inPage } from './seller.ts'

const P50_MS = 5
const P95_MS = 25

/**
 * Saves with the line down, as at the counter: through the book (log, sync, projection) and through the form by keys.
 * Beside them what the parts cost alone. With the line up the engine works at the same time: reported only.
 */
export async function measureSaves(options: {
  readonly page: Page
  readonly folder: string
  readonly count: number
  readonly setLine: (up: boolean) => Promise<void>
}): Promise<Figure[]> {
  const { page, folder, count, setLine } = options
  const figure = (
    name: string,
    value: number,
    unit: Figure['unit'] = 'ms',
    budget?: Figure['budget'],
  ): Figure => ({ benchmark: `save, ${count} each`, name, value, unit, ...(budget ? { budget } : {}) })

  await setLine(false)
  await inPage(page, 'saveInBook', 10, 'Warm')
  const book = await inPage<number[]>(page, 'saveInBook', count, 'Offline')
  const form = await saveByKeys(page, count)
  const sync = await fdatasyncs(folder, count)
  const ipc = await inPage<number[]>(page, 'ipcRoundTrips', count)
  const put = await inPage<number[]>(page, 'strictPuts', count)
  await setLine(true)
  const online = await inPage<number[]>(page, 'saveInBook', count, 'Online')

  const parts = percentile(sync, 0.5) + percentile(ipc, 0.5) + percentile(put, 0.5)
  return [
    figure('log and projection p50', percentile(book, 0.5), 'ms', { atMost: P50_MS }),
    figure('log and projection p95', percentile(book, 0.95), 'ms', { atMost: P95_MS }),
    figure('Ctrl+Enter to "Saved here" p50', percentile(form, 0.5)),
    figure('Ctrl+Enter to "Saved here" p95', percentile(form, 0.95)),
    figure('log and projection while sending p50', percentile(online, 0.5)),
    figure('log and projection while sending p95', percentile(online, 0.95)),
    figure('alone: fdatasync of 600 bytes p50', percentile(sync, 0.5)),
    figure('alone: empty IPC round trip p50', percentile(ipc, 0.5)),
    figure('alone: one strict Dexie put p50', percentile(put, 0.5)),
    figure('log and projection p50 : sum of the three', percentile(book, 0.5) / parts, '×'),
  ]
}

/** Fills the form for a new customer and saves with Ctrl+Enter, as staff do. */
async function saveByKeys(page: Page, count: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    // "Saved here" may stand within the 30 ms in which one key after the other is a scanner's.
    await sleep(PAUSE_MS)
    await page.keyboard.press('Alt+n')
    const form = page.getByRole('form')
    await form.getByLabel('First name', { exact: true }).fill('Keys')
    await form.getByLabel('Last name', { exact: true }).fill(`Number ${n}`)
    await inPage(page, 'armSave', `Keys Number ${n}`)
    await page.keyboard.press('Control+Enter')
    times.push(await inPage<number>(page, 'armedSave'))
  }
  return times
}

/** What the disk below the profile takes for one record. */
async function fdatasyncs(folder: string, count: number): Promise<number[]> {
  const file = await open(join(folder, 'bench-fdatasync'), 'a')
  const record = Buffer.alloc(600, 'x')
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    await sleep(PAUSE_MS)
    const before = performance.now()
    await file.write(record)
    await file.datasync()
    times.push(performance.now() - before)
  }
  await file.close()
  return times
}
