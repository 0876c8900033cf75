import { afterEach, describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { BulkItems } from '#shared/sync/bulk.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { BulkChange, Reply } from '#main/square/square-gateway.ts'
import { BULK_FROM, BULK_MOST } from '#shared/outbox/queue.ts'
import { setUp, stopAll } from './engine-fixture.ts'
import { failed, fakeGateway, later, ok, TIMEOUT } from '../../../support/fake-gateway.ts'
import { createOp, patch, queued, remoteOf, updateOp } from '../../../support/builders.ts'

afterEach(stopAll)

const NOTE = patch({ note: [null, 'x'] })
const nth = (n: number | string, version = '1', over = {}) =>
  remoteOf(`SQ${n}`, { givenName: `C${n}`, ...over }, { version })
const edit = (n: number | string) => queued(updateOp(`u${n}`, `L${n}`, NOTE, nth(n)))
const edits = (count: number): RecordBody[] => Array.from({ length: count }, (_, n) => edit(n))
const add = (n: number) => queued(createOp(`c${n}`, `N${n}`, { givenName: `N${n}` }))
const adds = (count: number): RecordBody[] => Array.from({ length: count }, (_, n) => add(n))

type Answer = Reply<BulkItems<RemoteCustomer>>
const updated = (
  changes: ReadonlyMap<string, BulkChange>,
  but: Partial<Record<string, Reply<never>>> = {},
): Answer =>
  ok(
    new Map(
      [...changes.keys()].map((id) => [
        id,
        but[id] ?? { kind: 'ok' as const, value: nth(id.slice(2), '2', { note: 'x' }) },
      ]),
    ),
  )
const made = (bodies: ReadonlyMap<string, unknown>): Answer =>
  ok(new Map([...bodies.keys()].map((key) => [key, { kind: 'ok' as const, value: nth(`N${key}`, '0') }])))
const CONFLICT = failed({ kind: 'conflict' })
const REFUSED = failed({ kind: 'refused', refusal: { code: 'BAD_REQUEST', field: null, detail: null } })

/** Ids of each request, by the kind of it. */
const sizes = (gateway: ReturnType<typeof fakeGateway>) =>
  gateway.writes().map(([name, first]) => [name, first instanceof Map ? first.size : 1])

describe('S22 who travels together', () => {
  it('ten waiting customers leave in one request, each recorded for itself; nine go one by one', async () => {
    const script = { bulkUpdate: updated, update: (id: string) => ok(nth(id.slice(2), '2', { note: 'x' })) }
    const few = fakeGateway(script)
    const one = await setUp(few, ...edits(BULK_FROM - 1))
    await one.begin()
    await one.clock.pass(10_000)
    expect(sizes(few)).toEqual(Array.from({ length: BULK_FROM - 1 }, () => ['update', 1]))
    const many = fakeGateway(script)
    const { begin, clock, outbox, kinds } = await setUp(many, ...edits(BULK_FROM))
    await begin()
    await clock.pass(10_000)
    expect(sizes(many)).toEqual([['bulkUpdate', BULK_FROM]])
    expect(kinds().filter((kind) => kind === 'sent')).toHaveLength(BULK_FROM)
    expect(outbox.state().entries.size).toBe(0)
  })

  it('no more than fifty at once, oldest first, and one request of a kind at a time', async () => {
    const slow = later<BulkItems<RemoteCustomer>>()
    let first: ReadonlyMap<string, BulkChange> | null = null
    const gateway = fakeGateway({
      bulkUpdate: (changes: ReadonlyMap<string, BulkChange>) => {
        if (first) return updated(changes)
        first = changes
        return slow.reply
      },
    })
    const { begin, clock } = await setUp(gateway, ...edits(BULK_MOST + 20))
    await begin()
    await clock.pass(5_000)
    expect(sizes(gateway)).toEqual([['bulkUpdate', BULK_MOST]])
    expect([...first!.keys()][0]).toBe('SQ0')
    slow.come(updated(first!))
    await clock.pass(5_000)
    expect(sizes(gateway)).toEqual([
      ['bulkUpdate', BULK_MOST],
      ['bulkUpdate', 20],
    ])
  })

  it('S26 what somebody saves meanwhile need not wait for them', async () => {
    const slow = later<BulkItems<RemoteCustomer>>()
    const gateway = fakeGateway({
      bulkUpdate: () => slow.reply,
      update: [ok(nth('new', '2', { note: 'x' }))],
    })
    const { begin, clock, outbox, engine } = await setUp(gateway, ...edits(BULK_FROM))
    await begin()
    await clock.pass(1_000)
    await outbox.write([edit('new')])
    await clock.pass(1_000)
    expect(sizes(gateway).at(-1)).toEqual(['update', 1])
    expect(outbox.state().closed.get('unew')).toBe('done')
    expect(engine.state().sending).toHaveLength(BULK_FROM)
    slow.come(ok(new Map()))
  })

  it('an address or a tax id goes alone, and the others do not wait for it', async () => {
    const address = patch({ address: [null, { locality: 'Cork' }] })
    const gateway = fakeGateway({
      bulkUpdate: updated,
      update: [ok(nth('a', '2', { address: { locality: 'Cork' } }))],
    })
    const { begin, clock, outbox } = await setUp(
      gateway,
      queued(updateOp('ua', 'La', address, nth('a'))),
      ...edits(BULK_FROM),
    )
    await begin()
    await clock.pass(5_000)
    expect(sizes(gateway).sort()).toEqual([
      ['bulkUpdate', BULK_FROM],
      ['update', 1],
    ])
    expect(outbox.state().entries.size).toBe(0)
  })

  it('S7 those with a conflict are read together and sent again together', async () => {
    let rounds = 0
    const gateway = fakeGateway({
      bulkUpdate: (changes: ReadonlyMap<string, BulkChange>) =>
        updated(changes, rounds++ === 0 ? { SQ0: CONFLICT, SQ1: CONFLICT } : {}),
      bulkRetrieve: (ids: string[]) =>
        ok(new Map(ids.map((id) => [id, { kind: 'ok', value: nth(id.slice(2), '5', { nickname: 'n' }) }]))),
    })
    const { begin, clock, outbox } = await setUp(gateway, ...edits(BULK_FROM))
    await begin()
    await clock.pass(5_000)
    expect(gateway.calls.filter(([name]) => name === 'bulkRetrieve')).toEqual([
      ['bulkRetrieve', ['SQ0', 'SQ1']],
    ])
    expect(sizes(gateway).at(-1)).toEqual(['bulkUpdate', 2])
    expect(outbox.state().entries.size).toBe(0)
  })

  it('where Square would not have it as it was, each goes alone, and only the wrong one is asked about', async () => {
    const gateway = fakeGateway({
      bulkUpdate: [REFUSED],
      retrieve: (id: string) => ok(nth(id.slice(2))),
      update: (id: string) => (id === 'SQ3' ? REFUSED : ok(nth(id.slice(2), '2', { note: 'x' }))),
    })
    const { begin, clock, outbox } = await setUp(gateway, ...edits(BULK_FROM))
    await begin()
    await clock.pass(60_000)
    expect(gateway.calls.filter(([name]) => name === 'bulkUpdate')).toHaveLength(1)
    expect([...outbox.state().entries.values()].map(({ op, question }) => [op.id, question?.kind])).toEqual([
      ['u3', 'refused'],
    ])
  })

  it('a lost answer leaves all in doubt; they wait together, are read together, and the next is half as large', async () => {
    let sent = 0
    const gateway = fakeGateway({
      bulkUpdate: (changes: ReadonlyMap<string, BulkChange>) => (sent++ === 0 ? TIMEOUT : updated(changes)),
      bulkRetrieve: (ids: string[]) =>
        ok(new Map(ids.map((id) => [id, { kind: 'ok', value: nth(id.slice(2)) }]))),
    })
    const { begin, clock, outbox } = await setUp(gateway, ...edits(BULK_MOST))
    await begin()
    await clock.pass(60_000)
    expect(sizes(gateway)).toEqual([
      ['bulkUpdate', BULK_MOST],
      ['bulkUpdate', BULK_MOST / 2],
      ['bulkUpdate', BULK_MOST / 2],
    ])
    expect(outbox.state().entries.size).toBe(0)
  })
})

describe('S26 items that say what is about all requests', () => {
  const item = (failure: Failure) => ({ kind: 'failed', failure }) as const
  const limited = item({ kind: 'rate-limited', retryAfterMs: null })

  it('429 holds everybody back, longer each time, and is over once all are done', async () => {
    const times: number[] = []
    const gateway = fakeGateway({
      bulkUpdate: (changes: ReadonlyMap<string, BulkChange>) => {
        times.push(world.clock.monotonic())
        return times.length < 5
          ? ok(new Map([...changes.keys()].map((id) => [id, limited])))
          : updated(changes)
      },
    })
    const world = await setUp(gateway, ...edits(BULK_FROM))
    await world.begin()
    await world.clock.pass(300)
    expect(world.engine.state().paused).toEqual({ kind: 'rate-limited' })
    await world.clock.pass(60_000)
    const waits = times.slice(1).map((at, i) => at - times[i]!)
    expect(waits).toHaveLength(4)
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits[3]).toBeGreaterThanOrEqual(4_000)
    expect(world.outbox.state().entries.size).toBe(0)
    expect(world.engine.state().paused).toBeNull()
  })

  it('the token that was turned away for one is turned away for all', async () => {
    const away = item({ kind: 'signed-out', code: 'ACCESS_TOKEN_EXPIRED' })
    const gateway = fakeGateway({
      bulkUpdate: (changes: ReadonlyMap<string, BulkChange>) =>
        updated(changes, { SQ3: away as Reply<never> }),
    })
    const { begin, clock, engine, refused, outbox } = await setUp(gateway, ...edits(BULK_FROM))
    await begin()
    await clock.pass(1_000)
    expect([refused.length, engine.state().paused]).toEqual([1, { kind: 'signed-out' }])
    expect([...outbox.state().entries.keys()]).toEqual(['u3'])
  })
})

it('who went alone also reads alone when it meets a conflict', async () => {
  const address = patch({ address: [null, { locality: 'Cork' }] })
  let calls = 0
  const gateway = fakeGateway({
    bulkUpdate: updated,
    update: () => (calls++ === 0 ? CONFLICT : ok(nth(0, '3', { address: { locality: 'Cork' } }))),
    retrieve: [ok(nth(0, '2', { nickname: 'n' }))],
  })
  const { begin, clock, outbox } = await setUp(
    gateway,
    queued(updateOp('u0', 'L0', address, nth(0))),
    ...edits(BULK_FROM).slice(1),
    edit(BULK_FROM),
  )
  await begin()
  await clock.pass(10_000)
  expect(gateway.calls.map(([name]) => name).sort()).toEqual([
    'bulkUpdate',
    'retrieve',
    'seller',
    'update',
    'update',
  ])
  expect(outbox.state().entries.size).toBe(0)
})

it('a whole that is refused again and again holds nobody up for ever: a create goes in bulk, alone', async () => {
  const gateway = fakeGateway({
    createdSince: [ok([])],
    bulkCreate: (bodies: ReadonlyMap<string, unknown>) =>
      bodies.size > 1 || bodies.has('c3') ? REFUSED : made(bodies),
  })
  const { begin, clock, outbox } = await setUp(gateway, ...adds(BULK_FROM))
  await begin()
  await clock.pass(60_000)
  expect([...outbox.state().entries.values()].map(({ op, question }) => [op.id, question?.kind])).toEqual([
    ['c3', 'refused'],
  ])
  expect(
    gateway.writes().filter(([, bodies]) => (bodies as ReadonlyMap<string, unknown>).size > 1),
  ).toHaveLength(1)
})

describe('S22 creates that travel together', () => {
  it('S9 each is looked for first, and whoever is found is asked about', async () => {
    const gateway = fakeGateway({
      findExact: ({ phoneE164 }: { phoneE164: string | null }) =>
        ok(phoneE164 === '+12125550103' ? [nth('old')] : []),
      bulkRetrieve: (ids: string[]) => ok(new Map(ids.map((id) => [id, { kind: 'ok', value: nth('old') }]))),
      bulkCreate: made,
    })
    const records = Array.from({ length: BULK_FROM }, (_, n) =>
      queued(createOp(`c${n}`, `N${n}`, { givenName: 'A', phoneNumber: `212-555-010${n}` })),
    )
    const { begin, clock, outbox } = await setUp(gateway, ...records)
    await begin()
    await clock.pass(60_000)
    expect(gateway.calls.filter(([name]) => name === 'findExact')).toHaveLength(BULK_FROM)
    expect(sizes(gateway)).toEqual([['bulkCreate', BULK_FROM - 1]])
    expect([...outbox.state().entries.values()].map(({ question }) => question?.kind)).toEqual([
      'create-duplicate',
    ])
  })

  it('the key of the map is the operation; whoever is missing in the answer goes in bulk again, with that key', async () => {
    let sent = 0
    const gateway = fakeGateway({
      createdSince: [ok([])],
      bulkCreate: (bodies: ReadonlyMap<string, unknown>) =>
        sent++ === 0 ? made(new Map([...bodies].slice(1))) : made(bodies),
    })
    const { begin, clock, outbox } = await setUp(gateway, ...adds(BULK_FROM))
    await begin()
    await clock.pass(60_000)
    expect(gateway.writes().map(([name]) => name)).toEqual(['bulkCreate', 'bulkCreate'])
    expect(gateway.writes()[1]).toEqual(['bulkCreate', new Map([['c0', { givenName: 'N0' }]])])
    expect(outbox.state().entries.size).toBe(0)
  })

  it('of an earlier run, with nothing but a name: one look at who was created lately serves all, a later one does not ask', async () => {
    const twin = { ...nth('twin'), fields: { ...EMPTY_FIELDS, givenName: 'N1' } }
    const gateway = fakeGateway({
      createdSince: [ok([twin])],
      bulkRetrieve: (ids: string[]) => ok(new Map(ids.map((id) => [id, { kind: 'ok', value: twin }]))),
      bulkCreate: made,
      create: [ok(nth('N99', '0'))],
    })
    const { begin, clock, outbox } = await setUp(gateway, ...adds(BULK_FROM))
    await begin()
    await clock.pass(60_000)
    const looks = () => gateway.calls.filter(([name]) => name === 'createdSince').length
    expect(looks()).toBe(1)
    expect(sizes(gateway)).toEqual([['bulkCreate', BULK_FROM - 1]])
    expect([...outbox.state().entries.values()].map(({ op, question }) => [op.id, question?.kind])).toEqual([
      ['c1', 'create-duplicate'],
    ])
    await outbox.write([queued(createOp('later', 'N99', { givenName: 'N1' }))])
    await clock.pass(10_000)
    expect([...outbox.state().entries.keys()]).toEqual(['c1'])
    expect(looks()).toBe(1)
  })

  it('one that first went alone goes alone again, also among many', async () => {
    const first: RecordBody = {
      kind: 'sent',
      opId: 'c0',
      attempt: 1,
      squareId: null,
      version: null,
      body: { givenName: 'N0' },
      squareTime: Date.UTC(2026, 2, 1, 9, 0, 0),
    }
    const gateway = fakeGateway({
      createdSince: [ok([])],
      bulkCreate: made,
      create: [ok(nth('N0', '0'))],
    })
    const { begin, clock } = await setUp(gateway, ...adds(BULK_FROM), first)
    await begin()
    await clock.pass(60_000)
    expect(sizes(gateway).sort()).toEqual([
      ['bulkCreate', BULK_FROM - 1],
      ['create', 1],
    ])
  })
})

describe('S9 new customers the directory vouches for', () => {
  const addWithMail = (n: number) =>
    queued(createOp(`c${n}`, `N${n}`, { givenName: `N${n}`, emailAddress: `${n}@example.com` }))
  const many = Array.from({ length: BULK_FROM }, (_, n) => addWithMail(n))
  const changed = (unreadable = 0) => ok({ customers: [], cursor: null, count: null, unreadable })
  const names = (gateway: ReturnType<typeof fakeGateway>) => gateway.calls.map(([name]) => name)
  const go = async (script: Parameters<typeof fakeGateway>[0], ...vouched: string[]) => {
    const gateway = fakeGateway({ bulkCreate: made, findExact: () => ok([]), ...script })
    const world = await setUp(gateway, ...many)
    for (const half of [vouched.slice(0, 5), vouched.slice(5)])
      world.engine.vouch('2026-01-01T00:00:00.000Z', half)
    await world.begin()
    await world.clock.pass(30_000)
    return { ...world, calls: names(gateway).slice(1) }
  }
  const all = many.map((_, n) => `c${n}`)

  it('are not searched for; those it does not vouch for are, and all leave together', async () => {
    expect((await go({ changedSince: [changed()] }, ...all)).calls).toEqual(['changedSince', 'bulkCreate'])
    const { calls } = await go({ changedSince: [changed()] }, ...all.slice(2))
    expect(calls).toEqual(['findExact', 'findExact', 'changedSince', 'bulkCreate'])
  })
  it('are searched for where that does not tell; it is asked once', async () => {
    const { calls } = await go({ changedSince: [changed(1)] }, ...all)
    expect(calls).toEqual(['changedSince', ...all.map(() => 'findExact'), 'bulkCreate'])
  })
  it('are searched for, too, when they go alone; what is closed is forgotten', async () => {
    const { calls, engine, outbox, clock } = await go(
      { changedSince: [changed()], create: [ok(nth('Nx', '0'))] },
      ...all,
    )
    expect(calls).toHaveLength(2)
    engine.vouch('2026-01-01T00:00:00.000Z', ['c99'])
    await outbox.write([addWithMail(99)])
    await clock.pass(5_000)
    expect(outbox.state().entries.size).toBe(0)
  })

  describe('wait for a first load', () => {
    const load = async (left: number, count = BULK_FROM) => {
      const gateway = fakeGateway({
        bulkCreate: made,
        create: (key: string) => ok(nth(`N${key}`, '0')),
        findExact: () => ok([]),
        changedSince: () => changed(),
      })
      const world = await setUp(gateway, ...many.slice(0, count))
      world.engine.loading(left)
      await world.begin()
      await world.clock.pass(300)
      return { ...world, calls: () => names(gateway).slice(1) }
    }

    it('while it takes fewer requests than they would take searches; then they are vouched for', async () => {
      const { engine, clock, calls } = await load(BULK_FROM * 100 - 100)
      expect(calls()).toEqual([])
      for (let left = BULK_FROM * 100 - 200; left >= 0; left -= 100) {
        engine.loading(left)
        await clock.pass(300)
      }
      await clock.pass(50_000)
      expect(calls()).toEqual([])
      engine.vouch('2026-01-01T00:00:00.000Z', all)
      await clock.pass(5_000)
      expect(calls()).toEqual(['changedSince', 'bulkCreate'])
    })
    it('not while it takes as many, and not where they are few', async () => {
      expect((await load(BULK_FROM * 100)).calls()).toContain('findExact')
      expect((await load(100, BULK_FROM - 1)).calls()).toContain('findExact')
    })
    it('not while its pages come so slowly that the searches are made sooner', async () => {
      const { engine, clock, calls } = await load(400)
      engine.loading(300)
      await clock.pass(10_000)
      expect(calls()).toEqual([])
      engine.loading(200)
      await clock.pass(10_000)
      expect(calls()).toContain('findExact')
    })
    it('no longer than a minute without a sign of it', async () => {
      const { clock, calls } = await load(100)
      await clock.pass(59_000)
      expect(calls()).toEqual([])
      await clock.pass(20_000)
      expect(calls()).toContain('bulkCreate')
    })
    it('not where it has stopped, and not once the directory has spoken, also for others', async () => {
      const stopped = await load(100)
      stopped.engine.loading(null)
      await stopped.clock.pass(20_000)
      expect(stopped.calls()).toContain('bulkCreate')
      const spoken = await load(100)
      spoken.engine.vouch('2026-01-01T00:00:00.000Z', all.slice(0, 3))
      await spoken.clock.pass(20_000)
      expect(spoken.calls()).toEqual([...all.slice(3).map(() => 'findExact'), 'changedSince', 'bulkCreate'])
    })
    it('an edit, and a customer nobody can be like, wait for nothing', async () => {
      const gateway = fakeGateway({
        createdSince: [ok([])],
        bulkCreate: made,
        create: (key: string) => ok(nth(`N${key}`, '0')),
        update: (id: string) => ok(nth(id.slice(2), '2', { note: 'x' })),
      })
      const world = await setUp(gateway, ...many, add(50), edit(7))
      world.engine.loading(100)
      await world.begin()
      await world.clock.pass(10_000)
      expect(
        gateway
          .writes()
          .map(([name]) => name)
          .sort(),
      ).toEqual(['create', 'update'])
    })
  })
})
