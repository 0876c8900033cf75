import { afterEach, describe, expect, it } from 'vitest'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import { QUIET_MS } from '#main/sync/line.ts'
import { setUp, stopAll } from './engine-fixture.ts'
import {
  failed,
  fakeGateway,
  later,
  OFFLINE,
  ok,
  SQUARE_TIME,
  TIMEOUT,
} from '../../../support/fake-gateway.ts'
import { ann, deleteOp, patch, queued, updateOp } from '../../../support/builders.ts'

afterEach(stopAll)

const SELLER = ok({ merchantId: 'M1', name: 'Shop', country: 'US' })
const done = ann('2', { note: 'x' })
const edit = queued(updateOp('u', 'L1', patch({ note: [null, 'x'] }), ann()))

describe('S14 "online" is said only while Square answers', () => {
  it('a request without an answer: not known, until a probe tells; nothing is sent before', async () => {
    const slow = later<never>()
    let asked = 0
    const gateway = fakeGateway({
      seller: () => (asked++ === 0 ? SELLER : slow.reply),
      update: [TIMEOUT],
      retrieve: [ok(done)],
    })
    const { begin, clock, engine } = await setUp(gateway, edit)
    await begin()
    expect(engine.state()).toMatchObject({ connection: 'unknown', offlineSince: null })
    await clock.pass(60_000)
    expect(gateway.calls.map(([name]) => name)).toEqual(['seller', 'update', 'seller'])
    slow.come(SELLER as never)
    await clock.pass(2_000)
    expect(engine.state().connection).toBe('online')
    expect(gateway.calls.at(-1)?.[0]).toBe('retrieve')
  })

  it('neither the request nor the probe was answered: offline', async () => {
    let asked = 0
    const gateway = fakeGateway({ seller: () => (asked++ === 0 ? SELLER : TIMEOUT), update: [TIMEOUT] })
    const { begin, clock, engine } = await setUp(gateway, edit)
    await begin()
    await clock.pass(5_000)
    expect(engine.state().connection).toBe('offline')
    expect(engine.state().offlineSince).not.toBeNull()
    await clock.pass(600_000)
    expect(gateway.writes()).toHaveLength(1)
    expect(asked).toBeGreaterThan(20)
  })

  it('an answer that is not of Square (a sign-in page of a café) does not count; an error of Square does', async () => {
    const page = failed({ kind: 'unknown', reason: 'unreadable' })
    const cafe = await setUp(fakeGateway({ seller: [SELLER, page], update: [page] }), edit)
    await cafe.begin()
    await cafe.clock.pass(5_000)
    expect(cafe.engine.state().connection).toBe('offline')
    const broken = failed({ kind: 'unknown', reason: 'server-error' }, SQUARE_TIME)
    const square = await setUp(fakeGateway({ update: [broken], retrieve: [broken] }), edit)
    await square.begin()
    await square.clock.pass(5_000)
    expect(square.engine.state().connection).toBe('online')
  })

  it('a request that stays quiet: not known any more, asked by a probe meanwhile', async () => {
    const slow = later()
    const gateway = fakeGateway({ update: () => slow.reply })
    const { begin, clock, engine } = await setUp(gateway, edit)
    await begin()
    await clock.pass(QUIET_MS - 1)
    expect(engine.state().connection).toBe('online')
    expect(gateway.calls).toHaveLength(2)
    const states: string[] = []
    engine.onState(({ connection }) => states.push(connection))
    await clock.pass(1_000)
    expect(states[0]).toBe('unknown')
    expect(gateway.calls.map(([name]) => name)).toEqual(['seller', 'update', 'seller'])
    expect(engine.state().connection).toBe('online')
    slow.come(ok(done))
  })

  it('two quiet requests: the second says nothing new', async () => {
    const slow = later<RemoteCustomer>()
    const gateway = fakeGateway({
      update: () => slow.reply,
      seller: () => slow.reply,
      list: () => slow.reply,
    })
    const { begin, clock, engine } = await setUp(gateway, edit)
    await begin()
    void engine.reader()!.list(null)
    await clock.pass(60_000)
    expect(engine.state().connection).toBe('unknown')
    slow.come(OFFLINE)
  })

  it('a customer that Square cannot serve stops nobody else', async () => {
    const other = ann('1', {}, 'SQ2')
    const gateway = fakeGateway({
      update: (id: string) => (id === 'SQ1' ? TIMEOUT : ok(ann('2', { note: 'x' }, 'SQ2'))),
      retrieve: (id: string) => (id === 'SQ1' ? TIMEOUT : ok(other)),
    })
    const { begin, clock, outbox } = await setUp(
      gateway,
      edit,
      queued(updateOp('v', 'L2', patch({ note: [null, 'x'] }), other)),
    )
    await begin()
    await clock.pass(60_000)
    expect([...outbox.state().entries.keys()]).toEqual(['u'])
  })
})

describe('S14 what keeps Square away where it is not the line', () => {
  const clockWrong = failed({ kind: 'not-sent', reason: 'clock' })
  const intercepted = failed({ kind: 'not-sent', reason: 'tls' })

  it('is told as the newest answer has it, and is over with the first answer of Square', async () => {
    const gateway = fakeGateway({
      seller: [clockWrong, intercepted, OFFLINE, clockWrong, SELLER],
      update: [ok(done)],
    })
    const { begin, clock, engine } = await setUp(gateway, edit)
    const told: unknown[] = []
    engine.onState(({ connection, offlineCause }) => {
      const now = `${connection} ${offlineCause}`
      if (told.at(-1) !== now) told.push(now)
    })
    await begin()
    await clock.pass(200_000)
    expect(told.slice(told.indexOf('offline clock'))).toEqual([
      'offline clock',
      'offline tls',
      'offline null',
      'offline clock',
      'online null',
    ])
  })

  it('is not told of a line that is down', async () => {
    const { begin, engine } = await setUp(fakeGateway({ seller: [OFFLINE] }), edit)
    await begin()
    expect(engine.state()).toMatchObject({ connection: 'offline', offlineCause: null })
  })
})

describe('S29 after a sleep', () => {
  it('the line is not known at once, and a probe tells before anything is sent', async () => {
    const slow = later<never>()
    let asked = 0
    const gateway = fakeGateway({
      seller: () => (asked++ === 0 ? SELLER : slow.reply),
      update: [ok(done)],
    })
    const { begin, clock, engine, outbox } = await setUp(gateway, edit)
    await begin()
    engine.wake('resumed')
    expect(engine.state().connection).toBe('unknown')
    await outbox.write([queued(updateOp('v', 'L1', patch({ note: ['x', 'y'] }), done))])
    await clock.pass(5_000)
    expect(gateway.calls.at(-1)?.[0]).toBe('seller')
    expect(gateway.writes()).toHaveLength(1)
    slow.come(SELLER as never)
    await clock.pass(1_000)
    expect(engine.state().connection).toBe('online')
    expect(gateway.writes()).toHaveLength(2)
  })

  it('an answer to what was asked before it says nothing of the line, nor of the time', async () => {
    const before = later<never>()
    const probe = later<never>()
    let asked = 0
    const gateway = fakeGateway({
      seller: () => (asked++ === 0 ? SELLER : probe.reply),
      update: [ok(done)],
      list: () => before.reply,
    })
    const { begin, clock, engine } = await setUp(gateway, edit)
    await begin()
    void engine.reader()!.list(null)
    await clock.pass(1_000)
    engine.wake('resumed')
    before.come(ok({ customers: [], cursor: null, count: 0 }) as never)
    await clock.pass(1_000)
    expect(engine.state().connection).toBe('unknown')
    probe.come(SELLER as never)
    await clock.pass(1_000)
    expect(engine.state().connection).toBe('online')
  })

  it('a line that was down is not made better by it', async () => {
    const { begin, engine } = await setUp(fakeGateway({ seller: [OFFLINE] }), edit)
    await begin()
    engine.wake('resumed')
    expect(engine.state().connection).toBe('offline')
  })
})

describe('S26 what a 429 holds back', () => {
  it('everything, pulls too, for as long as Square says; the answers of one moment are one', async () => {
    const limited = (retryAfterMs: number) => failed({ kind: 'rate-limited', retryAfterMs })
    const gateway = fakeGateway({
      update: [limited(20_000), ok(done)],
      list: [limited(5_000), ok({ customers: [], cursor: null, count: 0 })],
    })
    const { begin, clock, engine } = await setUp(gateway, edit)
    await begin()
    void engine.reader()!.list(null)
    await clock.pass(1_000)
    void engine.reader('person')!.list(null)
    await clock.pass(18_000)
    expect(gateway.calls.filter(([name]) => name === 'list')).toHaveLength(0)
    expect(engine.state().paused).toEqual({ kind: 'rate-limited' })
    await clock.pass(30_000)
    expect(gateway.calls.filter(([name]) => name === 'list')).toHaveLength(2)
    expect(engine.state().paused).toBeNull()
    expect(gateway.writes()).toHaveLength(2)
  })

  it('a shorter wait that is said later does not end a longer one', async () => {
    const slow = later<never>()
    const gateway = fakeGateway({
      update: [failed({ kind: 'rate-limited', retryAfterMs: 20_000 }), ok(done)],
      list: () => slow.reply,
    })
    const { begin, clock, engine, outbox } = await setUp(gateway)
    await begin()
    void engine.reader()!.list(null)
    await clock.pass(50)
    await outbox.write([edit])
    await clock.pass(50)
    slow.come(failed({ kind: 'rate-limited', retryAfterMs: 1_000 }))
    await clock.pass(15_000)
    expect(engine.state().paused).toEqual({ kind: 'rate-limited' })
    expect(gateway.writes()).toHaveLength(1)
    await clock.pass(30_000)
    expect(gateway.writes()).toHaveLength(2)
  })

  it('once stopped, no probe waits any longer and nothing leaves', async () => {
    const gateway = fakeGateway({ list: [failed({ kind: 'rate-limited', retryAfterMs: 60_000 })] })
    const { engine, report, outbox } = await setUp(gateway)
    await engine.reader()!.list(null)
    await outbox.write([edit])
    engine.start()
    await report()
    await engine.stop()
    expect(gateway.writes()).toEqual([])
    expect(await engine.reader()!.list(null)).toMatchObject({ failure: { kind: 'not-sent' } })
  })
})

it('a probe that waits for its turn is sent away when the engine stops', async () => {
  const slow = later<never>()
  const gateway = fakeGateway({ list: () => slow.reply })
  const { begin, clock, engine } = await setUp(gateway, edit)
  for (let i = 0; i < 4; i++) void engine.reader()!.list(null)
  await clock.pass(5_000)
  await begin()
  await engine.stop()
  expect(gateway.calls.map(([name]) => name)).toEqual(['list', 'list', 'list', 'list'])
  slow.come(OFFLINE)
})

it('an engine that is stopped in the moment it starts looks at nothing', async () => {
  const gateway = fakeGateway({})
  const { engine, report } = await setUp(gateway, edit)
  await report()
  engine.start()
  await engine.stop()
  expect(gateway.calls).toEqual([])
})

it('whatever is thrown by a fault of ours, only its kind is logged', async () => {
  const gateway = fakeGateway({
    update: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw 'secret Ann'
    },
    retrieve: [TIMEOUT],
  })
  const { begin, lines } = await setUp(gateway, edit)
  await begin()
  expect(lines).toEqual([['error', 'sync.push-threw', { op: 'u', name: 'string' }]])
})

it('a delete goes by a request of its own, with its version', async () => {
  const gateway = fakeGateway({ remove: [ok(null)] })
  const { begin, outbox } = await setUp(gateway, queued(deleteOp('d', 'L1', ann('7'))))
  await begin()
  expect(gateway.writes()).toEqual([['remove', 'SQ1', '7']])
  expect(outbox.state().entries.size).toBe(0)
})
