import { describe, expect, test } from 'vitest'
import type { WireBulk } from '#practice/bulk.ts'
import type { Outcome } from '#practice/outcome.ts'
import { at, must, practice, request, verdict } from './practice-fixture.ts'

/** Per key the code of the first error, or the id of the customer, or `{}`. */
function verdicts(outcome: Outcome<WireBulk>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(must(outcome).responses).map(([key, { customer, errors }]) => [
      key,
      errors?.[0]?.code ?? customer?.id ?? '{}',
    ]),
  )
}
const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

describe('bulk create', () => {
  test('every entry has its own answer: one bad entry does not hold the others', () => {
    const { model } = practice()
    const customers = { k1: { given_name: 'Ann' }, k2: { note: 'nobody' }, k3: { phone_number: 'x' }, k4: 5 }
    expect(verdicts(model.bulkCreate({ customers }, at(0)))).toEqual({
      k1: 'C1',
      k2: 'BAD_REQUEST',
      k3: 'INVALID_PHONE_NUMBER',
      k4: 'EXPECTED_OBJECT',
    })
    expect(must(model.retrieve('C1'))).toMatchObject({ creation_source: 'THIRD_PARTY', version: 0 })
  })

  test('its keys are idempotency keys, the same as those of a single create', () => {
    const { model, effects } = practice()
    const ann = { given_name: 'Ann' }
    must(model.create({ idempotency_key: 'k1', ...ann }, at(0)))
    expect(verdicts(model.bulkCreate({ customers: { k1: ann, k2: ann } }, at(1)))).toEqual({
      k1: 'C1',
      k2: 'C2',
    })
    expect(verdicts(model.bulkCreate({ customers: { k2: { ...ann, note: 'x' } } }, at(2)))).toEqual({
      k2: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(verdict(model.create({ idempotency_key: 'k2', ...ann }, at(3)))).toBe('ok')
    expect(effects.map((effect) => effect.idempotencyKey)).toEqual(['k1', 'k2'])
  })

  test('a key has no place among the data, and is never empty', () => {
    const { model } = practice()
    const customers = { k1: { given_name: 'A', idempotency_key: 'k' }, '': { given_name: 'B' } }
    expect(verdicts(model.bulkCreate({ customers }, at(0)))).toEqual({
      k1: 'BAD_REQUEST',
      '': 'MAP_KEY_LENGTH_TOO_SHORT',
    })
  })
})

describe('bulk update', () => {
  function two() {
    const made = practice()
    must(made.model.create({ given_name: 'Ann', address: { locality: 'Cork', country: 'IE' } }, at(0)))
    must(made.model.create({ given_name: 'Bo' }, at(0)))
    return made
  }

  test('each with its version: a stale one is a CONFLICT of its own, an unknown id a 404 of its own', () => {
    const { model } = two()
    must(model.colleague.edit('C2', { note: 'x' }, at(1)))
    const customers = {
      C1: { version: 0, note: 'a' },
      C2: { version: 0, note: 'b' },
      C9: { note: 'c' },
      C3: { version: 0 },
    }
    expect(verdicts(model.bulkUpdate({ customers }, at(2)))).toEqual({
      C1: 'C1',
      C2: 'CONFLICT',
      C9: 'NOT_FOUND',
      C3: 'BAD_REQUEST',
    })
    expect(must(model.retrieve('C1'))).toMatchObject({ note: 'a', version: 1 })
    expect(must(model.retrieve('C2')).note).toBe('x')
  })

  test('flag bulkAddressRule: an address is merged, or replaced, whatever single updates do', () => {
    const change = { customers: { C1: { address: { locality: 'Galway' } } } }
    const addressAfter = (flags: object) => {
      const { model } = practice({ flags })
      must(model.create({ given_name: 'Ann', address: { locality: 'Cork', country: 'IE' } }, at(0)))
      return must(model.bulkUpdate(change, at(1))).responses['C1']?.customer?.address
    }
    expect(addressAfter({})).toEqual({ locality: 'Galway', country: 'IE' })
    expect(addressAfter({ bulkAddressRule: 'replace' })).toEqual({ locality: 'Galway' })
    expect(addressAfter({ addressRule: 'replace' })).toEqual({ locality: 'Galway', country: 'IE' })
  })
})

describe('bulk retrieve and delete', () => {
  test('a merged id answers the profile it became part of, under the id that was asked for', () => {
    const { model } = practice()
    for (const given_name of ['Ann', 'Anne', 'Bo']) must(model.create({ given_name }, at(0)))
    must(model.colleague.merge(['C1', 'C2'], at(1)))
    expect(verdicts(model.bulkRetrieve({ customer_ids: ['C1', 'C3', 'C9', 'C3'] }, at(2)))).toEqual({
      C1: 'C4',
      C3: 'C3',
      C9: 'NOT_FOUND',
    })
    expect(must(model.bulkRetrieve({ customer_ids: ['C9'] }, at(2))).responses['C9']?.errors).toEqual([
      { category: 'INVALID_REQUEST_ERROR', code: 'NOT_FOUND', detail: 'Customer with ID `C9` not found.' },
    ])
  })

  test('deletes blindly: there is no version, and none is accepted', () => {
    const { model } = practice()
    for (const given_name of ['Ann', 'Bo']) must(model.create({ given_name }, at(0)))
    must(model.colleague.edit('C1', { note: 'x' }, at(1)))
    expect(verdict(model.bulkDelete({ customer_ids: ['C1'], version: 0 }, at(2)))).toBe(
      '400 BAD_REQUEST version',
    )
    expect(must(model.bulkDelete({ customer_ids: ['C1', 'C9'] }, at(2))).responses).toMatchObject({
      C1: {},
      C9: { errors: [{ code: 'NOT_FOUND' }] },
    })
    expect(model.customers().map((customer) => customer.id)).toEqual(['C2'])
  })
})

describe('bulk requests as a whole', () => {
  test.each([
    ['create', { customers: {} }, '400 VALUE_EMPTY customers'],
    ['create', {}, '400 MISSING_REQUIRED_PARAMETER customers'],
    ['create', { customers: [] }, '400 EXPECTED_MAP customers'],
    ['create', { customers: {}, idempotency_key: 'k' }, '400 BAD_REQUEST idempotency_key'],
    ['update', { customers: null }, '400 MISSING_REQUIRED_PARAMETER customers'],
    ['retrieve', { customer_ids: [] }, '400 ARRAY_EMPTY customer_ids'],
    ['retrieve', { customer_ids: 'C1' }, '400 EXPECTED_ARRAY customer_ids'],
    ['retrieve', { customer_ids: ['C1', 5] }, '400 EXPECTED_STRING customer_ids[1]'],
    ['delete', {}, '400 MISSING_REQUIRED_PARAMETER customer_ids'],
    ['delete', { customer_ids: many(101, (n) => `C${n}`) }, '400 ARRAY_LENGTH_TOO_LONG customer_ids'],
  ] as const)('%s %j is refused', (kind, body, expected) => {
    const { model } = practice()
    const run = {
      create: model.bulkCreate,
      update: model.bulkUpdate,
      retrieve: model.bulkRetrieve,
      delete: model.bulkDelete,
    }[kind]
    expect(verdict(run(body, at(0)))).toBe(expected)
  })

  test('take a hundred entries and no more', () => {
    const { model, effects } = practice()
    const map = (count: number) =>
      Object.fromEntries(many(count, (n) => [`k${n}`, { given_name: `Ann ${n}` }] as const))
    expect(verdict(model.bulkCreate({ customers: map(101) }, at(0)))).toBe(
      '400 TOO_MANY_MAP_ENTRIES customers',
    )
    expect(effects).toHaveLength(0)
    expect(verdict(model.bulkCreate({ customers: map(100) }, at(0)))).toBe('ok')
    expect(effects).toHaveLength(100)
  })

  test('flag bulkStopsAfter: a 429 after the first entries, and those are done', () => {
    const { model } = practice({ flags: { bulkStopsAfter: 1 } })
    const customers = { k1: { given_name: 'Ann' }, k2: { given_name: 'Bo' } }
    expect(verdict(model.bulkCreate({ customers }, at(0)))).toBe('429 RATE_LIMITED')
    expect(model.customers().map((customer) => customer.given_name)).toEqual(['Ann'])
    expect(verdict(model.bulkCreate({ customers }, { ...at(1), bulkStopsAfter: 2 }))).toBe('ok')
    expect(model.customers().map((customer) => customer.given_name)).toEqual(['Ann', 'Bo'])
  })

  test('over HTTP paths, with the right each of them needs', () => {
    const { model } = practice({
      tokens: { 'practice-token': { scopes: ['CUSTOMERS_READ'], state: 'valid' } },
    })
    must(model.create({ given_name: 'Ann' }, at(0)))
    const post = (path: string, body: unknown) =>
      model.handle(request('POST', `/v2/customers/${path}`, body), at(1))
    expect(post('bulk-retrieve', { customer_ids: ['C1'] })).toMatchObject({
      status: 200,
      body: { responses: { C1: { customer: { given_name: 'Ann' } } } },
    })
    expect(post('bulk-create', { customers: { k: { given_name: 'B' } } }).status).toBe(403)
    expect(post('bulk-update', { customers: { C1: { note: 'x' } } }).status).toBe(403)
    expect(post('bulk-delete', { customer_ids: ['C1'] }).status).toBe(403)
  })
})
