import { describe, expect, test } from 'vitest'
import { createPracticeModel } from '#practice/model.ts'
import { ALL_SCOPES } from '#practice/options.ts'
import { at, must, practice, request, T0 } from './practice-fixture.ts'

const good = { scopes: ALL_SCOPES, state: 'valid' } as const

function two() {
  const made = practice({
    merchant: { id: 'SHOP', country: 'US' },
    otherMerchants: [{ id: 'SANDBOX', country: 'IE', business_name: 'Test shop' }],
    tokens: { shop: good, sandbox: { ...good, merchantId: 'SANDBOX' } },
  })
  const as = (token: string) => (method: string, path: string, body?: unknown) =>
    made.model.handle(request(method, path, body, { headers: { authorization: `Bearer ${token}` } }), at(0))
  return { ...made, shop: as('shop'), sandbox: as('sandbox') }
}

describe('several merchants', () => {
  test('a token opens the store of its own merchant only: ids of another are a 404', () => {
    const { shop, sandbox } = two()
    shop('POST', '/v2/customers', { given_name: 'Ann' })
    sandbox('POST', '/v2/customers', { given_name: 'Bo' })
    expect(shop('GET', '/v2/customers/C1').status).toBe(200)
    expect(sandbox('GET', '/v2/customers/C1').status).toBe(404)
    expect(sandbox('PUT', '/v2/customers/C1', { note: 'x' }).status).toBe(404)
    expect(sandbox('GET', '/v2/customers?count=true').body).toMatchObject({ count: 1 })
  })

  test('keys, groups and attributes of one are not those of another', () => {
    const { model, shop, sandbox } = two()
    const body = { idempotency_key: 'k', given_name: 'Ann' }
    shop('POST', '/v2/customers', body)
    expect(sandbox('POST', '/v2/customers', { ...body, given_name: 'Bo' }).status).toBe(200)
    const { id } = model.colleague.createGroup('A', at(0))
    expect(sandbox('GET', `/v2/customers/groups/${id}`).status).toBe(404)
  })

  test('each says who it is, and tax ids follow its country', () => {
    const { model, sandbox } = two()
    expect(sandbox('GET', '/v2/merchants').body).toMatchObject({
      merchant: [{ id: 'SANDBOX', country: 'IE' }],
    })
    expect(sandbox('GET', '/v2/merchants/SHOP').status).toBe(404)
    expect(sandbox('GET', '/v2/locations/main').body).toMatchObject({
      location: { id: 'SANDBOX-MAIN', merchant_id: 'SANDBOX' },
    })
    const body = { given_name: 'Ann', tax_ids: { eu_vat: 'IE1' } }
    expect(must(model.seller('SANDBOX')!.create(body, at(0))).tax_ids).toEqual({ eu_vat: 'IE1' })
    expect(model.seller('NOBODY')).toBeNull()
    expect(model.sellers().map(({ merchant }) => merchant.id)).toEqual(['SHOP', 'SANDBOX'])
  })

  test('effects say whose they are; a snapshot holds all', () => {
    const { model, effects, sandbox } = two()
    sandbox('POST', '/v2/customers', { given_name: 'Bo' })
    expect(effects).toMatchObject([{ merchantId: 'SANDBOX', kind: 'create' }])
    const other = two()
    other.model.restore(JSON.parse(JSON.stringify(model.snapshot())))
    expect(other.sandbox('GET', '/v2/customers/C1').body).toMatchObject({ customer: { given_name: 'Bo' } })
    expect(other.shop('GET', '/v2/customers').body).toEqual({})
  })

  test('two with one id are a mistake', () => {
    const same = { newId: () => 'x', merchant: { id: 'M' }, otherMerchants: [{ id: 'M' }] }
    expect(() => createPracticeModel(same)).toThrow('two merchants')
  })
})

describe('tokens', () => {
  const status = (model: ReturnType<typeof practice>['model'], now: number) => {
    const { body } = model.handle(request('GET', '/v2/customers'), { now })
    return (body as { errors?: { code: string }[] }).errors?.[0]?.code ?? 'ok'
  }

  test('expire at their time, by Square’s clock', () => {
    const { model } = practice({ tokens: { 'practice-token': { ...good, expiresAt: T0 + 1000 } } })
    expect(status(model, T0 + 999)).toBe('ok')
    expect(status(model, T0 + 1000)).toBe('ACCESS_TOKEN_EXPIRED')
  })

  test('are given while the store runs, and taken away', () => {
    const { model } = practice({ tokens: {} })
    expect(status(model, T0)).toBe('UNAUTHORIZED')
    model.grantToken('practice-token', { scopes: ['MERCHANT_PROFILE_READ'], state: 'valid' })
    expect(status(model, T0)).toBe('INSUFFICIENT_SCOPES')
    model.grantToken('practice-token', good)
    expect(status(model, T0)).toBe('ok')
    model.setTokenState('practice-token', 'revoked')
    expect(status(model, T0)).toBe('ACCESS_TOKEN_REVOKED')
    expect(model.tokenGrant('practice-token')).toMatchObject({ state: 'revoked' })
    expect(model.tokenGrant('nobody')).toBeNull()
  })
})

test('flags are set while the store runs', () => {
  const { model } = practice()
  must(model.create({ given_name: 'Ann' }, at(0)))
  model.setFlags({ versionStep: 5, addressRule: 'replace' })
  expect(must(model.update('C1', { note: 'x' }, at(1))).version).toBe(5)
  expect(model.flags).toMatchObject({ versionStep: 5, addressRule: 'replace', noOpBumps: true })
})
