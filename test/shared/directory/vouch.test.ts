import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields } from '#shared/customer/customer.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import { likeNobody, newCustomers } from '#shared/directory/vouch.ts'
import { createOp, queued, remoteOf, sent, stateOf } from '../../support/builders.ts'

const add = (n: number, fields: Partial<CustomerFields> = { emailAddress: `${n}@example.com` }) =>
  queued(createOp(`c${n}`, `L${n}`, fields))
const row = (
  localId: string,
  local: Partial<CustomerFields>,
  over: Partial<CustomerRow> = {},
): CustomerRow => ({
  localId,
  squareId: null,
  remote: null,
  local: { ...EMPTY_FIELDS, ...local },
  openOps: 0,
  status: 'in-square',
  deleted: false,
  hidden: false,
  ...over,
})
const three = newCustomers(stateOf(add(1), add(2), add(3)), 'US', 3)!

describe('S9 a directory that vouches for new customers', () => {
  it('only where many wait: untried, unasked, with something to look for by', () => {
    expect([...three.keys.keys()]).toEqual(['c1', 'c2', 'c3'])
    const tried = sent('c3', 1, { squareId: null, version: null })
    const separately = { kind: 'not-a-duplicate', opId: 'c3' } as const
    for (const other of [
      [add(3, { givenName: 'C' })],
      [add(3), tried],
      [add(3), { kind: 'fact', id: 'f', localId: 'L3', fact: separately } as const],
      [],
    ]) {
      expect(newCustomers(stateOf(add(1), add(2), ...other), 'US', 3)).toBeNull()
    }
    expect(newCustomers(stateOf(add(1)), 'US')).toBeNull()
  })
  it('not for whom somebody is like, in Square or as staff see them, deleted or not', async () => {
    const remote = remoteOf('SQ', { emailAddress: '1@example.com' })
    const rows = [
      row('A', { emailAddress: 'new@example.com' }, { remote, deleted: true }),
      row('B', { emailAddress: '2@example.com' }),
      row('L3', { emailAddress: '3@example.com' }),
    ]
    expect(await likeNobody(three, [rows], 'US')).toEqual(['c3'])
  })
  it('for nobody while the content of a customer is still to be fetched', async () => {
    expect(await likeNobody(three, [[row('A', {}, { status: 'loading' })]], 'US')).toEqual([])
    const gone = row('A', {}, { status: 'loading', deleted: true })
    expect(await likeNobody(three, [[gone]], 'US')).toHaveLength(3)
  })
})
