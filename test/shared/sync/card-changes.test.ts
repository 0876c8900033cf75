import { expect, it } from 'vitest'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import { cardChanges, isSameCard } from '#shared/sync/card-changes.ts'
import { remoteOf } from '../../support/customers.ts'

const card = remoteOf('SQ1', { givenName: 'Ann', phoneNumber: '212-555-0100', note: 'x' })
const { fields, groupIds, creationSource } = card
const seen = { fields, groupIds, creationSource }
const changes = (more: Partial<RemoteCustomer>, from: Parameters<typeof cardChanges>[0] = seen) =>
  cardChanges(from, { ...card, ...more }, { country: 'US' })
const NONE = { fields: [], groups: false, source: false }

it('names the fields that differ, not those that only are written in another way', () => {
  const now = { ...fields, note: null, familyName: 'Lee', phoneNumber: '+1 (212) 555-0100' }
  expect(changes({ fields: now })).toEqual({ ...NONE, fields: ['familyName', 'note'] })
})

it('names groups and source; where they were not known only one who was brought back is another', () => {
  expect(changes({ groupIds: ['G9'] })).toEqual({ ...NONE, groups: true })
  expect(changes({ creationSource: 'MERGE' })).toEqual({ ...NONE, source: true })
  expect(changes({ groupIds: ['G9'], creationSource: 'MERGE' }, { fields })).toEqual(NONE)
  expect(changes({ creationSource: 'DELETION_RECOVERY' }, { fields })).toEqual({ ...NONE, source: true })
})

it('is the same card only where nothing of it differs', () => {
  expect(isSameCard(changes({ version: '9' }))).toBe(true)
  for (const more of [
    { fields: { ...fields, note: 'y' } },
    { groupIds: ['G9'] },
    { creationSource: 'MERGE' },
  ])
    expect(isSameCard(changes(more))).toBe(false)
})
