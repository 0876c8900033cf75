import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import { exactKeysOf, sharedKeys } from '#shared/customer/exact-keys.ts'

const fields = (over: Partial<CustomerFields>): CustomerFields => ({ ...EMPTY_FIELDS, ...over })
const keys = (over: Partial<CustomerFields>) => exactKeysOf(fields(over), 'US')

describe('S9 what a new customer is looked for by', () => {
  it('a number as E.164, an e-mail, a reference id', () => {
    expect(keys({ phoneNumber: '(212) 555-0101', emailAddress: 'a@b.c', referenceId: 'R' })).toEqual({
      phoneE164: '+12125550101',
      emailAddress: 'a@b.c',
      referenceId: 'R',
    })
    expect(keys({ emailAddress: 'a@b.c' })).toEqual({
      phoneE164: null,
      emailAddress: 'a@b.c',
      referenceId: null,
    })
  })
  it('nothing where there is none, or the number cannot be read', () => {
    expect(keys({ givenName: 'Ann' })).toBeNull()
    expect(keys({ phoneNumber: 'call the shop' })).toBeNull()
  })

  const wanted = new Map([
    ['p', keys({ phoneNumber: '212-555-0101' })!],
    ['e', keys({ emailAddress: 'Ann@Example.com' })!],
    ['r', keys({ referenceId: 'R-1', phoneNumber: '212-555-0101' })!],
  ])
  const like = sharedKeys(wanted, 'US')
  it.each([
    [{ phoneNumber: '+1 (212) 555-0101' }, ['p', 'r']],
    [{ phoneNumber: '+1 212 555 0101 ext. 5' }, ['p', 'r']],
    [{ phoneNumber: '２１２-555-0101' }, ['p', 'r']],
    [{ phoneNumber: '213-555-0101' }, []],
    [{ phoneNumber: '101' }, []],
    [{ emailAddress: 'ann@EXAMPLE.com ' }, ['e']],
    [{ referenceId: 'r-1' }, ['r']],
    [{ givenName: 'Ann' }, []],
  ])('%j is like %j', (over, expected) => {
    expect([...like(fields(over))]).toEqual(expected)
  })
})
