import { describe, expect, it } from 'vitest'
import type { CustomerFields } from '#shared/customer/customer.ts'
import { leftAsItWas } from '#shared/sync/left-as-it-was.ts'
import { fieldsOf } from '../../support/customers.ts'

const left = (
  sent: Partial<CustomerFields>,
  before: Partial<CustomerFields>,
  after: Partial<CustomerFields>,
) => leftAsItWas(sent, fieldsOf(before), fieldsOf(after), { country: 'US' })

describe('S13 fields that Square has not written', () => {
  it.each([
    ['what was cleared is still there', { note: null }, { note: 'x' }, { note: 'x' }, ['note']],
    ['nothing is there, as before', { euVat: 'IE1' }, {}, {}, ['euVat']],
    ['it is there', { note: 'y' }, { note: 'x' }, { note: 'y' }, []],
    [
      'Square spells it its own way',
      { phoneNumber: '(212) 555-0102' },
      {},
      { phoneNumber: '+12125550102' },
      [],
    ],
    [
      'only the spelling is new',
      { phoneNumber: '(212) 555-0102' },
      { phoneNumber: '+12125550102' },
      { phoneNumber: '+12125550102' },
      [],
    ],
    ['Square has written something else', { note: 'y' }, { note: 'x' }, { note: 'y, cut' }, []],
    ['one of two', { note: null, nickname: 'A' }, { note: 'x' }, { note: 'x', nickname: 'A' }, ['note']],
  ] as const)('%s', (_what, sent, before, after, fields) => {
    expect(left(sent, before, after)).toEqual(fields)
  })

  const OLD = { addressLine1: '1 Main', addressLine2: 'Flat 2', country: 'US' }
  it.each([
    [
      'an old part is there beside the new ones',
      { addressLine1: '9 Elm', country: 'US' },
      { ...OLD, addressLine1: '9 Elm' },
      ['address'],
    ],
    ['all of it is still there', null, OLD, ['address']],
    ['it is gone', null, null, []],
    [
      'it is the new one',
      { addressLine1: '9 Elm', country: 'us' },
      { addressLine1: '9 Elm', country: 'US' },
      [],
    ],
  ] as const)('of an address: %s', (_what, address, after, fields) => {
    expect(left({ address }, { address: OLD }, { address: after })).toEqual(fields)
  })
})
