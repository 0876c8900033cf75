import { expect, it } from 'vitest'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
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
} from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0100' }, { version: '3' })
const bob = remoteOf('SQ2', { givenName: 'Bob' })

/** A book with one waiting edit (sent once), one waiting creation and a question; then the window closes. */
async function morning() {
  const main = await startFakeMain({ square: [ana, bob] })
  const profile = newProfile()
  const { book, notice } = await openBook(main, profile)
  await pulled(book)
  await edit(book, await idOf(book, 'Ana'), { phoneNumber: '555-0101' })
  await add(book, { givenName: 'Zoë' })
  await edit(book, await idOf(book, 'Bob'), { note: 'x' })
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
  return { main, profile, notice }
}
const everything = { waiting: 2, needYou: 1, total: 3 }

it('is empty and says nothing on the very first start', async () => {
  const { notice } = await morning()
  expect(notice).toEqual({ notice: null, setAside: 0 })
})

it('opens where it was, asking the log only for what is new', async () => {
  const { main, profile } = await morning()
  const asked: unknown[] = []
  main.override('outbox:since', async (mirror, original) => {
    const batch = await original(mirror)
    asked.push([mirror.lastSeq, batch.records.length])
    return batch
  })
  const { book, notice } = await openBook(main, profile)
  expect(asked[0]).toEqual([5, 0])
  expect(notice.notice).toBeNull()
  expect(await summaryWhere(book, () => true)).toMatchObject(everything)
  expect((await cardOf(book, await idOf(book, 'Ana'))).open).toMatchObject([{ everSent: true }])
})

it('catches up with what happened while the window was closed', async () => {
  const { main, profile } = await morning()
  const [anaOp] = openIds(main)
  await settle(main, anaOp!, {
    kind: 'applied',
    remote: remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0101' }, { version: '4' }),
    how: 'sent',
  })
  const { book, notice } = await openBook(main, profile)
  expect(notice.notice).toBeNull()
  expect(await summaryWhere(book, () => true)).toMatchObject({ ...everything, waiting: 1 })
  expect((await cardOf(book, await idOf(book, 'Ana'))).row).toMatchObject({
    status: 'in-square',
    remote: { version: '4' },
  })
})

it('operations keep their order over a restart: the newest value is what staff see', async () => {
  const { main, profile } = await morning()
  const first = await openBook(main, profile)
  const localId = await idOf(first.book, 'Ana')
  await edit(first.book, localId, { phoneNumber: '555-0102' })
  await send(main, openIds(main)[3]!)
  await cardWhere(first.book, localId, (card) => card?.open[1]?.everSent === true)
  await edit(first.book, localId, { phoneNumber: '555-0103' })
  await first.book.close()
  const { book } = await openBook(main, profile)
  const ids = openIds(main).filter((_, i) => i === 0 || i >= 3)
  expect((await cardOf(book, localId)).open.map(({ id }) => id)).toEqual(ids)
  await edit(book, localId, { note: 'x' })
  expect((await cardOf(book, localId)).row.local).toMatchObject({ phoneNumber: '555-0103', note: 'x' })
})

it('S20: a log that knows nothing of what the directory believes is right', async () => {
  const { main, profile } = await morning()
  const fresh = await startFakeMain({ square: [ana, bob] })
  await fresh.restart()
  fresh.logFile.header = { ...fresh.logFile.header!, generation: 9 }
  await fresh.restart()
  expect(openIds(main)).toHaveLength(3)
  const { book, notice } = await openBook(fresh, profile)
  expect(notice.notice).toBe('behind')
  await pulled(book)
  expect(await summaryWhere(book, () => true)).toMatchObject({ total: 2, waiting: 0, needYou: 0 })
  expect(await titles(book)).toEqual(['Ana', 'Bob'])
  expect((await cardOf(book, await idOf(book, 'Ana'))).row).toMatchObject({
    status: 'in-square',
    local: { phoneNumber: '555-0100' },
  })
})

it.each([
  ['behind', 'the log knows nothing of what the directory believes'],
  ['rebuilt', 'the directory came back empty'],
] as const)(
  'S21: "%s" is told, and all is pulled again, also where the log says only later that %s',
  async (notice, _when) => {
    const { main, profile } = await morning()
    const isBehind = notice === 'behind'
    const fresh = await startFakeMain({ square: [ana, bob] })
    fresh.logFile.header = { ...fresh.logFile.header!, generation: 9 }
    await fresh.restart()
    const now = isBehind ? fresh : main
    let asked = 0
    now.override('outbox:since', (mirror, original) => {
      asked += 1
      return asked === 1 ? Promise.reject(new Error('main is busy')) : original(mirror)
    })
    now.pulls.length = 0
    const { book, notice: opened } = await openBook(
      now,
      isBehind ? profile : { ...newProfile(), memory: profile.memory },
    )
    expect(opened.notice).toBeNull()
    const told: string[] = []
    book.watchNotice((later) => told.push(later))
    await expect.poll(() => told).toEqual([notice])
    // From its first page on, after what may have been asked before that was known.
    await expect.poll(() => now.pulls.at(-1)).toMatchObject({ kind: 'list', cursor: null })
    await pulled(book)
    expect(await titles(book)).toEqual(isBehind ? ['Ana', 'Bob'] : ['Ana', 'Bob', 'Zoë'])
    expect(told).toEqual([notice])
  },
)

it('a directory that came back empty is rebuilt from log and Square, and staff are told', async () => {
  const { main, profile } = await morning()
  const { book, notice } = await openBook(main, { ...newProfile(), memory: profile.memory })
  expect(notice.notice).toBe('rebuilt')
  expect(await titles(book)).toContain('Zoë')
  await pulled(book)
  // What was promised for them is fetched before the whole list.
  expect(main.pulls.slice(1).map((request) => request.kind)).toEqual(['ids', 'list'])
  expect(await summaryWhere(book, () => true)).toMatchObject(everything)
  const card = await cardOf(book, await idOf(book, 'Ana'))
  expect(card.row).toMatchObject({
    status: 'saved-here',
    local: { phoneNumber: '555-0101' },
    remote: { version: '3' },
  })
})

it('is told also where nothing was waiting: the customers are gone all the same', async () => {
  const main = await startFakeMain({ square: [ana] })
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  await pulled(book)
  await book.close()
  expect((await openBook(main, { ...newProfile(), memory: profile.memory })).notice.notice).toBe('rebuilt')
})

it('a directory older than it says is brought forward, pulled again, and staff are told', async () => {
  const { main, profile } = await morning()
  const tables = await openTables(profile)
  const old = {
    meta: await tables.meta.toArray(),
    outbox: await tables.outbox.toArray(),
    customers: await tables.customers.toArray(),
  }
  const [anaOp] = openIds(main)
  const second = await openBook(main, profile)
  await settle(main, anaOp!, {
    kind: 'applied',
    remote: remoteOf('SQ1', { givenName: 'Ana!' }, { version: '4' }),
    how: 'sent',
  })
  await summaryWhere(second.book, ({ waiting }) => waiting === 1)
  await second.book.close()
  await tables.transaction('rw', [tables.meta, tables.outbox, tables.customers], async () => {
    await tables.meta.bulkPut(old.meta)
    await tables.outbox.bulkPut(old.outbox)
    await tables.customers.bulkPut(old.customers)
  })
  main.pulls.length = 0
  const { book, notice } = await openBook(main, profile)
  expect(notice.notice).toBe('behind')
  expect(await summaryWhere(book, () => true)).toMatchObject({ waiting: 1 })
  expect(await titles(book)).toContain('Ana!')
  await pulled(book)
  expect(main.pulls[0]).toMatchObject({ kind: 'list', cursor: null })
})

it('S21: a compacted log begins the mirror anew where it is behind, and changes nothing where it is not', async () => {
  const main = await startFakeMain({ square: [ana, bob], compactAfter: 3 })
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  const localId = await idOf(first.book, 'Ana')
  await edit(first.book, localId, { note: 'kept' })
  await add(first.book, { givenName: 'Gone soon' })
  await first.book.close()
  // A window that never reports back keeps the log from being compacted beyond it.
  const other = await openBook(main, newProfile())
  main.square.push(remoteOf('SQ7', { givenName: 'Gone soon' }))
  await apply(main, openIds(main)[1]!, main.square[2]!)
  await summaryWhere(other.book, ({ waiting }) => waiting === 1)
  main.square[0] = remoteOf('SQ1', { givenName: 'Ana', note: 'kept' }, { version: '4' })
  await apply(main, openIds(main)[0]!, main.square[0])
  await summaryWhere(other.book, ({ waiting }) => waiting === 0)
  await edit(other.book, await idOf(other.book, 'Gone soon'), { nickname: 'G' })
  await expect.poll(() => main.logFile.header?.compactedThrough ?? 0).toBeGreaterThan(2)
  await pulled(other.book)
  const { book, notice } = await openBook(main, profile)
  expect(notice.notice).toBe('behind')
  await pulled(book)
  expect(await titles(book)).toEqual(await titles(other.book))
  const card = await cardOf(book, await idOf(book, 'Gone soon'))
  expect(card.row).toMatchObject({ squareId: 'SQ7', local: { nickname: 'G' } })
  expect((await cardOf(book, localId)).row).toMatchObject({ status: 'in-square', remote: { version: '4' } })
})

it('S20: a log that lost its tail gets it back from the mirror, everything in it asked again', async () => {
  const { main, profile } = await morning()
  main.logFile.records.length = 2
  await main.restart()
  const { book, notice } = await openBook(main, profile)
  expect(main.logFile.header?.generation).toBe(2)
  expect(notice.notice).toBeNull()
  expect(await summaryWhere(book, () => true)).toMatchObject({ needYou: 3, waiting: 0 })
  const card = await cardOf(book, await idOf(book, 'Zoë'))
  expect(card.question?.question.kind).toBe('copied')
  expect(toSnapshot(main.outbox().state()).entries).toHaveLength(3)
})

it('S20: a log that is gone, and had begun anew before, gets everything back; staff are asked, and nothing is lost', async () => {
  const { main, profile } = await morning()
  main.logFile.records.length = 2
  await main.restart()
  const second = await openBook(main, profile)
  await add(second.book, { givenName: 'Lea' })
  await second.book.close()
  expect(main.logFile.header?.generation).toBe(2)
  main.logFile.header = null
  main.logFile.records.length = 0
  await main.restart()
  const { book, notice } = await openBook(main, profile)
  expect(main.logFile.header).toMatchObject({ generation: 3 })
  expect(notice.notice).toBeNull()
  expect(await summaryWhere(book, () => true)).toMatchObject({ needYou: 4, waiting: 0 })
  expect((await cardOf(book, await idOf(book, 'Lea'))).question?.question.kind).toBe('copied')
  await add(book, { givenName: 'Mia' })
  expect(toSnapshot(main.outbox().state()).entries).toHaveLength(5)
})

it('S20: a log that lost a record in its middle gets it back from the mirror; nothing is lost, sent twice or asked', async () => {
  const main = await startFakeMain({ square: [ana, bob] })
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  const id = await idOf(first.book, 'Ana')
  await edit(first.book, id, { phoneNumber: '555-0101' })
  await edit(first.book, id, { phoneNumber: '555-0102' })
  await edit(first.book, await idOf(first.book, 'Bob'), { note: 'x' })
  await first.book.close()
  // Of the three the one by which the second number replaces the first.
  const [damaged] = main.logFile.records.splice(1, 1)
  expect(damaged).toMatchObject({ kind: 'queued', replaces: [expect.any(String)] })
  await main.restart()
  expect(
    [...main.outbox().state().entries.values()].map(({ op }) => 'patch' in op && op.patch),
  ).toMatchObject([{ phoneNumber: { local: '555-0101' } }, { note: { local: 'x' } }])
  const { book, notice } = await openBook(main, profile)
  expect(
    [...main.outbox().state().entries.values()].map(({ op }) => 'patch' in op && op.patch),
  ).toMatchObject([{ phoneNumber: { local: '555-0102' } }, { note: { local: 'x' } }])
  expect(notice.notice).toBeNull()
  expect(await summaryWhere(book, () => true)).toMatchObject({ needYou: 0, waiting: 2 })
  expect((await cardOf(book, id)).row.local.phoneNumber).toBe('555-0102')
})

it('S20: the same where the window had not seen the last of it: an attempt, and a consent, are not forgotten with it', async () => {
  const main = await startFakeMain({ square: [ana, bob] })
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  const id = await idOf(first.book, 'Ana')
  await edit(first.book, id, { phoneNumber: '555-0101' })
  await edit(first.book, id, { phoneNumber: '555-0102' })
  await first.book.close()
  const [op] = openIds(main)
  await send(main, op!)
  const fact = { kind: 'consent', given: true, wording: 'x', at: '2026-03-02T10:15:00.000Z' } as const
  await main.record({ kind: 'fact', id: 'consent', localId: id, fact })
  main.logFile.records.splice(0, 1)
  await main.restart()
  const { book, notice } = await openBook(main, profile)
  expect(notice.notice).toBeNull()
  expect(await summaryWhere(book, () => true)).toMatchObject({ needYou: 0, waiting: 1 })
  expect(main.outbox().state().entries.get(op!)?.attempts.size).toBe(1)
  expect((await cardOf(book, id)).consent).toEqual({ given: true, at: fact.at })
  expect(main.logFile.header?.generation).toBe(1)
  expect(main.outbox().mirrorReported()).toBe(true)
})

it('S20: what is saved before a log has its tail back is saved after that; where it cannot be given back, nothing is', async () => {
  const { main, profile } = await morning()
  const { book } = await openBook(main, profile)
  main.logFile.records.length = 2
  await main.restart()
  const form = (await book.openForm(null))!
  const save = () => book.save(form, { ...form.shown, givenName: 'Early' }, null)
  main.logFile.failures.push('disk-full')
  expect(await save()).toEqual({ kind: 'unwritable', reason: 'damaged' })
  expect(await save()).toMatchObject({ kind: 'saved' })
  expect(main.logFile.header?.generation).toBe(2)
  const { entries } = toSnapshot(main.outbox().state())
  expect(entries.map(({ question }) => question?.kind ?? null)).toEqual(['copied', 'copied', 'copied', null])
  expect(await titles(book)).toContain('Early')
})

it('an operation on disk that cannot be read is set aside and comes again from the log (S15)', async () => {
  const { main, profile } = await morning()
  const tables = await openTables(profile)
  const [entry] = await tables.outbox.toArray()
  await tables.outbox.put({ ...entry!, entry: 'garbled' as never })
  const { book } = await openBook(main, profile)
  expect(await summaryWhere(book, () => true)).toMatchObject(everything)
  expect(await tables.setAside.toArray()).toMatchObject([{ table: 'outbox', value: { entry: 'garbled' } }])
})

it('S15: a customer on disk that cannot be read is set aside, fetched again, and staff are told', async () => {
  const { main, profile } = await morning()
  const tables = await openTables(profile)
  const row = await tables.customers.where('squareId').equals('SQ1').first()
  await tables.customers.put({ ...row!, local: 'garbled' as never })
  await tables.customers.put({ localId: 'only-this' } as never)
  const { book, notice } = await openBook(main, profile)
  expect(notice.setAside).toBe(2)
  expect(await tables.setAside.count()).toBe(2)
  await pulled(book)
  expect(await titles(book)).toEqual(['Ana', 'Bob', 'Zoë'])
  expect((await cardOf(book, row!.localId)).row.local).toMatchObject({ phoneNumber: '555-0101' })
})

it('S2, S15: what waits for a customer whose row cannot be read is shown all the same, without the line, too', async () => {
  const { main, profile } = await morning()
  const tables = await openTables(profile)
  const ofAna = await tables.customers.where('squareId').equals('SQ1').first()
  const ofZoe = (await tables.customers.toArray()).find(({ local }) => local.givenName === 'Zoë')
  await tables.customers.put({ ...ofAna!, squareId: 7 as never })
  await tables.customers.put({ ...ofZoe!, local: 'garbled' as never })
  main.override('directory:pull', () =>
    Promise.resolve({ kind: 'failed', failure: { kind: 'not-sent', reason: 'offline' } }),
  )
  const { book, notice } = await openBook(main, profile)
  expect(notice.setAside).toBe(2)
  expect(await titles(book)).toEqual(['Ana', 'Bob', 'Zoë'])
  expect((await cardOf(book, ofAna!.localId)).row).toMatchObject({
    squareId: 'SQ1',
    remote: null,
    openOps: 1,
    local: { phoneNumber: '555-0101' },
  })
  expect((await cardOf(book, ofZoe!.localId)).row).toMatchObject({ squareId: null, status: 'saved-here' })
})

it('a draft that cannot be read hides no other and is kept', async () => {
  const main = await startFakeMain()
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  const form = (await book.openForm(null))!
  await book.keepDraft({ form, fields: form.shown, keptAt: '1' })
  const tables = await openTables(profile)
  await tables.drafts.put({ opId: 'bad', draft: { fields: 7 } as never })
  expect(await book.drafts()).toHaveLength(1)
  expect(await tables.drafts.count()).toBe(2)
})

it('two windows of one store follow each other; each saves', async () => {
  const main = await startFakeMain({ square: [ana] })
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  const second = await openBook(main, profile)
  const localId = await idOf(second.book, 'Ana')
  await edit(first.book, localId, { nickname: 'Annie' })
  await cardWhere(second.book, localId, (card) => card?.row.local.nickname === 'Annie')
  await Promise.all([edit(second.book, localId, { note: 'two' }), add(first.book, { givenName: 'Zoë' })])
  await expect.poll(() => titles(second.book)).toEqual(['Ana', 'Zoë'])
  const card = await cardWhere(first.book, localId, (of) => of?.row.local.note === 'two')
  expect(card).toMatchObject({ row: { local: { nickname: 'Annie', note: 'two' } } })
  expect(main.logFile.records.filter((record) => record.kind === 'queued')).toHaveLength(3)
})

it('goes on following the log after main could not be asked', async () => {
  const main = await startFakeMain()
  let broken = true
  main.override('outbox:since', (mirror, original) =>
    broken ? Promise.reject(new Error('gone')) : original(mirror),
  )
  const { book, timers } = await openBook(main)
  await main.record({
    kind: 'fact',
    id: crypto.randomUUID(),
    localId: 'c1',
    fact: { kind: 'show-every-conflict', on: true },
  })
  broken = false
  await expect.poll(() => timers.waiting.some(({ ms }) => ms === 2_000)).toBe(true)
  timers.fire()
  await expect.poll(async () => (await summaryWhere(book, () => true)).total).toBe(0)
  await add(book, { givenName: 'Zoë' })
  expect(await titles(book)).toEqual(['Zoë'])
})

it('S20: where the log cannot be given back what it lost, that is tried again until it can', async () => {
  const main = await startFakeMain()
  const profile = newProfile()
  const first = await openBook(main, profile)
  await add(first.book, { givenName: 'Zoë' })
  await add(first.book, { givenName: 'Ana' })
  await first.book.close()
  main.logFile.records.length = 1
  await main.restart()
  main.logFile.failures.push('disk-full', 'disk-full')
  const second = await openBook(main, profile)
  const retry = () => second.timers.waiting.filter(({ ms }) => ms === 30_000)
  await expect.poll(() => retry().length).toBe(1)
  expect(main.outbox().cannotBeMadeWhole()).toBe(true)
  expect(main.outbox().mirrorReported()).toBe(false)
  second.timers.fire()
  await expect.poll(() => main.outbox().mirrorReported()).toBe(true)
  expect(openIds(main)).toHaveLength(2)
  await expect.poll(() => retry()).toEqual([])
  expect(await titles(second.book)).toEqual(['Ana', 'Zoë'])
})

it('S20: a log of a later generation is right, also where it has less: what it has open shows on a row of its own', async () => {
  const main = await startFakeMain()
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  const localId = await add(first.book, { givenName: 'Zoë' })
  const [create] = openIds(main)
  const older = structuredClone(main.logFile)
  // Listed, edited there, and only then known to be the one created here: two rows become one.
  main.square.push(remoteOf('SQ8', { givenName: 'Zoë' }, { updatedAt: '2026-03-02T10:00:00.000Z' }))
  main.emit('directory:wake', { reason: 'asked' })
  await expect.poll(() => titles(first.book)).toEqual(['Zoë', 'Zoë'])
  const { rows } = await first.book.search('', { offset: 0, limit: 9 })
  await edit(first.book, rows.find((row) => row.localId !== localId)!.localId, { note: 'x' })
  await apply(main, create!, main.square[0]!)
  await expect.poll(() => titles(first.book)).toEqual(['Zoë'])
  await first.book.close()

  older.header = { ...older.header!, generation: 5 }
  const restored = await startFakeMain({ logFile: older, square: main.square })
  const { book } = await openBook(restored, profile)
  await pulled(book)
  expect((await cardOf(book, localId)).open).toMatchObject([{ id: create, kind: 'create' }])
  expect((await cardOf(book, localId)).row).toMatchObject({ squareId: null, status: 'saved-here' })
  expect(await titles(book)).toEqual(['Zoë', 'Zoë'])
})
