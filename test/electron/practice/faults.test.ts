import { describe, expect, test } from 'vitest'
import { createFaultPlan } from '#practice/fault-plan.ts'
import { takeTurn } from '#practice/fault-turn.ts'
import type { Fault } from '#practice/faults.ts'
import { at, must, practice, request } from './practice-fixture.ts'

/** One customer C1 and a plan of faults; `send` tells how the request ended. */
function faulty(...faults: Fault[]) {
  const { model } = practice()
  must(model.create({ given_name: 'Ann' }, at(0)))
  const plan = createFaultPlan(faults)
  const send = (method: string, path: string, body?: unknown) => {
    const turn = takeTurn(model, plan, request(method, path, body), at(1))
    return turn.kind === 'answered' ? turn.answer.status : turn.kind
  }
  const note = () => must(model.retrieve('C1')).note
  return { model, plan, send, note }
}
const ARRIVAL = { now: 0, merchantId: 'M' }
const write = ['PUT', '/v2/customers/C1', { note: 'x' }] as const

describe('faults', () => {
  test('without one the model answers', () => {
    const { send, note } = faulty()
    expect(send(...write)).toBe(200)
    expect(note()).toBe('x')
  })

  test.each([
    ['refuse', 'refused', undefined],
    ['drop', 'dropped', undefined],
    ['lose-answer', 'lost', 'x'],
    ['expired-token', 401, undefined],
  ] as const)('%s: once, then all is well', (kind, ending, noted) => {
    const { send, note, plan } = faulty({ kind })
    expect(send(...write)).toBe(ending)
    expect(note()).toBe(noted)
    expect(plan.pending()).toEqual([])
    expect(send(...write)).toBe(200)
  })

  test('any answer, applied or not', () => {
    const { send, note } = faulty(
      { kind: 'answer', status: 502, text: '<html>' },
      { kind: 'answer', status: 500, text: '{}', applied: true },
    )
    expect([send(...write), note()]).toEqual([502, undefined])
    expect([send(...write), note()]).toEqual([500, 'x'])
  })

  test('match by method and path, after skip, as often as said', () => {
    const { send } = faulty({ kind: 'drop', method: 'PUT', path: '/v2/customers/C1', skip: 1, times: 2 })
    expect(send('GET', '/v2/customers/C1')).toBe(200)
    expect([1, 2, 3, 4].map(() => send(...write))).toEqual([200, 'dropped', 'dropped', 200])
  })

  test('one request uses up one ending; what only prepares goes along', () => {
    const { model, plan } = faulty(
      { kind: 'delay', ms: 40 },
      { kind: 'drop' },
      { kind: 'lose-answer' },
      { kind: 'delay', ms: 2 },
    )
    expect(takeTurn(model, plan, request(...write), at(1))).toEqual({ kind: 'dropped', delayMs: 42 })
    expect(plan.pending()).toEqual([{ kind: 'lose-answer' }])
    plan.clear()
    plan.add([{ kind: 'refuse' }])
    expect(plan.pending()).toHaveLength(1)
  })

  test('a colleague who is faster makes the version stale', () => {
    const { send, note } = faulty({ kind: 'colleague-edits', changes: { note: 'theirs' } })
    expect(send('PUT', '/v2/customers/C1', { version: 0, note: 'ours' })).toBe(409)
    expect(note()).toBe('theirs')
  })

  test('index lag: what this request does is listed later', () => {
    const { model, send } = faulty({ kind: 'index-lag', ms: 5000 })
    send('POST', '/v2/customers', { given_name: 'Bo' })
    expect(must(model.list({}, at(5))).customers).toHaveLength(1)
    expect(must(model.list({}, at(6))).customers).toHaveLength(2)
  })

  test.each([
    ['/v2/customers/', ['/v2/customers/C1', '/v2/customers/search', '/v2/customers/C1/groups/G1']],
    ['/v2/customers$', ['/v2/customers']],
    ['/v2/customers/*$', ['/v2/customers/C1', '/v2/customers/search']],
    ['/v2/customers/*/groups/', ['/v2/customers/C1/groups/G1']],
    ['/v2/*/search', ['/v2/customers/search']],
  ])('the path %s', (path, hit) => {
    const all = [
      '/v2/customers',
      '/v2/customers/C1',
      '/v2/customers/search',
      '/v2/customers/C1/groups/G1',
      '/v2/merchants/me',
    ]
    const hits = (asked: string) =>
      createFaultPlan([{ kind: 'drop', path }]).take(request('GET', asked), ARRIVAL).length > 0
    expect(all.filter(hits)).toEqual(hit)
  })

  test('by chance: the same for a seed, another for another, about as often as said', () => {
    const hits = (seed: number, probability = 0.25) => {
      const plan = createFaultPlan([{ kind: 'drop', probability }], seed)
      return Array.from({ length: 400 }, () => plan.take(request('GET', '/'), ARRIVAL).length)
    }
    const count = (list: number[]) => list.reduce((sum, one) => sum + one, 0)
    expect(hits(1)).toEqual(hits(1))
    expect(hits(1)).not.toEqual(hits(2))
    expect(count(hits(1))).toBeGreaterThan(60)
    expect(count(hits(1))).toBeLessThan(140)
    expect([count(hits(1, 0)), count(hits(1, 1))]).toEqual([0, 400])
  })

  test('for a time: it begins with the first hit and ends by Square’s clock', () => {
    const plan = createFaultPlan([{ kind: 'drop', forMs: 1000 }])
    const hit = (now: number) => plan.take(request('GET', '/'), { ...ARRIVAL, now }).length
    expect([5000, 5999, 6000, 6001].map(hit)).toEqual([1, 1, 0, 0])
    expect(plan.pending()).toEqual([])
  })
})
