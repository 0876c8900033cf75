import { expect, it } from 'vitest'
import { ARGUMENT_SCHEMAS } from '#main/ipc/argument-schemas.ts'
import type { Directory } from '#renderer/db/database.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, type FakeMain } from '../../support/fake-bridge.ts'
import {
  add,
  apply,
  edit,
  idOf,
  newProfile,
  openBook,
  openIds,
  openTables,
  pulled,
  send,
  summaryWhere,
  titles,
} from './book-fixture.ts'

// What the directory holds of the log is damaged on the disk, and the log may lack something as well (S15, S20).

const ana = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0100' }, { version: '3' })
const bob = remoteOf('SQ2', { givenName: 'Bob' })

/** Four promises: an edit of Ana (sent once), Zoë, an edit of Bob and Yan; the log asks about Bob. The window has closed. */
async function evening() {
  const main = await startFakeMain({ square: [ana, bob] })
  takesWhatMainTakes(main)
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  await pulled(book)
  await edit(book, await idOf(book, 'Ana'), { phoneNumber: '555-0101' })
  await add(book, { givenName: 'Zoë' })
  await edit(book, await idOf(book, 'Bob'), { note: 'x' })
  await add(book, { givenName: 'Yan' })
  const [anaOp, , bobOp] = openIds(main)
  await send(main, anaOp!)
  const theirs = remoteOf('SQ2', { givenName: 'Bob', note: 'y' }, { version: '1' })
  await main.record({
    kind: 'asks',
    opId: bobOp!,
    question: { id: 'q1', kind: 'conflict', remote: theirs, why: 'overlap' },
  })
  await summaryWhere(book, ({ needYou }) => needYou === 1)
  await book.close()
  return { main, profile, tables: await openTables(profile) }
}

/** The bridge as main guards it. */
function takesWhatMainTakes(main: FakeMain, isThere = () => true): void {
  main.override('outbox:restore', async (request, original) => {
    ARGUMENT_SCHEMAS['outbox:restore'].validateSync(request, { strict: true })
    return original(request)
  })
  main.override('outbox:since', async (mirror, original) => {
    if (!isThere()) throw new Error('the window is gone')
    ARGUMENT_SCHEMAS['outbox:since'].validateSync(mirror, { strict: true })
    return original(mirror)
  })
}

/** Writes something else in the place of a member of a stored operation: of the nth that is open, from 0. */
async function garble(tables: Directory, main: FakeMain, n: number, path: readonly (string | number)[]) {
  const stored = (await tables.outbox.get(openIds(main)[n]!))!
  const copy = structuredClone(stored)
  const [last, ...before] = path.toReversed()
  const holder = before.toReversed().reduce((at, key) => at[key] as never, copy as unknown as Holder)
  holder[last!] = 'garbled'
  await tables.outbox.put(copy)
}
type Holder = Record<string | number, unknown>

const PLACES: readonly [string, number, readonly (string | number)[]][] = [
  ['a question', 2, ['entry', 'question']],
  ['the customer in a question', 2, ['entry', 'question', 'remote', 'fields', 'address']],
  ['an attempt', 0, ['entry', 'attempts', 0]],
  ['what was sent', 0, ['entry', 'attempts', 0, 1, 'body']],
  ['all attempts', 0, ['entry', 'attempts']],
  ['a count', 0, ['entry', 'conflicts']],
  ['a change', 1, ['entry', 'op', 'patch', 'givenName']],
  ['the basis', 2, ['entry', 'op', 'basis', 'version']],
  ['the id', 1, ['entry', 'op', 'id']],
  ['the order', 1, ['order']],
]

it.each(PLACES)(
  'S15, S20: with %s unreadable nothing of it keeps a log from being mended',
  async (...place) => {
    const [, n, path] = place
    const { main, profile, tables } = await evening()
    await garble(tables, main, n, path)
    main.logFile.records.length -= 1
    await main.restart()
    const { book, faults } = await openBook(main, profile)
    await add(book, { givenName: 'New' })
    expect(await titles(book)).toContain('New')
    expect(faults).toEqual([])
    expect((await tables.setAside.toArray()).map(({ table }) => table)).toEqual(['outbox'])
  },
)

it.each([
  ['a customer', 'remotes', { id: 'SQ2', version: '1', fields: {} }],
  ['who a local id is', 'bindings', 7],
  ['who made whom', 'made', ''],
  ['how something ended', 'closed', 'dropped'],
  ['a map', 'unheard-of', 'x'],
] as const)('S15, S20: the same with %s', async (_what, map, value) => {
  const { main, profile, tables } = await evening()
  await tables.logState.put({ map: map as never, id: crypto.randomUUID(), order: 9, value })
  main.logFile.records.length -= 1
  await main.restart()
  const { book, faults } = await openBook(main, profile)
  await add(book, { givenName: 'New' })
  expect(faults).toEqual([])
  expect(await tables.setAside.toArray()).toMatchObject([{ table: 'logState', value: { map, value } }])
})

it('S15, S20: and with how far it is', async () => {
  const { main, profile, tables } = await evening()
  const stored = await tables.meta.get('position')
  await tables.meta.put({ ...stored!, lastSeq: 'far' as never })
  const { book, faults } = await openBook(main, profile)
  await add(book, { givenName: 'New' })
  expect(await titles(book)).toEqual(expect.arrayContaining(['Ana', 'Zoë', 'Bob', 'Yan', 'New']))
  expect(faults).toEqual([])
  expect(await tables.setAside.toArray()).toMatchObject([{ table: 'meta', value: { lastSeq: 'far' } }])
})

/** What each open operation of the log changes, oldest first, and what it asks. */
const open = (main: FakeMain) =>
  [...main.outbox().state().entries.values()].map(({ op, question }) => [
    'patch' in op && (op.patch.givenName ?? op.patch.phoneNumber ?? op.patch.note)?.local,
    question?.kind ?? null,
  ])
const everyone = ['Ana', 'Bob', 'Yan', 'Zoë']

it('S15: a log that lacks nothing gives back what could not be read, in its place, and nobody is asked', async () => {
  for (const n of [0, 1, 2, 3]) {
    const { main, profile, tables } = await evening()
    await garble(tables, main, n, ['entry'])
    const before = open(main)
    const { book, notice } = await openBook(main, profile)
    expect(notice.notice).toBe('behind')
    await pulled(book)
    expect((await titles(book)).toSorted()).toEqual(everyone)
    expect(await summaryWhere(book, () => true)).toMatchObject({ waiting: 3, needYou: 1 })
    expect(open(main)).toEqual(before)
    const order = (await tables.outbox.toArray()).toSorted((a, b) => a.order - b.order)
    expect(order.map(({ opId }) => opId)).toEqual(openIds(main))
    expect(await tables.meta.get('position')).not.toHaveProperty('partial')
    await book.close()
    expect((await openBook(main, profile)).notice.notice).toBeNull()
  }
})

it('S15, S20: what either the log or the mirror can read is there again and asks: of a gap', async () => {
  const { main, profile, tables } = await evening()
  await garble(tables, main, 3, ['entry'])
  main.logFile.records.splice(1, 1) // Zoë
  await main.restart()
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(open(main)).toEqual([
    ['555-0101', 'copied'],
    ['Zoë', 'copied'],
    ['x', 'copied'],
    ['Yan', 'copied'],
  ])
  expect(main.outbox().state().entries.get(openIds(main)[0]!)?.attempts.size).toBe(1)
  expect((await titles(book)).toSorted()).toEqual(everyone)
  expect(await summaryWhere(book, () => true)).toMatchObject({ needYou: 4, waiting: 0 })
  expect(main.logFile.header?.generation).toBe(2)
})

it('the same of a tail, also where the window dies between reading and asking', async () => {
  const { main, profile, tables } = await evening()
  await garble(tables, main, 0, ['entry'])
  main.logFile.records.length = 3 // not Yan, nor what came after
  await main.restart()
  let isThere = false
  takesWhatMainTakes(main, () => isThere)
  await (await openBook(main, profile)).book.close()
  isThere = true
  const { book } = await openBook(main, profile)
  expect(open(main)).toEqual([
    ['555-0101', 'copied'],
    ['Zoë', 'copied'],
    ['x', 'copied'],
    ['Yan', 'copied'],
  ])
  await pulled(book)
  expect((await titles(book)).toSorted()).toEqual(everyone)
})

it('the same of a compacted log; what was settled stays so', async () => {
  const main = await startFakeMain({ square: [ana, bob], compactAfter: 4 })
  takesWhatMainTakes(main)
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  await edit(first.book, await idOf(first.book, 'Ana'), { phoneNumber: '555-0101' })
  await add(first.book, { givenName: 'Zoë' })
  await add(first.book, { givenName: 'Max' })
  main.square.push(remoteOf('SQ3', { givenName: 'Max' }))
  await apply(main, openIds(main)[2]!, main.square[2]!)
  await summaryWhere(first.book, ({ waiting }) => waiting === 2)
  await add(first.book, { givenName: 'Yan' })
  await edit(first.book, await idOf(first.book, 'Bob'), { note: 'x' })
  await first.book.close()
  expect(main.logFile.records.map(({ kind }) => kind)).toEqual(['snapshot', 'queued', 'queued'])
  const tables = await openTables(profile)
  await garble(tables, main, 0, ['entry'])
  main.logFile.records.splice(1, 1) // Yan
  await main.restart()
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(open(main)).toEqual([
    ['555-0101', 'copied'],
    ['Zoë', 'copied'],
    ['Yan', 'copied'],
    ['x', 'copied'],
  ])
  expect((await titles(book)).toSorted()).toEqual(['Ana', 'Bob', 'Max', 'Yan', 'Zoë'])
})
