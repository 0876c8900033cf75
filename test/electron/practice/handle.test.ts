import { describe, expect, test } from 'vitest'
import { ROUTES } from '#practice/routes.ts'
import { at, must, practice, request } from './practice-fixture.ts'

const codeOf = (response: { status: number; body: unknown }) =>
  `${response.status} ${(response.body as { errors?: { code: string }[] }).errors?.[0]?.code ?? 'ok'}`

describe('requests', () => {
  test('create, retrieve, update, list, search, delete', () => {
    const { model } = practice()
    const send = (method: string, path: string, body?: unknown) =>
      model.handle(request(method, path, body), at(0))
    expect(send('POST', '/v2/customers', { given_name: 'Ann', idempotency_key: 'k' })).toMatchObject({
      status: 200,
      body: { customer: { id: 'C1', version: 0 } },
    })
    expect(send('GET', '/v2/customers/C1').body).toMatchObject({ customer: { given_name: 'Ann' } })
    expect(send('PUT', '/v2/customers/C1', { version: 0, note: 'x' }).body).toMatchObject({
      customer: { version: 1 },
    })
    expect(send('GET', '/v2/customers?limit=1&count=true').body).toMatchObject({
      customers: [{ id: 'C1' }],
      count: 1,
    })
    expect(send('POST', '/v2/customers/search', {}).body).toMatchObject({ customers: [{ id: 'C1' }] })
    expect(codeOf(send('DELETE', '/v2/customers/C1?version=0'))).toBe('409 CONFLICT')
    expect(send('DELETE', '/v2/customers/C1?version=1')).toMatchObject({ status: 200, body: {} })
    expect(send('GET', '/v2/customers/C1').body).toEqual({
      errors: [
        { category: 'INVALID_REQUEST_ERROR', code: 'NOT_FOUND', detail: 'Customer with ID `C1` not found.' },
      ],
    })
  })

  test('ids are decoded before they are looked up', () => {
    const { model } = practice({ newId: () => 'a/b c' })
    must(model.create({ given_name: 'Ann' }, at(0)))
    expect(model.handle(request('GET', '/v2/customers/a%2Fb%20c'), at(0)).status).toBe(200)
    expect(model.handle(request('GET', '/v2/customers/%ff'), at(0)).status).toBe(404)
  })

  test('bodies that are no JSON object are refused', () => {
    const { model } = practice()
    for (const body of [null, '', '{', '[]', '"x"', 'null'])
      expect(codeOf(model.handle(request('POST', '/v2/customers', undefined, { body }), at(0)))).toBe(
        '400 EXPECTED_JSON_BODY',
      )
  })

  test('unknown paths and methods', () => {
    const { model } = practice()
    expect(codeOf(model.handle(request('GET', '/v2/orders'), at(0)))).toBe('404 NOT_FOUND')
    expect(codeOf(model.handle(request('GET', '/v2/customers/'), at(0)))).toBe('404 NOT_FOUND')
    expect(codeOf(model.handle(request('PATCH', '/v2/customers/C1'), at(0)))).toBe('405 METHOD_NOT_ALLOWED')
  })

  test('merchant and location', () => {
    const { model } = practice({ merchant: { country: 'IE', business_name: 'Paper & Twine' } })
    const get = (path: string) => model.handle(request('GET', path), at(0))
    expect(get('/v2/merchants/me').body).toMatchObject({
      merchant: { country: 'IE', business_name: 'Paper & Twine' },
    })
    expect(get('/v2/merchants').body).toMatchObject({ merchant: [{ id: model.merchant.id }] })
    expect(codeOf(get('/v2/merchants/other'))).toBe('404 NOT_FOUND')
    expect(get('/v2/locations').body).toMatchObject({ locations: [{ merchant_id: model.merchant.id }] })
    expect(get('/v2/locations/main').body).toMatchObject({
      location: { id: model.merchant.main_location_id },
    })
    expect(codeOf(get('/v2/locations/other'))).toBe('404 NOT_FOUND')
  })

  test('no endpoint takes a query parameter that it does not know', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    for (const { method, path } of ROUTES) {
      const filled = path.map((part) => (part.startsWith(':') ? 'C1' : part)).join('/')
      const body = method === 'GET' || method === 'DELETE' ? undefined : {}
      const asked = model.handle(request(method, `${filled}?shoe_size=9`, body), at(1))
      expect(`${method} ${filled} ${codeOf(asked)}`).toBe(`${method} ${filled} 400 UNKNOWN_QUERY_PARAMETER`)
    }
  })

  test('the version header is echoed', () => {
    const { model } = practice()
    const headers = { authorization: 'Bearer practice-token', 'square-version': '2026-09-16' }
    expect(model.handle(request('GET', '/v2/customers', undefined, { headers }), at(0)).headers).toEqual({
      'square-version': '2026-09-16',
    })
  })
})

describe('tokens', () => {
  const tokens = {
    reader: { scopes: ['CUSTOMERS_READ'], state: 'valid' },
    old: { scopes: ['CUSTOMERS_READ'], state: 'expired' },
    gone: { scopes: ['CUSTOMERS_READ'], state: 'revoked' },
  } as const
  const asking = (authorization: string | null, method = 'GET') => {
    const { model } = practice({ tokens })
    const headers: Record<string, string> = authorization === null ? {} : { authorization }
    return codeOf(model.handle(request(method, '/v2/customers', {}, { headers }), at(0)))
  }

  test('none, unknown, expired and revoked ones are a 401, a missing right is a 403', () => {
    expect(asking('Bearer reader')).toBe('200 ok')
    expect(asking(null)).toBe('401 UNAUTHORIZED')
    expect(asking('Bearer toString')).toBe('401 UNAUTHORIZED')
    expect(asking('reader')).toBe('401 UNAUTHORIZED')
    expect(asking('Bearer old')).toBe('401 ACCESS_TOKEN_EXPIRED')
    expect(asking('Bearer gone')).toBe('401 ACCESS_TOKEN_REVOKED')
    expect(asking('Bearer reader', 'POST')).toBe('403 INSUFFICIENT_SCOPES')
  })

  test('a token can be expired and made good again', () => {
    const { model } = practice()
    model.setTokenState('practice-token', 'expired')
    expect(codeOf(model.handle(request('GET', '/v2/customers'), at(0)))).toBe('401 ACCESS_TOKEN_EXPIRED')
    model.setTokenState('practice-token', 'valid')
    expect(codeOf(model.handle(request('GET', '/v2/customers'), at(0)))).toBe('200 ok')
  })
})

describe('snapshots', () => {
  test('carry everything through JSON: customers, lag, merges, keys, what a colleague can take back', () => {
    const first = practice({ indexLag: () => 10_000 })
    must(first.model.create({ given_name: 'Ann', idempotency_key: 'k' }, at(0)))
    must(first.model.create({ given_name: 'Bo' }, at(0)))
    must(first.model.create({ given_name: 'Cleo', note: 'a' }, at(0)))
    must(first.model.update('C3', { note: 'b' }, at(1)))
    must(first.model.colleague.merge(['C1', 'C2'], at(2)))

    const second = practice({ newId: () => 'NEW' })
    must(second.model.create({ given_name: 'forgotten' }, at(0)))
    second.model.restore(JSON.parse(JSON.stringify(first.model.snapshot())))
    expect(second.model.customers()).toEqual(first.model.customers())
    expect(second.model.list({}, at(5))).toEqual(first.model.list({}, at(5)))
    expect(second.model.list({}, at(20))).toEqual(first.model.list({}, at(20)))
    expect(second.model.mergedInto('C1')).toBe('C4')
    expect(must(second.model.create({ given_name: 'Ann', idempotency_key: 'k' }, at(20))).id).toBe('C1')
    expect(must(second.model.colleague.revert('C3', at(21))).note).toBe('a')
  })

  test('a snapshot does not follow later changes', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    const snapshot = model.snapshot()
    must(model.update('C1', { given_name: 'Bo' }, at(1)))
    expect(snapshot.sellers[0]?.customers[0]?.given_name).toBe('Ann')
  })
})
