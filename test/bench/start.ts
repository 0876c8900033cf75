import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppRuntime } from '../e2e/support/runtime.ts'
import type { InsideScripts } from './bundle.ts'
import { median, type Figure } from './figures.ts'
import { startApp } from './launch.ts'
import type { PageStart } from './page/start.ts'

const USABLE_MS = 1_500

/** A start of the app on what an earlier one left, against the runtime with an app that shows nothing. */
export async function measureStart(options: {
  readonly runtime: AppRuntime
  readonly app: string
  readonly inside: InsideScripts
  readonly profile: string
  readonly squareUrl: string
  readonly customers: number
  readonly times: number
}): Promise<Figure[]> {
  const { customers, times } = options
  const inPage = { file: options.inside.start, call: 'bench.watchStart()' }
  const blank: number[] = []
  const starts: Awaited<ReturnType<typeof startOnce>>[] = []
  // The two in turn, so that a busier minute of the machine meets both.
  for (let n = 0; n < times; n += 1) {
    blank.push(await startBlank(options))
    starts.push(await startOnce({ ...options, task: { inPage } }))
  }
  const total = Math.min(...starts.map((start) => start.total))
  if (total < customers) throw new Error(`the list had ${total} customers of ${customers}`)
  const figure = (name: string, value: number, unit: Figure['unit'] = 'ms'): Figure => ({
    benchmark: `start, median of ${times}`,
    name,
    value,
    unit,
  })
  const of = (pick: (start: (typeof starts)[number]) => number) => median(starts.map(pick))
  const usable = of((start) => start.usable)
  return [
    { ...figure(`usable list of ${customers}`, usable), budget: { atMost: USABLE_MS } },
    figure(
      'until main runs',
      of((start) => start.main),
    ),
    figure(
      'then until the runtime is ready',
      of((start) => start.ready - start.main),
    ),
    figure(
      'then until the page is asked for',
      of((start) => start.navigated - start.ready),
    ),
    figure(
      'then until its first paint',
      of((start) => start.firstPaint - start.navigated),
    ),
    figure(
      'from asked for to rows',
      of((start) => start.rows - start.navigated),
    ),
    figure(
      'from rows to an answered search',
      of((start) => start.usable - start.rows),
    ),
    figure('slowest start', Math.max(...starts.map((start) => start.usable))),
    figure('runtime with a blank page', median(blank)),
    figure('usable list : blank page', usable / median(blank), '×'),
  ]
}

async function startOnce(options: Omit<Parameters<typeof startApp>[0], 'hook'> & { inside: InsideScripts }) {
  const app = startApp({ ...options, hook: options.inside.hook })
  const since = (moment: number) => moment - app.spawned
  try {
    const page = (await app.report('page')).answer as PageStart
    return {
      main: since((await app.report('main')).at),
      ready: since((await app.report('ready')).at),
      navigated: since(page.navigated),
      firstPaint: since(page.firstPaint),
      rows: since(page.rows),
      usable: since(page.searched),
      total: page.total,
    }
  } finally {
    await app.quit()
  }
}

const BLANK_MAIN = `
const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => new BrowserWindow({ show: false }).loadURL('data:text/html,<title>blank</title>'))
`

/** Until an app of two lines has its blank document. */
async function startBlank({
  runtime,
  inside,
}: {
  runtime: AppRuntime
  inside: InsideScripts
}): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-blank-'))
  writeFileSync(join(folder, 'package.json'), '{ "name": "blank", "version": "1.0.0", "main": "main.cjs" }')
  writeFileSync(join(folder, 'main.cjs'), BLANK_MAIN)
  const app = startApp({
    runtime,
    app: folder,
    hook: inside.hook,
    task: {},
    profile: join(folder, 'profile'),
  })
  try {
    return (await app.report('document')).at - app.spawned
  } finally {
    await app.quit()
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
