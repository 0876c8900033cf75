import { describe, expect, it } from 'vitest'
import type { CustomerRow } from '#shared/directory/row.ts'
import { isDoubtful, isPastRecovery, isUnlisted, sweepDue } from '#shared/directory/sweep.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { remoteOf } from '../../support/customers.ts'

const at = (day: number, time = '12:00:00') => `2026-03-${String(day).padStart(2, '0')}T${time}.000Z`

describe('S23: when a sweep is due', () => {
  const swept = { sweptSince: at(2), doubtedAt: null }
  it.each([
    ['never swept', { sweptSince: null, doubtedAt: null }, at(2), 5, true],
    ['within the day', swept, at(3, '11:59:59'), 0, false],
    ['after a day', swept, at(3), 0, true],
    ['after a day, while something waits', swept, at(3), 1, false],
    ['almost two days, while something waits', swept, at(4, '11:59:59'), 1, false],
    ['two days, whatever waits', swept, at(4), 1, true],
    ['not believed, within the hour', { sweptSince: null, doubtedAt: at(2) }, at(2, '12:59:59'), 0, false],
    ['not believed, an hour later', { sweptSince: at(2), doubtedAt: at(2) }, at(2, '13:00:00'), 0, true],
  ])('%s', (_when, history, now, waiting, due) => {
    expect(sweepDue(history, now, waiting)).toBe(due)
  })
})

const row = (over: Partial<CustomerRow> = {}): CustomerRow => ({
  localId: 'L',
  squareId: 'S',
  remote: remoteOf('S', {}, { createdAt: at(1) }),
  local: EMPTY_FIELDS,
  openOps: 0,
  status: 'in-square',
  deleted: false,
  hidden: false,
  ...over,
})
const created = (createdAt: string) => ({ remote: remoteOf('S', {}, { createdAt }) })

describe('S23: who is missing from a sweep that began at noon', () => {
  it.each([
    ['not listed', row(), true],
    ['not listed, with open operations', row({ openOps: 1 }), true],
    ['created before a list may lag', row(created(at(2, '11:54:30'))), true],
    ['created later: the list may lag', row(created(at(2, '11:54:31'))), false],
    ['created since it began', row(created(at(2, '12:30:00'))), false],
    ['created nobody knows when', row(created('')), true],
    ['deleted already', row({ deleted: true }), false],
    ['still to be fetched', row({ remote: null }), false],
    ['not in Square yet', row({ squareId: null, remote: null }), false],
  ])('%s', (_who, who, missing) => {
    expect(isUnlisted(who, () => false, at(2))).toBe(missing)
    expect(isUnlisted(who, (id) => id === 'S', at(2))).toBe(false)
  })
})

it('S23: most customers gone at once is doubted, unless they were few', () => {
  expect([isDoubtful(10, 20), isDoubtful(11, 20), isDoubtful(19, 19), isDoubtful(0, 200)]).toEqual([
    false,
    true,
    false,
    false,
  ])
})

it('S23: thirty days after a deletion nobody brings it back', () => {
  const deleted = row({ deleted: true, hidden: true, deletedAt: at(1) })
  expect(isPastRecovery(deleted, at(31, '11:59:59'))).toBe(false)
  expect(isPastRecovery(deleted, at(31))).toBe(true)
  expect(isPastRecovery({ ...deleted, openOps: 1 }, at(31))).toBe(false)
  expect(isPastRecovery({ ...deleted, deleted: false }, at(31))).toBe(false)
  const { deletedAt: _, ...undated } = deleted
  expect(isPastRecovery(undated, at(31))).toBe(false)
})
