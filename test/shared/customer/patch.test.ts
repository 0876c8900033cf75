import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import {
  applyPatch,
  combineNew,
  combinePatches,
  diffFields,
  projectFields,
  touchedFields,
} from '#shared/customer/patch.ts'
import { tidyAddress, tidyFields } from '#shared/customer/tidy.ts'
import { anyFields, anyPatch, anyText } from '../../support/arbitraries.ts'

const card = (fields: Partial<CustomerFields>): CustomerFields => ({ ...EMPTY_FIELDS, ...fields })

describe('tidyFields', () => {
  test('trims, composes, and makes nothing of empty fields', () => {
    const tidy = tidyFields({
      givenName: ' Bjo\u0308rn\t',
      familyName: '  ',
      note: 'a\r\nb\n',
      address: { locality: ' ', country: 'gb ' },
    })
    expect(tidy).toEqual(card({ givenName: 'Björn', note: 'a\nb', address: { country: 'GB' } }))
  })

  test('writes birthday, phone and VAT number the way they are kept', () => {
    const tidy = tidyFields({
      birthday: '02-29',
      phoneNumber: '\u202a٤١٥\u00a0555\u20110100\u202c',
      euVat: 'IE 342.6675-K',
    })
    expect(tidy).toEqual(card({ birthday: '0000-02-29', phoneNumber: '415 555-0100', euVat: 'IE3426675K' }))
  })

  test('makes nothing of what only looks like a note, a birthday, a number', () => {
    const blanks = { note: ' \r\n', birthday: ' ', phoneNumber: '\u202a\u00a0\u202c', euVat: ' .-' }
    expect(tidyFields(blanks)).toEqual(EMPTY_FIELDS)
  })

  test('an address without parts is no address; unknown parts are dropped', () => {
    expect(tidyAddress({})).toBeNull()
    expect(tidyAddress({ addressLine1: '', locality: null })).toBeNull()
    expect(tidyAddress({ firstName: 'Ana', locality: 'York' } as never)).toEqual({ locality: 'York' })
  })

  test.each([
    'null',
    'undefined',
    '0',
    '[]',
    '{{1+1}}',
    '<b>x</b>',
    "'; DROP TABLE x;--",
    'a\tb',
    'x\ue000',
    '=1+1',
  ])('keeps %j as it is', (text) => {
    expect(tidyFields({ givenName: text, note: text })).toEqual(card({ givenName: text, note: text }))
  })

  test('tidying twice changes nothing more', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = tidyFields({
          givenName: text,
          note: text,
          phoneNumber: text,
          euVat: text,
          birthday: text,
        })
        expect(tidyFields(once)).toEqual(once)
      }),
    )
  })
})

describe('diffFields', () => {
  test('keeps the base as it was shown, and what was chosen tidied (S3)', () => {
    const shown = card({ givenName: ' Ana ', phoneNumber: '415-555-0100' })
    expect(diffFields(shown, { ...shown, phoneNumber: ' +1 415 555 0100 ' })).toEqual({
      phoneNumber: { base: '415-555-0100', local: '+1 415 555 0100' },
    })
  })

  test('a change of spelling is a change: staff asked for it', () => {
    const shown = card({ emailAddress: 'ANA@EXAMPLE.COM' })
    expect(diffFields(shown, { emailAddress: 'ana@example.com' })).toEqual({
      emailAddress: { base: 'ANA@EXAMPLE.COM', local: 'ana@example.com' },
    })
  })

  test('a form that was opened and saved changes nothing, whatever Square holds', () => {
    const shown = card({
      givenName: ' A\nB ',
      note: 'x\r\ny ',
      familyName: 'e\u0301',
      address: { locality: ' York ', country: 'gb' },
    })
    const inInputs = {
      ...shown,
      givenName: 'AB',
      note: 'x\ny ',
      companyName: '',
      address: { ...shown.address, postalCode: '' },
    }
    expect(diffFields(shown, inInputs)).toEqual({})
  })

  test('emptying a field clears it', () => {
    expect(
      diffFields(card({ note: 'x', address: { locality: 'York' } }), {
        note: ' ',
        address: { locality: '' },
      }),
    ).toEqual({
      note: { base: 'x', local: null },
      address: { base: { locality: 'York' }, local: null },
    })
  })
})

describe('combinePatches', () => {
  test('first base, last local; back at the start is no change', () => {
    const first = { givenName: { base: 'A', local: 'B' }, note: { base: null, local: 'x' } }
    const second = { givenName: { base: 'B', local: 'C' }, note: { base: 'x', local: null } }
    expect(combinePatches([first, second])).toEqual({ givenName: { base: 'A', local: 'C' } })
  })

  test('back at the start but for the blanks that tidying takes off is no change either', () => {
    const away = { note: { base: ' Merged on 01/05/2026. ', local: 'x' } }
    const back = { note: { base: 'x', local: 'Merged on 01/05/2026.' } }
    expect(combinePatches([away, back])).toEqual({})
  })

  test('of a create all that holds something stays', () => {
    const create = { givenName: { base: null, local: 'A' }, phoneNumber: { base: null, local: '1' } }
    const edit = { phoneNumber: { base: '1', local: null } }
    expect(combinePatches([create, edit])).toEqual({ givenName: { base: null, local: 'A' } })
  })

  test('of a new customer the last word stays, though an old form showed it already', () => {
    const create = { givenName: { base: null, local: 'A' } }
    const old = { phoneNumber: { base: '1', local: null } }
    const last = { phoneNumber: { base: null, local: '1' } }
    expect(combineNew([create, old, last])).toEqual({
      givenName: { base: null, local: 'A' },
      phoneNumber: { base: null, local: '1' },
    })
    expect(combineNew([create, { givenName: { base: 'A', local: null } }])).toEqual({})
  })

  test('S2: combined or one after the other, staff see the same card, but for what tidying does', () => {
    const anyChain = anyFields.chain((start) =>
      anyPatch(start).chain((first) =>
        fc.tuple(fc.constant(start), fc.constant(first), anyPatch(applyPatch(start, first))),
      ),
    )
    fc.assert(
      fc.property(anyChain, ([start, first, second]) => {
        const combined = combinePatches([first, second])
        expect(tidyFields(applyPatch(start, combined))).toEqual(
          tidyFields(projectFields(start, [first, second])),
        )
        for (const field of touchedFields(combined)) expect(combined[field]!.base).toEqual(start[field])
      }),
    )
  })
})

test('S2: without a remote the patches stand alone; nothing is shared with what was given', () => {
  const create = { givenName: { base: null, local: 'Ana' } }
  expect(projectFields(null, [create])).toEqual(card({ givenName: 'Ana' }))
  expect(EMPTY_FIELDS.givenName).toBeNull()
})
