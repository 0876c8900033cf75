import { describe, expect, test } from 'vitest'
import { must, practice, at, verdict, request } from './practice-fixture.ts'

/** Shortly before and from the day on which something changed. */
const BEFORE_2021_10_20 = '2021-09-15'
const BEFORE_2022_03_16 = '2022-02-16'
const BEFORE_2022_10_19 = '2022-09-21'
const BEFORE_2022_11_16 = '2022-10-19'
const MIDDLE = '2022-11-16'
const BEFORE_2024_01_18 = '2023-12-13'
const SINCE_2024_01_18 = '2024-01-18'

const under = (squareVersion: string, clearNull = false) => ({ ...at(1), squareVersion, clearNull })
const full = {
  given_name: 'Ann',
  note: 'n',
  address: { address_line_1: '1 A St', address_line_2: 'Flat 2', country: 'US' },
}
function ann(flags = {}) {
  const { model } = practice({ flags })
  must(model.create(full, at(0)))
  return model
}

describe('clearing by Square-Version', () => {
  test('before 2022-11-16: "" and {} clear, null is not seen', () => {
    const model = ann()
    const call = under(BEFORE_2022_11_16)
    expect(verdict(model.update('C1', { note: null }, call))).toBe('400 BAD_REQUEST')
    expect(must(model.update('C1', { note: null, nickname: 'A' }, call))).toMatchObject({ note: 'n' })
    expect(must(model.update('C1', { note: '' }, call))).not.toHaveProperty('note')
    expect(must(model.update('C1', { address: {} }, call))).not.toHaveProperty('address')
  })

  test.each([MIDDLE, BEFORE_2024_01_18])(
    '%s: null clears with X-Clear-Null and is not seen without',
    (version) => {
      const model = ann()
      expect(verdict(model.update('C1', { note: null }, under(version)))).toBe('400 BAD_REQUEST')
      const parts = { address_line_2: null, address_line_1: '2 B St' }
      expect(must(model.update('C1', { address: parts }, under(version))).address).toEqual({
        ...full.address,
        address_line_1: '2 B St',
      })
      expect(must(model.update('C1', { address: parts, note: null }, under(version, true)))).toMatchObject({
        address: { address_line_1: '2 B St', country: 'US' },
      })
      expect(must(model.retrieve('C1'))).not.toHaveProperty('note')
      expect(must(model.update('C1', { address: null }, under(version, true)))).not.toHaveProperty('address')
    },
  )

  test('in the middle period "" clears whatever the flag emptyText says', () => {
    const model = ann({ emptyText: 'refused' })
    expect(must(model.update('C1', { note: '' }, under(MIDDLE)))).not.toHaveProperty('note')
    expect(verdict(model.update('C1', { given_name: '' }, under(SINCE_2024_01_18)))).toBe(
      '400 VALUE_EMPTY given_name',
    )
  })

  test('flag nullWithoutHeader: in the middle period null clears by itself', () => {
    const model = ann({ nullWithoutHeader: 'clears' })
    expect(must(model.update('C1', { note: null }, under(MIDDLE)))).not.toHaveProperty('note')
    expect(verdict(model.update('C1', { address: null }, under(BEFORE_2022_11_16)))).toBe('400 BAD_REQUEST')
  })

  test('since 2024-01-18 null clears by itself', () => {
    const model = ann()
    expect(must(model.update('C1', { note: null }, under(SINCE_2024_01_18)))).not.toHaveProperty('note')
  })

  test('a null in a create is an unset field in every version', () => {
    const { model } = practice()
    for (const version of [BEFORE_2021_10_20, BEFORE_2022_11_16, MIDDLE, SINCE_2024_01_18])
      expect(must(model.create({ given_name: 'Ann', note: null }, under(version)))).not.toHaveProperty('note')
  })

  test('over HTTP the header decides', () => {
    const { model } = practice()
    must(model.create(full, at(0)))
    const put = (headers: Record<string, string>) =>
      model.handle(
        request(
          'PUT',
          '/v2/customers/C1',
          { note: null, nickname: 'A' },
          {
            headers: { authorization: 'Bearer practice-token', 'square-version': MIDDLE, ...headers },
          },
        ),
        at(1),
      ).body
    expect(put({})).toMatchObject({ customer: { note: 'n' } })
    expect(put({ 'x-clear-null': 'true' })).not.toHaveProperty('customer.note')
  })
})

describe('other rules by Square-Version', () => {
  test('an address in an update is replaced before 2022-11-16 and merged since', () => {
    const change = { address: { locality: 'Cork' } }
    expect(must(ann().update('C1', change, under(BEFORE_2022_11_16))).address).toEqual({ locality: 'Cork' })
    expect(must(ann().update('C1', change, under(MIDDLE))).address).toEqual({
      ...full.address,
      locality: 'Cork',
    })
    expect(must(ann().update('C1', { address: {} }, under(MIDDLE))).address).toEqual(full.address)
  })

  test('an update without a field is accepted before 2021-10-20', () => {
    expect(verdict(ann().update('C1', {}, under(BEFORE_2021_10_20)))).toBe('ok')
    expect(verdict(ann().update('C1', {}, under('2021-10-20')))).toBe('400 BAD_REQUEST')
  })

  test('unknown fields are ignored before 2022-03-16 and refused since', () => {
    const { model } = practice()
    const body = { given_name: 'Ann', address: { street: 'x' }, shoe_size: 46 }
    expect(must(model.create(body, under(BEFORE_2022_03_16)))).toMatchObject({ given_name: 'Ann' })
    expect(verdict(model.create(body, under('2022-03-16')))).toBe('400 BAD_REQUEST shoe_size')
    const search = { querry: {} }
    expect(verdict(model.search(search, under(BEFORE_2022_03_16)))).toBe('ok')
    expect(verdict(model.search(search, under('2022-03-16')))).toBe('400 BAD_REQUEST querry')
  })

  test('an invalid phone or e-mail has a code of its own since 2022-03-16', () => {
    const { model } = practice()
    expect(verdict(model.create({ email_address: 'x' }, under(BEFORE_2022_03_16)))).toBe(
      '400 INVALID_VALUE email_address',
    )
    expect(verdict(model.create({ email_address: 'x' }, under('2022-03-16')))).toBe(
      '400 INVALID_EMAIL_ADDRESS email_address',
    )
  })

  test('lengths, phones and address parts are checked since 2022-10-19', () => {
    const { model } = practice()
    const body = { given_name: 'x'.repeat(301), phone_number: '911', address: { locality: 'x'.repeat(501) } }
    expect(verdict(model.create(body, under(BEFORE_2022_10_19)))).toBe('ok')
    expect(verdict(model.create(body, under('2022-10-19')))).toBe('400 VALUE_TOO_LONG given_name')
    expect(verdict(model.create({ phone_number: 'none' }, under(BEFORE_2022_10_19)))).toBe(
      '400 INVALID_PHONE_NUMBER phone_number',
    )
  })

  test('birthdays are times before 2022-10-19: written so, and read so', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann', birthday: '12-23' }, at(0)))
    const get = (path: string, version: string) =>
      model.handle(
        request('GET', path, undefined, {
          headers: { authorization: 'Bearer practice-token', 'square-version': version },
        }),
        at(1),
      ).body
    expect(get('/v2/customers/C1', BEFORE_2022_10_19)).toMatchObject({
      customer: { birthday: '0000-12-23T00:00:00Z' },
    })
    expect(get('/v2/customers', BEFORE_2022_10_19)).toMatchObject({
      customers: [{ birthday: '0000-12-23T00:00:00Z' }],
    })
    expect(get('/v2/customers/C1', '2022-10-19')).toMatchObject({ customer: { birthday: '0000-12-23' } })
    const time = { birthday: '1990-05-01T00:00:00Z' }
    expect(must(model.update('C1', time, under(BEFORE_2022_10_19))).birthday).toBe('1990-05-01')
    expect(verdict(model.update('C1', time, under('2022-10-19')))).toBe('400 INVALID_TIME birthday')
  })
})

describe('the Square-Version header', () => {
  const ask = (version: string | undefined, path = '/v2/customers', pinnedVersion?: string) => {
    const { model } = practice(pinnedVersion === undefined ? {} : { pinnedVersion })
    const headers: Record<string, string> = { authorization: 'Bearer practice-token' }
    if (version !== undefined) headers['square-version'] = version
    return model.handle(request('GET', path, undefined, { headers }), at(0))
  }

  test('without one the pinned version counts, and the answer says which', () => {
    expect(ask(undefined, '/v2/customers', MIDDLE).headers).toEqual({ 'square-version': MIDDLE })
    expect(ask('2026-09-16', '/v2/customers', MIDDLE).headers).toEqual({ 'square-version': '2026-09-16' })
  })

  test.each(['latest', '2024-1-18', '2024-13-01', '2026-02-30', '2024-01-17', '2026-09-17', '2031-01-01'])(
    '%s is no version',
    (version) => {
      expect(ask(version)).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'INVALID_SQUARE_VERSION_FORMAT' }] },
      })
    },
  )

  test('after the newest one known here every day may be one, as soon as it has come', () => {
    const { model } = practice()
    const headers = { authorization: 'Bearer practice-token', 'square-version': '2026-10-21' }
    const on = (day: string) =>
      model.handle(request('GET', '/v2/customers', undefined, { headers }), { now: Date.parse(day) }).status
    expect([on('2026-10-20'), on('2026-10-21')]).toEqual([400, 200])
  })

  test('flag versions=any-day: every day is one', () => {
    const { model } = practice({ flags: { versions: 'any-day' } })
    const under = (version: string) => {
      const headers = { authorization: 'Bearer practice-token', 'square-version': version }
      return model.handle(request('GET', '/v2/customers', undefined, { headers }), at(0)).status
    }
    expect([under('2024-01-17'), under('2031-01-01'), under('2024-13-01')]).toEqual([200, 200, 400])
  })

  test('bulk requests need 2024-02-22', () => {
    const { model } = practice()
    const bulk = (version: string) => {
      const headers = { authorization: 'Bearer practice-token', 'square-version': version }
      const body = { customer_ids: ['C1'] }
      return model.handle(request('POST', '/v2/customers/bulk-retrieve', body, { headers }), at(0))
    }
    expect(bulk('2024-01-18').body).toMatchObject({ errors: [{ code: 'API_VERSION_INCOMPATIBLE' }] })
    expect(bulk('2024-02-22').status).toBe(200)
  })

  test('custom attributes need 2022-05-12', () => {
    const path = '/v2/customers/custom-attribute-definitions'
    expect(ask('2022-04-20', path).body).toMatchObject({ errors: [{ code: 'API_VERSION_INCOMPATIBLE' }] })
    expect(ask('2022-05-12', path)).toMatchObject({ status: 200, body: {} })
  })
})
