import { describe, expect, it } from 'vitest'
import type { Urgency } from '#shared/sync/pace.ts'
import { pacedGateway, singleDoor } from '#main/sync/door.ts'
import { createTurnstile } from '#main/sync/turnstile.ts'
import { MAX_IN_FLIGHT } from '#shared/outbox/queue.ts'
import { fakeGateway, later, ok } from '../../../support/fake-gateway.ts'
import { manualClock, settled } from '../../../support/manual-clock.ts'

const setUp = () => {
  const clock = manualClock()
  return { clock, turnstile: createTurnstile({ clock, random: () => 0.5 }) }
}

describe('S26 the turnstile', () => {
  it('S5 lets four in at once, and the next when one has left', async () => {
    const { clock, turnstile } = setUp()
    const inside: (() => void)[] = []
    for (let i = 0; i < 6; i++) void turnstile.enter('push').then((turn) => inside.push(turn!.over))
    await clock.pass(60_000)
    expect(inside).toHaveLength(MAX_IN_FLIGHT)
    inside[0]!()
    await settled()
    expect(inside).toHaveLength(MAX_IN_FLIGHT + 1)
  })
  it('serves the counter, the outbox and the directory in turn, however many of one kind wait', async () => {
    const { clock, turnstile } = setUp()
    const served: Urgency[] = []
    const come = (urgency: Urgency) =>
      void turnstile.enter(urgency).then((turn) => {
        served.push(urgency)
        turn!.over()
      })
    for (let i = 0; i < 4; i++) come('pull')
    await settled()
    for (let i = 0; i < 100; i++) come('pull')
    for (let i = 0; i < 100; i++) come('push')
    come('person')
    await clock.pass(1_000)
    expect(served.slice(4)).toContain('person')
    await clock.pass(9_000)
    const since = served.slice(8)
    expect(since.filter((one) => one === 'push').length).toBeGreaterThan(14)
    expect(since.filter((one) => one === 'pull').length).toBeGreaterThan(6)
  })
  it('after a 429 nobody leaves before the pause is over', async () => {
    const { clock, turnstile } = setUp()
    turnstile.limited(clock.monotonic(), 30_000)
    let entered = false
    void turnstile.enter('person').then(() => (entered = true))
    await clock.pass(29_000)
    expect(entered).toBe(false)
    await clock.pass(1_000)
    expect(entered).toBe(true)
  })
  it('closed, it sends everybody away, and leaves no timer behind; opened, it lets in again', async () => {
    const { clock, turnstile } = setUp()
    turnstile.limited(clock.monotonic(), 30_000)
    const waiting = turnstile.enter('pull')
    turnstile.close()
    expect(await waiting).toBeNull()
    expect(await turnstile.enter('person')).toBeNull()
    expect(clock.waiting()).toBe(0)
    turnstile.open()
    const again = turnstile.enter('person')
    await clock.pass(31_000)
    expect(await again).not.toBeNull()
  })
})

describe('S26 requests that wait for their turn', () => {
  it('leave when it has come, and end it with their answer', async () => {
    const { clock, turnstile } = setUp()
    const slow = Array.from({ length: 5 }, () => later<never>())
    let calls = 0
    const gateway = fakeGateway({ retrieve: () => slow[calls++]!.reply })
    const paced = pacedGateway(gateway, turnstile, 'pull')
    for (const id of ['a', 'b', 'c', 'd', 'e']) void paced.retrieve(id)
    await clock.pass(60_000)
    expect(gateway.calls).toHaveLength(4)
    slow[0]!.come(ok(null as never))
    await settled()
    expect(gateway.calls).toHaveLength(5)
  })
  it('a turn ends also where the gateway throws', async () => {
    const { clock, turnstile } = setUp()
    const paced = pacedGateway(fakeGateway(), turnstile, 'pull')
    for (let i = 0; i < 5; i++) void paced.retrieve('a').catch(() => undefined)
    await clock.pass(5_000)
    expect(await turnstile.enter('push')).not.toBeNull()
  })
  it('do not leave once the store is closed: not a byte', async () => {
    const { turnstile } = setUp()
    const gateway = fakeGateway()
    turnstile.close()
    expect(await pacedGateway(gateway, turnstile, 'pull').retrieve('a')).toMatchObject({
      failure: { kind: 'not-sent' },
    })
    expect(await singleDoor(gateway, turnstile, 'push').enter()).toBeNull()
    expect(gateway.calls).toEqual([])
  })
})
