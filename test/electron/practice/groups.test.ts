import { describe, expect, test } from 'vitest'
import { at, must, practice, request } from './practice-fixture.ts'

function store(options = {}) {
  const made = practice(options)
  const send = (method: string, path: string, body?: unknown, seconds = 0, headers = {}) => {
    const more = { headers: { authorization: 'Bearer practice-token', ...headers } }
    const { status, body: answer } = made.model.handle(request(method, path, body, more), at(seconds))
    const { errors } = answer as { errors?: { code: string; field?: string }[] }
    return errors ? [status, errors[0]?.code, errors[0]?.field].filter(Boolean).join(' ') : answer
  }
  return { ...made, send }
}
const GROUPS = '/v2/customers/groups'

describe('groups', () => {
  test('are made, retrieved, renamed, listed in order of creation and deleted', () => {
    const { send } = store()
    expect(send('GET', GROUPS)).toEqual({})
    expect(send('POST', GROUPS, { group: { name: 'Regulars' } })).toEqual({
      group: {
        id: 'C1',
        name: 'Regulars',
        created_at: '2026-03-04T09:00:00.250Z',
        updated_at: '2026-03-04T09:00:00Z',
      },
    })
    send('POST', GROUPS, { group: { name: 'Alumni' } }, 1)
    expect(send('PUT', `${GROUPS}/C1`, { group: { name: 'Loyal' } }, 2)).toMatchObject({
      group: { id: 'C1', name: 'Loyal', updated_at: '2026-03-04T09:00:02Z' },
    })
    expect(send('GET', `${GROUPS}/C1`)).toMatchObject({ group: { name: 'Loyal' } })
    expect(send('GET', GROUPS)).toMatchObject({ groups: [{ name: 'Loyal' }, { name: 'Alumni' }] })
    expect(send('DELETE', `${GROUPS}/C1`)).toEqual({})
    expect(send('GET', `${GROUPS}/C1`)).toBe('404 NOT_FOUND')
    expect(send('DELETE', `${GROUPS}/C1`)).toBe('404 NOT_FOUND')
    expect(send('PUT', `${GROUPS}/C1`, { group: { name: 'x' } })).toBe('404 NOT_FOUND')
  })

  test.each([
    [{}, '400 MISSING_REQUIRED_PARAMETER group'],
    [{ group: 'x' }, '400 EXPECTED_OBJECT group'],
    [{ group: {} }, '400 MISSING_REQUIRED_PARAMETER group.name'],
    [{ group: { name: 5 } }, '400 EXPECTED_STRING group.name'],
    [{ group: { name: ' ' } }, '400 VALUE_EMPTY group.name'],
    [{ group: { name: 'a', colour: 'red' } }, '400 BAD_REQUEST group.colour'],
    [{ name: 'a' }, '400 BAD_REQUEST name'],
  ])('%j is refused', (body, expected) => {
    expect(store().send('POST', GROUPS, body)).toBe(expected)
  })

  test('pages hold up to 50', () => {
    const { send } = store()
    for (let n = 0; n < 3; n += 1) send('POST', GROUPS, { group: { name: `G${n}` } }, n)
    const first = send('GET', `${GROUPS}?limit=2`) as { groups: unknown[]; cursor: string }
    expect(first.groups).toHaveLength(2)
    send('DELETE', `${GROUPS}/C2`)
    const second = send('GET', `${GROUPS}?limit=2&cursor=${encodeURIComponent(first.cursor)}`)
    expect(second).toEqual({ groups: [expect.objectContaining({ name: 'G2' })] })
    expect(send('GET', `${GROUPS}?limit=51`)).toBe('400 VALUE_TOO_HIGH limit')
    expect(send('GET', `${GROUPS}?cursor=x`)).toBe('400 INVALID_CURSOR cursor')
  })

  test('the same key brings the first group back, since 2022-03-16; before, it is refused', () => {
    const { send } = store()
    const body = { idempotency_key: 'k', group: { name: 'A' } }
    const first = send('POST', GROUPS, body)
    expect(send('POST', GROUPS, body, 1)).toEqual(first)
    const other = { ...body, group: { name: 'B' } }
    expect(send('POST', GROUPS, other)).toBe('400 IDEMPOTENCY_KEY_REUSED idempotency_key')
    expect(send('POST', GROUPS, body, 2, { 'square-version': '2022-02-16' })).toBe(
      '400 IDEMPOTENCY_KEY_REUSED idempotency_key',
    )
    expect(send('GET', GROUPS)).toMatchObject({ groups: [{ name: 'A' }] })
  })
})

describe('membership', () => {
  function member(options = {}) {
    const made = store(options)
    must(made.model.create({ given_name: 'Ann', note: 'n' }, at(0)))
    made.send('POST', GROUPS, { group: { name: 'A' } })
    return made
  }

  test('joining and leaving change the customer and raise its version', () => {
    const { model, send, effects } = member()
    expect(send('PUT', '/v2/customers/C1/groups/C2', undefined, 1)).toEqual({})
    expect(must(model.retrieve('C1'))).toMatchObject({ group_ids: ['C2'], version: 1, note: 'n' })
    expect(effects.at(-1)).toMatchObject({ kind: 'update', by: 'api', id: 'C1' })
    expect(send('DELETE', '/v2/customers/C1/groups/C2', undefined, 2)).toEqual({})
    expect(must(model.retrieve('C1'))).toMatchObject({ version: 2 })
    expect(must(model.retrieve('C1'))).not.toHaveProperty('group_ids')
  })

  test('flag groupsBump: the version stays', () => {
    const { model, send } = member({ flags: { groupsBump: false } })
    send('PUT', '/v2/customers/C1/groups/C2', undefined, 1)
    expect(must(model.retrieve('C1'))).toMatchObject({ group_ids: ['C2'], version: 0 })
  })

  test('joining twice, or leaving where one is not, changes nothing', () => {
    const { model, send } = member()
    send('PUT', '/v2/customers/C1/groups/C2')
    expect(send('PUT', '/v2/customers/C1/groups/C2')).toEqual({})
    expect(must(model.retrieve('C1'))).toMatchObject({ group_ids: ['C2'], version: 1 })
    send('DELETE', '/v2/customers/C1/groups/C2')
    expect(send('DELETE', '/v2/customers/C1/groups/C2')).toEqual({})
    expect(must(model.retrieve('C1')).version).toBe(2)
  })

  test('unknown customers and groups are a 404; group_ids cannot be written', () => {
    const { model, send } = member()
    expect(send('PUT', '/v2/customers/C9/groups/C2')).toBe('404 NOT_FOUND')
    expect(send('PUT', '/v2/customers/C1/groups/C9')).toBe('404 NOT_FOUND')
    expect(send('DELETE', '/v2/customers/C1/groups/C9')).toBe('404 NOT_FOUND')
    expect(send('PUT', '/v2/customers/C1', { group_ids: ['C2'] })).toBe('400 BAD_REQUEST group_ids')
    expect(must(model.retrieve('C1')).version).toBe(0)
  })

  test('when a group is deleted everybody leaves it', () => {
    const { model, send } = member()
    send('PUT', '/v2/customers/C1/groups/C2')
    send('DELETE', `${GROUPS}/C2`)
    expect(must(model.retrieve('C1'))).toMatchObject({ version: 2 })
    expect(must(model.retrieve('C1'))).not.toHaveProperty('group_ids')
  })

  test('an update keeps the groups, and a merge puts them together', () => {
    const { model } = member()
    const other = model.colleague.createGroup('B', at(1))
    const bo = must(model.create({ given_name: 'Bo' }, at(1)))
    must(model.colleague.setGroup('C1', 'C2', true, at(2)))
    must(model.colleague.setGroup(bo.id, other.id, true, at(2)))
    expect(must(model.update('C1', { note: 'x' }, at(3))).group_ids).toEqual(['C2'])
    expect(must(model.colleague.merge(['C1', bo.id], at(4))).group_ids).toEqual(['C2', other.id])
    expect(must(model.colleague.deleteGroup(other.id, at(5)))).toEqual({})
  })
})

describe('segments', () => {
  test('are Square’s own: read only, and without effect on versions', () => {
    const { model, send, effects } = store()
    must(model.create({ given_name: 'Ann' }, at(0)))
    must(model.create({ given_name: 'Bo' }, at(0)))
    const { id } = model.colleague.setSegment('Reachable', ['C1'], at(1))
    expect(send('GET', '/v2/customers/segments')).toMatchObject({ segments: [{ id, name: 'Reachable' }] })
    expect(send('GET', `/v2/customers/segments/${id}`)).toMatchObject({ segment: { name: 'Reachable' } })
    expect(must(model.retrieve('C1'))).toMatchObject({ segment_ids: [id], version: 0 })
    expect(model.colleague.setSegment('Reachable', ['C2'], at(2)).id).toBe(id)
    expect(must(model.retrieve('C1'))).not.toHaveProperty('segment_ids')
    expect(must(model.retrieve('C2')).segment_ids).toEqual([id])
    expect(effects).toHaveLength(2)
    expect(send('GET', '/v2/customers/segments/none')).toBe('404 NOT_FOUND')
    expect(send('GET', '/v2/customers/segments?limit=51')).toBe('400 VALUE_TOO_HIGH limit')
    expect(send('POST', '/v2/customers/segments', {})).toBe('405 METHOD_NOT_ALLOWED')
  })
})
