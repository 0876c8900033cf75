import { expect, it } from 'vitest'
import type { PullRequest } from '#shared/ipc/contract.ts'
import { PULL_EVERY_MS } from '#renderer/db/directory-pull.ts'
import type { StoredPull } from '#renderer/db/stored-pull.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, type FakeMain } from '../../support/fake-bridge.ts'
import { newProfile, openBook, openTables, pulled, summaryWhere, titles } from './book-fixture.ts'
import type { OpenedTestBook } from './book-fixture.ts'

// One answer whose Date is not Square's, as behind a proxy that looks into what passes: S17 and S23 must outlive it.

const SWEEP_STEP = 1_000
const LOADED = '2026-03-02T10:00:00.000Z'
const NEXT_DAY = '2026-03-03T10:00:00.000Z'
const LONG_AGO = '2020-01-01T00:00:00.000Z'
const YEARS_AHEAD = '2031-01-01T00:00:00.000Z'

async function shop(customers = 3) {
  const square = Array.from({ length: customers }, (_, i) => remoteOf(`SQ${i}`, { givenName: `P${i}` }))
  const main = await startFakeMain({ square })
  main.squareTime = LOADED
  const profile = newProfile()
  const opened = await openBook(main, profile)
  await pulled(opened.book)
  return { main, ...opened, tables: await openTables(profile) }
}
type Shop = Awaited<ReturnType<typeof shop>>

async function pullAt(time: string, one: Shop): Promise<void> {
  const { main, book } = one
  main.squareTime = time
  const before = (await summaryWhere(book, () => true)).pull
  main.emit('directory:wake', { reason: 'asked' })
  await summaryWhere(book, ({ pull }) => pull !== before && pull.kind === 'current')
  // The next pull is planned last, after the sweep that is due.
  await expect.poll(() => isPlanned(one, PULL_EVERY_MS), { interval: 2 }).toBe(true)
}
/** Answers to such requests carry that time. */
function dated(main: FakeMain, time: string, is: (request: PullRequest) => boolean): void {
  main.override('directory:pull', async (request, original) => {
    const page = await original(request)
    return page.kind === 'page' && is(request) ? { ...page, squareTime: time } : page
  })
}
const stateOf = async ({ tables }: Shop) => (await tables.pull.get('state')) as StoredPull
const asked = ({ main }: Shop) =>
  main.pulls.map((pull) => (pull.kind === 'delta' ? `since ${pull.since.slice(0, 16)}` : pull.kind))
const isPlanned = ({ timers }: Pick<OpenedTestBook, 'timers'>, wait: number) =>
  timers.waiting.some(({ ms }) => ms === wait)
/** Takes the next step of a sweep and waits for its end. False: none is planned. */
async function step(one: Shop): Promise<boolean> {
  const at = one.timers.waiting.findIndex(({ ms }) => ms === SWEEP_STEP)
  if (at < 0) return false
  const before = JSON.stringify(await stateOf(one))
  const [timer] = one.timers.waiting.splice(at, 1)
  timer!.run()
  await expect.poll(async () => JSON.stringify(await stateOf(one)) !== before, { interval: 2 }).toBe(true)
  // The next one is planned just after that, or never.
  for (let waited = 0; waited < 50 && !isPlanned(one, SWEEP_STEP); waited += 5)
    await new Promise((resolve) => setTimeout(resolve, 5))
  return true
}

it('S17: a time ahead of Square’s stops no delta: everything is listed again, and deltas go on from there', async () => {
  const one = await shop()
  await pullAt(YEARS_AHEAD, one)
  // While that time is believed, this change is asked for by nobody.
  const changed = remoteOf(
    'SQ1',
    { givenName: 'Q1' },
    { version: '1', updatedAt: '2026-03-02T10:06:00.000Z' },
  )
  one.main.square.splice(1, 1, changed)
  await pullAt('2026-03-02T10:10:00.000Z', one)
  expect(await titles(one.book)).toEqual(['P0', 'P2', 'Q1'])
  await pullAt('2026-03-02T10:11:00.000Z', one)
  expect(asked(one)).toEqual([
    'list',
    'since 2026-03-02T09:54',
    'since 2030-12-31T23:54',
    'list',
    'since 2026-03-02T10:04',
  ])
})

it('S17: a time as far back as lists lag is nothing to begin again for', async () => {
  const one = await shop()
  await pullAt('2026-03-02T09:55:00.000Z', one)
  expect(asked(one)).toEqual(['list', 'since 2026-03-02T09:54'])
  expect(await stateOf(one)).toMatchObject({ completeSince: LOADED })
})

it('S17: of a list of several pages, one with a time ahead is not believed', async () => {
  const main = await startFakeMain({
    square: Array.from({ length: 150 }, (_, i) => remoteOf(`SQ${i}`, { givenName: `P${i}` })),
  })
  dated(main, YEARS_AHEAD, (request) => request.kind === 'list' && request.cursor === null)
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(await (await openTables(profile)).pull.get('state')).toMatchObject({ completeSince: LOADED })
})

it('S23: sweeps do not follow each other without end where a delta was given a time ahead', async () => {
  const one = await shop()
  await pullAt(YEARS_AHEAD, one)
  one.main.squareTime = NEXT_DAY
  expect(await step(one)).toBe(true)
  // The list it read said what time it is: the next pull begins again, and a sweep follows that one.
  expect(await step(one)).toBe(false)
  expect(await stateOf(one)).toMatchObject({ completeSince: null, sweep: null })
  await pullAt(NEXT_DAY, one)
  expect(await stateOf(one)).toMatchObject({ completeSince: NEXT_DAY })
})

it('S23: nor does none begin any more where the sweep was given one', async () => {
  const one = await shop()
  dated(one.main, YEARS_AHEAD, (request) => request.kind === 'list')
  await pullAt(NEXT_DAY, one)
  while (await step(one));
  expect(await stateOf(one)).toMatchObject({ sweptSince: YEARS_AHEAD, sweep: null })
  dated(one.main, NEXT_DAY, () => true)
  await pullAt(NEXT_DAY, one)
  expect(await step(one)).toBe(true)
})

it('S23: nobody is purged early by one wrong time, wherever it was', async () => {
  const one = await shop()
  one.main.square.splice(1, 1)
  // Deleted years ago, says the answer by id alone.
  dated(one.main, LONG_AGO, (request) => request.kind === 'ids')
  await pullAt(NEXT_DAY, one)
  while (await step(one));
  const deleted = () => one.tables.customers.filter((row) => row.deleted).toArray()
  expect(await deleted()).toMatchObject([{ squareId: 'SQ1', deletedAt: NEXT_DAY }])
  // Years later, says the last delta before the sweep ends.
  await pullAt('2026-03-04T10:00:00.000Z', one)
  expect(await step(one)).toBe(true)
  await pullAt(YEARS_AHEAD, one)
  one.main.squareTime = '2026-03-04T10:01:00.000Z'
  while (await step(one));
  expect(await deleted()).toMatchObject([{ squareId: 'SQ1', deletedAt: NEXT_DAY }])
  // A time that is right purges as ever.
  for (const time of ['2026-04-02T09:00:00.000Z', '2026-04-03T10:00:00.000Z']) {
    expect(await deleted()).toHaveLength(1)
    await pullAt(time, one)
    while (await step(one));
  }
  expect(await deleted()).toEqual([])
})
