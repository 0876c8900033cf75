import { afterEach, describe, expect, test } from 'vitest'
import type { PracticeModelOptions } from '#practice/options.ts'
import { challengeOf, practiceOAuth } from '#practice/practice-application.ts'
import { startPracticeServer, type PracticeServer } from '#practice/server.ts'
import { must, practice, T0 } from './practice-fixture.ts'

const running: PracticeServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
const headers = { authorization: 'Bearer practice-token', 'content-type': 'application/json' }

/** A server with a control face whose token is `hand`; what the host was asked to keep is counted. */
async function controlled(options: Partial<PracticeModelOptions> = {}) {
  const { model } = practice(options)
  const host = { kept: 0 }
  const oauth = practiceOAuth(model)
  const started = await startPracticeServer({
    model,
    oauth,
    now: () => T0,
    control: { token: 'hand' },
    beforeAnswer: async () => void (host.kept += 1),
  })
  if (started.kind === 'failed') throw new Error(started.reason)
  const { server } = started
  running.push(server)
  const ask = (path: string, body?: unknown, token = 'hand', method = body === undefined ? 'GET' : 'POST') =>
    fetch(`${server.controlUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const say = async (command: unknown) => (await ask('/control', command)).status
  const read = async (path: string) => (await (await ask(path)).json()) as Record<string, unknown>
  const square = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, { headers, ...init })
  const create = (body: unknown) => square('/v2/customers', { method: 'POST', body: JSON.stringify(body) })
  return { server, model, oauth, host, ask, say, read, square, create }
}

describe('the colleague', () => {
  test('creates, edits, reverts, merges, deletes and brings back', async () => {
    const { model, say, read, host } = await controlled()
    expect(await say({ kind: 'create', changes: { given_name: 'Ann' } })).toBe(200)
    expect(await say({ kind: 'edit', id: 'C1', changes: { note: 'x' } })).toBe(200)
    expect(must(model.retrieve('C1')).note).toBe('x')
    expect(await say({ kind: 'revert', id: 'C1' })).toBe(200)
    expect(must(model.retrieve('C1')).note).toBeUndefined()
    expect(await say({ kind: 'create', changes: { given_name: 'Bo' } })).toBe(200)
    expect(await say({ kind: 'merge', ids: ['C1', 'C2'] })).toBe(200)
    expect(await read('/control/customers')).toMatchObject({ customers: [{ id: 'C3' }] })
    expect(await say({ kind: 'remove', id: 'C3' })).toBe(200)
    expect(model.customers()).toEqual([])
    expect(await say({ kind: 'remove', id: 'C3' })).toBe(404)
    expect(await say({ kind: 'restore', id: 'C3' })).toBe(200)
    expect(model.customers()).toMatchObject([{ given_name: 'Ann', creation_source: 'DELETION_RECOVERY' }])
    expect(host.kept).toBe(7)
  })

  test('another merchant: customers and a token of its own, and it comes with a snapshot', async () => {
    const { say, read, create, square } = await controlled()
    const other = { kind: 'merchant', merchant: { id: 'M2', country: 'GB' }, token: 't2' }
    expect(await say(other)).toBe(200)
    expect(await say(other)).toBe(400)
    expect(await say({ ...other, merchant: { id: 'M3', country: 'gb' } })).toBe(400)
    await create({ given_name: 'Ann' })
    expect(await say({ kind: 'create', merchantId: 'M2', changes: { given_name: 'Bo' } })).toBe(200)
    const asM2 = { headers: { ...headers, authorization: 'Bearer t2' } }
    expect(await (await square('/v2/customers', asM2)).json()).toMatchObject({
      customers: [{ given_name: 'Bo' }],
    })
    expect(await (await square('/v2/merchants/me', asM2)).json()).toMatchObject({
      merchant: { id: 'M2', country: 'GB', main_location_id: 'M2-MAIN' },
    })
    const snapshot = await read('/control/snapshot')
    const elsewhere = await controlled()
    expect((await elsewhere.ask('/control/snapshot', snapshot, 'hand', 'PUT')).status).toBe(200)
    expect(elsewhere.model.seller('M2')?.merchant.country).toBe('GB')
    expect(elsewhere.model.seller('M2')?.customers()).toMatchObject([{ given_name: 'Bo' }])
  })

  test('works at the merchant that is named', async () => {
    const { model, say, read } = await controlled({ otherMerchants: [{ id: 'OTHER' }] })
    expect(await say({ kind: 'create', merchantId: 'OTHER', changes: { given_name: 'Ann' } })).toBe(200)
    expect(model.customers()).toEqual([])
    expect(await read('/control/customers?merchantId=OTHER')).toMatchObject({
      customers: [{ given_name: 'Ann' }],
    })
    expect(await say({ kind: 'create', merchantId: 'NOBODY', changes: { given_name: 'Ann' } })).toBe(404)
  })
})

describe('what happens', () => {
  test('the log: every request, and the effects per idempotency key', async () => {
    const { server, read, create, say } = await controlled()
    await create({ given_name: 'Ann', idempotency_key: 'k' })
    await create({ given_name: 'Ann', idempotency_key: 'k' })
    await say({ kind: 'edit', id: 'C1', changes: { note: 'x' } })
    server.faults.add([{ kind: 'drop' }])
    await create({ given_name: 'Bo', idempotency_key: 'lost' }).catch(() => undefined)
    expect(await read('/control/log')).toMatchObject({
      requests: [
        { outcome: 200, idempotencyKey: 'k', effects: [{ kind: 'create', by: 'api', id: 'C1' }] },
        { outcome: 200, idempotencyKey: 'k', effects: [] },
        { outcome: 'dropped', idempotencyKey: 'lost', effects: [] },
      ],
      createdByKey: { k: 1 },
      effectsByKey: { k: [{ kind: 'create', by: 'api', id: 'C1' }] },
    })
  })

  test('snapshot and restore: what came after is undone, also for list and keys', async () => {
    const { model, ask, read, create, square, host } = await controlled()
    await create({ given_name: 'Ann', idempotency_key: 'k' })
    const snapshot = await read('/control/snapshot')
    await create({ given_name: 'Bo', idempotency_key: 'later' })
    await square('/v2/customers/C1', { method: 'DELETE' })
    const kept = host.kept
    expect((await ask('/control/snapshot', snapshot, 'hand', 'PUT')).status).toBe(200)
    expect(host.kept).toBe(kept + 1)
    expect(model.customers()).toMatchObject([{ id: 'C1', given_name: 'Ann' }])
    expect(await (await square('/v2/customers')).json()).toMatchObject({ customers: [{ id: 'C1' }] })
    expect((await create({ given_name: 'Ann', idempotency_key: 'k' })).status).toBe(200)
    expect(model.customers()).toHaveLength(1)
    expect((await create({ given_name: 'Other', idempotency_key: 'later' })).status).toBe(200)
  })

  test('a snapshot is the whole Square: tokens, sign-ins, flags, clock, and who is a merchant', async () => {
    const { server, oauth, ask, say, read, square } = await controlled()
    const asked = oauth.ask({
      client_id: 'sq0idp-practice',
      scope: 'CUSTOMERS_READ',
      redirect_uri: 'http://127.0.0.1/',
      code_challenge: challengeOf('v'.repeat(43)),
    })
    if (asked.kind === 'refused') throw new Error('refused')
    const word = { ticket: asked.value.ticket, merchantId: 'PRACTICEMERCHANT1', allowed: true }
    const back = oauth.answer(word, server.clock.now())
    const code = new URL((back as { value: string }).value).searchParams.get('code')
    const token = async (body: object) => {
      const response = await fetch(`${server.url}/oauth2/token`, {
        method: 'POST',
        body: JSON.stringify({ client_id: 'sq0idp-practice', ...body }),
      })
      return (await response.json()) as { access_token?: string; refresh_token?: string }
    }
    const proof = { code_verifier: 'v'.repeat(43), redirect_uri: 'http://127.0.0.1/' }
    const first = await token({ grant_type: 'authorization_code', code, ...proof })
    await say({ kind: 'flags', flags: { conflictStatus: 400 } })
    await say({ kind: 'clock', at: '2026-04-01T08:00:00Z', stopped: true })
    await say({ kind: 'grant', token: 'later-gone', scopes: ['CUSTOMERS_READ'], expiresInMs: 60_000 })
    const snapshot = await read('/control/snapshot')
    const before = await read('/control/state')

    const refresh = () => token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    expect((await refresh()).access_token).toBeDefined()
    expect((await refresh()).access_token).toBeUndefined()
    await say({ kind: 'token', token: 'practice-token', state: 'revoked' })
    await say({ kind: 'grant', token: 'newcomer', scopes: ['CUSTOMERS_READ'] })
    await say({ kind: 'merchant', merchant: { id: 'M2' }, token: 't2' })
    await say({ kind: 'flags', flags: { conflictStatus: 409, noOpBumps: false } })
    await say({ kind: 'clock', advanceMs: 120_000, stopped: false })
    const as = async (name: string | undefined) =>
      (await square('/v2/customers', { headers: { authorization: `Bearer ${name}` } })).status
    expect(await as('later-gone')).toBe(401)

    expect((await ask('/control/snapshot', snapshot, 'hand', 'PUT')).status).toBe(200)
    expect(await read('/control/state')).toEqual(before)
    expect(await read('/control/snapshot')).toEqual(snapshot)
    for (const good of ['practice-token', 'later-gone', first.access_token]) expect(await as(good)).toBe(200)
    for (const gone of ['newcomer', 't2']) expect(await as(gone)).toBe(401)
    expect(oauth.merchantIds()).toEqual(['PRACTICEMERCHANT1'])
    expect((await refresh()).access_token).toBeDefined()
  })

  test('a snapshot of stores alone leaves the rest as it is', async () => {
    const { model, ask, say, create, square } = await controlled()
    await create({ given_name: 'Ann' })
    const stores = model.snapshot()
    await create({ given_name: 'Bo' })
    await say({ kind: 'flags', flags: { conflictStatus: 400 } })
    expect((await ask('/control/snapshot', stores, 'hand', 'PUT')).status).toBe(200)
    expect(model.customers()).toHaveLength(1)
    expect((await square('/v2/customers/C1?version=9', { method: 'DELETE' })).status).toBe(400)
  })

  test('nonsense is no snapshot and changes nothing', async () => {
    const { model, ask, read, create } = await controlled()
    await create({ given_name: 'Ann' })
    const snapshot = await read('/control/snapshot')
    for (const nonsense of [
      null,
      { ...snapshot, sellers: [{}] },
      { ...snapshot, tokens: { a: 1 } },
      { ...snapshot, tokens: { a: { scopes: [], state: 'new' } } },
      { ...snapshot, flags: { shoeSize: 9 } },
      { ...snapshot, signIns: {} },
      { ...snapshot, clock: { at: 'noon', stopped: false } },
      { ...snapshot, clock: undefined },
      {},
      { format: 2 },
      { format: 2, sellers: [{}] },
      { format: 99, sellers: [] },
    ])
      expect((await ask('/control/snapshot', nonsense, 'hand', 'PUT')).status).toBe(400)
    expect(model.customers()).toHaveLength(1)
    expect(await read('/control/snapshot')).toEqual(snapshot)
  })
})

describe('the world behind it', () => {
  test('the line is cut; the control face stays', async () => {
    const { server, say, read, square } = await controlled()
    expect(await say({ kind: 'line', up: false })).toBe(200)
    await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    expect(await read('/control/state')).toMatchObject({ lineUp: false, faults: [] })
    expect(await say({ kind: 'line', up: true })).toBe(200)
    expect((await square('/v2/customers')).status).toBe(200)
  })

  test('faults are set and taken back', async () => {
    const { say, read, create } = await controlled()
    const fault = { kind: 'answer', status: 503, text: '{}', times: 5 }
    expect(await say({ kind: 'faults', faults: [fault] })).toBe(200)
    expect((await create({ given_name: 'Ann' })).status).toBe(503)
    expect(await read('/control/state')).toMatchObject({ faults: [{ ...fault, times: 4 }] })
    expect(await say({ kind: 'clear-faults' })).toBe(200)
    expect((await create({ given_name: 'Ann' })).status).toBe(200)
  })

  test('flags count from the next request on', async () => {
    const { say, read, create, square } = await controlled()
    await create({ given_name: 'Ann' })
    const stale = () => square('/v2/customers/C1?version=9', { method: 'DELETE' })
    expect((await stale()).status).toBe(409)
    expect(await say({ kind: 'flags', flags: { conflictStatus: 400 } })).toBe(200)
    expect((await stale()).status).toBe(400)
    expect(await read('/control/state')).toMatchObject({ flags: { conflictStatus: 400, versionStep: 1 } })
  })

  test('the clock stops, jumps, and rules tokens, times and the Date header', async () => {
    const { say, read, create, square } = await controlled()
    expect(await say({ kind: 'grant', token: 'day', scopes: ['CUSTOMERS_READ'], expiresInMs: 1000 })).toBe(
      200,
    )
    for (const nowhere of [{ advanceMs: 9e15 }, { advanceMs: -9e15 }, { at: '0001-01-01T00:00:00Z' }])
      expect(await say({ kind: 'clock', ...nowhere })).toBe(400)
    const asDay = () => square('/v2/customers', { headers: { authorization: 'Bearer day' } })
    expect((await asDay()).status).toBe(200)
    expect(await say({ kind: 'clock', at: '2026-07-01T08:00:00Z', stopped: true })).toBe(200)
    expect(await say({ kind: 'clock', advanceMs: 1500 })).toBe(200)
    expect(await read('/control/state')).toMatchObject({
      clock: { at: '2026-07-01T08:00:01.500Z', stopped: true },
    })
    const response = await create({ given_name: 'Ann' })
    expect(response.headers.get('date')).toBe('Wed, 01 Jul 2026 08:00:01 GMT')
    expect(await response.json()).toMatchObject({ customer: { created_at: '2026-07-01T08:00:01.500Z' } })
    expect((await asDay()).status).toBe(401)
  })

  test('tokens: other rights, other merchants, and an end', async () => {
    const { say, square } = await controlled()
    expect(await say({ kind: 'grant', token: 'reader', scopes: ['MERCHANT_PROFILE_READ'] })).toBe(200)
    expect((await square('/v2/customers', { headers: { authorization: 'Bearer reader' } })).status).toBe(403)
    expect(await say({ kind: 'grant', token: 'x', scopes: [], merchantId: 'NOBODY' })).toBe(404)
    expect(await say({ kind: 'token', token: 'practice-token', state: 'revoked' })).toBe(200)
    expect((await square('/v2/customers')).status).toBe(401)
  })
})

describe('whose hand', () => {
  test('another token, another port, and only what it knows', async () => {
    const { server, ask, say } = await controlled()
    expect((await ask('/control/customers', undefined, 'practice-token')).status).toBe(401)
    expect((await ask('/control', { kind: 'line', up: false }, '')).status).toBe(401)
    expect(server.lineUp()).toBe(true)
    for (const nonsense of [
      null,
      5,
      {},
      { kind: 'edit', id: 5 },
      { kind: 'faults', faults: [1] },
      { kind: 'line' },
    ])
      expect(await say(nonsense)).toBe(400)
    const wrong = await ask('/control', { kind: 'faults', faults: [{ kind: 'delay', ms: 'x' }] })
    expect(await wrong.json()).toEqual({
      error: expect.stringMatching(/^faults\[0\]\.ms: must be a `number`/),
    })
    const elsewhere = await fetch(`${server.url}/control/customers`, {
      headers: { authorization: 'Bearer hand' },
    })
    expect(elsewhere.status).toBe(401)
  })
})
