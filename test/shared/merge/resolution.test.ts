import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields, type Patch } from '#shared/customer/customer.ts'
import { applyPatch } from '#shared/customer/patch.ts'
import { tidyFields } from '#shared/customer/tidy.ts'
import { looksLikeAnotherPerson } from '#shared/merge/another-person.ts'
import { resolutionPatch } from '#shared/merge/resolution.ts'
import { similarNames } from '#shared/merge/similar-names.ts'
import { threeWayMerge } from '#shared/merge/three-way-merge.ts'
import { anyFields } from '../../support/arbitraries.ts'

const us = { country: 'US' }
const card = (fields: Partial<CustomerFields>): CustomerFields => ({ ...EMPTY_FIELDS, ...fields })

test('S12: the base of a resolution is the remote that was shown', () => {
  const shown = card({ givenName: 'Ana', phoneNumber: '1', note: 'x' })
  const chosen = card({ givenName: 'Ana', phoneNumber: '2', note: null })
  expect(resolutionPatch(shown, chosen)).toEqual({
    phoneNumber: { base: '1', local: '2' },
    note: { base: 'x', local: null },
  })
})

test('S12: choosing what Square holds leaves nothing to send, choosing anything leads exactly there', () => {
  fc.assert(
    fc.property(anyFields, anyFields, (shown, chosen) => {
      expect(resolutionPatch(shown, shown)).toEqual({})
      expect(resolutionPatch(shown, tidyFields(shown))).toEqual({})
      expect(tidyFields(applyPatch(shown, resolutionPatch(shown, chosen)))).toEqual(tidyFields(chosen))
    }),
  )
})

test('S12: what was decided is asked again only where Square moved from what was shown', () => {
  fc.assert(
    fc.property(anyFields, anyFields, (shown, chosen) => {
      const verdicts = threeWayMerge(resolutionPatch(shown, chosen), shown, us)
      expect(verdicts.every(({ verdict }) => verdict === 'ours')).toBe(true)
    }),
  )
})

describe('the identity guard', () => {
  const before = card({ givenName: 'Ana', familyName: 'Silva', phoneNumber: '415-555-0100' })
  const renamed: Patch = {
    givenName: { base: 'Ana', local: 'Robert' },
    familyName: { base: 'Silva', local: 'Jones' },
  }
  const moved = { ...before, phoneNumber: '+1 212 555 4240' }

  test('we replaced both names, they the phone number', () => {
    expect(looksLikeAnotherPerson(renamed, moved, us, before)).toBe(true)
    expect(looksLikeAnotherPerson(renamed, moved, us, null)).toBe(false) // nothing is known of the old phone number
  })
  test('they replaced both names, we the phone number', () => {
    const phone: Patch = { phoneNumber: { base: before.phoneNumber, local: '+1 212 555 4240' } }
    expect(
      looksLikeAnotherPerson(phone, { ...before, givenName: 'Robert', familyName: 'Jones' }, us, before),
    ).toBe(true)
  })
  test('a company that is the only name counts as the name', () => {
    const firm = card({ companyName: 'ACME', emailAddress: 'a@x.example' })
    const sold: Patch = { companyName: { base: 'ACME', local: 'Blue Door Ltd' } }
    expect(looksLikeAnotherPerson(sold, { ...firm, emailAddress: 'b@x.example' }, us, firm)).toBe(true)
    expect(
      looksLikeAnotherPerson(
        sold,
        { ...before, ...firm, givenName: 'Ana', emailAddress: 'b@x.example' },
        us,
        { ...firm, givenName: 'Ana' },
      ),
    ).toBe(false)
  })
  test.each<[string, Patch, CustomerFields]>([
    ['nobody touched a contact', renamed, before],
    ['the phone number only changed its spelling', renamed, { ...before, phoneNumber: '+14155550100' }],
    ['married: one name stays', { familyName: { base: 'Silva', local: 'Jones' } }, moved],
    [
      'mistakes of typing mended',
      { givenName: { base: 'Ana', local: 'Anna' }, familyName: { base: 'Silva', local: 'Sylva' } },
      moved,
    ],
    [
      'names in each other’s box',
      { givenName: { base: 'Ana', local: 'Silva' }, familyName: { base: 'Silva', local: 'Ana' } },
      moved,
    ],
    [
      'names cleared',
      { givenName: { base: 'Ana', local: null }, familyName: { base: 'Silva', local: null } },
      moved,
    ],
  ])('is silent: %s', (_, patch, remote) => {
    expect(looksLikeAnotherPerson(patch, remote, us, before)).toBe(false)
  })

  test('similar names', () => {
    expect(similarNames('Björn', 'bjorn')).toBe(true)
    expect(similarNames('Bob', 'Bobby')).toBe(true)
    expect(similarNames('Catherine', 'Katharine')).toBe(true)
    expect(similarNames('Ana', 'Bob')).toBe(false)
    expect(similarNames('王小明', '李大华')).toBe(false)
  })
})
