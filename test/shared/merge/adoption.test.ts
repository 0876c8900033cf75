import { expect, it } from 'vitest'
import { adoptionPatch } from '#shared/merge/adoption.ts'
import { threeWayMerge } from '#shared/merge/three-way-merge.ts'
import { fieldsOf } from '../../support/customers.ts'

const merge = { country: 'US' }

it('promises on all that was typed and that Square does not have', () => {
  const typed = fieldsOf({
    givenName: 'Theodore',
    phoneNumber: '206 555 7001',
    note: 'nuts',
    companyName: 'Park Co',
  })
  const theo = fieldsOf({ givenName: 'Theo', familyName: 'Park', phoneNumber: '+12065557001', note: 'VIP' })
  const patch = adoptionPatch(typed, theo, merge)
  expect(patch).toEqual({
    givenName: { base: null, local: 'Theodore' },
    companyName: { base: null, local: 'Park Co' },
    note: { base: null, local: 'nuts' },
  })
  expect(threeWayMerge(patch, theo, merge).map(({ field, verdict }) => [field, verdict])).toEqual([
    ['givenName', 'ask'],
    ['companyName', 'ours'],
    ['note', 'combined'],
  ])
})

it('keeps an address that holds more, and asks about another one', () => {
  const full = { addressLine1: '1 Elm St', locality: 'Tacoma', country: 'US' }
  const typed = fieldsOf({ address: { addressLine1: '1 Elm St' } })
  expect(adoptionPatch(typed, fieldsOf({ address: full }), merge)).toEqual({})
  const other = fieldsOf({ address: { addressLine1: '9 Oak St' } })
  expect(adoptionPatch(typed, other, merge)).toEqual({
    address: { base: null, local: { addressLine1: '1 Elm St' } },
  })
})

it('is empty where Square has all of it, in whatever spelling', () => {
  const typed = fieldsOf({ emailAddress: 'Theo@Example.com', phoneNumber: '(206) 555-7001' })
  const theo = fieldsOf({ givenName: 'Theo', emailAddress: 'theo@example.com', phoneNumber: '+12065557001' })
  expect(adoptionPatch(typed, theo, merge)).toEqual({})
})
