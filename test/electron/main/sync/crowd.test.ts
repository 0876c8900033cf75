import { describe, expect, it } from 'vitest'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Result } from '#shared/sync/bulk.ts'
import { createCrowd } from '#main/sync/crowd.ts'
import { createTurnstile } from '#main/sync/turnstile.ts'
import { failed, fakeGateway, ok } from '../../../support/fake-gateway.ts'
import { manualClock, settled } from '../../../support/manual-clock.ts'
import { remoteOf } from '../../../support/builders.ts'

const item = (id: string): Result<RemoteCustomer> => ({ kind: 'ok', value: remoteOf(id, { givenName: id }) })
const setUp = (members: string[], script: Parameters<typeof fakeGateway>[0]) => {
  const clock = manualClock()
  const turnstile = createTurnstile({ clock, random: () => 0.5 })
  const gateway = fakeGateway(script)
  return { clock, gateway, turnstile, crowd: createCrowd({ members, gateway, turnstile }) }
}

describe('S22 customers that travel together', () => {
  it('wait until everybody is at the door; then one request carries all, and each gets its own answer', async () => {
    // Answered by the id that was asked, whoever that has become (S10).
    const { crowd, gateway } = setUp(['a', 'b'], { bulkUpdate: [ok(new Map([['A', item('M')]]))] })
    const replies: unknown[] = []
    const push = async (opId: string, id: string) => {
      const writer = (await crowd.door(opId).enter())!
      replies.push([id, await writer.update(id, '1', { note: id })])
      writer.leave()
    }
    void push('a', 'A')
    await settled()
    expect(gateway.calls).toEqual([])
    void push('b', 'B')
    await settled()
    const change = (id: string) => [id, { version: '1', body: { note: id } }] as const
    expect(gateway.calls).toEqual([['bulkUpdate', new Map([change('A'), change('B')])]])
    expect(replies).toMatchObject([
      ['A', { kind: 'ok', value: { id: 'M' } }],
      ['B', { kind: 'failed', failure: { kind: 'unknown' } }],
    ])
  })
  it('who leaves, at the door or behind it, is not waited for', async () => {
    const { crowd, gateway } = setUp(['a', 'b', 'c'], { bulkCreate: [ok(new Map([['k', item('A')]]))] })
    const first = crowd.door('a').enter()
    const second = crowd.door('b').enter()
    crowd.leave('c')
    crowd.leave('c')
    const reply = (await first)!.create('k', {})
    await settled()
    expect(gateway.calls).toEqual([])
    ;(await second)!.leave()
    expect(await reply).toMatchObject({ value: { id: 'A' } })
    expect(gateway.calls).toEqual([['bulkCreate', new Map([['k', {}]])]])
  })
  it('where nobody writes in the end, nothing is sent, and the turn is over', async () => {
    const { crowd, clock, gateway, turnstile } = setUp(['a'], {})
    for (let i = 0; i < 6; i++) {
      const writer = crowd.door('a').enter()
      await clock.pass(1_000)
      ;(await writer)!.leave()
    }
    await clock.pass(1_000)
    expect(gateway.calls).toEqual([])
    expect(await turnstile.enter('push')).not.toBeNull()
  })
  it('reads go first, as one request; a merged id answers to each who asked', async () => {
    const { crowd, gateway } = setUp(['a', 'b', 'c'], {
      bulkRetrieve: [ok(new Map([['A', item('M')]]))],
      bulkUpdate: [ok(new Map())],
    })
    const writing = crowd.door('c').enter()
    const reads = [crowd.retrieve('a', 'A'), crowd.retrieve('b', 'B')]
    expect(await Promise.all(reads)).toMatchObject([
      { kind: 'ok', value: { id: 'M' } },
      { kind: 'failed', failure: { kind: 'unknown' } },
    ])
    expect(gateway.calls).toEqual([['bulkRetrieve', ['A', 'B']]])
    crowd.leave('a')
    crowd.leave('b')
    ;(await writing)!.leave()
  })
  it('a request that failed as a whole is unknown to each', async () => {
    const { crowd } = setUp(['a', 'b'], { bulkCreate: [failed({ kind: 'rate-limited', retryAfterMs: 1 })] })
    const writers = await Promise.all(['a', 'b'].map((opId) => crowd.door(opId).enter()))
    const replies = await Promise.all(writers.map((writer, i) => writer!.create(`k${i}`, {})))
    expect(replies.map((reply) => reply.kind === 'failed' && reply.failure.kind)).toEqual([
      'unknown',
      'unknown',
    ])
  })
  it('S6 a delete never leaves this way, nor a second write for one id: not a byte', async () => {
    const { crowd } = setUp(['a', 'b'], { bulkUpdate: [ok(new Map([['A', item('A')]]))] })
    const [a, b] = await Promise.all(['a', 'b'].map((opId) => crowd.door(opId).enter()))
    expect(await a!.remove('A', '1')).toMatchObject({ failure: { kind: 'not-sent' } })
    const first = a!.update('A', '1', {})
    expect(await b!.update('A', '1', {})).toMatchObject({ failure: { kind: 'not-sent' } })
    b!.leave()
    expect((await first).kind).toBe('ok')
  })
  it('once the store is closed nobody is let in and nothing is read', async () => {
    const { crowd, turnstile, gateway } = setUp(['a', 'b'], {})
    turnstile.close()
    const read = crowd.retrieve('a', 'A')
    const writer = crowd.door('b').enter()
    expect(await read).toMatchObject({ failure: { kind: 'not-sent' } })
    crowd.leave('a')
    expect(await writer).toBeNull()
    expect(gateway.calls).toEqual([])
  })
})

describe('S9 who has changed since the directory was complete', () => {
  const page = (ids: string[], cursor: string | null, unreadable?: number) =>
    ok({
      customers: ids.map((id) => remoteOf(id, {})),
      cursor,
      count: null,
      ...(unreadable ? { unreadable } : {}),
    })
  const ask = async (members: string[], changedSince: never[], close = false) => {
    const world = setUp(members, { changedSince })
    if (close) world.turnstile.close()
    const asked = members.map((opId, n) => world.crowd.changedSince(opId, `2026-01-0${9 - n}T00:00:00.000Z`))
    await world.clock.pass(5_000)
    return { calls: world.gateway.calls, changed: await Promise.all(asked) }
  }
  it('is read once for all who ask, from the earliest on, every page', async () => {
    const pages = [page(['A'], 'more'), page(['B'], null)] as never[]
    const { calls, changed } = await ask(['a', 'b'], pages)
    const since = '2026-01-08T00:00:00.000Z'
    expect(calls).toEqual([
      ['changedSince', since, null],
      ['changedSince', since, 'more'],
    ])
    const all = { kind: 'ok', value: [{ id: 'A' }, { id: 'B' }] }
    expect(changed).toMatchObject([all, all])
  })
  it('when nobody does anything else any more', async () => {
    const { crowd, gateway } = setUp(['a', 'b'], { changedSince: [page([], null)] })
    void crowd.changedSince('a', 's')
    await settled()
    expect(gateway.calls).toEqual([])
    crowd.leave('b')
    await settled()
    expect(gateway.calls).toHaveLength(1)
  })
  it('is not told where somebody cannot be read, or searching costs no more', async () => {
    expect((await ask(['a'], [page(['A'], null, 1)] as never[])).changed).toEqual([null])
    expect((await ask(['a'], [page(['A'], 'more')] as never[])).changed).toEqual([null])
  })
  it('a failure is the failure of each', async () => {
    const lost = failed({ kind: 'unknown', reason: 'timeout' })
    expect((await ask(['a', 'b'], [lost] as never[])).changed).toEqual([lost, lost])
    expect((await ask(['a'], [], true)).changed).toMatchObject([{ failure: { kind: 'not-sent' } }])
  })
})
