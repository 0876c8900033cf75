// npm run bench [-- --quick] [-- --only practice|drain|first-load [--paced]]: measures the built app and the practice Square
// against their budgets.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildIfStale } from '../../build/build-app.mjs'
import { cleanUp, launchApp, newProfile } from '../e2e/support/app.ts'
import { refuse, ROOT, runtimeFor } from '../e2e/support/runtime.ts'
import { measureBigFirstLoad } from './big-first-load.ts'
import { bundleInside } from './bundle.ts'
import { measureDrain } from './drain.ts'
import { keepsBudget, type Figure } from './figures.ts'
import { measureFirstLoad } from './first-load.ts'
import { measurePractice } from './practice.ts'
import { measureSaves } from './save.ts'
import { measureScripts } from './script-size.ts'
import { measureMemory, measureSdkAfterPaint } from './sdk.ts'
import { measureSearch } from './search.ts'
import { allInSquare, enterPage, startBigSquare } from './seller.ts'
import { measureStart } from './start.ts'
import { tableOf } from './table.ts'

const COMMAND = 'npm run bench'
const PARTS = ['practice', 'drain', 'first-load'] as const

const options = readOptions()
const { only } = options
/** Another build of the app may be measured, as with the end-to-end tests. */
const APP = process.env['COUNTERFOIL_APP'] ?? ROOT
const SIZE = options.quick
  ? { customers: 500, saves: 10, starts: 1, practice: 5000, firstLoad: 5000 }
  : { customers: 10_000, saves: 120, starts: 7, practice: 200_000, firstLoad: 200_000 }

/** The search begins after three seconds in which nobody asked for anything, and pauses a second in all while it reads. */
const LEFT_ALONE_MS = 12_000
const cores = cpus().length
const load = loadavg()[0] ?? 0
const whyNotJudged = options.quick
  ? 'quick run'
  : load > cores
    ? `load ${load.toFixed(1)} on ${cores} cores at the start`
    : null

const runtime = await runtimeFor(COMMAND)
if ((only === undefined || only === 'first-load') && APP === ROOT) {
  const built = await buildIfStale(ROOT, console.log)
  if (built.kind === 'failed') refuse(COMMAND, `the app could not be built.\n${built.output.trimEnd()}`)
}
console.log(
  `Machine: ${cores} × ${cpus()[0]?.model.trim() ?? 'unknown'}, load ${load.toFixed(2)}, data in ${tmpdir()}`,
)

let versions: Readonly<Record<string, string | undefined>> = {}
const figures: Figure[] = []
const inside = await bundleInside()
try {
  if (only === undefined) figures.push(...measureScripts(APP), ...(await measureRunningApp()))
  if (only === 'first-load')
    figures.push(
      ...(await measureBigFirstLoad({
        customers: SIZE.firstLoad,
        paced: options.paced,
        pageScript: inside.page,
        say,
      })),
    )
  if (only === undefined || only === 'drain') {
    say('ten thousand edits that drain')
    figures.push(...(await measureDrain()))
  }
  if (only === undefined || only === 'practice') {
    say('the practice Square')
    figures.push(...(await measurePractice(SIZE.practice, 30)))
  }
} finally {
  await cleanUp()
  rmSync(inside.folder, { recursive: true, force: true })
}
const broken = figures.filter((figure) => keepsBudget(figure) === false)
console.log(`\n${tableOf(figures, whyNotJudged === null).join('\n')}\n`)
console.log(`Load at the end: ${(loadavg()[0] ?? 0).toFixed(2)}`)
console.log(`Written to ${writeResults()}`)
if (whyNotJudged !== null) console.log(`Budgets not judged: ${whyNotJudged}.`)
else if (broken.length === 0) console.log('All budgets kept.')
else {
  console.log(`${broken.length} budget${broken.length > 1 ? 's' : ''} broken.`)
  process.exitCode = 1
}

function say(what: string): void {
  console.log(`Measuring ${what} …`)
}

async function measureRunningApp(): Promise<Figure[]> {
  const square = await startBigSquare(SIZE.customers)
  try {
    const profile = newProfile()
    const { app, page, close } = await launchApp({ profile, squareUrl: square.url })
    versions = await app.evaluate(() => ({ ...process.versions }))
    console.log(`Runtime: ${runtime.kind}, main on Node ${versions['node']}, Chromium ${versions['chrome']}`)
    await enterPage(page, inside.page)
    say('the first load')
    const firstLoad = await measureFirstLoad(page)
    say('search')
    const search = await measureSearch(page)
    say('saves')
    const setLine = (up: boolean) => square.setLine(up)
    const saves = await measureSaves({ page, folder: profile, count: SIZE.saves, setLine })
    await allInSquare(page)
    // Left alone for a moment, as most of the day: the search writes down what the next start begins with (S31).
    await sleep(LEFT_ALONE_MS)
    await close()

    say('starts')
    const start = { runtime, app: APP, inside, profile, squareUrl: square.url }
    const starts = await measureStart({ ...start, customers: SIZE.customers, times: SIZE.starts })
    say('the SDK')
    const sdk = await measureSdkAfterPaint(start)
    const memory = await measureMemory({ runtime, app: APP, inside, profile: newProfile() })
    return [...saves, ...starts, ...sdk, ...search, ...firstLoad, ...memory]
  } finally {
    await square.close()
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        /** The first load at the pace of a real Square: eleven minutes. */
        paced: { type: 'boolean', default: false },
      },
    })
    const only = PARTS.find((part) => part === values.only)
    if (only !== values.only) throw new Error(`--only "${values.only}" is not one of ${PARTS.join(', ')}.`)
    return { ...values, only }
  } catch (error) {
    return refuse(COMMAND, error instanceof Error ? error.message : String(error))
  }
}

function writeResults(): string {
  const folder = join(ROOT, 'bench-results')
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = join(folder, `${at.replaceAll(':', '-').slice(0, 19)}.json`)
  const machine = { cores, model: cpus()[0]?.model, platform: process.platform, load }
  const { node, chrome } = versions
  const results = { at, runtime: { kind: runtime.kind, node, chrome }, machine, whyNotJudged, figures }
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  return relative(ROOT, file)
}
