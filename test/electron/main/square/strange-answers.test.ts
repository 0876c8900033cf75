import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '#main/square/square-gateway.ts'
import { SQUARE_VERSION } from '#main/square/sdk-square-gateway.ts'
import { answering, closeAll, strange, TOKEN } from './square-fixture.ts'

// Unbundled it is some two thousand files: no test should pay for that with its own time limit.
beforeAll(() => import('square'), 60_000)
afterEach(closeAll)

const failure = (reply: Reply<unknown>) => (reply.kind === 'failed' ? reply.failure : reply.kind)
const UNREADABLE = { kind: 'unknown', reason: 'unreadable' }
const good = {
  id: 'A',
  version: 3,
  given_name: 'Ann',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
}

describe('what is sent', () => {
  test('our token, the pinned API version, no null in a create', async () => {
    const { gateway, seen } = await answering(200, { customer: good })
    await gateway.create('k', {
      givenName: 'Ann',
      note: null,
      address: { country: 'US' },
      birthday: '0000-12-24',
    })
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'square-version': SQUARE_VERSION,
    })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      idempotency_key: 'k',
      given_name: 'Ann',
      birthday: '12-24',
      address: { country: 'US' },
    })
  })

  test('an update: version as number of any size, all address parts, explicit nulls', async () => {
    const { gateway, seen } = await answering(200, { customer: good })
    await gateway.update('A', '9007199254740993', { note: null, address: { locality: 'Cork' }, euVat: null })
    expect(seen[0]?.body).toContain('"version":9007199254740993')
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      note: null,
      tax_ids: { eu_vat: null },
      address: {
        address_line_1: null,
        address_line_2: null,
        address_line_3: null,
        sublocality: null,
        sublocality_2: null,
        sublocality_3: null,
        locality: 'Cork',
        administrative_district_level_1: null,
        administrative_district_level_2: null,
        administrative_district_level_3: null,
        postal_code: null,
        country: null,
      },
    })
    await gateway.update('A', '3', { address: null })
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({ version: 3, address: null })
    await gateway.remove('A', '9223372036854775807')
    expect(seen[2]?.url).toBe('/v2/customers/A?version=9223372036854775807')
  })
})

describe('a customer is believed only in the right shape (S13)', () => {
  test.each([
    ['no customer', {}],
    ['null', { customer: null }],
    ['a list', { customer: [good] }],
    ['no id', { customer: { ...good, id: undefined } }],
    ['an empty id', { customer: { ...good, id: '' } }],
    ['no version', { customer: { ...good, version: undefined } }],
    ['version null', { customer: { ...good, version: null } }],
    ['version as text', { customer: { ...good, version: '3' } }],
    ['version with a fraction', { customer: { ...good, version: 3.5 } }],
    ['a negative version', { customer: { ...good, version: -1 } }],
    ['a number for a name', { customer: { ...good, given_name: 5 } }],
    ['a text for the address', { customer: { ...good, address: 'Main St' } }],
    ['a number inside the address', { customer: { ...good, address: { locality: 5 } } }],
    ['a text for the groups', { customer: { ...good, group_ids: 'g' } }],
    ['numbers in the groups', { customer: { ...good, group_ids: [5] } }],
    ['tax ids as a list', { customer: { ...good, tax_ids: [] } }],
    ['a number as created_at', { customer: { ...good, created_at: 5 } }],
    ['errors beside it', { customer: good, errors: [{ code: 'X' }] }],
    ['a bare array', []],
    ['a bare text', '"ok"'],
    ['null itself', 'null'],
  ])('%s: unknown', async (_name, body) => {
    const { gateway } = await answering(200, body)
    expect(failure(await gateway.update('A', '2', { note: 'x' }))).toEqual(UNREADABLE)
    expect(failure(await gateway.retrieve('A'))).toEqual(UNREADABLE)
  })

  test.each([
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775807', '9223372036854775807'],
    ['0', '0'],
  ])('version %s survives whole', async (written, read) => {
    const { gateway } = await answering(
      200,
      JSON.stringify({ customer: good }).replace('"version":3', `"version":${written}`),
    )
    expect(await gateway.retrieve('A')).toMatchObject({ kind: 'ok', value: { version: read } })
  })

  test('unknown fields and unknown sources are no reason to doubt', async () => {
    const more = {
      loyalty_tier: { a: 1 },
      cards: [{}],
      creation_source: 'TELEPATHY',
      preferences: null,
      note: null,
      email_address: '',
    }
    const { gateway } = await answering(200, { customer: { ...good, ...more }, warnings: ['x'] })
    expect(await gateway.retrieve('A')).toMatchObject({
      kind: 'ok',
      value: {
        creationSource: 'TELEPATHY',
        groupIds: [],
        fields: { givenName: 'Ann', note: null, emailAddress: null },
      },
    })
  })

  test('proto keys pollute nothing and make nothing believable', async () => {
    const { gateway } = await answering(
      200,
      `{"__proto__":{"polluted":1},"customer":${JSON.stringify(good)}}`,
    )
    expect(failure(await gateway.retrieve('A'))).toEqual(UNREADABLE)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('S13: an unreadable customer is left out of its page and counted; the others are read in full', async () => {
    const whole = {
      ...good,
      phone_number: '2065550123',
      tax_ids: { eu_vat: 'IE1' },
      address: { address_line_1: '1 Main St', administrative_district_level_1: 'WA' },
      group_ids: ['G'],
    }
    const wrong = [{ ...good, id: 'B', version: undefined }, { ...good, id: 'C', given_name: 7 }, null]
    const { gateway } = await answering(200, { customers: [wrong[0], whole, ...wrong.slice(1)], cursor: 'n' })
    const { gateway: clean } = await answering(200, { customers: [whole], cursor: 'n' })
    const [reply, expected] = [await gateway.list(null), await clean.list(null)]
    expect(expected).toMatchObject({ value: { customers: [{ id: 'A', fields: { euVat: 'IE1' } }] } })
    expect(reply).toMatchObject({
      kind: 'ok',
      value: { ...(expected.kind === 'ok' ? expected.value : {}), unreadable: 3 },
    })
    expect(await gateway.changedSince('2026-01-01T00:00:00Z', null)).toMatchObject({
      value: { unreadable: 3 },
    })
  })

  test('S9: where somebody is looked for, an unreadable customer spoils the answer', async () => {
    const { gateway } = await answering(200, { customers: [good, { ...good, id: 'B', version: undefined }] })
    const keys = { phoneE164: '+12065550123', emailAddress: null, referenceId: null }
    expect(failure(await gateway.findExact(keys))).toEqual(UNREADABLE)
  })

  test.each([
    ['customers no list', { customers: {} }],
    ['cursor no text', { cursor: 5 }],
    ['count no number', { count: 'many' }],
  ])('pages: %s', async (_name, body) => {
    const { gateway } = await answering(200, body)
    expect(failure(await gateway.list(null))).toEqual(UNREADABLE)
  })

  test('a cursor that runs in a circle ends', async () => {
    const { gateway, seen } = await answering(200, { customers: [good], cursor: 'again' })
    const keys = { phoneE164: '+12065550123', emailAddress: null, referenceId: null }
    expect(failure(await gateway.findExact(keys))).toEqual(UNREADABLE)
    expect(seen).toHaveLength(2)
  })

  test.each([
    [{}],
    [{ merchant: [] }],
    [{ merchant: { id: 'M', country: 'usa' } }],
    [{ merchant: { id: '', country: 'US' } }],
    [{ merchant: { id: 'M', country: 'US', business_name: 5 } }],
  ])('seller: %j is unreadable', async (body) => {
    const { gateway } = await answering(200, body)
    expect(failure(await gateway.seller())).toEqual(UNREADABLE)
  })
})

describe('answers that are not Square’s (S13)', () => {
  test.each([
    ['HTML with status 200', 200, '<html>Sign in to the café Wi-Fi</html>', 'text/html'],
    ['HTML called JSON', 200, '<html>', 'application/json'],
    ['an empty body', 200, '', 'application/json'],
    ['half a body', 200, '{"customer":{"id":"A","ver', 'application/json'],
    ['bad UTF-8', 200, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'application/json'],
    ['very deep JSON', 200, '['.repeat(100_000) + ']'.repeat(100_000), 'application/json'],
    ['another type', 200, '{"customer":{}}', 'text/plain'],
    ['a type that only begins like JSON', 200, '{}', 'application/jsonp'],
    ['404 of a proxy', 404, '<html>not found</html>', 'text/html'],
    ['404 without Square’s envelope', 404, '{"message":"no route"}', 'application/json'],
    ['401 of a proxy', 401, 'who are you', 'text/plain'],
    ['403 of a firewall', 403, '{}', 'application/json'],
  ])('%s: unknown', async (_name, status, body, type) => {
    const { gateway } = await strange((_request, response) => {
      response.writeHead(status, { 'content-type': type, date: 'Wed, 04 Mar 2026 09:00:00 GMT' }).end(body)
    })
    const reply = await gateway.remove('A', '1')
    expect(reply).toEqual({ kind: 'failed', failure: UNREADABLE, squareTime: null })
  })

  test.each([301, 302, 303, 307, 308])(
    '%i: refused, and nothing reaches the other host (the token stays home)',
    async (status) => {
      const other = await answering(200, { customer: good })
      const { gateway } = await answering(status, {}, { location: `${other.url}/v2/customers/A` })
      expect(failure(await gateway.retrieve('A'))).toEqual({ kind: 'unknown', reason: 'redirect' })
      expect(failure(await gateway.create('k', { givenName: 'A' }))).toEqual({
        kind: 'unknown',
        reason: 'redirect',
      })
      expect(other.seen).toEqual([])
    },
  )

  test('a platform that follows redirects by itself is caught by the address of the answer', async () => {
    const fetch = async () => {
      const answer = new Response(JSON.stringify({ customer: good }), {
        headers: { 'content-type': 'application/json' },
      })
      return Object.defineProperty(answer, 'url', { value: 'https://elsewhere.example/v2/customers/A' })
    }
    const { gateway } = await answering(200, {}, {})
    const { gateway: follower } = await answering(200, {}).then(({ url }) =>
      strange(() => undefined, { baseUrl: url, fetch }),
    )
    expect(failure(await follower.retrieve('A'))).toEqual({ kind: 'unknown', reason: 'redirect' })
    expect(failure(await gateway.retrieve('A'))).toEqual(UNREADABLE)
  })

  test('too large: stopped while it arrives', async () => {
    const { gateway } = await answering(200, { customer: { ...good, note: 'x'.repeat(3000) } })
    const { gateway: small } = await strange(
      (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(3000)}"`),
      { sizeLimitBytes: 2000 },
    )
    expect((await gateway.retrieve('A')).kind).toBe('ok')
    expect(failure(await small.retrieve('A'))).toEqual({ kind: 'unknown', reason: 'oversized' })
  })

  test('a compressed bomb counts as what it unpacks to', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, 0x20))
    const { gateway } = await strange((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
    })
    expect(bomb.byteLength).toBeLessThan(100_000)
    expect(failure(await gateway.retrieve('A'))).toEqual({ kind: 'unknown', reason: 'oversized' })
  })

  test('a body that never ends meets the time limit', async () => {
    const { gateway } = await strange(
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).write('{"customer":'),
      { timeLimitMs: 150 },
    )
    expect(failure(await gateway.retrieve('A'))).toEqual({ kind: 'unknown', reason: 'timeout' })
  })

  test('a body that trickles, never quiet for long, meets the same limit', async () => {
    let sent = 0
    const { gateway } = await strange(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const trickle = setInterval(() => response.write(sent++ === 0 ? '"' : 'x'), 10)
        response.on('close', () => clearInterval(trickle))
      },
      { timeLimitMs: 150 },
    )
    expect(failure(await gateway.retrieve('A'))).toEqual({ kind: 'unknown', reason: 'timeout' })
    expect(sent).toBeGreaterThan(3)
  })

  test('a body cut off by the connection is unknown', async () => {
    const { gateway } = await strange((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
      response.write('{"customer":')
      setImmediate(() => response.destroy())
    })
    expect(failure(await gateway.update('A', '1', { note: 'x' }))).toEqual({
      kind: 'unknown',
      reason: 'reset',
    })
  })
})

describe('statuses (S14)', () => {
  const error = (code: string, more: object = {}) => ({ errors: [{ category: 'X', code, ...more }] })
  test.each([
    [500, error('INTERNAL_SERVER_ERROR'), { kind: 'unknown', reason: 'server-error' }],
    [503, 'upstream connect error', { kind: 'unknown', reason: 'server-error' }],
    [502, error('CONFLICT'), { kind: 'unknown', reason: 'server-error' }],
    [504, error('GATEWAY_TIMEOUT'), { kind: 'unknown', reason: 'timeout' }],
    [408, error('REQUEST_TIMEOUT'), { kind: 'unknown', reason: 'timeout' }],
    [409, error('SOMETHING_NEW'), { kind: 'conflict' }],
    [409, error('IDEMPOTENCY_KEY_REUSED'), { kind: 'key-reused' }],
    [412, error('VERSION_MISMATCH'), { kind: 'conflict' }],
    [404, error('SOMETHING_NEW'), { kind: 'not-found' }],
    [400, error('NOT_FOUND'), { kind: 'not-found' }],
    [401, error('SOMETHING_NEW'), { kind: 'signed-out', code: 'SOMETHING_NEW' }],
    [400, error('ACCESS_TOKEN_REVOKED'), { kind: 'signed-out', code: 'ACCESS_TOKEN_REVOKED' }],
    [403, error('SOMETHING_NEW'), { kind: 'forbidden', code: 'SOMETHING_NEW' }],
    [
      422,
      error('SOMETHING_NEW', { field: 'customer.family_name' }),
      { kind: 'refused', refusal: { code: 'SOMETHING_NEW', field: 'familyName', detail: null } },
    ],
    [
      400,
      error('BAD_REQUEST', { detail: 'No.', field: 'shoe_size' }),
      { kind: 'refused', refusal: { code: 'BAD_REQUEST', field: null, detail: 'No.' } },
    ],
    [400, { errors: [] }, UNREADABLE],
    [400, { errors: [{ detail: 'no code' }] }, UNREADABLE],
    [400, { type: 'not_found', message: 'the old shape' }, UNREADABLE],
    [429, 'slow down', { kind: 'rate-limited', retryAfterMs: null }],
  ])('%i %j -> %j', async (status, body, expected) => {
    const { gateway } = await answering(status, body)
    expect(failure(await gateway.update('A', '1', { note: 'x' }))).toEqual(expected)
  })

  test.each([
    [{}, null],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0' }, 200],
    [{ 'retry-after': '86400' }, 300_000],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ date: 'Wed, 04 Mar 2026 09:00:00 GMT', 'retry-after': 'Wed, 04 Mar 2026 09:00:07 GMT' }, 7000],
  ])('429 with %j waits %s', async (headers, retryAfterMs) => {
    const { gateway, seen } = await answering(429, error('RATE_LIMITED'), headers)
    expect(failure(await gateway.create('k', { givenName: 'A' }))).toEqual({
      kind: 'rate-limited',
      retryAfterMs,
    })
    expect(seen).toHaveLength(1)
  })

  test('nothing is tried again behind our back', async () => {
    const { gateway, seen } = await answering(503, error('SERVICE_UNAVAILABLE'))
    await gateway.create('k', { givenName: 'A' })
    await gateway.update('A', '1', { note: 'x' })
    await gateway.remove('A', '1')
    expect(seen).toHaveLength(3)
  })
})

describe('items of a bulk answer (S13, S22)', () => {
  const items = async (responses: unknown) => {
    const { gateway } = await answering(200, responses)
    const reply = await gateway.bulkRetrieve(['A', 'B'])
    return reply.kind === 'ok'
      ? [...reply.value].map(([id, item]) => [id, item.kind === 'ok' ? item.value.id : item.failure])
      : reply.failure
  }
  test('an item that is neither a customer nor an error is unknown, the others count', async () => {
    expect(await items({ responses: { A: { customer: good }, B: {} } })).toEqual([
      ['A', 'A'],
      ['B', UNREADABLE],
    ])
    expect(await items({ responses: { A: { errors: [{ detail: 'no code' }] } } })).toEqual([
      ['A', UNREADABLE],
    ])
  })
  test('what is not there is not made up', async () => {
    expect(await items({})).toEqual([])
    expect(await items({ responses: { B: { customer: { ...good, id: 'B' } } } })).toEqual([['B', 'B']])
    expect(await items({ responses: [good] })).toEqual(UNREADABLE)
    expect(await items({ responses: null })).toEqual([])
  })
  test.each([
    ['API_ERROR', { kind: 'unknown', reason: 'server-error' }],
    ['SOMETHING_NEW', { kind: 'unknown', reason: 'server-error' }],
    ['RATE_LIMIT_ERROR', { kind: 'rate-limited', retryAfterMs: null }],
    ['AUTHENTICATION_ERROR', { kind: 'signed-out', code: 'NEW_CODE' }],
    ['INVALID_REQUEST_ERROR', { kind: 'refused', refusal: { code: 'NEW_CODE', field: null, detail: null } }],
  ])('an unknown code of %s', async (category, failed) => {
    expect(await items({ responses: { A: { errors: [{ category, code: 'NEW_CODE' }] } } })).toEqual([
      ['A', failed],
    ])
  })
  test('a known code counts by itself', async () => {
    const code = (code: string) => items({ responses: { A: { errors: [{ category: 'API_ERROR', code }] } } })
    expect(await code('CONFLICT')).toEqual([['A', { kind: 'conflict' }]])
    expect(await code('IDEMPOTENCY_KEY_REUSED')).toEqual([['A', { kind: 'key-reused' }]])
    expect(await code('INSUFFICIENT_SCOPES')).toEqual([
      ['A', { kind: 'forbidden', code: 'INSUFFICIENT_SCOPES' }],
    ])
  })
  test('a bulk update says null where it clears, and carries versions of any size', async () => {
    const { gateway, seen } = await answering(200, { responses: {} })
    await gateway.bulkUpdate(new Map([['A', { version: '9007199254740993', body: { note: null } }]]))
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v2/customers/bulk-update' })
    expect(seen[0]?.body).toBe('{"customers":{"A":{"version":9007199254740993,"note":null}}}')
  })
})
