import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createFaultPlan } from '#practice/fault-plan.ts'
import type { Fault, FaultAction } from '#practice/faults.ts'
import { startPracticeServer, type PracticeServer } from '#practice/server.ts'
import { must, practice, T0 } from './practice-fixture.ts'

const running: PracticeServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

/** One customer C1 behind HTTP, and these faults. */
async function faulty(...faults: Fault[]) {
  const { model } = practice({ otherMerchants: [{ id: 'OTHER' }] })
  must(model.create({ given_name: 'Ann' }, { now: T0 - 1000 }))
  const clock = { now: T0 }
  const plan = createFaultPlan(faults)
  const started = await startPracticeServer({ model, now: () => clock.now, faults: plan })
  if (started.kind === 'failed') throw new Error(started.reason)
  const { server } = started
  running.push(server)
  const send = (method: string, path: string, body?: unknown, more: RequestInit = {}) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: 'Bearer practice-token', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...more,
    })
  return {
    model,
    server,
    clock,
    send,
    read: (more: RequestInit = {}) => send('GET', '/v2/customers/C1', undefined, more),
    write: (version?: number) =>
      send('PUT', '/v2/customers/C1', { note: 'x', ...(version === undefined ? {} : { version }) }),
    note: () => must(model.retrieve('C1')).note,
  }
}
/** The code of the network error it ends with; `answered` if it does not. */
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'answered'
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? String(error)
  }
}
const codeOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors?: { code: string }[] }
  return `${response.status} ${errors?.[0]?.code ?? 'ok'}`
}
const BROKEN = /ECONNRESET|UND_ERR_SOCKET/

/** What each kind looks like from outside. A kind without a line here is a type error. */
const SEEN: { readonly [K in FaultAction['kind']]: () => Promise<void> } = {
  async delay() {
    const { send, server } = await faulty({ kind: 'delay', ms: 60_000 })
    const waiting = failure(send('GET', '/v2/customers'))
    while (server.log.requests().length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await Promise.race([waiting, Promise.resolve('still waiting')])).toBe('still waiting')
    await server.close()
    expect(await waiting).toMatch(BROKEN)
  },
  async 'colleague-edits'() {
    const { write, note } = await faulty({ kind: 'colleague-edits', changes: { note: 'theirs' } })
    expect(await codeOf(await write(0))).toBe('409 CONFLICT')
    expect(note()).toBe('theirs')
  },
  async 'index-lag'() {
    const { send, clock } = await faulty({ kind: 'index-lag', ms: 5000, method: 'POST' })
    await send('POST', '/v2/customers', { given_name: 'Bo' })
    const listed = async () =>
      ((await (await send('GET', '/v2/customers')).json()) as { customers: unknown[] }).customers.length
    expect(await listed()).toBe(1)
    clock.now += 5000
    expect(await listed()).toBe(2)
  },
  async 'bulk-stops'() {
    const { send, model } = await faulty({ kind: 'bulk-stops', after: 1, path: '/v2/customers/bulk-create' })
    const customers = { k1: { given_name: 'Bo' }, k2: { given_name: 'Cleo' } }
    expect(await codeOf(await send('POST', '/v2/customers/bulk-create', { customers }))).toBe(
      '429 RATE_LIMITED',
    )
    expect(model.customers().map(({ given_name }) => given_name)).toEqual(['Ann', 'Bo'])
  },
  async refuse() {
    const { write, note } = await faulty({ kind: 'refuse' })
    expect(await failure(write())).toMatch(BROKEN)
    expect(note()).toBeUndefined()
    expect((await write()).status).toBe(200)
  },
  async 'line-down'() {
    const { write, note, server } = await faulty({ kind: 'line-down', ms: 20 })
    expect(await failure(write())).toMatch(BROKEN)
    while (server.lineUp()) await new Promise((resolve) => setImmediate(resolve))
    expect(await failure(fetch(server.url))).toBe('ECONNREFUSED')
    await expect.poll(() => server.lineUp()).toBe(true)
    expect(note()).toBeUndefined()
    expect((await write()).status).toBe(200)
  },
  async drop() {
    const { write, note } = await faulty({ kind: 'drop' })
    expect(await failure(write())).toMatch(BROKEN)
    expect(note()).toBeUndefined()
  },
  async 'lose-answer'() {
    const { write, note } = await faulty({ kind: 'lose-answer' })
    expect(await failure(write())).toMatch(BROKEN)
    expect(note()).toBe('x')
  },
  async answer() {
    const { write, note } = await faulty(
      { kind: 'answer', status: 418, headers: { 'x-tea': 'green' }, text: 'short and stout' },
      { kind: 'answer', status: 500, text: '{}', applied: true },
    )
    const tea = await write()
    expect([tea.status, tea.headers.get('x-tea'), await tea.text()]).toEqual([
      418,
      'green',
      'short and stout',
    ])
    expect(note()).toBeUndefined()
    expect((await write()).status).toBe(500)
    expect(note()).toBe('x')
  },
  async error() {
    const { write, note } = await faulty(
      { kind: 'error', code: 'INTERNAL_SERVER_ERROR', applied: true },
      { kind: 'error', code: 'UNAUTHORIZED' },
      { kind: 'error', code: 'INSUFFICIENT_SCOPES' },
      { kind: 'error', code: 'VALUE_TOO_LONG', field: 'note', detail: 'Too long.' },
      { kind: 'error', code: 'CONFLICT', status: 400 },
      { kind: 'error', code: 'RATE_LIMITED', status: 503 },
    )
    expect(await codeOf(await write())).toBe('500 INTERNAL_SERVER_ERROR')
    expect(note()).toBe('x')
    expect(await codeOf(await write())).toBe('401 UNAUTHORIZED')
    expect(await codeOf(await write())).toBe('403 INSUFFICIENT_SCOPES')
    expect(await (await write()).json()).toEqual({
      errors: [
        { category: 'INVALID_REQUEST_ERROR', code: 'VALUE_TOO_LONG', detail: 'Too long.', field: 'note' },
      ],
    })
    expect(await codeOf(await write())).toBe('400 CONFLICT')
    expect(await (await write()).json()).toMatchObject({ errors: [{ category: 'RATE_LIMIT_ERROR' }] })
  },
  async 'expired-token'() {
    const { read } = await faulty({ kind: 'expired-token' })
    expect(await codeOf(await read())).toBe('401 ACCESS_TOKEN_EXPIRED')
  },
  async 'rate-limited'() {
    const { read } = await faulty(
      { kind: 'rate-limited' },
      { kind: 'rate-limited', retryAfter: '2' },
      { kind: 'rate-limited', retryAfter: 'next spring' },
    )
    for (const retryAfter of [null, '2', 'next spring']) {
      const response = await read()
      expect(response.headers.get('retry-after')).toBe(retryAfter)
      expect(await codeOf(response)).toBe('429 RATE_LIMITED')
    }
  },
  async html() {
    const { write, note } = await faulty({ kind: 'html' }, { kind: 'html', status: 200, applied: true })
    const page = await write()
    expect([page.status, page.headers.get('content-type')]).toEqual([
      502,
      expect.stringContaining('text/html'),
    ])
    expect(await page.text()).toContain('<h1>502 Bad Gateway</h1>')
    expect(note()).toBeUndefined()
    expect((await write()).headers.get('content-type')).toContain('text/html')
    expect(note()).toBe('x')
  },
  async storm() {
    const { read, write, note, clock } = await faulty({ kind: 'storm', method: 'GET', forMs: 10_000 })
    const seen = new Set<string>()
    for (let n = 0; n < 60; n += 1) {
      const response = await read()
      seen.add(`${response.status} ${response.headers.get('content-type')?.split(';')[0]}`)
    }
    expect([...seen].sort()).toEqual(
      [500, 502, 503, 504].flatMap((status) => [`${status} application/json`, `${status} text/html`]),
    )
    clock.now += 10_000
    expect((await read()).status).toBe(200)

    const some = await faulty({ kind: 'storm', applied: 1, times: 3 })
    for (let n = 0; n < 3; n += 1) expect((await some.write()).status).toBeGreaterThanOrEqual(500)
    expect(must(some.model.retrieve('C1')).version).toBe(3)
    expect((await some.write()).status).toBe(200)
    expect([(await write()).status, note()]).toEqual([200, 'x'])
  },
  async poison() {
    const { model, send, read } = await faulty({ kind: 'poison', id: 'C1' })
    must(model.create({ given_name: 'Bo' }, { now: T0 }))
    for (let n = 0; n < 3; n += 1) expect(await codeOf(await read())).toBe('500 INTERNAL_SERVER_ERROR')
    const both = await send('POST', '/v2/customers/bulk-retrieve', { customer_ids: ['C2', 'C1'] })
    expect(both.status).toBe(500)
    expect((await send('GET', '/v2/customers/C2')).status).toBe(200)
  },
  async 'expired-cursor'() {
    const { model, send } = await faulty({ kind: 'expired-cursor' })
    must(model.create({ given_name: 'Bo' }, { now: T0 }))
    const first = (await (await send('GET', '/v2/customers?limit=1')).json()) as { cursor: string }
    const next = `/v2/customers?limit=1&cursor=${encodeURIComponent(first.cursor)}`
    expect(await codeOf(await send('GET', next))).toBe('400 INVALID_CURSOR')
    expect(await codeOf(await send('GET', next))).toBe('200 ok')
  },
  async redirect() {
    const { read } = await faulty(
      { kind: 'redirect' },
      { kind: 'redirect', status: 308, location: '/v2/customers' },
    )
    const away = await read({ redirect: 'manual' })
    expect([away.status, away.headers.get('location')]).toEqual([
      302,
      'https://elsewhere.invalid/v2/customers/C1',
    ])
    expect(new URL((await read()).url).pathname).toBe('/v2/customers')
  },
  async bomb() {
    const { server, read } = await faulty({ kind: 'bomb', megabytes: 30, times: 2 })
    const onTheWire = await new Promise<number>((resolve, reject) => {
      let bytes = 0
      httpRequest(`${server.url}/v2/customers`, (answer) => {
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => resolve(bytes))
      })
        .once('error', reject)
        .end()
    })
    expect(onTheWire).toBeLessThan(60_000)
    const unpacked = await (await read()).text()
    expect(unpacked.length).toBeGreaterThan(30_000_000)
    expect(JSON.parse(unpacked)).toEqual({})
  },
  async 'rate-limit'() {
    const { read, clock } = await faulty({ kind: 'rate-limit', perSecond: 2, burst: 3, retryAfter: '1' })
    const answers = async (count: number) => {
      const seen: number[] = []
      for (let n = 0; n < count; n += 1) seen.push((await read()).status)
      return seen
    }
    expect(await answers(5)).toEqual([200, 200, 200, 429, 429])
    clock.now += 1000
    expect(await answers(3)).toEqual([200, 200, 429])
    clock.now += 60_000
    expect(await answers(4)).toEqual([200, 200, 200, 429])
  },
  async 'slow-body'() {
    const { server } = await faulty({ kind: 'slow-body', ms: 50 })
    const chunks = await new Promise<string[]>((resolve, reject) => {
      const seen: string[] = []
      const headers = { authorization: 'Bearer practice-token' }
      httpRequest(`${server.url}/v2/customers/C1`, { headers }, (answer) => {
        answer.setEncoding('utf8').on('data', (chunk: string) => seen.push(chunk))
        answer.on('end', () => resolve(seen))
      })
        .once('error', reject)
        .end()
    })
    expect(chunks.length).toBeGreaterThan(1)
    expect(JSON.parse(chunks.join(''))).toMatchObject({ customer: { id: 'C1' } })
  },
  async 'truncated-body'() {
    const { write, note } = await faulty({ kind: 'truncated-body' }, { kind: 'truncated-body', bytes: 0 })
    for (let n = 0; n < 2; n += 1) {
      const response = await write()
      expect(response.status).toBe(200)
      expect(await failure(response.text())).toMatch(/ECONNRESET|UND_ERR/)
    }
    expect(note()).toBe('x')
  },
  async 'wrong-body'() {
    const shapes = ['null', 'array', 'empty', 'without-id', 'without-version', 'wrong-types'] as const
    const { read } = await faulty(...shapes.map((shape) => ({ kind: 'wrong-body' as const, shape })))
    const bodies: unknown[] = []
    for (let n = 0; n < shapes.length; n += 1) bodies.push(await (await read()).json())
    const [nothing, list, empty, anonymous, unversioned, wrong] = bodies
    expect([nothing, list, empty]).toEqual([null, [], {}])
    expect(anonymous).toMatchObject({ customer: { given_name: 'Ann', version: 0 } })
    expect(anonymous).not.toHaveProperty('customer.id')
    expect(unversioned).toMatchObject({ customer: { id: 'C1' } })
    expect(unversioned).not.toHaveProperty('customer.version')
    expect(wrong).toMatchObject({ customer: { id: 7, version: 'newest', given_name: ['no text'] } })
  },
  async 'deliver-twice'() {
    const { write, model, server } = await faulty(
      { kind: 'deliver-twice' },
      { kind: 'deliver-twice', hears: 'first' },
    )
    expect(await codeOf(await write(0))).toBe('409 CONFLICT')
    expect(must(model.retrieve('C1')).version).toBe(1)
    expect(await codeOf(await write(1))).toBe('200 ok')
    expect(await codeOf(await write())).toBe('200 ok')
    expect(server.log.requests()).toHaveLength(3)
  },
}

describe('seen over HTTP', () => {
  test.each(Object.entries(SEEN))('%s', (_kind, seen) => seen())
})

describe('which requests', () => {
  test('by customer, in the path or the body; by text in the body', async () => {
    const { send, read } = await faulty(
      { kind: 'error', code: 'GONE', customerId: 'C1', times: 'all' },
      { kind: 'error', code: 'BAD_REQUEST', body: 'Bo', times: 'all' },
    )
    expect(await codeOf(await read())).toBe('410 GONE')
    expect(await codeOf(await send('POST', '/v2/customers/bulk-retrieve', { customer_ids: ['C1'] }))).toBe(
      '410 GONE',
    )
    expect(await codeOf(await send('POST', '/v2/customers', { given_name: 'Bo' }))).toBe('400 BAD_REQUEST')
    expect(await codeOf(await send('POST', '/v2/customers', { given_name: 'Al' }))).toBe('200 ok')
  })

  test('the rate of one merchant is not the rate of another; its tokens share it', async () => {
    const { model, server } = await faulty({ kind: 'rate-limit', perSecond: 1, burst: 2 })
    model.grantToken('second', { scopes: ['CUSTOMERS_READ'], state: 'valid' })
    model.grantToken('other', { scopes: ['CUSTOMERS_READ'], state: 'valid', merchantId: 'OTHER' })
    const asked = async (token: string) =>
      (await fetch(`${server.url}/v2/customers`, { headers: { authorization: `Bearer ${token}` } })).status
    const seen: number[] = []
    for (const token of ['practice-token', 'second', 'second', 'other', 'other', 'other'])
      seen.push(await asked(token))
    expect(seen).toEqual([200, 200, 429, 200, 200, 429])
  })
})
