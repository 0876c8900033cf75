import { expect, it } from 'vitest'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, type FakeMain } from '../../support/fake-bridge.ts'
import type { StoredPull } from '#renderer/db/stored-pull.ts'
import {
  add,
  apply,
  cardOf,
  cardWhere,
  edit,
  idOf,
  newProfile,
  openBook,
  openIds,
  openTables,
  pulled,
  send,
  settle,
  summaryWhere,
  titles,
  type OpenedTestBook,
  type Profile,
} from './book-fixture.ts'

const SWEEP_STEP = 1_000
const LOADED = '2026-03-02T10:00:00.000Z'
const NEXT_DAY = '2026-03-03T10:00:00.000Z'

const people = (n: number) =>
  Array.from({ length: n }, (_, i) => remoteOf(`SQ${i}`, { givenName: `P${String(i).padStart(3, '0')}` }))
const idsAsked = (main: FakeMain) => main.pulls.flatMap((pull) => (pull.kind === 'ids' ? pull.squareIds : []))
const listsAsked = (main: FakeMain) =>
  main.pulls.flatMap((pull) => (pull.kind === 'list' ? [pull.cursor] : []))

/** Everybody is loaded; a day passes at Square. */
async function nextDay(main: FakeMain, profile: Profile = newProfile()) {
  main.squareTime = LOADED
  const opened = await openBook(main, profile)
  await pulled(opened.book)
  main.pulls.length = 0
  main.squareTime = NEXT_DAY
  return { ...opened, profile, tables: await openTables(profile) }
}
type Tables = Awaited<ReturnType<typeof openTables>>
const stateOf = async (tables: Tables) => (await tables.pull.get('state')) as StoredPull

/** Runs what waits for the next step of a sweep. True: something did. */
function fireStep({ timers }: Pick<OpenedTestBook, 'timers'>): boolean {
  const step = timers.waiting.find(({ ms }) => ms === SWEEP_STEP)
  if (!step) return false
  timers.waiting.splice(timers.waiting.indexOf(step), 1)
  step.run()
  return true
}
async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(fits, { interval: 2, timeout: 5_000 }).toBe(true)
}
/** Wakes the pull and lets the sweep that follows go through to its end. */
async function sweep(
  main: FakeMain,
  opened: OpenedTestBook & { tables: Tables },
  began = main.squareTime,
): Promise<void> {
  main.emit('directory:wake', { reason: 'asked' })
  await until(async () => {
    fireStep(opened)
    const state = await stateOf(opened.tables)
    return !state.sweep && (state.doubtedAt ?? state.sweptSince) === began
  })
}
const colleagueDeletes = (main: FakeMain, ...ids: string[]) => {
  for (const id of ids)
    main.square.splice(
      main.square.findIndex((one) => one.id === id),
      1,
    )
}
/** Square answers for these ids with the customer they were merged into; main writes the merge down first (S10). */
function colleagueMerges(main: FakeMain, into: RemoteCustomer, ...from: string[]): void {
  colleagueDeletes(main, ...from)
  main.square.push(into)
  main.override('directory:pull', async (request, original) => {
    if (request.kind !== 'ids') return original(request)
    const merged = request.squareIds.filter((id) => from.includes(id))
    for (const fromSquareId of merged) {
      await main.record({ kind: 'alias', fromSquareId, toSquareId: into.id, remote: into })
    }
    const others = request.squareIds.filter((id) => !from.includes(id))
    const answer = await original({ kind: 'ids', squareIds: others })
    return answer.kind === 'page'
      ? { ...answer, remotes: [...answer.remotes, ...merged.map(() => into)] }
      : answer
  })
}

it('S23: who is deleted in Square is hidden once a sweep missed them and an answer by id says so', async () => {
  const main = await startFakeMain({ square: people(5) })
  const opened = await nextDay(main)
  const { book, tables } = opened
  const gone = await idOf(book, 'P001')
  await edit(book, await idOf(book, 'P003'), { note: 'waits' })
  colleagueDeletes(main, 'SQ1', 'SQ3')
  // SQ2 exists but the list does not show it.
  main.override('directory:pull', async (request, original) => {
    const answer = await original(request)
    if (answer.kind !== 'page' || request.kind === 'ids') return answer
    return { ...answer, remotes: answer.remotes.filter(({ id }) => id !== 'SQ2') }
  })
  main.squareTime = '2026-03-04T10:00:00.000Z' // something waits: it is put off for a second day
  await sweep(main, opened)
  expect(idsAsked(main)).toEqual(['SQ1', 'SQ2', 'SQ3'])
  expect(await titles(book)).toEqual(['P000', 'P002', 'P003', 'P004'])
  expect(await tables.customers.get(gone)).toMatchObject({ deleted: true, deletedAt: main.squareTime })
  expect(await cardWhere(book, gone)).toBeNull()
  // What waits for a customer who is gone becomes a question to a person (S10).
  expect(await cardOf(book, await idOf(book, 'P003'))).toMatchObject({ open: [{ fields: ['note'] }] })
  expect(await tables.pull.count()).toBe(1)
  expect(listsAsked(main)).toEqual([null])
})

it('S23: begins a day after the last one, not earlier, and not while something waits', async () => {
  const main = await startFakeMain({ square: people(2) })
  const opened = await nextDay(main)
  const wake = async () => {
    const before = main.pulls.length
    main.emit('directory:wake', { reason: 'asked' })
    await until(() => main.pulls.length > before && opened.timers.waiting.some(({ ms }) => ms === 60_000))
  }
  main.squareTime = '2026-03-03T09:59:59.000Z'
  await wake()
  expect(fireStep(opened)).toBe(false)
  await add(opened.book, { givenName: 'New' })
  main.squareTime = NEXT_DAY
  await wake()
  expect(fireStep(opened)).toBe(false)
  main.squareTime = '2026-03-04T10:00:00.000Z'
  await wake()
  expect(fireStep(opened)).toBe(true)
})

it('S23: is paced, tells how far it is, lets a pull go first, and goes on where it stopped', async () => {
  const main = await startFakeMain({ square: people(250) })
  const profile = newProfile()
  const first = await nextDay(main, profile)
  colleagueDeletes(main, 'SQ7')
  main.emit('directory:wake', { reason: 'asked' })
  await until(() => fireStep(first))
  const { pull } = await summaryWhere(first.book, ({ pull: now }) => now.kind === 'current' && !!now.sweep)
  expect(pull).toMatchObject({ sweep: { got: 100, of: 249 } })
  await until(() => first.timers.waiting.some(({ ms }) => ms === SWEEP_STEP))
  // Nothing more is asked before its time.
  expect(main.pulls.map(({ kind }) => kind)).toEqual(['delta', 'list'])
  main.emit('directory:wake', { reason: 'asked' })
  fireStep(first)
  await until(() => main.pulls.length === 4)
  expect(main.pulls.map(({ kind }) => kind)).toEqual(['delta', 'list', 'delta', 'list'])
  await until(async () => (await stateOf(first.tables)).sweep?.got === 200)
  await first.book.close()

  const again = { ...(await openBook(main, profile)), tables: first.tables }
  // It began with its first page, whenever it ends.
  main.squareTime = '2026-03-03T10:05:00.000Z'
  await sweep(main, again, NEXT_DAY)
  expect(listsAsked(main)).toEqual([null, '100', '200'])
  expect(idsAsked(main)).toEqual(['SQ7'])
  expect(await titles(again.book)).toHaveLength(249)
  await summaryWhere(again.book, ({ pull: now }) => now.kind === 'current' && !now.sweep)
})

it('S23: goes on asking where it stopped asking', async () => {
  const main = await startFakeMain({ square: people(250) })
  const profile = newProfile()
  const first = await nextDay(main, profile)
  const gone = people(250)
    .slice(0, 120)
    .map(({ id }) => id)
  colleagueDeletes(main, ...gone)
  main.emit('directory:wake', { reason: 'asked' })
  await until(async () => {
    fireStep(first)
    return idsAsked(main).length === 100 && (await stateOf(first.tables)).sweep?.askedUpTo !== ''
  })
  await first.book.close()
  const again = { ...(await openBook(main, profile)), tables: first.tables }
  await sweep(main, again)
  expect(idsAsked(main)).toEqual(gone.toSorted())
  expect(await titles(again.book)).toHaveLength(130)
})

it('S23: begins again where Square has forgotten the cursor', async () => {
  const main = await startFakeMain({ square: people(250) })
  const opened = await nextDay(main)
  let refused = false
  main.override('directory:pull', async (request, original) => {
    if (request.kind !== 'list' || request.cursor !== '200' || refused) return original(request)
    refused = true
    // Of those listed already one is gone, and the pages are cut otherwise: what was listed must not count any more.
    colleagueDeletes(main, 'SQ103')
    main.pageSize = 70
    return {
      kind: 'failed',
      failure: { kind: 'refused', refusal: { code: 'INVALID_CURSOR', field: null, detail: null } },
    }
  })
  await until(async () => {
    main.emit('directory:wake', { reason: 'asked' })
    fireStep(opened)
    return (await stateOf(opened.tables)).sweptSince === main.squareTime
  })
  expect(listsAsked(main)).toEqual([null, '100', null, '70', '140', '210'])
  expect(await titles(opened.book)).toHaveLength(249)
})

it('S9, S23: whom a sweep holds back the next delta asks for again', async () => {
  const main = await startFakeMain({ square: people(2) })
  const opened = await nextDay(main)
  const { book } = opened
  await add(book, { givenName: 'Zoë' })
  const [create] = openIds(main)
  await send(main, create!)
  const ours = { creationSource: 'THIRD_PARTY', createdAt: '2026-03-03T10:00:01.000Z' }
  const other = remoteOf(
    'SQ9',
    { givenName: 'Other till' },
    { ...ours, updatedAt: '2026-03-03T10:00:02.000Z' },
  )
  main.squareTime = '2026-03-05T10:00:00.000Z'
  main.emit('directory:wake', { reason: 'asked' })
  await until(() => opened.timers.waiting.some(({ ms }) => ms === SWEEP_STEP))
  main.square.push(other) // no delta has seen it
  await sweep(main, opened)
  expect(await titles(book)).toEqual(['P000', 'P001', 'Zoë'])
  await settle(main, create!, {
    kind: 'applied',
    remote: remoteOf('SQ8', { givenName: 'Zoë' }),
    how: 'sent',
  })
  main.emit('directory:wake', { reason: 'asked' })
  await until(async () => (await titles(book)).includes('Other till'))
})

it('S23: a sweep that misses most customers is believed only when the next one says the same', async () => {
  const main = await startFakeMain({ square: people(30) })
  const opened = await nextDay(main)
  main.square.length = 10
  await sweep(main, opened)
  expect(idsAsked(main)).toEqual([])
  expect(await titles(opened.book)).toHaveLength(30)
  main.squareTime = '2026-03-03T10:59:59.000Z'
  main.emit('directory:wake', { reason: 'asked' })
  await until(() => main.pulls.filter(({ kind }) => kind === 'delta').length === 2)
  expect(opened.timers.waiting.some(({ ms }) => ms === SWEEP_STEP)).toBe(false)
  main.squareTime = '2026-03-03T11:00:00.000Z'
  await sweep(main, opened)
  expect(idsAsked(main)).toHaveLength(20)
  expect(await titles(opened.book)).toHaveLength(10)
  expect(await stateOf(opened.tables)).toMatchObject({ sweptSince: main.squareTime, doubtedAt: null })
})

it('S23: a sweep brings content that the deltas missed', async () => {
  const main = await startFakeMain({ square: people(3) })
  const opened = await nextDay(main)
  // Changed, and Square's index told of it too late for any delta.
  main.square[1] = remoteOf('SQ1', { givenName: 'Changed' }, { version: '1' })
  await sweep(main, opened)
  expect(await titles(opened.book)).toEqual(['Changed', 'P000', 'P002'])
})

it('S23: two customers merged in Square become one row, with what waits, was typed and was done for either', async () => {
  const main = await startFakeMain({ square: people(4) })
  const opened = await nextDay(main)
  const { book, tables } = opened
  const [one, other] = [await idOf(book, 'P001'), await idOf(book, 'P002')]
  await edit(book, one, { nickname: 'Done' })
  const [done] = openIds(main)
  const after = remoteOf('SQ1', { givenName: 'P001', nickname: 'Done' }, { version: '1' })
  main.square[1] = after
  await apply(main, done!, after)
  await until(async () => (await cardOf(book, one)).history.length === 1)
  await edit(book, other, { note: 'waits' })
  const draft = await book.openForm(other)
  await book.keepDraft({ form: draft!, fields: { ...draft!.shown, companyName: 'Typing' }, keptAt: 'now' })
  colleagueMerges(main, remoteOf('SQ9', { givenName: 'Merged' }, { creationSource: 'MERGE' }), 'SQ1', 'SQ2')
  main.squareTime = '2026-03-04T10:00:00.000Z'
  await sweep(main, opened)

  expect(await titles(book)).toEqual(['Merged', 'P000', 'P003'])
  expect(await tables.customers.where('squareId').equals('SQ9').count()).toBe(1)
  const survivor = await idOf(book, 'Merged')
  for (const id of [one, other]) {
    expect(await cardOf(book, id)).toMatchObject({
      row: { localId: survivor, squareId: 'SQ9', local: { note: 'waits' } },
      open: [{ fields: ['note'] }],
      history: [{ kind: 'joined' }, { kind: 'joined' }, { opId: done }],
    })
  }
  const [kept] = await book.drafts()
  const saved = await book.save(kept!.form, kept!.fields, null)
  expect(saved).toMatchObject({ kind: 'saved' })
  expect(await cardOf(book, survivor)).toMatchObject({
    row: { local: { companyName: 'Typing', note: 'waits' }, openOps: 1 },
  })
  // The same after the directory is read from disk.
  await book.close()
  const { book: later } = await openBook(main, opened.profile)
  expect((await cardOf(later, one)).row.localId).toBe(survivor)
  expect((await cardOf(later, other)).row.localId).toBe(survivor)
})

it('S23: merges are followed through chains', async () => {
  const main = await startFakeMain({ square: people(4) })
  const opened = await nextDay(main)
  const { book } = opened
  const localId = await idOf(book, 'P001')
  colleagueMerges(main, remoteOf('SQ8', { givenName: 'First' }, { creationSource: 'MERGE' }), 'SQ1')
  await sweep(main, opened)
  await until(async () => (await cardOf(book, localId)).row.squareId === 'SQ8')
  await edit(book, localId, { note: 'waits' })
  colleagueMerges(main, remoteOf('SQ9', { givenName: 'Last' }, { creationSource: 'MERGE' }), 'SQ8', 'SQ2')
  main.squareTime = '2026-03-05T10:00:00.000Z'
  await sweep(main, opened)
  expect(await titles(book)).toEqual(['Last', 'P000', 'P003'])
  expect(await cardOf(book, localId)).toMatchObject({ row: { squareId: 'SQ9', local: { note: 'waits' } } })
  expect(main.outbox().state().aliases.get('SQ1')).toBe('SQ8')
})

it('S23: who is back in Square is back here, with the content of now, whatever its version', async () => {
  const main = await startFakeMain({
    square: [remoteOf('SQ9', { givenName: 'Gone' }, { version: '7' }), ...people(3)],
  })
  const opened = await nextDay(main)
  const { book, tables } = opened
  const localId = await idOf(book, 'Gone')
  colleagueDeletes(main, 'SQ9')
  await sweep(main, opened)
  expect(await titles(book)).toHaveLength(3)
  const back = { updatedAt: '2026-03-03T11:00:00.000Z', version: '0' }
  main.square.push(remoteOf('SQ9', { givenName: 'Back' }, back))
  main.squareTime = '2026-03-03T11:01:00.000Z'
  main.emit('directory:wake', { reason: 'asked' })
  await until(async () => (await titles(book)).includes('Back'))
  expect(await cardOf(book, localId)).toMatchObject({ row: { hidden: false, local: { givenName: 'Back' } } })
  expect(await tables.customers.get(localId)).not.toHaveProperty('deletedAt')
})

it('S22, S23: who is back and missing in the answer is asked for again with the next pull', async () => {
  const main = await startFakeMain({ square: [remoteOf('SQ9', { givenName: 'Gone' }), ...people(3)] })
  const opened = await nextDay(main)
  const { book } = opened
  colleagueDeletes(main, 'SQ9')
  await sweep(main, opened)
  expect(await titles(book)).toHaveLength(3)
  main.square.push(remoteOf('SQ9', { givenName: 'Back' }, { updatedAt: '2026-03-03T10:10:00.000Z' }))
  main.squareTime = '2026-03-03T11:01:00.000Z'
  main.pulls.length = 0
  let isPartial = true
  main.override('directory:pull', async (request, original) => {
    const answer = await original(request)
    if (request.kind !== 'ids' || answer.kind !== 'page' || !isPartial) return answer
    isPartial = false
    return { ...answer, remotes: [] }
  })
  main.emit('directory:wake', { reason: 'asked' })
  await until(() => idsAsked(main).length === 1)
  await summaryWhere(book, ({ pull }) => pull.kind === 'current')
  expect(await titles(book)).toHaveLength(3)
  // It was back long before: no list of changes has it any more.
  main.squareTime = '2026-03-03T12:00:00.000Z'
  main.emit('directory:wake', { reason: 'asked' })
  await until(async () => (await titles(book)).includes('Back'))
  expect(idsAsked(main)).toEqual(['SQ9', 'SQ9'])
})

it('S11, S23: a list that lags behind a deletion brings nobody back', async () => {
  const main = await startFakeMain({ square: people(3) })
  const { book } = await nextDay(main)
  const localId = await idOf(book, 'P001')
  await book.remove(await cardOf(book, localId))
  await apply(main, openIds(main)[0]!, null)
  await until(async () => (await titles(book)).length === 2)
  // Changed just before it was deleted; the list still has it, an answer by id does not.
  const stale = remoteOf('SQ1', { givenName: 'Stale' }, { version: '5', updatedAt: NEXT_DAY })
  colleagueDeletes(main, 'SQ1')
  main.override('directory:pull', async (request, original) => {
    const answer = await original(request)
    if (answer.kind !== 'page' || request.kind !== 'delta') return answer
    return { ...answer, remotes: [...answer.remotes, stale] }
  })
  main.emit('directory:wake', { reason: 'asked' })
  await until(() => idsAsked(main).length === 1)
  await summaryWhere(book, ({ pull }) => pull.kind === 'current')
  expect(idsAsked(main)).toEqual(['SQ1'])
  expect(await titles(book)).toEqual(['P000', 'P002'])
})

it('S23: an answer by id that was on its way while staff deleted brings nobody back', async () => {
  const main = await startFakeMain({ square: people(3) })
  const opened = await nextDay(main)
  const { book } = opened
  const localId = await idOf(book, 'P001')
  main.override('directory:pull', async (request, original) => {
    const answer = await original(request)
    if (answer.kind !== 'page') return answer
    if (request.kind === 'list')
      return { ...answer, remotes: answer.remotes.filter(({ id }) => id !== 'SQ1') }
    if (request.kind === 'ids') {
      await book.remove(await cardOf(book, localId))
      await apply(main, openIds(main)[0]!, null)
    }
    return answer
  })
  await sweep(main, opened)
  expect(idsAsked(main)).toEqual(['SQ1'])
  expect(await titles(book)).toEqual(['P000', 'P002'])
})

it('S23: deleted rows are kept for thirty days and then purged, with their history', async () => {
  const main = await startFakeMain({ square: people(3) })
  const opened = await nextDay(main)
  const { book, tables } = opened
  const [staff, colleague] = [await idOf(book, 'P001'), await idOf(book, 'P002')]
  await edit(book, staff, { note: 'x' })
  const edited = remoteOf('SQ1', { givenName: 'P001', note: 'x' }, { version: '1' })
  await apply(main, openIds(main)[0]!, edited)
  await until(async () => (await cardOf(book, staff)).open.length === 0)
  await book.remove(await cardOf(book, staff))
  await apply(main, openIds(main)[0]!, null)
  await until(async () => (await titles(book)).length === 2)
  colleagueDeletes(main, 'SQ1', 'SQ2')
  await sweep(main, opened)
  expect(await tables.history.count()).toBe(2)
  for (const id of [staff, colleague]) {
    expect(await tables.customers.get(id)).toMatchObject({ deleted: true, deletedAt: NEXT_DAY })
  }
  main.squareTime = '2026-04-02T09:00:00.000Z'
  await sweep(main, opened)
  expect(await tables.customers.count()).toBe(3)
  main.squareTime = '2026-04-03T10:00:00.000Z'
  await sweep(main, opened)
  expect(await tables.customers.toCollection().primaryKeys()).toEqual([await idOf(book, 'P000')])
  expect(await tables.history.count()).toBe(0)
})

it('S13: customers that could not be read are counted where staff see how current the book is', async () => {
  const main = await startFakeMain({ square: people(150) })
  main.override('directory:pull', async (request, original) => {
    const answer = await original(request)
    const isBad = request.kind === 'list' && main.squareTime !== '2026-03-04T10:00:00.000Z'
    return answer.kind === 'page' && isBad ? { ...answer, unreadable: 1 } : answer
  })
  const opened = await nextDay(main)
  const pullNow = async () => (await summaryWhere(opened.book, ({ pull }) => pull.kind === 'current')).pull
  expect(await pullNow()).toMatchObject({ unreadable: 2 })
  await sweep(main, opened)
  expect(await pullNow()).toMatchObject({ unreadable: 2 })
  main.squareTime = '2026-03-04T10:00:00.000Z'
  await sweep(main, opened)
  await summaryWhere(opened.book, ({ pull }) => pull.kind === 'current' && !pull.unreadable)
})

it('S23: purged is also what was done under a local id that the row took over', async () => {
  const main = await startFakeMain({ square: people(3) })
  const opened = await nextDay(main)
  const { book, tables } = opened
  const taken = await idOf(book, 'P002')
  await edit(book, taken, { note: 'x' })
  await apply(main, openIds(main)[0]!, remoteOf('SQ2', { givenName: 'P002', note: 'x' }, { version: '1' }))
  await until(async () => (await cardOf(book, taken)).open.length === 0)
  await main.record({ kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: main.square[2]! })
  await until(async () => (await titles(book)).length === 2)
  expect(await tables.history.where('localId').equals(taken).count()).toBe(1)
  expect(await tables.customers.get(taken)).toBeUndefined()
  colleagueDeletes(main, 'SQ1', 'SQ2')
  await sweep(main, opened)
  expect(await titles(book)).toEqual(['P000'])
  main.squareTime = '2026-04-03T10:00:00.000Z'
  await sweep(main, opened)
  expect(await tables.history.count()).toBe(0)
})
