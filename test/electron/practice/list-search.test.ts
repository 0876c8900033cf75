import { describe, expect, test } from 'vitest'
import type { WirePage } from '#practice/query.ts'
import { at, must, practice, T0, verdict } from './practice-fixture.ts'

const ids = (page: WirePage) => (page.customers ?? []).map((customer) => customer.id)
const iso = (seconds: number) => new Date(T0 + seconds * 1000).toISOString()

/** Five customers, one a second. */
function five(options = {}) {
  const { model } = practice(options)
  for (const [second, given_name] of ['Emil', 'anna', 'Cleo', 'Bo', 'Dora'].entries())
    must(model.create({ given_name }, at(second)))
  return model
}

/** Every id, page by page. */
function walk(model: ReturnType<typeof five>, limit: number, between: () => void = () => {}): string[] {
  const seen: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; between()) {
    const query = { limit: String(limit), sort_field: 'CREATED_AT', ...(cursor ? { cursor } : {}) }
    const page: WirePage = must(model.list(query, at(60)))
    seen.push(...ids(page))
    cursor = page.cursor
  }
  return seen
}

describe('list', () => {
  test('sorts by name, or by creation, up or down', () => {
    const model = five()
    expect(ids(must(model.list({}, at(9))))).toEqual(['C2', 'C4', 'C3', 'C5', 'C1'])
    expect(ids(must(model.list({ sort_field: 'CREATED_AT' }, at(9))))).toEqual(['C1', 'C2', 'C3', 'C4', 'C5'])
    expect(ids(must(model.list({ sort_order: 'DESC' }, at(9))))).toEqual(['C1', 'C5', 'C3', 'C4', 'C2'])
  })

  test('an empty store answers {}', () => {
    expect(must(practice().model.list({}, at(0)))).toEqual({})
    expect(must(practice().model.list({ count: 'true' }, at(0)))).toEqual({ count: 0 })
  })

  test('pages: a cursor while there is more, none on the last; count only where asked', () => {
    const model = five()
    const first = must(model.list({ limit: '3', count: 'true' }, at(9)))
    expect(first.count).toBe(5)
    const second = must(model.list({ limit: '3', cursor: first.cursor ?? '' }, at(9)))
    expect(ids(second)).toEqual(['C5', 'C1'])
    expect(second).not.toHaveProperty('cursor')
    expect(second).not.toHaveProperty('count')
    expect(walk(model, 2)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5'])
    expect(walk(model, 5)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5'])
  })

  test('descending pages go on where they stopped', () => {
    const model = five()
    const first = must(model.list({ limit: '2', sort_order: 'DESC' }, at(9)))
    expect(
      ids(must(model.list({ limit: '3', sort_order: 'DESC', cursor: first.cursor ?? '' }, at(9)))),
    ).toEqual(['C3', 'C4', 'C2'])
  })

  test('a deletion between two pages does not hide its neighbours', () => {
    const model = five()
    let gone = false
    const seen = walk(model, 2, () => {
      if (!gone) must(model.colleague.remove('C1', at(30)))
      gone = true
    })
    expect(seen).toEqual(['C1', 'C2', 'C3', 'C4', 'C5'])
  })

  test('a cursor belongs to its query and cannot be made up', () => {
    const model = five()
    const { cursor = '' } = must(model.list({ limit: '2' }, at(9)))
    expect(verdict(model.list({ cursor, sort_order: 'DESC' }, at(9)))).toBe('400 INVALID_CURSOR cursor')
    expect(verdict(model.search({ cursor }, at(9)))).toBe('400 INVALID_CURSOR cursor')
    for (const wrong of ['x', '!', btoa('1.2'), cursor.slice(2), `${cursor}AAAA`])
      expect(verdict(model.list({ cursor: wrong }, at(9)))).toBe('400 INVALID_CURSOR cursor')
  })

  test.each([
    [{ limit: '0' }, '400 VALUE_TOO_LOW limit'],
    [{ limit: '101' }, '400 VALUE_TOO_HIGH limit'],
    [{ limit: 'many' }, '400 EXPECTED_INTEGER limit'],
    [{ limit: '' }, '400 EXPECTED_INTEGER limit'],
    [{ limit: '1e1' }, '400 EXPECTED_INTEGER limit'],
    [{ limit: '0x10' }, '400 EXPECTED_INTEGER limit'],
    [{ sort_field: 'UPDATED_AT' }, '400 INVALID_ENUM_VALUE sort_field'],
    [{ sort_order: 'UP' }, '400 INVALID_SORT_ORDER sort_order'],
    [{ count: '1' }, '400 EXPECTED_BOOLEAN count'],
    [{ page: '2' }, '400 UNKNOWN_QUERY_PARAMETER page'],
  ])('%j is refused', (query, expected) => {
    expect(verdict(practice().model.list(query as unknown as Record<string, string>, at(0)))).toBe(expected)
  })

  test('a profile without identity is there by id but not listed, found or counted', () => {
    const { model } = practice()
    const ghost = model.seed({ note: 'walked in' }, 'INSTANT_PROFILE', at(0))
    expect(must(model.list({ count: 'true' }, at(1)))).toEqual({ count: 0 })
    expect(must(model.search({ query: { filter: {} } }, at(1)))).toEqual({})
    expect(must(model.retrieve(ghost.id)).note).toBe('walked in')
  })
})

describe('search', () => {
  const find = (model: ReturnType<typeof five>, filter: unknown) =>
    ids(must(model.search({ query: { filter } }, at(99))))

  test('phones match by E.164, however they were written; a number without country code finds nothing', () => {
    const { model } = practice()
    for (const phone_number of ['(206) 555-0100', '+1 206 555 0100', '2065550101', '+49 30 901820'])
      must(model.create({ phone_number }, at(0)))
    expect(find(model, { phone_number: { exact: '+12065550100' } })).toEqual(['C1', 'C2'])
    expect(find(model, { phone_number: { exact: '+1 (206) 555-0101' } })).toEqual(['C3'])
    expect(find(model, { phone_number: { exact: '2065550101' } })).toEqual([])
    expect(find(model, { phone_number: { exact: '+4930901820' } })).toEqual(['C4'])
  })

  test('e-mail and reference id match without regard to case, the whole of them', () => {
    const { model } = practice()
    must(model.create({ email_address: 'Ann@Example.com', reference_id: 'AB-1' }, at(0)))
    expect(find(model, { email_address: { exact: 'ann@example.COM' } })).toEqual(['C1'])
    expect(find(model, { email_address: { exact: 'nn@example.com' } })).toEqual([])
    expect(find(model, { reference_id: { exact: 'ab-1' } })).toEqual(['C1'])
    expect(find(model, { reference_id: { exact: 'ab' } })).toEqual([])
  })

  test('ranges include their start and exclude their end', () => {
    const model = five({ flags: { wholeSeconds: false } })
    expect(find(model, { created_at: { start_at: iso(1), end_at: iso(3) } })).toEqual(['C2', 'C3'])
    must(model.update('C1', { note: 'x' }, at(10)))
    expect(find(model, { updated_at: { start_at: iso(10) } })).toEqual(['C1'])
    expect(find(model, { updated_at: { end_at: iso(1) } })).toEqual([])
  })

  test('creation sources are included or excluded; all filters must hold', () => {
    const model = five()
    must(model.colleague.create({ given_name: 'Zoe' }, at(6)))
    expect(find(model, { creation_source: { values: ['THIRD_PARTY', 'MERGE'], rule: 'EXCLUDE' } })).toEqual([
      'C6',
    ])
    const both = { creation_source: { values: ['THIRD_PARTY'] }, created_at: { start_at: iso(3) } }
    expect(find(model, both)).toEqual(['C4', 'C5'])
  })

  test('pages, order and count as in lists', () => {
    const model = five()
    const body = { limit: 2, count: true, query: { sort: { field: 'CREATED_AT', order: 'DESC' } } }
    const first = must(model.search(body, at(9)))
    expect([ids(first), first.count]).toEqual([['C5', 'C4'], 5])
    expect(ids(must(model.search({ ...body, cursor: first.cursor }, at(9))))).toEqual(['C3', 'C2'])
    const otherFilter = { ...body.query, filter: { created_at: { start_at: iso(0) } } }
    expect(verdict(model.search({ ...body, query: otherFilter, cursor: first.cursor }, at(9)))).toBe(
      '400 INVALID_CURSOR cursor',
    )
  })

  test.each([
    [{ customer: {} }, '400 BAD_REQUEST customer'],
    [{ limit: 101 }, '400 VALUE_TOO_HIGH limit'],
    [{ limit: '5' }, '400 EXPECTED_INTEGER limit'],
    [{ count: 'true' }, '400 EXPECTED_BOOLEAN count'],
    [{ query: { filters: {} } }, '400 BAD_REQUEST query.filters'],
    [{ query: { filter: { name: {} } } }, '400 BAD_REQUEST query.filter.name'],
    [
      { query: { filter: { email_address: { exact: 5 } } } },
      '400 EXPECTED_STRING query.filter.email_address.exact',
    ],
    [
      { query: { filter: { created_at: { start_at: 'today' } } } },
      '400 INVALID_TIME query.filter.created_at.start_at',
    ],
    [
      { query: { filter: { created_at: { start_at: iso(2), end_at: iso(1) } } } },
      '400 INVALID_TIME_RANGE query.filter.created_at',
    ],
    [{ query: { sort: { field: 'UPDATED_AT' } } }, '400 INVALID_ENUM_VALUE query.sort.field'],
    [{ query: { sort: { order: 'UP' } } }, '400 INVALID_SORT_ORDER query.sort.order'],
  ])('%j is refused', (body, expected) => {
    expect(verdict(practice().model.search(body, at(0)))).toBe(expected)
  })
})

describe('lag: list and search are behind, retrieve never is (S11)', () => {
  test('a change shows when its lag is over', () => {
    const { model } = practice({ indexLag: () => 30_000 })
    must(model.create({ given_name: 'Ann' }, at(0)))
    expect(must(model.retrieve('C1')).given_name).toBe('Ann')
    expect(ids(must(model.list({}, at(29))))).toEqual([])
    expect(ids(must(model.list({}, at(30))))).toEqual(['C1'])
    must(model.remove('C1', null, at(31)))
    expect(ids(must(model.list({}, at(32))))).toEqual(['C1'])
    expect(must(model.list({}, at(61)))).toEqual({})
  })

  test('a quick change is not undone by a slow one before it', () => {
    const lags = [0, 60_000, 1_000]
    const { model } = practice({ indexLag: () => lags.shift() ?? 0 })
    must(model.create({ given_name: 'Ann' }, at(0)))
    must(model.update('C1', { note: 'slow' }, at(1)))
    must(model.update('C1', { note: 'quick' }, at(2)))
    expect(must(model.list({}, at(3))).customers?.[0]?.note).toBe('quick')
    expect(must(model.list({}, at(99))).customers?.[0]?.note).toBe('quick')
  })

  test('merged profiles stay listed for a while, with the new one (S11)', () => {
    const { model } = practice()
    must(model.create({ given_name: 'A' }, at(0)))
    must(model.create({ given_name: 'B' }, at(0)))
    must(model.colleague.merge(['C1', 'C2'], { ...at(1), indexLagMs: 5000 }))
    expect(ids(must(model.list({}, at(2))))).toEqual(['C1', 'C2'])
    expect(ids(must(model.list({}, at(6))))).toEqual(['C3'])
  })
})
