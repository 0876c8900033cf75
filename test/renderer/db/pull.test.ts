import { expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import type { PullRequest, PullResult } from '#shared/ipc/contract.ts'
import { readMirror } from '#renderer/db/log-mirror.ts'
import { writePage } from '#renderer/db/pages-writer.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain, type FakeMain } from '../../support/fake-bridge.ts'
import {
  add,
  apply,
  edit,
  newProfile,
  openBook,
  openIds,
  openTables,
  pulled,
  send,
  settle,
  summaryWhere,
  titles,
  type Profile,
} from './book-fixture.ts'

const people = (n: number) =>
  Array.from({ length: n }, (_, i) => remoteOf(`SQ${i}`, { givenName: `P${String(i).padStart(3, '0')}` }))
const deltas = (main: FakeMain) => main.pulls.filter((request) => request.kind === 'delta')

/** Wakes the pull and resolves once a further one is complete. */
async function pullAgain(main: FakeMain, book: Parameters<typeof pulled>[0]): Promise<void> {
  const before = (await summaryWhere(book, () => true)).pull
  main.emit('directory:wake', { reason: 'asked' })
  await summaryWhere(book, ({ pull }) => pull !== before && pull.kind !== 'loading')
}

it('loads all pages first, telling how far it is, then asks for changes only', async () => {
  const main = await startFakeMain({ square: people(250) })
  let goOn = () => {}
  const seen = new Promise<void>((resolve) => (goOn = resolve))
  main.override('directory:pull', async (request, original) => {
    if (request.kind === 'list' && request.cursor === '200') await seen
    return original(request)
  })
  const { book } = await openBook(main)
  const half = await summaryWhere(book, ({ pull }) => pull.kind === 'loading' && pull.got === 200)
  expect(half).toMatchObject({ total: 200, pull: { of: 250 } })
  // The next delta begins where this load began, not where it ended.
  main.squareTime = '2026-03-02T10:07:00.000Z'
  goOn()
  const done = await summaryWhere(book, ({ pull }) => pull.kind === 'current')
  expect(done).toMatchObject({ total: 250, pull: { asOf: '2026-03-02T10:15:00.000Z' } })
  expect(main.pulls.map((request) => (request.kind === 'list' ? request.cursor : request.kind))).toEqual([
    null,
    '100',
    '200',
  ])
  await pullAgain(main, book)
  expect(main.pulls.at(-1)).toEqual({
    kind: 'delta',
    since: '2026-03-02T09:54:30.000Z',
    cursor: null,
    asked: true,
  })
})

it('S26: "Sync now" is a person who waits; what comes by itself is not', async () => {
  const main = await startFakeMain({ square: people(3) })
  const { book } = await openBook(main)
  await pulled(book)
  for (const reason of ['sent', 'asked', 'online'] as const) {
    const before = (await summaryWhere(book, () => true)).pull
    main.emit('directory:wake', { reason })
    await summaryWhere(book, ({ pull }) => pull !== before)
  }
  expect(main.pulls.map((request) => 'asked' in request)).toEqual([false, false, true, false])
})

it('a first load says how many are still to come', async () => {
  const main = await startFakeMain({ square: people(250) })
  const { book } = await openBook(main)
  await pulled(book)
  expect(main.pulls.map((request) => request.kind === 'list' && request.left)).toEqual([null, 150, 50])
})

it('the first load goes on where it stopped when the window was closed', async () => {
  const main = await startFakeMain({ square: people(250) })
  const profile = newProfile()
  let asked = 0
  main.override('directory:pull', async (request, original) => {
    // The window closes while the third page is on its way and the second is written.
    if (++asked === 3) {
      await summaryWhere(first.book, ({ pull }) => pull.kind === 'loading' && pull.got === 200)
      await first.book.close()
    }
    return original(request)
  })
  const first = await openBook(main, profile)
  await expect.poll(() => asked).toBe(3)
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(main.pulls.map((request) => request.kind === 'list' && request.cursor)).toEqual([
    null,
    '100',
    '200',
    '200',
  ])
  expect((await titles(book)).length).toBe(250)
})

it('begins the list again where Square has forgotten the cursor', async () => {
  const main = await startFakeMain({ square: people(150) })
  let refused = false
  main.override('directory:pull', async (request, original) => {
    if (request.kind === 'list' && request.cursor === '100' && !refused) {
      refused = true
      main.squareTime = '2026-03-02T11:00:00.000Z'
      return {
        kind: 'failed',
        failure: { kind: 'refused', refusal: { code: 'INVALID_CURSOR', field: null, detail: null } },
      }
    }
    return original(request)
  })
  const { book } = await openBook(main)
  await pulled(book)
  expect(await titles(book)).toHaveLength(150)
  await pullAgain(main, book)
  expect(deltas(main)[0]).toMatchObject({ since: '2026-03-02T10:54:30.000Z' })
})

it('S17: the next delta begins the lag of a list before the last complete pull began, by Square’s clock', async () => {
  const main = await startFakeMain({ square: people(3) })
  main.pageSize = 2
  const { book } = await openBook(main)
  await pulled(book)
  main.squareTime = '2026-03-02T10:30:00.000Z'
  const changed = [0, 1, 2].map((i) =>
    remoteOf(`SQ${i}`, { givenName: `Q${i}` }, { version: '1', updatedAt: '2026-03-02T10:20:00.000Z' }),
  )
  main.square.splice(0, 3, ...changed)
  // The second page of this delta fails: it counts as not done.
  let failed = false
  main.override('directory:pull', async (request, original) => {
    if (request.kind === 'delta' && request.cursor !== null && !failed) {
      failed = true
      return { kind: 'failed', failure: { kind: 'not-sent', reason: 'offline' } }
    }
    // The second page comes later than the first.
    if (request.kind === 'delta' && request.cursor !== null) main.squareTime = '2026-03-02T10:40:00.000Z'
    return original(request)
  })
  await pullAgain(main, book)
  expect(await summaryWhere(book, () => true)).toMatchObject({ pull: { kind: 'stale', why: 'offline' } })
  await pullAgain(main, book)
  await pulled(book)
  expect(await titles(book)).toEqual(['Q0', 'Q1', 'Q2'])
  await pullAgain(main, book)
  expect(deltas(main).map(({ since, cursor }) => [since.slice(11, 16), cursor])).toEqual([
    ['09:54', null],
    ['09:54', null],
    ['09:54', '2'],
    // The start of that pull, not its end.
    ['10:24', null],
  ])
})

it('S11: a lower version is ignored, whatever its length', async () => {
  const main = await startFakeMain({
    square: [remoteOf('SQ1', { givenName: 'New' }, { version: '9007199254740993' })],
  })
  const { book } = await openBook(main)
  await pulled(book)
  main.square[0] = remoteOf(
    'SQ1',
    { givenName: 'Old' },
    { version: '9007199254740992', updatedAt: '2026-03-02T11:00:00.000Z' },
  )
  await pullAgain(main, book)
  expect(deltas(main)).toHaveLength(1)
  expect(await titles(book)).toEqual(['New'])
})

it('S11: a listed row that was merged into another is ignored', async () => {
  const old = remoteOf('SQ-A', { givenName: 'Before merge' })
  const merged = remoteOf('SQ-C', { givenName: 'Merged' })
  const main = await startFakeMain({ square: [old, merged] })
  await main.record({ kind: 'alias', fromSquareId: 'SQ-A', toSquareId: 'SQ-C', remote: merged })
  const { book } = await openBook(main)
  await pulled(book)
  expect(await titles(book)).toEqual(['Merged'])
})

it('S11: what is absent from a list is not deleted', async () => {
  const main = await startFakeMain({ square: people(2) })
  const profile = newProfile()
  const first = await openBook(main, profile)
  await pulled(first.book)
  await first.book.close()
  main.square.length = 1
  profile.memory.write({ generation: 1, lastSeq: 999 }) // older than it was: everything is listed again
  const { book, notice } = await openBook(main, profile)
  expect(notice.notice).toBe('behind')
  await pulled(book)
  expect(main.pulls.map((request) => request.kind)).toEqual(['list', 'list'])
  expect(await titles(book)).toHaveLength(2)
})

it('S9: a customer that could be a creation in doubt is held back, and comes once that is settled', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  await pulled(book)
  await add(book, { givenName: 'Zoë' })
  const [opId] = openIds(main)
  await send(main, opId!)
  const ours = {
    creationSource: 'THIRD_PARTY',
    createdAt: '2026-03-02T10:00:01.000Z',
    updatedAt: '2026-03-02T10:00:01.000Z',
  }
  main.square.push(
    remoteOf('SQ8', { givenName: 'Zoë' }, ours),
    remoteOf('SQ9', { givenName: 'Other till' }, ours),
  )
  main.squareTime = '2026-03-02T10:30:00.000Z'
  await pullAgain(main, book)
  expect(await titles(book)).toEqual(['Zoë'])
  await settle(main, opId!, { kind: 'applied', remote: main.square[0]!, how: 'sent' })
  await pullAgain(main, book)
  expect(await titles(book)).toEqual(['Other till', 'Zoë'])
  // What was held back is asked for again: the delta still begins before it was changed.
  expect(deltas(main).at(-1)!.since < '2026-03-02T10:00:01.000Z').toBe(true)
  await pullAgain(main, book)
  expect(deltas(main).at(-1)!.since).toBe('2026-03-02T10:24:30.000Z')
})

it('S9: whom the first load holds back the first delta asks for again', async () => {
  const main = await startFakeMain()
  main.squareTime = '2026-03-02T09:00:00.000Z'
  main.override('directory:pull', () =>
    Promise.resolve({ kind: 'failed', failure: { kind: 'not-sent', reason: 'offline' } }),
  )
  const { book, timers } = await openBook(main)
  await add(book, { givenName: 'Zoë' })
  const [opId] = openIds(main)
  await send(main, opId!)
  const at = { createdAt: '2026-03-02T09:00:01.000Z', updatedAt: '2026-03-02T09:00:02.000Z' }
  main.square.push(remoteOf('SQ9', { givenName: 'Other till' }, { creationSource: 'THIRD_PARTY', ...at }))
  main.squareTime = '2026-03-02T10:00:00.000Z'
  main.override('directory:pull', (request) => {
    main.pulls.push(request)
    return Promise.resolve(pageOf(main, request))
  })
  timers.fire()
  await pulled(book)
  expect(await titles(book)).toEqual(['Zoë'])
  await pullAgain(main, book)
  expect(deltas(main)[0]!.since < at.updatedAt).toBe(true)
})

it('S9: two rows of one customer become one, with what waits for either', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  await pulled(book)
  const localId = await add(book, { givenName: 'Zoë' })
  const [create] = openIds(main)
  // Listed before the answer came, by a source that is not held back.
  main.square.push(remoteOf('SQ8', { givenName: 'Zoë' }, { updatedAt: '2026-03-02T10:00:00.000Z' }))
  await pullAgain(main, book)
  expect(await titles(book)).toEqual(['Zoë', 'Zoë'])
  const listed = (await book.search('', { offset: 0, limit: 9 })).rows.find(
    (row) => row.localId !== localId,
  )!.localId
  await edit(book, listed, { note: 'on the listed one' })
  await apply(main, create!, main.square[0]!)
  await expect.poll(() => titles(book)).toEqual(['Zoë'])
  for (const id of [localId, listed]) {
    const form = await book.openForm(id)
    expect(form).toMatchObject({ localId, squareId: 'SQ8', shown: { note: 'on the listed one' } })
  }
})

it('never pulls twice at a time; a wake during a pull is one more pull', async () => {
  const main = await startFakeMain({ square: people(5) })
  let under = 0
  let most = 0
  main.override('directory:pull', async (request, original) => {
    most = Math.max(most, ++under)
    await new Promise((resolve) => setTimeout(resolve))
    under--
    return original(request)
  })
  const { book } = await openBook(main)
  for (let i = 0; i < 5; i++) main.emit('directory:wake', { reason: 'online' })
  await expect.poll(() => main.pulls.length).toBe(2)
  await pulled(book)
  expect(most).toBe(1)
  expect(main.pulls.map((request: PullRequest) => request.kind)).toEqual(['list', 'delta'])
})

it('says why it is stale, keeps what it has, and tries again sooner than usual', async () => {
  const main = await startFakeMain({ square: people(2) })
  const { book, timers } = await openBook(main)
  await pulled(book)
  await expect.poll(() => timers.waiting.map(({ ms }) => ms)).toEqual([60_000])
  const failing = [
    [{ kind: 'not-sent', reason: 'offline' }, 'offline'],
    [{ kind: 'signed-out', code: 'UNAUTHORIZED' }, 'signed-out'],
    [{ kind: 'unknown', reason: 'server-error' }, 'failed'],
  ] as const
  for (const [failure, why] of failing) {
    main.override('directory:pull', () => Promise.resolve({ kind: 'failed', failure }))
    timers.fire()
    expect(await summaryWhere(book, ({ pull }) => pull.kind === 'stale' && pull.why === why)).toMatchObject({
      total: 2,
      pull: { asOf: '2026-03-02T10:15:00.000Z' },
    })
    await expect.poll(() => timers.waiting.length).toBe(1)
    expect(timers.waiting[0]!.ms).toBeLessThan(60_000)
  }
})

it('survives a main that does not answer', async () => {
  const main = await startFakeMain({ square: people(2) })
  main.override('directory:pull', () => Promise.reject(new Error('no handler')))
  const { book } = await openBook(main)
  expect(await summaryWhere(book, ({ pull }) => pull.kind === 'stale')).toMatchObject({
    pull: { asOf: null, why: 'failed' },
  })
})

/** What Square would answer, whatever was overridden before. */
function pageOf(main: FakeMain, request: PullRequest): PullResult {
  const remotes =
    request.kind === 'ids' ? main.square.filter(({ id }) => request.squareIds.includes(id)) : main.square
  const answer = {
    kind: 'page',
    cursor: null,
    count: null,
    squareTime: main.squareTime,
    missing: [],
  } as const
  return { ...answer, remotes }
}
const rowsOf = async (profile: Profile, squareId: string) =>
  (await openTables(profile)).customers.where('squareId').equals(squareId).toArray()

it('S23: whoever comes twice while the list is read, because pages moved, is here once', async () => {
  const main = await startFakeMain({ square: people(250) })
  const profile = newProfile()
  main.override('directory:pull', async (request, original) => {
    const page = await original(request)
    if (request.kind !== 'list' || page.kind !== 'page') return page
    // The last of the page before comes again, changed; on the last page one of the first page, too.
    const at = Number(request.cursor ?? 0)
    const again = [at - 1, at === 200 ? 3 : -1].flatMap((n) => main.square[n] ?? [])
    return { ...page, remotes: [...again.map((one) => ({ ...one, version: '1' })), ...page.remotes] }
  })
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(await titles(book)).toHaveLength(250)
  for (const id of ['SQ3', 'SQ99', 'SQ199']) {
    expect(await rowsOf(profile, id)).toMatchObject([{ remote: { version: '1' } }])
  }
})

it('S23: a customer the log speaks of is found again by the first load, wherever the list has them', async () => {
  const main = await startFakeMain({ square: people(3) })
  const profile = newProfile()
  const created = remoteOf('SQ-NEW', { givenName: 'Zoë' }, { createdAt: '2026-03-02T09:59:00.000Z' })
  main.override('directory:pull', () =>
    Promise.resolve({ kind: 'failed', failure: { kind: 'not-sent', reason: 'offline' } }),
  )
  const { book, timers } = await openBook(main, profile)
  await add(book, { givenName: 'Zoë' })
  await apply(main, openIds(main)[0]!, created)
  const merged = remoteOf('SQ-C', { givenName: 'Merged' }, { createdAt: '2026-03-02T09:59:30.000Z' })
  await main.record({ kind: 'alias', fromSquareId: 'SQ0', toSquareId: 'SQ-C', remote: merged })
  await expect.poll(() => titles(book)).toEqual(['Zoë'])
  main.square.push(created, merged)
  main.override('directory:pull', (request) => Promise.resolve(pageOf(main, request)))
  timers.fire()
  await pulled(book)
  expect(await titles(book)).toEqual(['Merged', 'P001', 'P002', 'Zoë'])
  expect(await rowsOf(profile, 'SQ-NEW')).toHaveLength(1)
})

it('S23: two windows that load at the same time do not load anybody twice', async () => {
  const main = await startFakeMain({ square: people(350) })
  main.square.forEach((one, n) => {
    main.square[n] = { ...one, createdAt: new Date(Date.parse('2026-01-01') + n * 60_000).toISOString() }
  })
  const profile = newProfile()
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  let asked = 0
  main.override('directory:pull', async (request, original) => {
    // The first window has its first page and then waits, while the second one loads everybody.
    if (++asked === 2) await held
    return original(request)
  })
  const first = await openBook(main, profile)
  await expect.poll(() => asked).toBe(2)
  const second = await openBook(main, profile)
  await pulled(second.book)
  letGo()
  await pulled(first.book)
  expect(await (await openTables(profile)).customers.count()).toBe(350)
  expect(await titles(first.book)).toHaveLength(350)
})

it('S23: two windows that load in turn, neither of them through, do not load anybody twice', async () => {
  const main = await startFakeMain({ square: people(350) })
  main.square.forEach((one, n) => {
    main.square[n] = { ...one, createdAt: new Date(Date.parse('2026-01-01') + n * 60_000).toISOString() }
  })
  const profile = newProfile()
  const gates = new Map<string, () => void>()
  const gate = (name: string) => new Promise<void>((resolve) => void gates.set(name, resolve))
  let asked = 0
  main.override('directory:pull', async (request, original) => {
    asked++
    // The first window waits for its second page, the second one for its last.
    if (asked === 2) await gate('first')
    if (asked > 2 && request.kind === 'list' && request.cursor === '300' && !gates.has('second'))
      await gate('second')
    return original(request)
  })
  const first = await openBook(main, profile)
  await expect.poll(() => gates.has('first')).toBe(true)
  await summaryWhere(first.book, ({ total }) => total === 100)
  const second = await openBook(main, profile)
  await summaryWhere(second.book, ({ total, pull }) => total === 300 && pull.kind === 'loading')
  await expect.poll(() => gates.has('second')).toBe(true)
  gates.get('first')!()
  await pulled(first.book)
  gates.get('second')!()
  await pulled(second.book)
  expect(await (await openTables(profile)).customers.count()).toBe(350)
})

it('S23: a customer merged while the list is read is found again under the new id', async () => {
  const main = await startFakeMain({ square: people(150) })
  const profile = newProfile()
  const merged = remoteOf('SQ-C', { givenName: 'Merged' }, { createdAt: '2026-03-02T09:59:30.000Z' })
  main.override('directory:pull', async (request, original) => {
    if (request.kind === 'list' && request.cursor === '100') {
      await summaryWhere(book, ({ total }) => total === 100)
      await main.record({ kind: 'alias', fromSquareId: 'SQ0', toSquareId: 'SQ-C', remote: merged })
      main.square.push(merged)
    }
    return original(request)
  })
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(await rowsOf(profile, 'SQ-C')).toHaveLength(1)
  expect(await titles(book)).toHaveLength(150)
})

it('rows that pages collapse lead to the one that stays, also after a restart', async () => {
  const profile = newProfile()
  const db = await openTables(profile)
  const mirror = await readMirror(db)
  mirror.redirects.set('gone', 'stays')
  const page = { remotes: people(1), how: 'listed' } as const
  await writePage({ db, mirror, newId: () => 'stays', newStamp: () => 'stamp', allRows: false }, page)
  expect((await readMirror(db)).redirects.get('gone')).toBe('stays')
})

it('S2: whoever is known deleted without content keeps nobody from being asked for by id', async () => {
  const main = await startFakeMain()
  const profile = newProfile()
  const tables = await openTables(profile)
  const loading = (localId: string, deleted: boolean) => ({
    localId,
    squareId: `SQ-${localId}`,
    remote: null,
    local: EMPTY_FIELDS,
    openOps: 0,
    status: 'loading' as const,
    deleted,
    hidden: deleted,
  })
  const gone = Array.from({ length: 150 }, (_, n) => loading(`a${String(n).padStart(3, '0')}`, true))
  await tables.customers.bulkPut([...gone, loading('b', false)])
  main.square.push(remoteOf('SQ-b', { givenName: 'Bea' }))
  // Only by id: no list has her.
  main.override('directory:pull', async (request, original) => {
    const page = await original(request)
    return page.kind === 'page' && request.kind !== 'ids' ? { ...page, remotes: [] } : page
  })
  const { book } = await openBook(main, profile)
  await pulled(book)
  expect(main.pulls[0]).toEqual({ kind: 'ids', squareIds: ['SQ-b'] })
  expect(await titles(book)).toEqual(['Bea'])
})
