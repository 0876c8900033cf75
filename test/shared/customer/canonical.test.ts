import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalEquals, canonicalKey, noteKey, sameValue } from '#shared/customer/canonical.ts'
import { CUSTOMER_FIELDS, type CustomerField, type FieldValue } from '#shared/customer/customer.ts'
import { plainPhone } from '#shared/customer/phone-key.ts'
import { anyText, anyValue } from '../../support/arbitraries.ts'

const us = { country: 'US' }

const same: [CustomerField, FieldValue<CustomerField>, FieldValue<CustomerField>][] = [
  ['givenName', 'Bjo\u0308rn', 'Björn'],
  ['givenName', ' Ana ', 'Ana'],
  ['givenName', '', null],
  ['emailAddress', ' Ana@Example.COM', 'ana@example.com'],
  ['phoneNumber', '415-555-0100', '+1 (415) 555-0100'],
  ['phoneNumber', '1 415 555 0100', '4155550100'],
  ['phoneNumber', '٤١٥٥٥٥٠١٠٠', '4155550100'],
  ['phoneNumber', '۴۱۵۵۵۵۰۱۶۷', '4155550167'],
  ['phoneNumber', '＋１（４１５）５５５−０１６７', '+14155550167'],
  ['phoneNumber', '\u202a+1 415 555 0100\u202c', '+14155550100'],
  ['birthday', '02-29', '0000-02-29'],
  ['birthday', '0000-09-01T00:00:00-00:00', '0000-09-01'],
  ['note', 'a  \r\nb\r\n', 'a\nb'],
  ['note', ' Merged on x', 'Merged on x'],
  ['address', { locality: 'York', country: 'gb' }, { country: 'GB', locality: ' York' }],
  ['address', {}, null],
  ['address', { addressLine2: '' }, null],
]
test.each(same)('%s %j and %j are one value', (field, a, b) => {
  expect(canonicalEquals(field, a, b, us)).toBe(true)
  expect(canonicalEquals(field, b, a, us)).toBe(true)
})

const different: [CustomerField, FieldValue<CustomerField>, FieldValue<CustomerField>][] = [
  ['givenName', 'Ana', 'ana'],
  ['givenName', 'Strasse', 'Straße'],
  ['givenName', 'John', 'Jo\u200bhn'],
  ['emailAddress', 'a@x.example', 'a+b@x.example'],
  ['phoneNumber', '+1 415 555 0100', '+44 415 555 0100'],
  ['phoneNumber', '+1 415 555 0100', '+1 415 555 0100 x5'],
  ['phoneNumber', '0151 (mother)', '0151 (father)'],
  ['phoneNumber', 'call 4155550100', '4155550100'],
  ['phoneNumber', '—', null],
  ['birthday', '0000-09-01', '1980-09-01'],
  ['note', 'a\nb', 'a b'],
  ['address', { locality: 'York' }, { locality: 'York', postalCode: 'YO1' }],
  ['address', { addressLine1: 'a', addressLine2: 'b' }, { addressLine1: 'b', addressLine2: 'a' }],
]
test.each(different)('%s %j and %j are two values', (field, a, b) => {
  expect(canonicalEquals(field, a, b, us)).toBe(false)
  expect(canonicalEquals(field, b, a, us)).toBe(false)
})

test("a number without a prefix is read in the seller's country", () => {
  expect(canonicalEquals('phoneNumber', '020 7946 0958', '+442079460958', { country: 'GB' })).toBe(true)
  expect(canonicalEquals('phoneNumber', '020 7946 0958', '+442079460958', us)).toBe(false)
})

test('a country nobody knows compares by digits, without failing', () => {
  expect(canonicalEquals('phoneNumber', '415-555-0100', '4155550100', { country: 'ZZ' })).toBe(true)
  expect(canonicalEquals('phoneNumber', '415-555-0100', '4155550101', { country: '' })).toBe(false)
})

test('a hundred thousand blanks in a note are compared at once', () => {
  const blanks = ' '.repeat(100_000)
  expect(noteKey(`a${blanks}b`)).toBe(`a${blanks}b`)
  expect(noteKey(`a${blanks}\nb`)).toBe('a\nb')
})

test('plainPhone leaves what it does not know to the schema', () => {
  expect(plainPhone('+972\u00a050\u2011123\u200e4567')).toBe('+972 50-1234567')
  expect(plainPhone('ask Bob')).toBe('ask Bob')
})

describe('properties', () => {
  const anyPair = fc
    .constantFrom(...CUSTOMER_FIELDS)
    .chain((field) =>
      fc.tuple(fc.constant(field), anyValue<CustomerField>(field), anyValue<CustomerField>(field)),
    )

  test('the short way of canonicalEquals never disagrees with the keys', () => {
    fc.assert(
      fc.property(anyPair, ([field, a, b]) => {
        expect(canonicalEquals(field, a, b, us)).toBe(
          canonicalKey(field, a, us) === canonicalKey(field, b, us),
        )
      }),
    )
  })

  test('equal raw values are equal canonically, and only they are the same value', () => {
    fc.assert(
      fc.property(anyPair, ([field, a, b]) => {
        expect(canonicalEquals(field, a, structuredClone(a), us)).toBe(true)
        expect(sameValue<CustomerField>(a, structuredClone(a))).toBe(true)
        if (sameValue<CustomerField>(a, b)) expect(canonicalEquals(field, a, b, us)).toBe(true)
      }),
    )
  })

  test('any text at all has a key, and the key of a key is itself', () => {
    const texts = CUSTOMER_FIELDS.filter((field) => field !== 'address' && field !== 'phoneNumber')
    fc.assert(
      fc.property(fc.constantFrom(...texts), anyText, (field, text) => {
        const key = canonicalKey<CustomerField>(field, text, us)
        expect(canonicalKey<CustomerField>(field, key, us)).toBe(key)
      }),
    )
    fc.assert(fc.property(anyText, (text) => void canonicalKey('phoneNumber', text, us)))
  })
})
