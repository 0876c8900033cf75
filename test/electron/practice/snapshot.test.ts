import { expect, test } from 'vitest'
import { snapshotOf } from '#practice/snapshot.ts'
import { at, must, practice } from './practice-fixture.ts'

/** As the store wrote it when it knew one merchant and nothing but customers. */
const OLD = {
  format: 1,
  customers: [
    {
      id: 'C1',
      created_at: '2026-03-04T09:00:00.250Z',
      updated_at: '2026-03-04T09:00:00Z',
      given_name: 'Ann',
      preferences: { email_unsubscribed: false },
      creation_source: 'THIRD_PARTY',
      version: 4,
    },
  ],
  index: [],
  pending: [{ number: 1, due: Date.parse('2026-03-04T09:01:00Z'), id: 'C1', customer: null }],
  indexed: [['C1', 0]],
  merged: [['C0', 'C1']],
  keys: [],
  previous: [['C1', { given_name: 'Anne' }]],
  changes: 1,
}

test('a stored practice of the first format is read: its one merchant, with everything it remembers', () => {
  const { model } = practice()
  const snapshot = snapshotOf(JSON.parse(JSON.stringify(OLD)), model.merchant.id)
  expect(snapshot?.format).toBe(2)
  model.restore(snapshot!)
  expect(must(model.retrieve('C0'))).toMatchObject({ id: 'C1', version: 4 })
  expect(must(model.colleague.revert('C1', at(90))).given_name).toBe('Anne')
  expect(model.snapshot().sellers).toHaveLength(1)
})

test.each([
  null,
  [],
  {},
  { format: 3, sellers: [] },
  { format: 1 },
  { format: 2 },
  { format: 2, sellers: [{}] },
])('%j is no snapshot', (value) => {
  expect(snapshotOf(value, 'M')).toBeNull()
})
