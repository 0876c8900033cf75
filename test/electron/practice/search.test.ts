import { describe, expect, test } from 'vitest'
import type { WirePage } from '#practice/query.ts'
import { at, must, practice, T0, verdict } from './practice-fixture.ts'

const ids = (page: WirePage) => (page.customers ?? []).map((customer) => customer.id)
const find = (model: ReturnType<typeof practice>['model'], filter: unknown, seconds = 99) =>
  ids(must(model.search({ query: { filter } }, at(seconds))))

describe('fuzzy filters', () => {
  test('e-mail and reference id: every token somewhere in one of theirs, in any order, without case', () => {
    const { model } = practice()
    for (const email_address of ['steven.johnson@gmail.com', 'mygmail@stevensbakery.com', 'steve@gmail.com'])
      must(model.create({ email_address }, at(0)))
    for (const reference_id of ['NYC_M_35_JOHNSON', 'NYC_27_MURRAY', 'LA_27'])
      must(model.create({ given_name: 'x', reference_id }, at(0)))
    expect(find(model, { email_address: { fuzzy: 'Steven gmail' } }).sort()).toEqual(['C1', 'C2'])
    expect(find(model, { email_address: { fuzzy: 'gmail.com' } }).sort()).toEqual(['C1', 'C2', 'C3'])
    expect(find(model, { reference_id: { fuzzy: 'NYC M' } })).toEqual(['C4', 'C5'])
    expect(find(model, { reference_id: { fuzzy: 'cm' } })).toEqual([])
  })

  test('phones: the digits of every token, across separators', () => {
    const { model } = practice()
    for (const phone_number of ['+1-415-212-1200', '+1-212-415-1234', '+1 (551) 234-1567', '+1 206 555 0100'])
      must(model.create({ phone_number }, at(0)))
    expect(find(model, { phone_number: { fuzzy: '415' } }).sort()).toEqual(['C1', 'C2', 'C3'])
    expect(find(model, { phone_number: { fuzzy: '415 123' } }).sort()).toEqual(['C2', 'C3'])
    expect(find(model, { phone_number: { fuzzy: '415-123' } })).toEqual(['C2'])
  })

  test('a change is found at once under its new text and no more under the old', () => {
    const { model } = practice()
    must(model.create({ email_address: 'ann@example.com', phone_number: '+12065550100' }, at(0)))
    expect(find(model, { email_address: { fuzzy: 'ann' } })).toEqual(['C1'])
    expect(find(model, { phone_number: { exact: '+12065550100' } })).toEqual(['C1'])
    must(model.update('C1', { email_address: 'bo@example.com', phone_number: '+12065550199' }, at(1)))
    expect(find(model, { email_address: { fuzzy: 'ann' } })).toEqual([])
    expect(find(model, { email_address: { exact: 'bo@example.com' } })).toEqual(['C1'])
    expect(find(model, { phone_number: { exact: '+12065550100' } })).toEqual([])
    expect(find(model, { phone_number: { exact: '+12065550199' } })).toEqual(['C1'])
  })
})

describe('groups and segments', () => {
  function grouped() {
    const { model } = practice()
    for (const given_name of ['Ann', 'Bo', 'Cleo']) must(model.create({ given_name }, at(0)))
    const [a, b] = ['A', 'B'].map((name) => model.colleague.createGroup(name, at(0)).id) as [string, string]
    for (const [id, group] of [
      ['C1', a],
      ['C2', a],
      ['C2', b],
    ] as const)
      must(model.colleague.setGroup(id, group, true, at(1)))
    const segment = model.colleague.setSegment('Regulars', ['C3'], at(1)).id
    return { model, a, b, segment }
  }

  test('any, all, none and all of them together', () => {
    const { model, a, b } = grouped()
    expect(find(model, { group_ids: { any: [a, b] } })).toEqual(['C1', 'C2'])
    expect(find(model, { group_ids: { all: [a, b] } })).toEqual(['C2'])
    expect(find(model, { group_ids: { none: [b] } })).toEqual(['C1', 'C3'])
    expect(find(model, { group_ids: { any: [a], none: [b] } })).toEqual(['C1'])
    expect(find(model, { group_ids: {} })).toEqual(['C1', 'C2', 'C3'])
  })

  test('a group that does not exist finds nobody, wherever it stands', () => {
    const { model, a } = grouped()
    expect(find(model, { group_ids: { any: [a, 'none'] } })).toEqual([])
    expect(find(model, { group_ids: { none: ['none'] } })).toEqual([])
  })

  test('segments: up to three, and one that does not exist is refused', () => {
    const { model, segment } = grouped()
    const verdictOf = (segment_ids: unknown) =>
      verdict(model.search({ query: { filter: { segment_ids } } }, at(9)))
    expect(find(model, { segment_ids: { any: [segment] } })).toEqual(['C3'])
    expect(verdictOf({ any: ['none'] })).toBe('400 BAD_REQUEST query.filter.segment_ids')
    expect(verdictOf({ any: ['a', 'b', 'c', 'd'] })).toBe(
      '400 ARRAY_LENGTH_TOO_LONG query.filter.segment_ids',
    )
  })

  test.each([
    [{ any: 'a' }, '400 EXPECTED_ARRAY query.filter.group_ids.any'],
    [{ any: [5] }, '400 EXPECTED_STRING query.filter.group_ids.any[0]'],
    [{ any: ['a'], none: ['a'] }, '400 BAD_REQUEST query.filter.group_ids'],
    [{ some: [] }, '400 BAD_REQUEST query.filter.group_ids.some'],
  ])('%j is refused', (group_ids, expected) => {
    expect(verdict(practice().model.search({ query: { filter: { group_ids } } }, at(0)))).toBe(expected)
  })
})

test('two ranges must both hold, each without its end', () => {
  const { model } = practice({ flags: { wholeSeconds: false } })
  for (let second = 0; second < 3; second += 1) must(model.create({ given_name: 'Ann' }, at(second)))
  const time = (second: number) => new Date(T0 + second * 1000).toISOString()
  const created_at = { start_at: time(0), end_at: time(9) }
  expect(find(model, { created_at, updated_at: { end_at: time(2) } })).toEqual(['C1', 'C2'])
  expect(find(model, { created_at, updated_at: { start_at: time(1) } })).toEqual(['C2', 'C3'])
})

describe('the shape of a search', () => {
  test.each([
    [{ email_address: { exact: 'a', fuzzy: 'b' } }, '400 BAD_REQUEST query.filter.email_address'],
    [{ email_address: { fuzzy: '.' } }, '400 VALUE_EMPTY query.filter.email_address.fuzzy'],
    [{ email_address: {} }, '400 EXPECTED_STRING query.filter.email_address.exact'],
    [
      { creation_source: { values: ['WEB'] } },
      '400 INVALID_ENUM_VALUE query.filter.creation_source.values[0]',
    ],
    [{ creation_source: { rule: 'NOT' } }, '400 INVALID_ENUM_VALUE query.filter.creation_source.rule'],
    [{ custom_attribute: { filters: {} } }, '400 EXPECTED_ARRAY query.filter.custom_attribute.filters'],
    [{ created_at: 'today' }, '400 EXPECTED_OBJECT query.filter.created_at'],
  ])('%j is refused', (filter, expected) => {
    expect(verdict(practice().model.search({ query: { filter } }, at(0)))).toBe(expected)
  })

  test('what is null is as if it were not there', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    const filter = { email_address: null, group_ids: null, created_at: { start_at: null } }
    const body = { query: { filter, sort: { field: null, order: null } }, cursor: null, limit: null }
    expect(ids(must(model.search(body, at(1))))).toEqual(['C1'])
  })
})

describe('flags of list and search', () => {
  test('rangeEnd=inclusive: the end belongs to a range', () => {
    const end = { created_at: { end_at: new Date(T0).toISOString() } }
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    expect(find(model, end)).toEqual([])
    model.setFlags({ rangeEnd: 'inclusive' })
    expect(find(model, end)).toEqual(['C1'])
  })

  test('cursorLifetimeMs: an old cursor is an INVALID_CURSOR', () => {
    const { model } = practice({ flags: { cursorLifetimeMs: 60_000 } })
    for (const given_name of ['Ann', 'Bo']) must(model.create({ given_name }, at(0)))
    const { cursor = '' } = must(model.list({ limit: '1' }, at(0)))
    expect(ids(must(model.list({ limit: '1', cursor }, at(60))))).toEqual(['C2'])
    expect(verdict(model.list({ limit: '1', cursor }, at(61)))).toBe('400 INVALID_CURSOR cursor')
    expect(verdict(model.search({ cursor }, at(61)))).toBe('400 INVALID_CURSOR cursor')
  })

  test('pages=half: fewer than asked, and a cursor all the same', () => {
    const { model } = practice({ flags: { pages: 'half' } })
    for (const given_name of ['Ann', 'Bo', 'Cleo']) must(model.create({ given_name }, at(0)))
    const first = must(model.list({ limit: '3' }, at(1)))
    expect(ids(first)).toEqual(['C1', 'C2'])
    expect(ids(must(model.list({ limit: '3', cursor: first.cursor ?? '' }, at(1))))).toEqual(['C3'])
  })
})
