import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CustomerFields } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { settled } from '../../../support/manual-clock.ts'
import { setUp, stopAll } from './engine-fixture.ts'
import { failed, fakeGateway, later, OFFLINE, ok, TIMEOUT } from '../../../support/fake-gateway.ts'
import { ann, asks, createOp, patch, queued, remoteOf, STORE, updateOp } from '../../../support/builders.ts'

const NOTE = patch({ note: [null, 'x'] })
const done = ann('2', { note: 'x' })
const edit = (id: string, localId = 'L1', remote = ann()) => queued(updateOp(id, localId, NOTE, remote))
const nth = (n: number, over = {}) => remoteOf(`SQ${n}`, { givenName: `C${n}`, ...over })
const nthDone = (n: number) => nth(n, { note: 'x' })

afterEach(stopAll)

describe('S20 before anything is sent', () => {
  it('a mirror has said how far it is', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { engine, clock, report } = await setUp(gateway, edit('u'))
    engine.start()
    await clock.pass(600_000)
    expect(gateway.calls).toEqual([])
    expect(engine.state().paused).toEqual({ kind: 'starting' })
    await report()
    expect(gateway.writes()).toHaveLength(1)
    expect(engine.state().paused).toBeNull()
  })

  it('where the log cannot be made whole that is told, also after a sleep, until it is', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { engine, clock, outbox, report } = await setUp(gateway, edit('u'))
    const stuck = vi.spyOn(outbox, 'cannotBeMadeWhole').mockReturnValue(true)
    engine.start()
    await settled()
    expect(engine.state().paused).toEqual({ kind: 'log-unwritable' })
    engine.wake('resumed')
    await clock.pass(600_000)
    expect(engine.state().paused).toEqual({ kind: 'log-unwritable' })
    expect(gateway.calls).toEqual([])
    stuck.mockReturnValue(false)
    await report()
    expect(engine.state().paused).toBeNull()
    expect(gateway.writes()).toHaveLength(1)
  })

  it('somebody is signed in', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { engine, begin, signIn } = await setUp(null, edit('u'))
    await begin()
    expect(engine.state().paused).toEqual({ kind: 'signed-out' })
    signIn.gateway = gateway
    engine.wake('token')
    await settled()
    expect(gateway.writes()).toHaveLength(1)
  })

  it('a cheap read has told Square’s time', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { begin, engine } = await setUp(gateway, edit('u'))
    await begin()
    expect(gateway.calls.map(([name]) => name)).toEqual(['seller', 'update'])
    expect(engine.state()).toMatchObject({ connection: 'online', sending: [], store: STORE })
  })
})

describe('S4 `sent` is durable before a byte leaves', () => {
  it('and where it cannot be written nothing leaves until some seconds later', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { begin, file, engine, clock } = await setUp(gateway, edit('u'))
    file.failures.push('disk-full')
    await begin()
    expect(gateway.writes()).toEqual([])
    expect(engine.state().paused).toEqual({ kind: 'log-unwritable' })
    engine.wake('saved') // no reason to think that the disk takes it now
    await settled()
    expect(gateway.writes()).toEqual([])
    await clock.pass(5_000)
    expect(gateway.writes()).toHaveLength(1)
    expect(engine.state().paused).toBeNull()
  })

  it('the request goes out after its record is in the file, and is answered in the file', async () => {
    const seen: string[][] = []
    const file: { kinds?: () => string[] } = {}
    const gateway = fakeGateway({
      update: () => {
        seen.push(file.kinds!())
        return ok(done)
      },
    })
    const { begin, kinds } = await setUp(gateway, edit('u'))
    file.kinds = kinds
    await begin()
    expect(seen).toEqual([['sent']])
    expect(kinds()).toEqual(['sent', 'answered'])
  })
})

describe('S5 order and pace', () => {
  it('one customer’s operations one after the other', async () => {
    const replies = [later(), later()]
    let calls = 0
    const gateway = fakeGateway({ update: () => replies[calls++]!.reply })
    const { begin } = await setUp(
      gateway,
      edit('a'),
      queued(updateOp('b', 'L1', patch({ nickname: [null, 'A'] }), ann())),
    )
    await begin()
    expect(gateway.writes()).toHaveLength(1)
    replies[0]!.come(ok(done))
    await settled()
    expect(gateway.writes()[1]).toEqual(['update', 'SQ1', '2', { nickname: 'A' }])
    replies[1]!.come(ok(ann('3', { note: 'x', nickname: 'A' })))
  })

  it('at most four requests at a time', async () => {
    const replies = Array.from({ length: 6 }, () => later())
    let calls = 0
    const gateway = fakeGateway({ update: () => replies[calls++]!.reply })
    const records = replies.map((_, i) => edit(`u${i}`, `L${i}`, nth(i)))
    const { begin, clock, engine } = await setUp(gateway, ...records)
    await begin()
    await clock.pass(5_000)
    expect(gateway.writes()).toHaveLength(4)
    expect(engine.state().sending).toEqual(['u0', 'u1', 'u2', 'u3'])
    replies[2]!.come(ok(nthDone(2)))
    await settled()
    expect(gateway.writes()).toHaveLength(5)
    expect(engine.state().sending).not.toContain('u2')
    for (const [i, reply] of replies.entries()) reply.come(ok(nthDone(i)))
    await settled()
    expect(gateway.writes()).toHaveLength(6)
    expect(engine.state().sending).toEqual([])
  })

  it('a customer with a question holds nobody else up', async () => {
    const gateway = fakeGateway({ update: [ok(nthDone(2))] })
    const question = asks('a', { kind: 'conflict', remote: ann('2'), why: 'overlap' })
    const { begin } = await setUp(gateway, edit('a'), edit('a2'), question, edit('b', 'L2', nth(2)))
    await begin()
    expect(gateway.writes().map(([, id]) => id)).toEqual(['SQ2'])
  })

  it('an operation saved while the engine runs is sent without anybody asking', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { begin, outbox } = await setUp(gateway)
    await begin()
    await outbox.write([edit('u')])
    await settled()
    expect(gateway.writes()).toHaveLength(1)
  })
})

describe('S14 when an operation that failed is tried again', () => {
  const busy = failed({ kind: 'unknown', reason: 'server-error' }, Date.UTC(2026, 2, 1))

  it('is told as a label, until it is sent or somebody asks for it at once', async () => {
    const gateway = fakeGateway({ update: [busy], retrieve: [busy, busy, busy, ok(done)] })
    const { begin, clock, engine, outbox } = await setUp(gateway, edit('u'))
    const wall = () => new Date(Date.UTC(2026, 2, 1) + clock.monotonic()).toISOString()
    Object.assign(clock, { wallIso: wall })
    await begin()
    const at = Date.parse(engine.state().retries.u!)
    const left = at - Date.parse(clock.wallIso())
    expect(left).toBeGreaterThan(0)
    const asked = gateway.calls.length
    await clock.pass(left - 1)
    expect(gateway.calls).toHaveLength(asked)
    await clock.pass(2_000)
    expect(gateway.calls.length).toBeGreaterThan(asked)
    expect(Date.parse(engine.state().retries.u!)).toBeGreaterThan(at)
    const told: unknown[] = []
    engine.onState(({ retries }) => told.push(retries))
    engine.wake('asked')
    expect(told[0]).toEqual({})
    await clock.pass(600_000)
    expect(outbox.state().entries.size).toBe(0)
    expect(engine.state().retries).toEqual({})
  })

  it('is told of a hundred only, however many wait', async () => {
    const records = Array.from({ length: 120 }, (_, n) => edit(`u${n}`, `L${n}`, nth(n)))
    const gateway = fakeGateway({
      update: [busy],
      retrieve: [busy],
      bulkUpdate: [busy],
      bulkRetrieve: [busy],
    })
    const { begin, clock, engine } = await setUp(gateway, ...records)
    await begin()
    await clock.pass(120_000)
    expect(Object.keys(engine.state().retries)).toHaveLength(100)
  })
})

describe('S14 after "not a byte left"', () => {
  it('a cheap read probes before anything is sent, and no `sent` is written meanwhile', async () => {
    const seller = ok({ merchantId: 'M1', name: 'Shop', country: 'US' })
    const gateway = fakeGateway({ seller: [seller, OFFLINE, OFFLINE, seller], update: [OFFLINE, ok(done)] })
    const { begin, clock, engine, kinds } = await setUp(gateway, edit('u'))
    await begin()
    expect(gateway.calls.map(([name]) => name)).toEqual(['seller', 'update'])
    expect(engine.state()).toMatchObject({ connection: 'offline' })
    expect(engine.state().offlineSince).not.toBeNull()
    expect(kinds()).toEqual(['sent', 'answered'])
    await clock.pass(60_000)
    expect(gateway.calls.map(([name]) => name)).toEqual([
      'seller',
      'update',
      'seller',
      'seller',
      'seller',
      'update',
    ])
    expect(kinds()).toEqual(['sent', 'answered', 'sent', 'answered'])
    expect(engine.state()).toMatchObject({ connection: 'online', offlineSince: null })
  })

  it('"online" or a person makes it look at once', async () => {
    const seller = ok({ merchantId: 'M1', name: 'Shop', country: 'US' })
    const gateway = fakeGateway({ seller: [OFFLINE, seller], update: [ok(done)] })
    const { begin, engine } = await setUp(gateway, edit('u'))
    await begin()
    expect(gateway.writes()).toEqual([])
    engine.wake('online')
    await settled()
    expect(gateway.writes()).toHaveLength(1)
  })

  it('probes for ever, never faster than 0.2 s, and notices within 30 s that the line is up again', async () => {
    const gateway = fakeGateway({ seller: [OFFLINE] })
    const { begin, clock } = await setUp(gateway, edit('u'))
    await begin()
    await clock.pass(3_600_000)
    const many = gateway.calls.length
    expect(many).toBeGreaterThanOrEqual(3600 / 30)
    expect(many).toBeLessThan(3600 / 30 + 20)
    await clock.pass(30_000)
    expect(gateway.calls.length).toBeGreaterThan(many)
  })
})

describe('S14 what pauses everything', () => {
  const two = [edit('a'), edit('b', 'L2', nth(2))]

  it('429: as long as Square asks, and nobody shortens it', async () => {
    const limited = failed({ kind: 'rate-limited', retryAfterMs: 20_000 })
    const gateway = fakeGateway({ update: [limited, limited, ok(done), ok(nth(2))] })
    const { begin, clock, engine } = await setUp(gateway, ...two)
    await begin()
    expect(gateway.calls).toHaveLength(3)
    expect(engine.state().paused).toEqual({ kind: 'rate-limited' })
    for (const reason of ['asked', 'online', 'resumed', 'token', 'saved'] as const) engine.wake(reason)
    await clock.pass(19_999)
    expect(gateway.calls).toHaveLength(3)
    await clock.pass(60_000)
    expect(gateway.writes()).toHaveLength(4)
    expect(engine.state().paused).toBeNull()
  })

  it('403: until a person asks or there is another token; "online" is no reason', async () => {
    const gateway = fakeGateway({
      update: [failed({ kind: 'forbidden', code: 'INSUFFICIENT_SCOPES' }), ok(done)],
    })
    const { begin, clock, engine } = await setUp(gateway, edit('a'))
    await begin()
    expect(engine.state().paused).toEqual({ kind: 'forbidden', missing: 'INSUFFICIENT_SCOPES' })
    engine.wake('online')
    engine.wake('saved')
    await clock.pass(3_600_000)
    expect(gateway.writes()).toHaveLength(1)
    engine.wake('asked')
    await settled()
    expect(gateway.writes()).toHaveLength(2)
  })

  it('401: the token is told refused, everything stops until there is another', async () => {
    const gateway = fakeGateway({ update: [failed({ kind: 'signed-out', code: 'UNAUTHORIZED' })] })
    const { begin, clock, engine, refused, signIn } = await setUp(gateway, edit('a'))
    await begin()
    expect(refused).toEqual([gateway])
    expect(engine.state().paused).toEqual({ kind: 'signed-out' })
    await clock.pass(3_600_000)
    expect(gateway.writes()).toHaveLength(1)
    const next = fakeGateway({ update: [ok(done)] })
    signIn.gateway = next
    engine.wake('token')
    await settled()
    expect(next.writes()).toHaveLength(1)
  })

  it.each(['signed-out', 'forbidden'] as const)(
    '%s of the token before says nothing of this one',
    async (kind) => {
      const slow = later()
      const old = fakeGateway({ update: () => slow.reply })
      const { begin, engine, refused, signIn, clock } = await setUp(old, edit('a'))
      await begin()
      const next = fakeGateway({ update: [ok(done)] })
      signIn.gateway = next
      engine.wake('token')
      slow.come(failed({ kind, code: 'LATE' }))
      await settled()
      expect(refused).toEqual([])
      expect(engine.state().paused).toBeNull()
      await clock.pass(2_000)
      expect(next.writes()).toHaveLength(1)
    },
  )

  it('what a pull hears counts here too', async () => {
    const gateway = fakeGateway({
      list: [failed({ kind: 'rate-limited', retryAfterMs: 9000 })],
      update: [ok(done)],
    })
    const { begin, engine, outbox } = await setUp(gateway)
    await begin()
    await engine.reader()!.list(null)
    await outbox.write([edit('u')])
    await settled()
    expect(gateway.writes()).toEqual([])
  })

  it('S26 429, again and again: who met it waits for the pace of all, and not for a time of its own that grows', async () => {
    const limited = failed({ kind: 'rate-limited', retryAfterMs: 1_000 })
    const gateway = fakeGateway({ update: [...Array.from({ length: 12 }, () => limited), ok(done)] })
    const { begin, clock, outbox } = await setUp(gateway, edit('u'))
    await begin()
    // At the slowest pace one request leaves in ten seconds, after the second for which Square asked.
    await clock.pass(12 * 13_000)
    expect(gateway.writes()).toHaveLength(13)
    expect(outbox.state().entries.size).toBe(0)
  })

  it('after a success the next pause begins small again', async () => {
    const limited = failed({ kind: 'rate-limited', retryAfterMs: null })
    let calls = 0
    const gateway = fakeGateway({
      update: (_id: string, _version: string, body: Partial<CustomerFields>) =>
        calls++ % 2 ? limited : ok(ann(`${calls + 1}`, body)),
    })
    const records = Array.from({ length: 4 }, (_, i) =>
      queued(
        updateOp(
          `u${i}`,
          'L1',
          patch({ note: [i === 0 ? 'x' : `${i - 1}`, `${i}`] }),
          ann('1', { note: 'x' }),
        ),
      ),
    )
    const { begin, clock, engine, outbox } = await setUp(gateway, records[0]!)
    await begin()
    for (const record of records.slice(1)) {
      await clock.pass(60_000)
      await outbox.write([record])
      await settled()
      expect(engine.state().paused).toEqual({ kind: 'rate-limited' })
      await clock.pass(501)
      expect(engine.state().paused).toBeNull()
    }
  })
})

describe('an answer nobody knows', () => {
  it('S8 nothing is written, the operation waits, and is then settled by content', async () => {
    const gateway = fakeGateway({ update: [TIMEOUT], retrieve: [ok(done)] })
    const { begin, clock, kinds, outbox } = await setUp(gateway, edit('u'))
    await begin()
    expect(kinds()).toEqual(['sent'])
    await clock.pass(5_000)
    expect(kinds()).toEqual(['sent', 'answered'])
    expect(outbox.state().closed.get('u')).toBe('done')
    expect(gateway.writes()).toHaveLength(1)
  })

  it('S14 waits by the attempts in the log, so that a restart does not begin to hammer', async () => {
    const gateway = fakeGateway({ update: [TIMEOUT], retrieve: [TIMEOUT] })
    const before: RecordBody[] = Array.from({ length: 9 }, (_, i) => ({
      kind: 'sent',
      opId: 'u',
      attempt: i + 1,
      squareId: 'SQ1',
      version: '1',
      body: { note: 'x' },
      squareTime: null,
    }))
    const { begin, clock } = await setUp(gateway, edit('u'), ...before)
    await begin()
    const asked = () => gateway.calls.filter(([name]) => name === 'retrieve').length
    expect(asked()).toBe(1)
    await clock.pass(127_000)
    expect(asked()).toBe(1)
    await clock.pass(2_000)
    expect(asked()).toBe(2)
  })
})

describe('a fault of ours', () => {
  it('is logged without data, the operation waits, everything else goes on', async () => {
    let calls = 0
    const gateway = fakeGateway({
      update: (id: string) => {
        if (id === 'SQ1' && calls++ === 0) throw new TypeError('secret Ann 212-555-0101')
        return ok(id === 'SQ1' ? done : nthDone(2))
      },
      retrieve: [ok(ann())],
    })
    const { begin, lines, clock, outbox, engine } = await setUp(gateway, edit('a'), edit('b', 'L2', nth(2)))
    await begin()
    expect(lines).toEqual([['error', 'sync.push-threw', { op: 'a', name: 'TypeError' }]])
    expect(engine.state().sending).toEqual([])
    expect([...outbox.state().entries.keys()]).toEqual(['a'])
    await clock.pass(10_000)
    expect(outbox.state().closed.get('a')).toBe('done')
  })
})

describe('stopping', () => {
  it('waits for what is in flight and begins nothing', async () => {
    const slow = later()
    const gateway = fakeGateway({ update: () => slow.reply })
    const { begin, engine, clock, kinds } = await setUp(gateway, edit('a'), edit('a2'))
    await begin()
    let stopped = false
    const stop = engine.stop().then(() => (stopped = true))
    await clock.pass(60_000)
    expect(stopped).toBe(false)
    slow.come(ok(done))
    await stop
    expect(kinds()).toEqual(['sent', 'answered'])
    await clock.pass(60_000)
    expect(gateway.writes()).toHaveLength(1)
    expect(clock.waiting()).toBe(0)
    await engine.stop()
  })

  it('waits for a probe, too', async () => {
    const slow = later<{ merchantId: string; name: string; country: string }>()
    const gateway = fakeGateway({ seller: () => slow.reply })
    const { begin, engine } = await setUp(gateway, edit('a'))
    await begin()
    let stopped = false
    const stop = engine.stop().then(() => (stopped = true))
    await settled()
    expect(stopped).toBe(false)
    slow.come(OFFLINE)
    await stop
    expect(gateway.writes()).toEqual([])
  })

  it('waits for a look at a question, too; stopped, it takes no other', async () => {
    const slow = later()
    const gateway = fakeGateway({ retrieve: () => slow.reply })
    const question = { kind: 'conflict', remote: ann('2'), why: 'overlap' } as const
    const asked = asks('u', question, 'q', ann('1'))
    const { begin, engine, outbox, clock } = await setUp(gateway, edit('u'), asked)
    await begin()
    engine.seen([ann('3')], [])
    await clock.pass(1000)
    expect(gateway.calls).toContainEqual(['retrieve', 'SQ1'])
    let stopped = false
    const stop = engine.stop().then(() => (stopped = true))
    await settled()
    expect(stopped).toBe(false)
    slow.come(ok(ann('3')))
    await stop
    expect(outbox.state().entries.get('u')?.question).toBeNull()
    await outbox.write([asks('u', question)])
    engine.seen([ann('4')], [])
    await settled()
    expect(gateway.calls.filter(([name]) => name === 'retrieve')).toHaveLength(1)
  })

  it('S20 before a mirror has reported no question is looked at: the log may lack its end', async () => {
    const gateway = fakeGateway({ retrieve: [ok(ann('3'))] })
    const question = { kind: 'conflict', remote: ann('2'), why: 'overlap' } as const
    const { engine, report } = await setUp(gateway, edit('u'), asks('u', question))
    engine.start()
    engine.seen([ann('3')], [])
    await settled()
    expect(gateway.calls).toEqual([])
    await report()
    engine.seen([ann('3')], [])
    await settled()
    expect(gateway.calls).toContainEqual(['retrieve', 'SQ1'])
  })

  it('may be started again', async () => {
    const gateway = fakeGateway({ update: [ok(done)] })
    const { begin, engine, outbox } = await setUp(gateway)
    await begin()
    await engine.stop()
    await outbox.write([edit('u')])
    await settled()
    expect(gateway.writes()).toEqual([])
    engine.start()
    engine.start()
    await settled()
    expect(gateway.writes()).toHaveLength(1)
  })
})

it('the state is told to those who listen, until they stop', async () => {
  const gateway = fakeGateway({ update: [ok(done)] })
  const { begin, engine, outbox } = await setUp(gateway, queued(createOp('unused', 'L9')), {
    kind: 'withdrawn',
    opIds: ['unused'],
    why: 'undo',
  })
  const heard: (readonly string[])[] = []
  const stop = engine.onState(({ sending }) => heard.push(sending))
  await begin()
  await outbox.write([edit('u')])
  await settled()
  expect(heard).toContainEqual(['u'])
  expect(heard.at(-1)).toEqual([])
  stop()
  const before = heard.length
  engine.wake('asked')
  await settled()
  expect(heard.length).toBe(before)
})
