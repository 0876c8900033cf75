import { describe, expect, test } from 'vitest'
import { at, must, practice, request } from './practice-fixture.ts'

const DEFINITIONS = '/v2/customers/custom-attribute-definitions'
const VALUES = '/v2/customers/C1/custom-attributes'
const COMMON = 'https://developer-production-s.squarecdn.com/schemas/v1/common.json#squareup.common.'
const SELECTION = 'https://developer-production-s.squarecdn.com/meta-schemas/v1/selection.json'
const schema = (type: string) => ({ $ref: COMMON + type })
const options = (...names: string[]) => ({
  $schema: SELECTION,
  type: 'array',
  uniqueItems: true,
  maxItems: 2,
  items: { names },
})
const shared = { name: 'Film', description: 'Their favourite', visibility: 'VISIBILITY_READ_WRITE_VALUES' }

/** A customer C1, and two applications whose tokens are `mine` and `theirs`. */
function store() {
  const rights = { scopes: ['CUSTOMERS_READ', 'CUSTOMERS_WRITE'], state: 'valid' } as const
  const made = practice({
    tokens: {
      mine: { ...rights, applicationId: 'sq0idp-mine' },
      theirs: { ...rights, applicationId: 'sq0idp-theirs' },
    },
  })
  must(made.model.create({ given_name: 'Ann' }, at(0)))
  const as =
    (token: string) =>
    (method: string, path: string, body?: unknown, seconds = 0) => {
      const headers = { authorization: `Bearer ${token}` }
      const { status, body: answer } = made.model.handle(
        request(method, path, body, { headers }),
        at(seconds),
      )
      const { errors } = answer as { errors?: { code: string; field?: string }[] }
      return errors ? [status, errors[0]?.code, errors[0]?.field].filter(Boolean).join(' ') : answer
    }
  const send = as('mine')
  const define = (key: string, type: unknown, more = {}) =>
    send('POST', DEFINITIONS, { custom_attribute_definition: { key, schema: type, ...more } })
  return { ...made, send, asOther: as('theirs'), define }
}

describe('definitions', () => {
  test('are hidden unless said otherwise, begin at version 1 and are updated sparsely', () => {
    const { send, define } = store()
    expect(define('film', schema('String'))).toEqual({
      custom_attribute_definition: {
        key: 'film',
        schema: schema('String'),
        visibility: 'VISIBILITY_HIDDEN',
        version: 1,
        created_at: '2026-03-04T09:00:00Z',
        updated_at: '2026-03-04T09:00:00Z',
      },
    })
    const change = { custom_attribute_definition: { ...shared, version: 1 } }
    expect(send('PUT', `${DEFINITIONS}/film`, change, 5)).toMatchObject({
      custom_attribute_definition: { ...shared, schema: schema('String'), version: 2 },
    })
    expect(send('PUT', `${DEFINITIONS}/film`, change, 6)).toBe('409 CONFLICT version')
    expect(send('GET', `${DEFINITIONS}/film?version=2`)).toMatchObject({
      custom_attribute_definition: { version: 2 },
    })
    expect(send('GET', `${DEFINITIONS}/film?version=3`)).toBe('400 BAD_REQUEST version')
  })

  test.each([
    [{}, '400 MISSING_REQUIRED_PARAMETER custom_attribute_definition.key'],
    [{ key: 'a b' }, '400 VALUE_REGEX_MISMATCH custom_attribute_definition.key'],
    [{ key: 'a' }, '400 MISSING_REQUIRED_PARAMETER custom_attribute_definition.schema'],
    [{ key: 'a', schema: schema('Colour') }, '400 INVALID_VALUE custom_attribute_definition.schema.$ref'],
    [{ key: 'a', schema: {} }, '400 INVALID_VALUE custom_attribute_definition.schema.$schema'],
    [{ key: 'a', schema: options() }, '400 EXPECTED_ARRAY custom_attribute_definition.schema.items.names'],
    [
      { key: 'a', schema: schema('String'), visibility: 'VISIBILITY_READ_ONLY' },
      '400 MISSING_REQUIRED_PARAMETER custom_attribute_definition.name',
    ],
    [
      { key: 'a', schema: schema('String'), ...shared, name: 'x'.repeat(256) },
      '400 VALUE_TOO_LONG custom_attribute_definition.name',
    ],
    [
      { key: 'a', schema: schema('String'), visibility: 'OPEN' },
      '400 INVALID_ENUM_VALUE custom_attribute_definition.visibility',
    ],
    [{ key: 'a', schema: schema('String'), colour: 1 }, '400 BAD_REQUEST custom_attribute_definition.colour'],
  ])('%j is refused', (given, expected) => {
    expect(store().send('POST', DEFINITIONS, { custom_attribute_definition: given })).toBe(expected)
  })

  test('keys and names are unique, key and data type stay', () => {
    const { send, define } = store()
    define('film', schema('String'), shared)
    expect(define('film', schema('String'))).toBe('400 BAD_REQUEST custom_attribute_definition.key')
    expect(define('movie', schema('String'), shared)).toBe('400 BAD_REQUEST custom_attribute_definition.name')
    const put = (given: unknown) => send('PUT', `${DEFINITIONS}/film`, { custom_attribute_definition: given })
    expect(put({ key: 'movie' })).toBe('400 BAD_REQUEST custom_attribute_definition.key')
    expect(put({ schema: schema('Email') })).toBe('400 BAD_REQUEST custom_attribute_definition.schema')
  })

  test('a name that others have hidden is free, one that is visible is not', () => {
    const { send, asOther } = store()
    const make = (who: typeof send, key: string, visibility: string) =>
      who('POST', DEFINITIONS, {
        custom_attribute_definition: { ...shared, key, schema: schema('String'), visibility },
      })
    make(send, 'hidden', 'VISIBILITY_HIDDEN')
    expect(make(asOther, 'theirs', 'VISIBILITY_READ_ONLY')).toMatchObject({
      custom_attribute_definition: { name: 'Film' },
    })
    expect(make(send, 'again', 'VISIBILITY_HIDDEN')).toMatch(/^400 BAD_REQUEST/)
  })

  test('options of a selection get ids of their own and keep them when others are added', () => {
    const { send, define } = store()
    const made = define('size', options('S', 'M')) as {
      custom_attribute_definition: { schema: { items: { enum: string[] } } }
    }
    const ids = made.custom_attribute_definition.schema.items.enum
    expect(new Set(ids).size).toBe(2)
    const change = { custom_attribute_definition: { schema: options('M', 'L', 'S') } }
    expect(send('PUT', `${DEFINITIONS}/size`, change)).toMatchObject({
      custom_attribute_definition: { schema: { items: { enum: [ids[1], expect.any(String), ids[0]] } } },
    })
  })

  test('the same key of a request makes one definition; it is at most 45 long', () => {
    const { send } = store()
    const given = { custom_attribute_definition: { key: 'film', schema: schema('String') } }
    const body = { idempotency_key: 'k', ...given }
    const first = send('POST', DEFINITIONS, body)
    expect(send('POST', DEFINITIONS, body, 9)).toEqual(first)
    expect(send('POST', DEFINITIONS, { ...given, idempotency_key: 'x'.repeat(46) })).toBe(
      '400 VALUE_TOO_LONG idempotency_key',
    )
  })

  test('other applications see a hidden one never, a visible one under its qualified key, and change neither', () => {
    const { send, asOther, define } = store()
    define('secret', schema('String'))
    define('film', schema('String'), shared)
    expect(asOther('GET', DEFINITIONS)).toMatchObject({
      custom_attribute_definitions: [{ key: 'sq0idp-mine:film' }],
    })
    expect(asOther('GET', `${DEFINITIONS}/film`)).toBe('404 NOT_FOUND')
    expect(asOther('GET', `${DEFINITIONS}/sq0idp-mine:secret`)).toBe('404 NOT_FOUND')
    expect(asOther('DELETE', `${DEFINITIONS}/sq0idp-mine:film`)).toBe('403 FORBIDDEN key')
    expect(send('GET', `${DEFINITIONS}?limit=1`)).toMatchObject({
      custom_attribute_definitions: [{ key: 'film' }],
      cursor: expect.any(String) as string,
    })
  })

  test('a custom field of the seller is seen and written by every application', () => {
    const { model, send } = store()
    must(model.colleague.createField('shoe', schema('String'), 'Shoe size', at(0)))
    expect(send('GET', DEFINITIONS)).toMatchObject({ custom_attribute_definitions: [{ key: 'square:shoe' }] })
    expect(send('POST', `${VALUES}/square:shoe`, { custom_attribute: { value: '46' } })).toMatchObject({
      custom_attribute: { key: 'square:shoe', value: '46' },
    })
  })

  test('with a definition its values go', () => {
    const { send, define } = store()
    define('film', schema('String'))
    send('POST', `${VALUES}/film`, { custom_attribute: { value: 'Dune' } })
    expect(send('DELETE', `${DEFINITIONS}/film`)).toEqual({})
    expect(send('GET', VALUES)).toEqual({})
    define('film', schema('String'))
    expect(send('GET', `${VALUES}/film`)).toBe('404 NOT_FOUND')
  })
})

describe('values', () => {
  test('have versions of their own and never touch the customer', () => {
    const { model, send, define, effects } = store()
    define('film', schema('String'), shared)
    const post = (given: unknown, seconds = 1) =>
      send('POST', `${VALUES}/film`, { custom_attribute: given }, seconds)
    expect(post({ value: 'Dune' })).toEqual({
      custom_attribute: {
        key: 'film',
        value: 'Dune',
        version: 1,
        visibility: shared.visibility,
        created_at: '2026-03-04T09:00:01Z',
        updated_at: '2026-03-04T09:00:01Z',
      },
    })
    expect(post({ value: 'Alien', version: 1 }, 2)).toMatchObject({
      custom_attribute: { value: 'Alien', version: 2, created_at: '2026-03-04T09:00:01Z' },
    })
    expect(post({ value: 'Heat', version: 1 })).toBe('409 CONFLICT version')
    expect(post({ value: 'Heat' })).toMatchObject({ custom_attribute: { version: 3 } })
    expect(must(model.retrieve('C1')).version).toBe(0)
    expect(effects).toHaveLength(1)
    expect(send('GET', '/v2/customers/C1')).not.toHaveProperty('customer.custom_attributes')
    expect(send('GET', `${VALUES}/film?with_definition=true&version=3`)).toMatchObject({
      custom_attribute: { value: 'Heat', definition: { key: 'film', name: 'Film' } },
    })
    expect(send('GET', `${VALUES}/film?version=4`)).toBe('400 BAD_REQUEST version')
    expect(send('DELETE', `${VALUES}/film`)).toEqual({})
    expect(send('GET', `${VALUES}/film`)).toBe('404 NOT_FOUND')
    expect(send('DELETE', `${VALUES}/film`)).toBe('404 NOT_FOUND')
    expect(
      send('POST', '/v2/customers/C9/custom-attributes/film', { custom_attribute: { value: 'x' } }),
    ).toBe('404 NOT_FOUND')
  })

  test.each([
    ['String', 'x'.repeat(1000), 5],
    ['Email', 'a@b.de', 'a@b'],
    ['PhoneNumber', '+12065550100', '206 555 0100'],
    ['Date', '2024-02-29', '02-29'],
    ['DateTime', '2024-02-29T10:00:00Z', '2024-02-29'],
    ['Duration', 'P1DT2H', 'one day'],
    ['Boolean', false, 'false'],
    ['Number', '-10.5', '1e3'],
    ['Number', '0.12345', '0.123456'],
    ['Address', { locality: 'Cork', country: 'IE' }, { street: 'x' }],
  ])('a %s takes what it should and nothing else', (type, good, bad) => {
    const { send, define } = store()
    define('a', schema(type))
    const post = (value: unknown) => send('POST', `${VALUES}/a`, { custom_attribute: { value } })
    expect(post(good)).toMatchObject({ custom_attribute: { value: good } })
    expect(post(bad)).toBe('400 INVALID_VALUE custom_attribute.value')
    expect(post(null)).toBe('400 MISSING_REQUIRED_PARAMETER custom_attribute.value')
  })

  test('a selection takes up to as many of its options as it allows', () => {
    const { send, define } = store()
    const made = define('size', options('S', 'M', 'L')) as {
      custom_attribute_definition: { schema: { items: { enum: string[] } } }
    }
    const [s, m, l] = made.custom_attribute_definition.schema.items.enum
    const post = (value: unknown) => send('POST', `${VALUES}/size`, { custom_attribute: { value } })
    expect(post([s, m])).toMatchObject({ custom_attribute: { value: [s, m] } })
    for (const bad of [[s, m, l], ['S'], [s, s], s])
      expect(post(bad)).toBe('400 INVALID_VALUE custom_attribute.value')
  })

  test('are listed page by page, with definitions where asked', () => {
    const { send, define } = store()
    for (const key of ['b', 'a', 'c']) {
      define(key, schema('String'))
      send('POST', `${VALUES}/${key}`, { custom_attribute: { value: key } })
    }
    const first = send('GET', `${VALUES}?limit=2`) as { custom_attributes: unknown[]; cursor: string }
    expect(first.custom_attributes).toMatchObject([{ key: 'a' }, { key: 'b' }])
    const rest = send('GET', `${VALUES}?with_definitions=true&cursor=${encodeURIComponent(first.cursor)}`)
    expect(rest).toEqual({
      custom_attributes: [expect.objectContaining({ key: 'c', definition: expect.anything() as object })],
    })
    expect(send('GET', `${VALUES}?limit=101`)).toBe('400 VALUE_TOO_HIGH limit')
  })

  test('read-only ones cannot be written by others', () => {
    const { asOther, define } = store()
    define('film', schema('String'), { ...shared, visibility: 'VISIBILITY_READ_ONLY' })
    const body = { custom_attribute: { value: 'Dune' } }
    expect(asOther('POST', `${VALUES}/sq0idp-mine:film`, body)).toBe('403 FORBIDDEN key')
  })

  test('bulk-upsert: each of up to 25 on its own', () => {
    const { send, define } = store()
    define('film', schema('String'))
    const one = (customer_id: string, value: unknown) => ({
      customer_id,
      custom_attribute: { key: 'film', value },
    })
    const path = '/v2/customers/custom-attributes/bulk-upsert'
    expect(
      send('POST', path, { values: { a: one('C1', 'Dune'), b: one('C9', 'x'), c: one('C1', 5) } }),
    ).toMatchObject({
      values: {
        a: { customer_id: 'C1', custom_attribute: { value: 'Dune', version: 1 } },
        b: { errors: [{ code: 'NOT_FOUND' }] },
        c: { errors: [{ code: 'INVALID_VALUE' }] },
      },
    })
    const many = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`k${n}`, one('C1', 'x')]))
    expect(send('POST', path, { values: many })).toBe('400 TOO_MANY_MAP_ENTRIES values')
    expect(send('POST', path, { values: {} })).toBe('400 VALUE_EMPTY values')
    expect(send('POST', path, {})).toBe('400 MISSING_REQUIRED_PARAMETER values')
  })

  test('move with a merge, the first of two staying, and go with a deletion', () => {
    const { model, send, define } = store()
    define('film', schema('String'))
    define('size', schema('String'))
    const bo = must(model.create({ given_name: 'Bo' }, at(1)))
    const path = `/v2/customers/${bo.id}/custom-attributes`
    send('POST', `${VALUES}/film`, { custom_attribute: { value: 'Dune' } })
    send('POST', `${path}/film`, { custom_attribute: { value: 'Heat' } })
    send('POST', `${path}/size`, { custom_attribute: { value: 'M' } })
    const { id } = must(model.colleague.merge(['C1', bo.id], at(2)))
    expect(send('GET', `/v2/customers/${id}/custom-attributes`)).toMatchObject({
      custom_attributes: [{ value: 'Dune' }, { value: 'M' }],
    })
    expect(send('GET', `${VALUES}/film`)).toMatchObject({ custom_attribute: { value: 'Dune' } })
    must(model.colleague.remove(id, at(3)))
    expect(send('GET', VALUES)).toBe('404 NOT_FOUND')
  })
})

describe('search by custom attributes', () => {
  function searched() {
    const made = store()
    const { model, send, define } = made
    const set = (id: string, key: string, value: unknown, seconds = 0) =>
      send('POST', `/v2/customers/${id}/custom-attributes/${key}`, { custom_attribute: { value } }, seconds)
    const bo = must(model.create({ given_name: 'Bo' }, at(0))).id
    const find = (...filters: unknown[]) => {
      const found = send('POST', '/v2/customers/search', {
        query: { filter: { custom_attribute: { filters } } },
      })
      return typeof found === 'string'
        ? found
        : ((found as { customers?: { id: string }[] }).customers ?? []).map(({ id }) => id)
    }
    return { ...made, set, find, define, bo }
  }

  test.each([
    ['String', 'text', 'The quick brown fox', { exact: 'the QUICK brown fox' }, { exact: 'fox' }],
    ['String', 'text', 'The quick brown fox', { fuzzy: 'brown quick' }, { fuzzy: 'qui' }],
    ['Email', 'email', 'steven.jones@gmail.com', { fuzzy: 'Steven gmail' }, { exact: 'steven' }],
    ['PhoneNumber', 'phone', '+14151234567', { fuzzy: '415 123 45' }, { fuzzy: '416' }],
    ['PhoneNumber', 'phone', '+14151234567', { exact: '+14151234567' }, { exact: '4151234567' }],
    [
      'Date',
      'date',
      '2024-02-29',
      { start_at: '2024-02-29', end_at: '2024-02-29' },
      { end_at: '2024-02-28' },
    ],
    ['Number', 'number', '10.5', { start_at: '10.5', end_at: '10.5' }, { start_at: '10.51' }],
    ['Boolean', 'boolean', true, true, false],
    [
      'Address',
      'address',
      { postal_code: 'T12', country: 'IE' },
      { country: 'IE' },
      { postal_code: { exact: 'T1' } },
    ],
  ])('%s by %s: %j is found by %j and not by %j', (type, filter, value, hit, miss) => {
    const { set, find, define } = searched()
    define('a', schema(type))
    set('C1', 'a', value)
    expect(find({ key: 'a', filter: { [filter]: hit } })).toEqual(['C1'])
    expect(find({ key: 'a', filter: { [filter]: miss } })).toEqual([])
  })

  test('selections by the names of their options', () => {
    const { set, find, define } = searched()
    const made = define('size', options('S', 'M')) as {
      custom_attribute_definition: { schema: { items: { enum: string[] } } }
    }
    set('C1', 'size', [made.custom_attribute_definition.schema.items.enum[1]])
    const by = (selection: unknown) => find({ key: 'size', filter: { selection } })
    expect(by({ any: ['S', 'M'] })).toEqual(['C1'])
    expect(by({ all: ['S', 'M'] })).toEqual([])
    expect(by({ any: ['m'] })).toEqual([])
    expect(by({ none: ['S'] })).toMatch('400 BAD_REQUEST')
  })

  test('all filters must hold; when a value was changed counts, both bounds included', () => {
    const { set, find, define, bo } = searched()
    define('a', schema('String'))
    define('b', schema('String'))
    set('C1', 'a', 'x', 10)
    set('C1', 'b', 'y', 20)
    set(bo, 'a', 'x', 30)
    const x = { key: 'a', filter: { text: { exact: 'x' } } }
    expect(find(x)).toEqual(['C1', bo])
    expect(find(x, { key: 'b', filter: { text: { exact: 'y' } } })).toEqual(['C1'])
    const bounds = { start_at: '2026-03-04T09:00:30Z', end_at: '2026-03-04T09:00:30Z' }
    expect(find({ key: 'a', updated_at: bounds })).toEqual([bo])
  })

  test('keys unknown or given twice, filters of another type or none, and more than ten are refused', () => {
    const { find, define } = searched()
    define('a', schema('String'))
    const x = { key: 'a', filter: { text: { exact: 'x' } } }
    const path = 'query.filter.custom_attribute.filters'
    expect(find({ ...x, key: 'b' })).toBe(`400 BAD_REQUEST ${path}[0].key`)
    expect(find(x, x)).toBe(`400 BAD_REQUEST ${path}[1].key`)
    expect(find({ key: 'a', filter: { boolean: true } })).toBe(`400 BAD_REQUEST ${path}[0].filter.boolean`)
    expect(find({ key: 'a' })).toBe(`400 MISSING_REQUIRED_PARAMETER ${path}[0].filter`)
    define('n', schema('Number'))
    const beyond = { key: 'n', filter: { number: { start_at: '92233720368548' } } }
    expect(find(beyond)).toBe(`400 BAD_REQUEST ${path}[0].filter.number.start_at`)
    expect(find(...Array.from({ length: 11 }, () => x))).toBe(`400 ARRAY_LENGTH_TOO_LONG ${path}`)
  })
})
