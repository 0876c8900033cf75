import { describe, expect, test } from 'vitest'
import { at, must, practice, verdict } from './practice-fixture.ts'

const ann = { given_name: 'Ann', phone_number: '206-555-0100' }

describe('create', () => {
  test('answers a profile of version 0 made by an app, without the fields that are unset', () => {
    const { model } = practice()
    expect(must(model.create({ ...ann, note: null, email_address: '' }, at(0)))).toEqual({
      id: 'C1',
      created_at: '2026-03-04T09:00:00.250Z',
      updated_at: '2026-03-04T09:00:00Z',
      given_name: 'Ann',
      phone_number: '206-555-0100',
      preferences: { email_unsubscribed: false },
      creation_source: 'THIRD_PARTY',
      version: 0,
    })
  })

  test('needs an identity field', () => {
    const { model, effects } = practice()
    expect(verdict(model.create({ note: 'nobody', nickname: 'x' }, at(0)))).toBe('400 BAD_REQUEST')
    expect(effects).toEqual([])
  })

  test('permits duplicates', () => {
    const { model } = practice()
    must(model.create(ann, at(0)))
    expect(must(model.create(ann, at(1))).id).toBe('C2')
  })

  test.each([
    ['given_name', 'x'.repeat(300), 'x'.repeat(301), 'VALUE_TOO_LONG'],
    ['family_name', 'x'.repeat(300), 'x'.repeat(301), 'VALUE_TOO_LONG'],
    ['company_name', 'x'.repeat(500), 'x'.repeat(501), 'VALUE_TOO_LONG'],
    ['nickname', 'x'.repeat(100), 'x'.repeat(101), 'VALUE_TOO_LONG'],
    ['reference_id', 'x'.repeat(100), 'x'.repeat(101), 'VALUE_TOO_LONG'],
    ['email_address', `${'x'.repeat(248)}@ab.de`, `${'x'.repeat(249)}@ab.de`, 'VALUE_TOO_LONG'],
    ['email_address', 'a@b.de', 'a@b', 'INVALID_EMAIL_ADDRESS'],
    ['phone_number', '123456789', '12345678', 'INVALID_PHONE_NUMBER'],
    ['phone_number', '+1234567890123456', '+12345678901234567', 'INVALID_PHONE_NUMBER'],
    ['phone_number', '+1 (206) 555.01-00', '206 555 0100 ext 1', 'INVALID_PHONE_NUMBER'],
    ['birthday', '02-29', '2023-02-29', 'INVALID_TIME'],
    ['birthday', '2024-02-29', '13-01', 'INVALID_TIME'],
    ['birthday', '12-31', '1.1.1990', 'INVALID_TIME'],
    ['given_name', 'Zoë', 5, 'EXPECTED_STRING'],
    ['note', 'x'.repeat(50_000), {}, 'EXPECTED_STRING'],
  ])('%s: accepts the good and refuses the bad value with its own code', (field, good, bad, code) => {
    const { model } = practice()
    expect(verdict(model.create({ company_name: 'Acme', [field]: good }, at(0)))).toBe('ok')
    expect(verdict(model.create({ company_name: 'Acme', [field]: bad }, at(0)))).toBe(`400 ${code} ${field}`)
  })

  test('refuses fields it does not know, also inside the address', () => {
    const { model } = practice()
    expect(verdict(model.create({ customer: ann }, at(0)))).toBe('400 BAD_REQUEST customer')
    expect(verdict(model.create({ ...ann, version: 1 }, at(0)))).toBe('400 BAD_REQUEST version')
    expect(verdict(model.create({ ...ann, address: { street: 'x' } }, at(0)))).toBe(
      '400 BAD_REQUEST address.street',
    )
  })

  test('a birthday without year comes back with year 0000', () => {
    const { model } = practice()
    expect(must(model.create({ ...ann, birthday: '02-29' }, at(0))).birthday).toBe('0000-02-29')
    expect(must(model.create({ ...ann, birthday: '1990-05-01' }, at(0))).birthday).toBe('1990-05-01')
  })

  test('names inside the address are ignored, its country is a code', () => {
    const { model } = practice()
    const address = { first_name: 'A', last_name: 'B', address_line_1: '1 Main St', country: 'US' }
    expect(must(model.create({ ...ann, address }, at(0))).address).toEqual({
      address_line_1: '1 Main St',
      country: 'US',
    })
    expect(verdict(model.create({ ...ann, address: { country: 'usa' } }, at(0)))).toBe(
      '400 INVALID_ENUM_VALUE address.country',
    )
    expect(verdict(model.create({ ...ann, address: { locality: 'x'.repeat(501) } }, at(0)))).toBe(
      '400 VALUE_TOO_LONG address.locality',
    )
  })

  test('tax ids are kept for sellers in the EU and the UK and silently dropped for others', () => {
    const body = { ...ann, tax_ids: { eu_vat: 'IE3426675K' } }
    expect(must(practice({ merchant: { country: 'IE' } }).model.create(body, at(0))).tax_ids).toEqual({
      eu_vat: 'IE3426675K',
    })
    expect(must(practice().model.create(body, at(0))).tax_ids).toBeUndefined()
    expect(verdict(practice().model.create({ ...ann, tax_ids: { eu_vat: 'x'.repeat(21) } }, at(0)))).toBe(
      '400 VALUE_TOO_LONG tax_ids.eu_vat',
    )
  })

  test('length counts UTF-16 units', () => {
    const { model } = practice()
    expect(verdict(model.create({ nickname: '🙂'.repeat(50), ...ann }, at(0)))).toBe('ok')
    expect(verdict(model.create({ nickname: '🙂'.repeat(51), ...ann }, at(0)))).toBe(
      '400 VALUE_TOO_LONG nickname',
    )
  })

  test('phones are echoed as sent', () => {
    const { model } = practice()
    expect(must(model.create({ phone_number: '1-917-500-1000' }, at(0))).phone_number).toBe('1-917-500-1000')
  })
})

describe('idempotency (S9)', () => {
  const body = { ...ann, idempotency_key: 'k1' }

  test('same key, same data: the first answer again and no second customer', () => {
    const { model, effects } = practice()
    const first = must(model.create(body, at(0)))
    model.colleague.edit(first.id, { note: 'x' }, at(1))
    expect(
      must(model.create({ idempotency_key: 'k1', phone_number: ann.phone_number, given_name: 'Ann' }, at(2))),
    ).toEqual(first)
    expect(effects.filter((effect) => effect.kind === 'create')).toHaveLength(1)
    expect(effects[0]).toMatchObject({ idempotencyKey: 'k1', by: 'api' })
  })

  test('flag replay=current: the customer as it is now, also under its merged id', () => {
    const { model } = practice({ flags: { replay: 'current' } })
    const first = must(model.create(body, at(0)))
    const other = must(model.create({ given_name: 'Ann B.' }, at(1)))
    const merged = must(model.colleague.merge([first.id, other.id], at(2)))
    expect(must(model.create(body, at(3))).id).toBe(merged.id)
  })

  test('same key, other data: refused, nothing happens', () => {
    const { model, effects } = practice()
    must(model.create(body, at(0)))
    expect(verdict(model.create({ ...body, note: 'x' }, at(1)))).toBe(
      '400 IDEMPOTENCY_KEY_REUSED idempotency_key',
    )
    expect(effects).toHaveLength(1)
  })

  test('created, deleted, created again with the same key: refused', () => {
    const { model } = practice()
    const { id } = must(model.create(body, at(0)))
    must(model.remove(id, null, at(1)))
    expect(verdict(model.create(body, at(2)))).toBe('400 IDEMPOTENCY_KEY_REUSED idempotency_key')
  })

  test('a refused create does not use its key up', () => {
    const { model } = practice()
    expect(verdict(model.create({ ...body, birthday: 'x' }, at(0)))).toBe('400 INVALID_TIME birthday')
    expect(verdict(model.create(body, at(1)))).toBe('ok')
  })

  test('flag keyWindowMs: a forgotten key makes a second customer', () => {
    const { model } = practice({ flags: { keyWindowMs: 10_000 } })
    must(model.create(body, at(0)))
    expect(must(model.create(body, at(10))).id).toBe('C1')
    expect(must(model.create(body, at(11))).id).toBe('C2')
  })
})

describe('update', () => {
  test('is sparse: absent stays, null clears, a value is set; the version rises', () => {
    const { model } = practice()
    must(model.create({ ...ann, note: 'n', nickname: 'A' }, at(0)))
    const after = must(model.update('C1', { version: 0, note: null, phone_number: '+12065550199' }, at(5)))
    expect(after).toMatchObject({
      given_name: 'Ann',
      nickname: 'A',
      phone_number: '+12065550199',
      version: 1,
    })
    expect(after).not.toHaveProperty('note')
    expect(after.updated_at).toBe('2026-03-04T09:00:05Z')
    expect(after.created_at).toBe('2026-03-04T09:00:00.250Z')
  })

  test('a stale version is a CONFLICT and changes nothing (S6, S7)', () => {
    const { model, effects } = practice()
    must(model.create(ann, at(0)))
    must(model.colleague.edit('C1', { note: 'x' }, at(1)))
    expect(verdict(model.update('C1', { version: 0, note: 'y' }, at(2)))).toBe('409 CONFLICT version')
    expect(verdict(model.update('C1', { version: 2, note: 'y' }, at(2)))).toBe('409 CONFLICT version')
    expect(must(model.retrieve('C1')).note).toBe('x')
    expect(effects).toHaveLength(2)
  })

  test('without a version it overwrites blindly', () => {
    const { model } = practice()
    must(model.create(ann, at(0)))
    must(model.colleague.edit('C1', { note: 'x' }, at(1)))
    expect(must(model.update('C1', { note: 'y' }, at(2)))).toMatchObject({ note: 'y', version: 2 })
  })

  test('an empty body, or only a version, is refused', () => {
    const { model } = practice()
    must(model.create(ann, at(0)))
    expect(verdict(model.update('C1', {}, at(1)))).toBe('400 BAD_REQUEST')
    expect(verdict(model.update('C1', { version: 0 }, at(1)))).toBe('400 BAD_REQUEST')
    expect(verdict(model.update('C1', { version: '0', note: 'x' }, at(1)))).toBe(
      '400 EXPECTED_INTEGER version',
    )
    expect(verdict(model.update('C1', { idempotency_key: 'k', note: 'x' }, at(1)))).toBe(
      '400 BAD_REQUEST idempotency_key',
    )
  })

  test('shape is checked before existence, existence before version', () => {
    const { model } = practice()
    must(model.create(ann, at(0)))
    must(model.remove('C1', null, at(1)))
    expect(verdict(model.update('C1', { version: 7, birthday: 'x' }, at(2)))).toBe(
      '400 INVALID_TIME birthday',
    )
    expect(verdict(model.update('C1', { version: 7, note: 'x' }, at(2)))).toBe('404 NOT_FOUND')
  })

  test('the last identity field cannot be cleared', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    expect(verdict(model.update('C1', { given_name: null }, at(1)))).toBe('400 BAD_REQUEST')
    expect(must(model.retrieve('C1')).given_name).toBe('Ann')
  })

  test('an address is merged part by part; null clears a part or all; {} does nothing', () => {
    const { model } = practice()
    must(
      model.create(
        { ...ann, address: { address_line_1: '1 A St', address_line_2: 'Flat 2', country: 'US' } },
        at(0),
      ),
    )
    const set = (address: unknown) => must(model.update('C1', { address }, at(1))).address
    expect(set({ address_line_1: '9 B St', address_line_2: null })).toEqual({
      address_line_1: '9 B St',
      country: 'US',
    })
    expect(set({})).toEqual({ address_line_1: '9 B St', country: 'US' })
    expect(set(null)).toBeUndefined()
  })

  test('flag addressRule=replace: the address is exactly what was sent', () => {
    const { model } = practice({ flags: { addressRule: 'replace' } })
    must(model.create({ ...ann, address: { address_line_1: '1 A St', country: 'US' } }, at(0)))
    expect(must(model.update('C1', { address: { locality: 'Cork' } }, at(1))).address).toEqual({
      locality: 'Cork',
    })
    expect(must(model.update('C1', { address: {} }, at(2))).address).toBeUndefined()
  })

  test('an update that changes nothing raises the version, unless the flag says otherwise', () => {
    const bumping = practice().model
    must(bumping.create(ann, at(0)))
    expect(must(bumping.update('C1', { given_name: 'Ann' }, at(1))).version).toBe(1)
    const quiet = practice({ flags: { noOpBumps: false } }).model
    must(quiet.create(ann, at(0)))
    expect(must(quiet.update('C1', { given_name: 'Ann' }, at(1))).version).toBe(0)
  })

  test('flags versionStep, conflictStatus, emptyText, wholeSeconds', () => {
    const { model } = practice({
      flags: { versionStep: 3, conflictStatus: 400, emptyText: 'refused', wholeSeconds: false },
    })
    must(model.create(ann, at(0)))
    expect(must(model.update('C1', { note: 'x' }, at(1)))).toMatchObject({
      version: 3,
      updated_at: '2026-03-04T09:00:01.250Z',
    })
    expect(verdict(model.update('C1', { version: 0, note: 'y' }, at(2)))).toBe('400 CONFLICT version')
    expect(verdict(model.update('C1', { note: '' }, at(2)))).toBe('400 VALUE_EMPTY note')
  })

  test('flag lastIdentity=cleared: the profile stays but nobody finds it', () => {
    const { model } = practice({ flags: { lastIdentity: 'cleared' } })
    must(model.create({ given_name: 'Ann' }, at(0)))
    expect(must(model.update('C1', { given_name: null }, at(1)))).not.toHaveProperty('given_name')
    expect(must(model.list({}, at(2)))).toEqual({})
    expect(verdict(model.retrieve('C1'))).toBe('ok')
  })

  test('flag mergedWrites=followed: updates and deletes under an old id reach the new profile', () => {
    const { model } = practice({ flags: { mergedWrites: 'followed' } })
    for (const given_name of ['Ann', 'Anne']) must(model.create({ given_name }, at(0)))
    must(model.colleague.merge(['C1', 'C2'], at(1)))
    expect(must(model.update('C1', { version: 0, note: 'x' }, at(2)))).toMatchObject({ id: 'C3', version: 1 })
    expect(verdict(model.remove('C2', 1, at(3)))).toBe('ok')
    expect(model.customers()).toEqual([])
  })

  test('text is stored as sent; flags trimText, lowerCaseEmail', () => {
    const body = { given_name: ' Ann  B. ', email_address: 'Ann@Example.com', note: '\tn ' }
    expect(must(practice().model.create(body, at(0)))).toMatchObject(body)
    const { model } = practice({ flags: { trimText: true, lowerCaseEmail: true } })
    expect(must(model.create(body, at(0)))).toMatchObject({
      given_name: 'Ann  B.',
      email_address: 'ann@example.com',
      note: 'n',
    })
    expect(must(model.update('C1', { note: '  ' }, at(1)))).not.toHaveProperty('note')
  })

  test('flags phoneRule, addressLimit', () => {
    const { model } = practice({ flags: { phoneRule: 'numbering-plan', addressLimit: 3 } })
    expect(verdict(model.create({ phone_number: '206-555-0100' }, at(0)))).toBe('ok')
    expect(verdict(model.create({ phone_number: '123456789' }, at(0)))).toBe(
      '400 INVALID_PHONE_NUMBER phone_number',
    )
    expect(verdict(model.create({ ...ann, address: { locality: 'Cork' } }, at(0)))).toBe(
      '400 VALUE_TOO_LONG address.locality',
    )
  })

  test('tax ids: set, cleared by part and as a whole', () => {
    const { model } = practice({ merchant: { country: 'GB' } })
    must(model.create(ann, at(0)))
    const set = (tax_ids: unknown) => must(model.update('C1', { tax_ids }, at(1))).tax_ids
    expect(set({ eu_vat: 'GB1' })).toEqual({ eu_vat: 'GB1' })
    expect(set({})).toEqual({ eu_vat: 'GB1' })
    expect(set({ eu_vat: null })).toBeUndefined()
    set({ eu_vat: 'GB1' })
    expect(set(null)).toBeUndefined()
  })
})

describe('delete and retrieve', () => {
  test('after a delete nobody is there: no tombstone', () => {
    const { model } = practice()
    must(model.create(ann, at(0)))
    expect(must(model.remove('C1', 0, at(1)))).toEqual({})
    expect(verdict(model.retrieve('C1'))).toBe('404 NOT_FOUND')
    expect(verdict(model.update('C1', { note: 'x' }, at(2)))).toBe('404 NOT_FOUND')
    expect(verdict(model.remove('C1', 0, at(2)))).toBe('404 NOT_FOUND')
    expect(must(model.list({}, at(2)))).toEqual({})
  })

  test('a stale version is a CONFLICT, no version deletes blindly, nonsense is refused', () => {
    const { model } = practice()
    must(model.create(ann, at(0)))
    must(model.colleague.edit('C1', { note: 'x' }, at(1)))
    expect(verdict(model.remove('C1', 0, at(2)))).toBe('409 CONFLICT version')
    expect(verdict(model.remove('C1', 'abc', at(2)))).toBe('400 EXPECTED_INTEGER version')
    expect(verdict(model.remove('C1', null, at(2)))).toBe('ok')
  })
})
