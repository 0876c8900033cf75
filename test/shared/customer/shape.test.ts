import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { isCustomerFields, isPatch, isRemoteCustomer, isSeenCard } from '#shared/customer/shape.ts'
import { anyEncounter, anyRemote } from '../../support/arbitraries.ts'

test('S15: every card, patch and remote of ours is believed', () => {
  fc.assert(
    fc.property(anyEncounter, anyRemote, ({ base, patch }, remote) => {
      expect(isCustomerFields(base)).toBe(true)
      expect(isPatch(patch)).toBe(true)
      expect(isRemoteCustomer(remote)).toBe(true)
    }),
  )
})

test('S15: a seen card is believed with or without what only Square can tell', () => {
  expect(isSeenCard({ fields: EMPTY_FIELDS })).toBe(true)
  expect(isSeenCard({ fields: EMPTY_FIELDS, groupIds: ['a'] })).toBe(true)
  expect(isSeenCard({ fields: EMPTY_FIELDS, groupIds: [], creationSource: 'DIRECTORY' })).toBe(true)
})

describe('S15: not believed', () => {
  const remote = { ...fc.sample(anyRemote, { numRuns: 1, seed: 1 })[0]!, fields: EMPTY_FIELDS }

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'x'],
    ['an array', []],
    ['a field missing', (({ note: _, ...rest }) => rest)(EMPTY_FIELDS)],
    ['an unknown field', { ...EMPTY_FIELDS, cards: [] }],
    ['a number for a text', { ...EMPTY_FIELDS, givenName: 5 }],
    ['an object for a text', { ...EMPTY_FIELDS, givenName: { toString: 1 } }],
    ['a list for a text', { ...EMPTY_FIELDS, givenName: ['x'] }],
    ['a text for an address', { ...EMPTY_FIELDS, address: 'York' }],
    ['an address without parts', { ...EMPTY_FIELDS, address: {} }],
    ['an address with an unknown part', { ...EMPTY_FIELDS, address: { firstName: 'Ana' } }],
    ['an address with an empty part', { ...EMPTY_FIELDS, address: { locality: '' } }],
  ])('as a card: %s', (_, value) => {
    expect(isCustomerFields(value)).toBe(false)
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['an unknown field', { cards: { base: null, local: null } }],
    ['no base', { note: { local: 'x' } }],
    ['no local', { note: { base: 'x' } }],
    ['a number', { note: { base: null, local: 5 } }],
    ['a prototype', JSON.parse('{"__proto__":{"base":null,"local":"x"}}')],
  ])('as a patch: %s', (_, value) => {
    expect(isPatch(value)).toBe(false)
  })

  test.each<[string, unknown]>([
    ['no id', { ...remote, id: '' }],
    ['a version that is a number', { ...remote, version: 5 }],
    ['a version below zero', { ...remote, version: '-1' }],
    ['a version with a fraction', { ...remote, version: '5.5' }],
    ['no version', { ...remote, version: null }],
    ['groups that are no texts', { ...remote, groupIds: [1] }],
    ['no groups', { ...remote, groupIds: undefined }],
    ['fields of the wrong shape', { ...remote, fields: {} }],
  ])('as a remote: %s', (_, value) => {
    expect(isRemoteCustomer(remote)).toBe(true)
    expect(isRemoteCustomer(value)).toBe(false)
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['fields of the wrong shape', { fields: {} }],
    ['one group that is no list', { fields: EMPTY_FIELDS, groupIds: 'a' }],
    ['groups that are no texts', { fields: EMPTY_FIELDS, groupIds: [1] }],
    ['a source that is no text', { fields: EMPTY_FIELDS, creationSource: null }],
  ])('as a seen card: %s', (_, value) => {
    expect(isSeenCard(value)).toBe(false)
  })
})
