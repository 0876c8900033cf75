import { toTypedSchema } from '@vee-validate/yup'
import { describe, expect, test } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields, type Patch } from '#shared/customer/customer.ts'
import {
  customerSchema,
  IDENTITY_PATH,
  patchProblems,
  type SchemaOptions,
} from '#shared/customer/customer-schema.ts'
import { messageText, problem, problemOf, VALIDATION_KEYS } from '#shared/customer/validation-message.ts'
import type { RawFields } from '#shared/customer/tidy.ts'

const us: SchemaOptions = { country: 'US', today: '2026-06-15' }
const card = (fields: Partial<CustomerFields>): CustomerFields => ({ ...EMPTY_FIELDS, ...fields })

/** Keys by path, as the form gets them. */
async function problems(raw: RawFields, options: SchemaOptions = us): Promise<Record<string, string[]>> {
  const { errors } = await toTypedSchema(customerSchema(options)).parse(raw as never)
  return Object.fromEntries(
    errors.map(({ path, errors: messages }) => [path, messages.map((m) => problemOf(m).key)]),
  )
}

const named = { givenName: 'Ana' }

describe('taken', () => {
  test.each<[string, RawFields]>([
    ['a name', named],
    ['a phone number of nine digits', { phoneNumber: '123456789' }],
    ['a phone number of sixteen digits', { phoneNumber: '1234567890123456' }],
    ['all separators', { phoneNumber: '+1 (206) 222-34.56' }],
    ['digits of another keyboard', { phoneNumber: '٠٥٠١٢٣٤٥٦٧' }],
    ['an e-mail with a plus', { emailAddress: 'a+b@x.example' }],
    ['an e-mail with blanks around', { emailAddress: ' a@x.example ' }],
    ['an international domain', { emailAddress: 'a@münchen.example' }],
    ['names of any script', { givenName: '王小明', familyName: 'שלום', companyName: '👩‍👩‍👧', nickname: 'क्‍ष' }],
    ['exactly 300 characters', { givenName: 'x'.repeat(300) }],
    ['exactly 100 characters', { ...named, nickname: 'x'.repeat(100), referenceId: 'x'.repeat(100) }],
    ['29 February without a year', { ...named, birthday: '02-29' }],
    ['29 February of a leap year', { ...named, birthday: '2000-02-29' }],
    ['born today', { ...named, birthday: '2026-06-15' }],
    ['1 January without a year', { ...named, birthday: '0000-01-01' }],
    ['a long note', { ...named, note: 'x'.repeat(100_000) }],
    ['a note of lines and emoji', { ...named, note: '👩‍👩‍👧\n'.repeat(900) }],
    [
      'text that means something elsewhere',
      { givenName: '=1+1', familyName: '<b>', note: '{{1}}', companyName: "';--" },
    ],
    ['an address in part', { ...named, address: { locality: 'York', country: 'gb', postalCode: '' } }],
    ['empty text everywhere else', { ...named, familyName: '', note: ' ', birthday: '', address: {} }],
  ])('%s', async (_, raw) => {
    expect(await problems(raw)).toEqual({})
  })

  test('what comes out is tidy and complete', async () => {
    const fields = await customerSchema(us).validate({
      givenName: ' Ana ',
      birthday: '02-29',
      address: { country: 'gb' },
    })
    expect(fields).toEqual(card({ givenName: 'Ana', birthday: '0000-02-29', address: { country: 'GB' } }))
  })
})

describe('refused, next to the field', () => {
  test.each<[RawFields, string, string]>([
    [{ givenName: 'x'.repeat(301) }, 'givenName', 'too-long'],
    [{ givenName: '𠮷'.repeat(151) }, 'givenName', 'too-long'],
    [{ ...named, companyName: 'x'.repeat(501) }, 'companyName', 'too-long'],
    [{ ...named, nickname: 'x'.repeat(101) }, 'nickname', 'too-long'],
    [{ ...named, referenceId: 'x'.repeat(101) }, 'referenceId', 'too-long'],
    [{ emailAddress: `${'x'.repeat(243)}@x.example.com` }, 'emailAddress', 'too-long'],
    [{ ...named, note: 'x'.repeat(100_001) }, 'note', 'note-too-long'],
    [{ phoneNumber: '12345678' }, 'phoneNumber', 'phone'],
    [{ phoneNumber: '12345678901234567' }, 'phoneNumber', 'phone'],
    [{ phoneNumber: '1-800-FLOWERS' }, 'phoneNumber', 'phone-characters'],
    [{ phoneNumber: '+1 415 555 0100 x5' }, 'phoneNumber', 'phone-characters'],
    [{ phoneNumber: '415.555.0100/2' }, 'phoneNumber', 'phone-characters'],
    [{ phoneNumber: '415 555 0100 +1' }, 'phoneNumber', 'phone'],
    [{ emailAddress: 'a@b' }, 'emailAddress', 'email'],
    [{ emailAddress: 'a@x.example, b@x.example' }, 'emailAddress', 'email'],
    [{ emailAddress: 'ana..b@x.example' }, 'emailAddress', 'email'],
    [{ emailAddress: 'ana@x..example' }, 'emailAddress', 'email'],
    [{ emailAddress: 'ana' }, 'emailAddress', 'email'],
    [{ ...named, birthday: '2023-02-29' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '0000-02-30' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '1980-13-01' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '1/2' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '0000--07' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '85-03-07' }, 'birthday', 'birthday-year'],
    [{ ...named, birthday: '19x5-02-29' }, 'birthday', 'birthday-year'],
    [{ ...named, birthday: '85-02-30' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '85--07' }, 'birthday', 'birthday'],
    [{ ...named, birthday: '2026-06-16' }, 'birthday', 'birthday-future'],
    [{ ...named, euVat: 'IE3426675K' }, 'euVat', 'vat-country'],
    [{ ...named, address: { country: 'XX' } }, 'address.country', 'country'],
    [{ ...named, address: { country: 'Germany' } }, 'address.country', 'country'],
    [{ ...named, address: { addressLine1: 'x'.repeat(501) } }, 'address.addressLine1', 'too-long'],
    [{ givenName: 'a\0b' }, 'givenName', 'characters'],
    [{ givenName: 'a\ud800b' }, 'givenName', 'characters'],
    [{ ...named, note: '\udc00\ud800' }, 'note', 'characters'],
    [{ ...named, address: { locality: 'a\0' } }, 'address.locality', 'characters'],
  ])('%j at %s', async (raw, path, key) => {
    expect(await problems(raw)).toEqual({ [path]: [key] })
  })

  test('all of them at once, each at its place', async () => {
    const raw = { phoneNumber: '1', emailAddress: 'x', address: { country: 'XX', locality: 'a\0' } }
    expect(Object.keys(await problems(raw)).sort()).toEqual([
      'address.country',
      'address.locality',
      'emailAddress',
      'phoneNumber',
    ])
  })

  test('no identity: at a path of its own', async () => {
    expect(await problems({})).toEqual({ [IDENTITY_PATH]: ['identity'] })
    expect(await problems({ nickname: 'Annie', note: 'x', referenceId: '7' })).toEqual({
      [IDENTITY_PATH]: ['identity'],
    })
    expect(await problems({ givenName: '\u200b\u2060\u00ad' })).toEqual({ [IDENTITY_PATH]: ['identity'] })
  })

  test('no card at all is one without an identity', async () => {
    expect(await problems(null as never)).toEqual({ [IDENTITY_PATH]: ['identity'] })
  })

  test('the message says the limit and what was typed, as numbers', async () => {
    const failure = await customerSchema(us)
      .validate({ givenName: 'x'.repeat(301) }, { abortEarly: false })
      .catch((e: unknown) => e)
    expect(problemOf((failure as Error).message)).toEqual({
      key: 'too-long',
      params: { max: 300, length: 301 },
    })
  })
})

test('VAT numbers are for sellers in the EU and the UK', async () => {
  expect(await problems({ ...named, euVat: 'IE 3426675K' }, { country: 'IE' })).toEqual({})
  expect(await problems({ ...named, euVat: 'GB123456789' }, { country: 'gb' })).toEqual({})
  expect(await problems({ ...named, euVat: 'IE/342' }, { country: 'IE' })).toEqual({ euVat: ['vat'] })
  expect(await problems({ ...named, euVat: 'X'.repeat(21) }, { country: 'IE' })).toEqual({
    euVat: ['too-long'],
  })
})

test('a colleague’s old entry does not block the form, a change of it is judged', async () => {
  const shown = card({
    givenName: 'Ana',
    phoneNumber: '12345',
    euVat: 'x y',
    birthday: '0000-02-30',
    address: { country: 'Germany' },
  })
  expect(await problems({ ...shown, familyName: 'Silva' }, { ...us, shown })).toEqual({})
  expect(await problems({ ...shown, phoneNumber: '123456' }, { ...us, shown })).toEqual({
    phoneNumber: ['phone'],
  })
  expect(
    await problems({ ...shown, address: { country: 'Germany', locality: 'Bonn' } }, { ...us, shown }),
  ).toEqual({
    'address.country': ['country'],
  })
})

test('without a day no birthday is in the future: a clock that is wrong refuses nobody', async () => {
  expect(await problems({ ...named, birthday: '2999-01-01' }, { country: 'US' })).toEqual({})
})

describe('patchProblems', () => {
  test('judges the chosen values of touched fields only', () => {
    const patch = { phoneNumber: { base: '12345', local: '123456789' }, note: { base: 'a\0', local: null } }
    expect(patchProblems(patch, null, us)).toEqual([])
    const bad = { phoneNumber: { base: null, local: '1' }, address: { base: null, local: { country: 'XX' } } }
    expect(patchProblems(bad, null, us).map(({ path, problem: { key } }) => [path, key])).toEqual([
      ['phoneNumber', 'phone'],
      ['address.country', 'country'],
    ])
  })
  test('a value of another field’s kind is refused, not read', () => {
    const address = { country: 'GB' }
    const mixedUp = { givenName: { base: null, local: address }, address: { base: null, local: 'York' } }
    expect(patchProblems(mixedUp as unknown as Patch, null, us)).toEqual([
      { path: 'givenName', problem: problem('invalid') },
      { path: 'address', problem: problem('invalid') },
    ])
  })
  test('a create needs an identity, an edit must leave one', () => {
    const nickname = { nickname: { base: null, local: 'Annie' } }
    expect(patchProblems(nickname, EMPTY_FIELDS, us).map(({ path }) => path)).toEqual([IDENTITY_PATH])
    const clear = { givenName: { base: 'Ana', local: null } }
    expect(patchProblems(clear, card({ givenName: 'Ana' }), us).map(({ path }) => path)).toEqual([
      IDENTITY_PATH,
    ])
    expect(patchProblems(clear, card({ givenName: 'Ana', companyName: 'ACME' }), us)).toEqual([])
  })
})

test('messages survive being text', () => {
  for (const key of VALIDATION_KEYS) {
    expect(problemOf(messageText(problem(key)))).toEqual(problem(key))
    expect(problemOf(messageText(problem(key, { max: 1, length: 2 })))).toEqual(
      problem(key, { max: 1, length: 2 }),
    )
  }
  expect(problemOf('this must be a `string` type')).toEqual(problem('invalid'))
})
