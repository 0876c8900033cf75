import { expect, it } from 'vitest'
import { applyPage } from '#shared/directory/apply-page.ts'
import { applyRecordToRows } from '#shared/directory/project-record.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { emptyLogState } from '#shared/outbox/fold-log.ts'
import { remoteOf } from '../../support/customers.ts'
import { MapRows } from '../../simulation/sim-mirror.ts'

const FIRST = '2026-03-01T00:00:00.000Z'
const LATER = '2026-03-02T00:00:00.000Z'

function directory() {
  let made = 0
  return { state: emptyLogState(), rows: new MapRows(), newId: () => `row${++made}` }
}

it('S23: found missing again, or retired again, a row keeps the time since when it is known to be deleted', () => {
  const book = directory()
  applyPage(book, { remotes: [remoteOf('SQ1', {})], how: 'listed' })
  applyPage(book, { remotes: [], how: 'asked-for', missing: ['SQ1', 'SQ-unknown'], squareTime: FIRST })
  expect(book.rows.get('row1')).toMatchObject({ deleted: true, hidden: true, deletedAt: FIRST })
  const missing = ['SQ1']
  applyPage(book, { remotes: [], how: 'asked-for', missing, squareTime: LATER })
  const retire = { localIds: ['row1', 'row9'], now: { atLeast: LATER, atMost: LATER } }
  expect(applyPage(book, { remotes: [], how: 'asked-for', retire })).toMatchObject({ purged: [] })
  expect(book.rows.get('row1')).toMatchObject({ deletedAt: FIRST })
})

it('S23: says who reappeared in a list, and nobody who was asked for', () => {
  const book = directory()
  const remotes = [remoteOf('SQ1', {}), remoteOf('SQ2', {})]
  applyPage(book, { remotes, how: 'listed' })
  applyPage(book, { remotes: [], how: 'asked-for', missing: ['SQ1'] })
  expect(applyPage(book, { remotes, how: 'listed' }).reappeared).toEqual(['SQ1'])
  expect(applyPage(book, { remotes, how: 'asked-for' }).reappeared).toEqual([])
  expect(book.rows.get('row1')).toMatchObject({ deleted: true })
  applyPage(book, { remotes, how: 'recovered' })
  expect(book.rows.get('row1')).toMatchObject({ deleted: false })
})

it('S23: says who is listed although merged away; only a log that knows them as a customer again gives them a row', () => {
  const book = directory()
  const alias = (to: string, remote = remoteOf(to, {})): RecordBody => ({
    kind: 'alias',
    fromSquareId: 'SQ1',
    toSquareId: to,
    remote,
  })
  const listed = { remotes: [remoteOf('SQ1', { note: 'listed' })], how: 'listed' } as const
  applyPage(book, { remotes: [remoteOf('SQ1', {})], how: 'listed' })
  applyRecordToRows(book, alias('SQ3'))
  expect(applyPage(book, listed)).toMatchObject({ reappeared: ['SQ1'], heldBack: [] })
  expect(applyPage(book, { ...listed, how: 'recovered' }).reappeared).toEqual([])
  expect([...book.rows.rows.values()].map(({ squareId }) => squareId)).toEqual(['SQ3'])
  applyRecordToRows(book, alias('SQ1', remoteOf('SQ1', { note: 'apart' })))
  const rows = [...book.rows.rows.values()].map(({ squareId, local }) => [squareId, local.note])
  expect(rows).toEqual([
    ['SQ3', null],
    ['SQ1', 'apart'],
  ])
  expect(applyPage(book, listed).reappeared).toEqual([])
})

it('S23: a row that is back, or has been given to another customer, is not purged', () => {
  const book = directory()
  applyPage(book, { remotes: [remoteOf('SQ1', {}), remoteOf('SQ2', {})], how: 'listed' })
  applyPage(book, { remotes: [], how: 'asked-for', missing: ['SQ1', 'SQ2'], squareTime: FIRST })
  applyPage(book, { remotes: [remoteOf('SQ2', {})], how: 'recovered' })
  const now = { atLeast: '2026-03-31T00:00:00.000Z', atMost: '2026-03-31T00:00:00.000Z' }
  const retire = { localIds: ['row1', 'row2'], now }
  expect(applyPage(book, { remotes: [], how: 'asked-for', retire }).purged).toEqual(['row1'])
  expect([...book.rows.rows.keys()]).toEqual(['row2'])
})

it('S23: of two times that differ, none purges before both say so, and a deletion in the time to come is dated anew', () => {
  const retired = (deletedAt: string | null, atLeast: string, atMost: string) => {
    const book = directory()
    applyPage(book, { remotes: [remoteOf('SQ1', {})], how: 'listed' })
    applyPage(book, { remotes: [], how: 'asked-for', missing: ['SQ1'], squareTime: deletedAt })
    const retire = { localIds: ['row1'], now: { atLeast, atMost } }
    applyPage(book, { remotes: [], how: 'asked-for', retire })
    return book.rows.get('row1')?.deletedAt ?? null
  }
  const [month, years] = ['2026-03-31T00:00:00.000Z', '2031-01-01T00:00:00.000Z']
  expect(retired(FIRST, FIRST, years)).toBe(FIRST)
  expect(retired(FIRST, month, years)).toBeNull()
  expect(retired(null, FIRST, LATER)).toBe(LATER)
  // By a day and more; what was found while a sweep was under way is later than its beginning.
  expect(retired(LATER, FIRST, FIRST)).toBe(LATER)
  expect(retired(years, FIRST, LATER)).toBe(LATER)
})
