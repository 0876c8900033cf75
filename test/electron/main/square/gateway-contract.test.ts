import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '#main/square/square-gateway.ts'
import { EMPTY_FIELDS, type CustomerFields, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { Result } from '#shared/sync/bulk.ts'
import { closeAll, square, T0, TOKEN } from './square-fixture.ts'

// Unbundled it is some two thousand files: no test should pay for that with its own time limit.
beforeAll(() => import('square'), 60_000)
afterEach(closeAll)

const FULL: CustomerFields = {
  givenName: 'Zoë',
  familyName: '山田',
  companyName: 'Paper & Twine',
  nickname: 'Zo',
  emailAddress: 'Zoe@Example.com',
  phoneNumber: '206-555-0100',
  address: {
    addressLine1: '1 Main St',
    sublocality2: 'B',
    administrativeDistrictLevel1: 'WA',
    postalCode: '98101',
    country: 'US',
  },
  birthday: '0000-02-29',
  referenceId: 'AB-1',
  note: 'two\nlines',
  euVat: null,
}

function value<T>(reply: Reply<T>): T {
  if (reply.kind === 'ok') return reply.value
  throw new Error(JSON.stringify(reply.failure))
}
const failure = (reply: Reply<unknown>) => (reply.kind === 'failed' ? reply.failure : reply.kind)

describe('create', () => {
  test('sends every field and reads every field back', async () => {
    const { gateway, server } = await square()
    const reply = await gateway.create('key-1', FULL)
    expect(reply).toEqual({
      kind: 'ok',
      squareTime: T0,
      value: {
        id: 'C1',
        version: '0',
        fields: FULL,
        groupIds: [],
        creationSource: 'THIRD_PARTY',
        createdAt: '2026-03-04T09:00:00.000Z',
        updatedAt: '2026-03-04T09:00:00Z',
      },
    })
    expect(server.log.requests()).toMatchObject([
      { method: 'POST', path: '/v2/customers', idempotencyKey: 'key-1' },
    ])
  })

  test('the same key and body again makes no second customer (S9)', async () => {
    const { gateway, model } = await square()
    await gateway.create('key-1', { givenName: 'Ann' })
    expect(value(await gateway.create('key-1', { givenName: 'Ann' })).id).toBe('C1')
    expect(model.customers()).toHaveLength(1)
    expect(failure(await gateway.create('key-1', { givenName: 'Bo' }))).toEqual({ kind: 'key-reused' })
  })

  test('tax ids reach a seller in the EU', async () => {
    const { gateway } = await square({ merchant: { country: 'IE' } })
    expect(value(await gateway.create('k', { givenName: 'Ann', euVat: 'IE3426675K' })).fields.euVat).toBe(
      'IE3426675K',
    )
    expect(value(await gateway.update('C1', '0', { euVat: null })).fields.euVat).toBeNull()
  })
})

describe('update (S6)', () => {
  test('carries the version, touches only what is in the body, clears with null', async () => {
    const { gateway, server } = await square()
    await gateway.create('k', FULL)
    const after = value(
      await gateway.update('C1', '0', { note: null, nickname: 'Z', birthday: '1990-01-31' }),
    )
    expect(after).toMatchObject({
      version: '1',
      fields: { ...FULL, note: null, nickname: 'Z', birthday: '1990-01-31' },
    })
    expect(server.log.requests()[1]).toMatchObject({ method: 'PUT', path: '/v2/customers/C1', version: '0' })
  })

  test('every text field can be cleared', async () => {
    const { gateway } = await square()
    await gateway.create('k', FULL)
    const { givenName: _kept, address: _address, euVat: _vat, ...cleared } = EMPTY_FIELDS
    expect(value(await gateway.update('C1', '0', cleared)).fields).toEqual({
      ...EMPTY_FIELDS,
      givenName: FULL.givenName,
      address: FULL.address,
    })
  })

  test.each(['merge', 'replace'] as const)(
    'an address arrives as a whole, also where Square would %s it',
    async (addressRule) => {
      const { gateway } = await square({ flags: { addressRule } })
      await gateway.create('k', FULL)
      const address = { addressLine1: '9 Elm St', country: 'US' }
      expect(value(await gateway.update('C1', '0', { address })).fields.address).toEqual(address)
      expect(value(await gateway.update('C1', '1', { address: null })).fields.address).toBeNull()
    },
  )

  test('a stale version is a conflict, whatever status it comes with', async () => {
    for (const conflictStatus of [409, 400] as const) {
      const { gateway, model, at } = await square({ flags: { conflictStatus } })
      await gateway.create('k', { givenName: 'Ann' })
      model.colleague.edit('C1', { note: 'x' }, at())
      expect(failure(await gateway.update('C1', '0', { note: 'y' }))).toEqual({ kind: 'conflict' })
      expect(failure(await gateway.remove('C1', '0'))).toEqual({ kind: 'conflict' })
    }
  })
})

describe('delete and retrieve', () => {
  test('a delete carries its version; after it nobody is there', async () => {
    const { gateway, server, model } = await square()
    await gateway.create('k', { givenName: 'Ann' })
    expect(await gateway.remove('C1', '0')).toEqual({ kind: 'ok', value: null, squareTime: T0 })
    expect(server.log.requests()[1]).toMatchObject({ method: 'DELETE', version: '0' })
    expect(model.customers()).toEqual([])
    expect(await gateway.retrieve('C1')).toEqual({
      kind: 'failed',
      failure: { kind: 'not-found' },
      squareTime: T0,
    })
    expect(failure(await gateway.update('C1', '0', { note: 'x' }))).toEqual({ kind: 'not-found' })
    expect(failure(await gateway.remove('C1', '0'))).toEqual({ kind: 'not-found' })
  })

  test('the id of a merged profile answers the new one (S10)', async () => {
    const { gateway, model, at } = await square()
    await gateway.create('k1', { givenName: 'Ann' })
    await gateway.create('k2', { givenName: 'Anne' })
    model.colleague.merge(['C1', 'C2'], at())
    expect(value(await gateway.retrieve('C1'))).toMatchObject({
      id: 'C3',
      creationSource: 'MERGE',
      version: '0',
    })
  })

  test('so does an update where Square lets it follow the merge, by itself and in bulk (S10)', async () => {
    const { gateway, model, at } = await square({ flags: { mergedWrites: 'followed' } })
    await gateway.create('k1', { givenName: 'Ann' })
    await gateway.create('k2', { givenName: 'Anne' })
    model.colleague.merge(['C1', 'C2'], at())
    expect(value(await gateway.update('C1', '0', { note: 'x' }))).toMatchObject({ id: 'C3', version: '1' })
    const items = value(await gateway.bulkUpdate(new Map([['C2', { version: '1', body: { note: 'y' } }]])))
    expect([...items]).toMatchObject([['C2', { kind: 'ok', value: { id: 'C3', version: '2' } }]])
  })

  test('ids with odd characters stay one path segment', async () => {
    const { gateway } = await square({ newId: () => 'a/b?c#d' })
    await gateway.create('k', { givenName: 'Ann' })
    expect(value(await gateway.retrieve('a/b?c#d')).id).toBe('a/b?c#d')
  })
})

describe('lists and searches', () => {
  async function many() {
    const practice = await square()
    for (let i = 0; i < 205; i += 1) {
      practice.clock.now = T0 + i * 1000
      practice.model.create({ given_name: `N${i}`, phone_number: '206-555-0100' }, practice.at())
    }
    return practice
  }

  test('list walks the store by creation; the count comes with the first page', async () => {
    const { gateway } = await many()
    const first = value(await gateway.list(null))
    expect([first.customers.length, first.customers[0]?.id, first.count]).toEqual([100, 'C1', 205])
    const second = value(await gateway.list(first.cursor))
    const third = value(await gateway.list(second.cursor))
    expect([third.customers.length, third.customers.at(-1)?.id, third.cursor, third.count]).toEqual([
      5,
      'C205',
      null,
      null,
    ])
  })

  test('an empty store is an empty page', async () => {
    const { gateway } = await square()
    expect(value(await gateway.list(null))).toEqual({ customers: [], cursor: null, count: 0 })
    expect(value(await gateway.changedSince('2020-01-01T00:00:00Z', null))).toEqual({
      customers: [],
      cursor: null,
      count: null,
    })
    expect(value(await gateway.createdSince('2020-01-01T00:00:00Z', null))).toMatchObject({ customers: [] })
  })

  test('changedSince gives what changed, page by page', async () => {
    const { gateway, model, clock, at } = await many()
    clock.now = T0 + 600_000
    for (let i = 1; i <= 102; i += 1) model.colleague.edit(`C${i}`, { note: 'x' }, at())
    const since = new Date(T0 + 500_000).toISOString()
    const first = value(await gateway.changedSince(since, null))
    const second = value(await gateway.changedSince(since, first.cursor))
    expect([first.customers.length, second.customers.length, second.cursor]).toEqual([100, 2, null])
  })

  test('createdSince gives what apps and merges made, page by page (S9)', async () => {
    const { gateway, model, at } = await many()
    model.colleague.create({ given_name: 'at the till' }, at())
    model.colleague.merge(['C204', 'C205'], at())
    const since = new Date(T0 + 50_000).toISOString()
    const first = value(await gateway.createdSince(since, null))
    const second = value(await gateway.createdSince(since, first.cursor))
    expect([first.customers.length, second.customers.length, second.cursor]).toEqual([
      100,
      205 - 50 - 2 + 1 - 100,
      null,
    ])
    expect(second.customers.at(-1)).toMatchObject({ creationSource: 'MERGE' })
  })

  test('findExact unites the matches of phone, e-mail and reference id', async () => {
    const { gateway } = await square()
    await gateway.create('k1', {
      givenName: 'A',
      phoneNumber: '(206) 555-0100',
      emailAddress: 'a@example.com',
    })
    await gateway.create('k2', { givenName: 'B', emailAddress: 'A@EXAMPLE.com' })
    await gateway.create('k3', { givenName: 'C', referenceId: 'r-1' })
    await gateway.create('k4', { givenName: 'D', phoneNumber: '206 555 0101' })
    const keys = { phoneE164: '+12065550100', emailAddress: 'a@example.com', referenceId: 'R-1' }
    expect(
      value(await gateway.findExact(keys))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['C1', 'C2', 'C3'])
    const none = { phoneE164: null, emailAddress: null, referenceId: null }
    expect(await gateway.findExact(none)).toEqual({ kind: 'ok', value: [], squareTime: null })
  })

  test('findExact fails as a whole when one search fails', async () => {
    const { gateway, server } = await square()
    server.faults.add([{ kind: 'answer', skip: 1, status: 503, text: '{}' }])
    const keys = { phoneE164: '+12065550100', emailAddress: 'a@example.com', referenceId: null }
    expect(failure(await gateway.findExact(keys))).toEqual({ kind: 'unknown', reason: 'server-error' })
  })
})

test('seller tells whose token it is', async () => {
  const { gateway } = await square({ merchant: { id: 'M1', business_name: 'Paper & Twine', country: 'IE' } })
  expect(value(await gateway.seller())).toEqual({ merchantId: 'M1', name: 'Paper & Twine', country: 'IE' })
})

describe('refusals (S14)', () => {
  test('a field Square does not take comes back by our name for it', async () => {
    const { gateway } = await square()
    const refused = async (body: Partial<CustomerFields>) =>
      failure(await gateway.create('k', { companyName: 'A', ...body }))
    expect(await refused({ phoneNumber: '123' })).toEqual({
      kind: 'refused',
      refusal: {
        code: 'INVALID_PHONE_NUMBER',
        field: 'phoneNumber',
        detail: 'Expected phone_number to be a valid phone number',
      },
    })
    expect(await refused({ emailAddress: 'x' })).toMatchObject({
      refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress' },
    })
    expect(await refused({ birthday: '1990-13-01' })).toMatchObject({
      refusal: { code: 'INVALID_TIME', field: 'birthday' },
    })
    expect(await refused({ address: { locality: 'x'.repeat(501) } })).toMatchObject({
      refusal: { field: 'address' },
    })
    expect(await refused({ euVat: 'x'.repeat(21) })).toMatchObject({
      refusal: { code: 'VALUE_TOO_LONG', field: 'euVat' },
    })
    expect(failure(await gateway.create('k', { note: 'nobody' }))).toMatchObject({
      refusal: { code: 'BAD_REQUEST', field: null },
    })
  })

  test('tokens: wrong, expired, without the right', async () => {
    const { gateway, model } = await square()
    model.setTokenState(TOKEN, 'expired')
    expect(failure(await gateway.seller())).toEqual({ kind: 'signed-out', code: 'ACCESS_TOKEN_EXPIRED' })
    const wrong = await square({ gateway: { token: 'wrong' } })
    expect(failure(await wrong.gateway.list(null))).toEqual({ kind: 'signed-out', code: 'UNAUTHORIZED' })
    const reader = await square({ tokens: { [TOKEN]: { scopes: ['CUSTOMERS_READ'], state: 'valid' } } })
    expect(failure(await reader.gateway.create('k', { givenName: 'A' }))).toEqual({
      kind: 'forbidden',
      code: 'INSUFFICIENT_SCOPES',
    })
  })
})

describe('a broken line (S14)', () => {
  test('nobody listens: not a byte left', async () => {
    const { gateway, server } = await square()
    await server.setLine(false)
    expect(await gateway.seller()).toEqual({
      kind: 'failed',
      failure: { kind: 'not-sent', reason: 'refused' },
      squareTime: null,
    })
    await server.setLine(true)
    expect((await gateway.seller()).kind).toBe('ok')
  })

  test('broken off before or after applying: unknown, and sent once', async () => {
    const { gateway, server, model } = await square()
    server.faults.add([{ kind: 'drop' }, { kind: 'lose-answer' }])
    expect(failure(await gateway.create('k', { givenName: 'A' }))).toEqual({
      kind: 'unknown',
      reason: 'reset',
    })
    expect(model.customers()).toHaveLength(0)
    expect(failure(await gateway.create('k', { givenName: 'A' }))).toEqual({
      kind: 'unknown',
      reason: 'reset',
    })
    expect(model.customers()).toHaveLength(1)
    expect(server.log.requests()).toHaveLength(2)
  })

  test('no answer in time: unknown', async () => {
    const { gateway, server, model } = await square({ gateway: { timeLimitMs: 150 } })
    await gateway.seller()
    server.faults.add([{ kind: 'delay', ms: 60_000 }])
    expect(failure(await gateway.create('k', { givenName: 'A' }))).toEqual({
      kind: 'unknown',
      reason: 'timeout',
    })
    expect(model.customers()).toHaveLength(1)
  })
})

describe('in bulk (S22)', () => {
  const ids = (items: ReadonlyMap<string, Result<RemoteCustomer>>) =>
    [...items].map(([id, item]) => [id, item.kind === 'ok' ? item.value.id : item.failure.kind])

  test('retrieves many at once; a missing id, and one that was merged, answer for themselves', async () => {
    const { gateway, server, model, at } = await square()
    for (const name of ['A', 'B', 'C']) await gateway.create(name, { givenName: name })
    model.colleague.merge(['C1', 'C2'], at())
    const reply = await gateway.bulkRetrieve(['C1', 'nobody', 'C3'])
    expect(ids(value(reply))).toEqual([
      ['C1', 'C4'],
      ['nobody', 'not-found'],
      ['C3', 'C3'],
    ])
    expect(reply.squareTime).toBe(T0)
    expect(server.log.requests().at(-1)).toMatchObject({
      method: 'POST',
      path: '/v2/customers/bulk-retrieve',
    })
  })

  test('creates many under keys of their own; again with the same keys makes nobody twice (S9)', async () => {
    const { gateway, model } = await square()
    const bodies = new Map<string, Partial<CustomerFields>>([
      ['k1', FULL],
      ['k2', { givenName: 'Bo', phoneNumber: '123' }],
      ['k3', { givenName: 'Cy', birthday: '0000-12-24' }],
    ])
    const first = value(await gateway.bulkCreate(bodies))
    expect(ids(first)).toEqual([
      ['k1', 'C1'],
      ['k2', 'refused'],
      ['k3', 'C2'],
    ])
    expect(first.get('k1')).toMatchObject({ kind: 'ok', value: { fields: FULL } })
    expect(first.get('k2')).toMatchObject({ failure: { refusal: { field: 'phoneNumber' } } })
    expect(ids(value(await gateway.bulkCreate(bodies)))).toEqual(ids(first))
    expect(model.customers()).toHaveLength(2)
  })

  test('updates many, each with its version; null clears; a stale one is a conflict of its own (S6)', async () => {
    const { gateway, model, at } = await square()
    await gateway.create('a', FULL)
    await gateway.create('b', FULL)
    model.colleague.edit('C2', { note: 'theirs' }, at())
    const items = value(
      await gateway.bulkUpdate(
        new Map([
          ['C1', { version: '0', body: { note: null, nickname: 'Z' } }],
          ['C2', { version: '0', body: { note: 'ours' } }],
          ['C9', { version: '0', body: { note: 'ours' } }],
        ]),
      ),
    )
    expect(ids(items)).toEqual([
      ['C1', 'C1'],
      ['C2', 'conflict'],
      ['C9', 'not-found'],
    ])
    expect(items.get('C1')).toMatchObject({
      value: { version: '1', fields: { ...FULL, note: null, nickname: 'Z' } },
    })
    expect(model.customers()[1]).toMatchObject({ note: 'theirs' })
  })

  test('what Square broke off is the failure of the whole; what it did is done', async () => {
    const { gateway, model } = await square({ flags: { bulkStopsAfter: 1 } })
    const bodies = new Map(['k1', 'k2'].map((key) => [key, { givenName: key }]))
    expect(failure(await gateway.bulkCreate(bodies))).toEqual({ kind: 'rate-limited', retryAfterMs: null })
    expect(model.customers()).toHaveLength(1)
  })
})
