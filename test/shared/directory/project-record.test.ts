import { beforeEach, describe, expect, it } from 'vitest'
import type { LogState } from '#shared/outbox/log-state.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import {
  applyRecordToRows,
  applyRemoteToRows,
  dropUnaccountedRows,
  rowOf,
} from '#shared/directory/project-record.ts'
import { emptyLogState, foldLog } from '#shared/outbox/fold-log.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { MapRows } from '../../simulation/sim-mirror.ts'
import {
  ann,
  applied,
  answered,
  asks,
  createOp,
  deleteOp,
  fieldsOf,
  patch,
  queued,
  remoteOf,
  sent,
  stateOf,
  updateOp,
} from '../../support/builders.ts'

const NOTE = patch({ note: [null, 'x'] })
const NICK = patch({ nickname: [null, 'Annie'] })
let state: LogState
let rows: MapRows
let ids: number
const directory = () => ({ state, rows, newId: () => `row${++ids}` })

beforeEach(() => {
  state = emptyLogState()
  rows = new MapRows()
  ids = 0
})
function log(...records: RecordBody[]): void {
  for (const record of records) applyRecordToRows(directory(), record)
}
function pulled(remote: ReturnType<typeof ann>, how: 'listed' | 'asked-for' = 'listed'): void {
  applyRemoteToRows(directory(), remote, how)
}
const row = (localId: string) => rowOf(directory(), localId)
const all = () => [...rows.rows.values()]

describe('S2 staff read their own writes at once', () => {
  it('a new customer, its edit, and what Square made of both', () => {
    log(queued(createOp('c', 'L1')), queued(updateOp('u', 'L1', NOTE, null)))
    expect(row('L1')).toMatchObject({
      squareId: null,
      status: 'saved-here',
      openOps: 2,
      local: { givenName: 'Ann', note: 'x' },
    })
    log(sent('c'), applied('c', ann('0')))
    expect(row('L1')).toMatchObject({ squareId: 'SQ1', openOps: 1, local: { note: 'x' } })
    log(applied('u', ann('1', { note: 'x' })))
    expect(row('L1')).toMatchObject({
      openOps: 0,
      status: 'in-square',
      local: ann('1', { note: 'x' }).fields,
    })
  })

  it('an edit of a row whose content is not known is shown as loading, as the form knew it', () => {
    log(queued(updateOp('u', 'L1', NOTE, ann('5'))))
    expect(row('L1')).toMatchObject({
      status: 'loading',
      remote: null,
      local: { givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' },
    })
    // Also an older version than the form's: what a form knew is nothing that Square said to this row.
    pulled(ann('4', { givenName: 'Anna' }))
    expect(row('L1')).toMatchObject({ status: 'saved-here', local: { givenName: 'Anna', note: 'x' } })
  })

  it('of several forms it shows what the newest knew, of a new customer what was typed alone', () => {
    log(queued(updateOp('u', 'L1', NOTE, ann('1'))))
    log(queued(updateOp('u2', 'L1', NICK, ann('2', { companyName: 'Co' }))))
    expect(row('L1')?.local).toMatchObject({ companyName: 'Co', note: 'x', nickname: 'Annie' })
    // A form that knew nothing of Square's takes nothing away.
    log(queued(updateOp('u3', 'L1', patch({ note: ['x', 'y'] }), null)))
    expect(row('L1')?.local).toMatchObject({ givenName: 'Ann', companyName: 'Co', note: 'y' })
    // Added again by another window; this one still knew the one that is gone.
    log(queued(createOp('c', 'L2', { givenName: 'Zoe' })), queued(updateOp('u4', 'L2', NOTE, ann('2'))))
    expect(row('L2')?.local).toEqual(fieldsOf({ givenName: 'Zoe', note: 'x' }))
  })

  it('a deletion that asks shows the card that was confirmed where Square’s is not known', () => {
    log(queued({ ...deleteOp('d', 'L1', ann()), basis: null }), asks('d', { kind: 'copied' }))
    expect(row('L1')).toMatchObject({ remote: null, hidden: false, local: { givenName: 'Ann' } })
  })

  it('a question shows on its row, with the remote it was asked about', () => {
    pulled(ann('1'))
    log(queued(updateOp('u', 'row1', NOTE, ann('1'))))
    log(asks('u', { kind: 'conflict', remote: ann('2', { note: 'y' }), why: 'overlap' }))
    expect(row('row1')).toMatchObject({ status: 'needs-you', remote: { version: '2' }, local: { note: 'x' } })
    log({ kind: 'lifted', opId: 'u', questionId: 'question-of-u' })
    expect(row('row1')).toMatchObject({
      status: 'saved-here',
      remote: { version: '2' },
      local: { note: 'x' },
    })
  })

  it('a squash leaves one operation on the row', () => {
    log(queued(createOp('c', 'L1')), queued(createOp('c2', 'L1', { givenName: 'Anna' }), ['c']))
    expect(row('L1')).toMatchObject({ openOps: 1, local: { givenName: 'Anna' } })
  })
})

describe('deletions', () => {
  it('a waiting one hides its row; while a person is asked it is back; done: deleted', () => {
    pulled(ann())
    log(queued(deleteOp('d', 'row1', ann())))
    expect(row('row1')).toMatchObject({ hidden: true, deleted: false })
    log(asks('d', { kind: 'delete-changed', remote: ann('2'), why: 'changed' }))
    expect(row('row1')).toMatchObject({ hidden: false, status: 'needs-you' })
    log({ kind: 'withdrawn', opIds: ['d'], why: 'keep-square' })
    expect(row('row1')).toMatchObject({ hidden: false, deleted: false, status: 'in-square' })
    log(queued(deleteOp('d2', 'row1', ann('2'))), sent('d2'), applied('d2', null))
    expect(row('row1')).toMatchObject({ hidden: true, deleted: true })
  })

  it('a customer that is gone in Square: accepted, or found gone', () => {
    pulled(ann())
    log(queued(updateOp('u', 'row1', NOTE, ann())), asks('u', { kind: 'gone' }))
    log({ kind: 'withdrawn', opIds: ['u'], why: 'accept-deletion' })
    expect(row('row1')?.deleted).toBe(true)
    pulled(remoteOf('SQ2', {}))
    log(queued(deleteOp('d', 'row2', remoteOf('SQ2', {}))), answered('d', 0, { kind: 'gone' }))
    expect(row('row2')?.deleted).toBe(true)
  })

  it('a create that is withdrawn never was', () => {
    log(queued(createOp('c', 'L1')), { kind: 'withdrawn', opIds: ['c'], why: 'never-sent' })
    expect(row('L1')).toMatchObject({ deleted: true, hidden: true, openOps: 0 })
  })

  it('S2 nor was one whose last operation is withdrawn while Square has none, whatever it was', () => {
    const withdrawn = (...opIds: string[]): RecordBody => ({ kind: 'withdrawn', opIds, why: 'copied' })
    const orphans = [updateOp('u', 'L1', NOTE, null), { ...deleteOp('d', 'L1', ann()), squareId: null }]
    log(...orphans.flatMap((op) => [queued(op), asks(op.id, { kind: 'copied' })]))
    log(withdrawn('d'))
    expect(row('L1')).toMatchObject({ deleted: false, hidden: false, openOps: 1, status: 'needs-you' })
    log(withdrawn('u'))
    expect(row('L1')).toMatchObject({ deleted: true, hidden: true, openOps: 0 })
  })

  it('a record applied again does not bring a deleted customer back', () => {
    const life = [
      queued(createOp('c', 'L1')),
      applied('c', ann('0')),
      queued(deleteOp('d', 'L1', ann('0'))),
      applied('d', null),
    ]
    log(...life)
    expect(row('L1')?.deleted).toBe(true)
    log(...life)
    expect(row('L1')?.deleted).toBe(true)
  })
})

describe('S11 what a pull may do', () => {
  it('makes a row, takes newer content, ignores older, beyond 2^53', () => {
    pulled(ann('9007199254740992'))
    pulled(ann('9007199254740993', { note: 'new' }))
    pulled(ann('9007199254740992', { note: 'old' }))
    expect(all()).toHaveLength(1)
    expect(row('row1')?.local.note).toBe('new')
  })
  it('S23: brings a customer back that is known to be deleted only when asked whether', () => {
    pulled(ann('1'))
    log(queued(deleteOp('d', 'row1', ann('1'))), applied('d', null))
    for (const how of ['listed', 'asked-for'] as const) {
      applyRemoteToRows(directory(), ann('2'), how)
      expect(row('row1')).toMatchObject({ deleted: true, remote: { version: '1' } })
    }
    applyRemoteToRows(directory(), ann('0', { note: 'back' }), 'recovered')
    expect(row('row1')).toMatchObject({ deleted: false, hidden: false, local: { note: 'back' } })
    applyRemoteToRows(directory(), ann('0'), 'recovered')
    expect(row('row1')).toMatchObject({ local: { note: 'back' } })
  })
  it('ignores the source of a merge', () => {
    pulled(ann('7'))
    log({ kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: ann('0', { note: 'm' }, 'SQ2') })
    pulled(ann('8', { note: 'stale' }))
    expect(all()).toHaveLength(1)
    expect(row('row1')).toMatchObject({ squareId: 'SQ2', local: { note: 'm' }, remote: { version: '0' } })
  })
})

describe('S9 one customer, one row', () => {
  const at = (iso: string, source = 'THIRD_PARTY') =>
    remoteOf('SQ1', { givenName: 'Ann' }, { createdAt: iso, creationSource: source })
  const squareTime = Date.parse('2026-03-01T09:00:00Z')

  it('while a create is in doubt, an unknown id of that age is held back', () => {
    log(queued(createOp('c', 'L1')), sent('c', 1, { squareTime }))
    pulled(at('2026-03-01T08:59:00.000Z'))
    for (const source of ['MERGE', 'DELETION_RECOVERY', 'UNMERGE_RECOVERY'])
      pulled(at('2026-03-01T09:05:00.000Z', source))
    expect(all()).toHaveLength(1)
  })
  it('older ones, ones a person made, and ones asked for are shown', () => {
    log(queued(createOp('c', 'L1')), sent('c', 1, { squareTime }))
    pulled(at('2026-03-01T08:58:59.999Z'))
    expect(all()).toHaveLength(2)
    pulled({ ...at('2026-03-01T09:05:00Z', 'DIRECTORY'), id: 'SQ2' })
    pulled({ ...at('2026-03-01T09:05:00Z'), id: 'SQ3' }, 'asked-for')
    expect(all()).toHaveLength(4)
  })
  it('not while it asks, nor once it is answered, nor when it was never sent', () => {
    log(queued(createOp('c', 'L1')))
    pulled(at('2026-03-01T09:05:00Z'))
    log(sent('c', 1, { squareTime }), asks('c', { kind: 'create-unknown', candidates: [] }))
    pulled({ ...at('2026-03-01T09:05:00Z'), id: 'SQ2' })
    expect(all()).toHaveLength(3)
  })
  it('two rows of one Square id become one, whatever order they came in', () => {
    log(queued(createOp('c', 'L1')))
    pulled(ann('3', { note: 'listed' }))
    expect(all()).toHaveLength(2)
    log(applied('c', ann('0')))
    expect(all()).toHaveLength(1)
    expect(row('L1')).toMatchObject({ squareId: 'SQ1', remote: { version: '3' } })
    expect(row('row1')).toEqual(row('L1'))
  })
  it('a row that became another one, deleted and added again since, is not taken by an edit of the one that is gone', () => {
    const BOB = remoteOf('SQ2', { givenName: 'Bob' })
    const again = queued({ ...createOp('c', 'row1'), recreates: 'SQ1' }, ['a'])
    const late = queued(updateOp('late', 'row2', NOTE, BOB))
    const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ1', remote: ann('5') }
    pulled(ann())
    pulled(BOB)
    log(queued(updateOp('a', 'row1', NOTE, ann())), merged, again)
    expect(all()).toHaveLength(1)
    log(late)
    expect(row('row1')).toMatchObject({ squareId: null, openOps: 1 })
    log(applied('c', ann('0', {}, 'SQ3')))
    expect(all()).toHaveLength(2)
    expect(row('row1')).toMatchObject({ squareId: 'SQ3', openOps: 0 })
    expect(row('row2')).toMatchObject({ squareId: 'SQ1', openOps: 1 })
  })
  it('rows of two customers that Square merged become one, with the operations of both', () => {
    pulled(ann())
    pulled(remoteOf('SQ2', { givenName: 'Bob' }))
    log(queued(updateOp('a', 'row1', NOTE, ann())), queued(updateOp('b', 'row2', NOTE, remoteOf('SQ2', {}))))
    log({ kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: ann('5', {}, 'SQ2') })
    expect(all()).toHaveLength(1)
    expect(row('row2')).toMatchObject({ squareId: 'SQ2', openOps: 2 })
    expect(row('row1')).toEqual(row('row2'))
  })
  it('one that was merged before is merged on by its first id: the row and all that waits for it go along', () => {
    pulled(ann())
    pulled(remoteOf('SQ2', { givenName: 'Bob' }))
    log(queued(updateOp('a', 'row1', NOTE, ann())), queued(updateOp('b', 'row2', NOTE, remoteOf('SQ2', {}))))
    for (const id of ['SQ2', 'SQ3'])
      log({ kind: 'alias', fromSquareId: 'SQ1', toSquareId: id, remote: ann('5', {}, id) })
    expect(all()).toHaveLength(1)
    expect(row('row1')).toMatchObject({ squareId: 'SQ3', openOps: 2 })
    expect(row('row2')).toEqual(row('row1'))
  })
  it('an update that was answered under the id of another row: one row, in Square, with what that one holds', () => {
    const merged = ann('1', { note: 'x' }, 'SQ2')
    pulled(ann())
    pulled(remoteOf('SQ2', { givenName: 'Bob' }))
    log(queued(updateOp('a', 'row1', NOTE, ann())), sent('a'))
    log({ kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: merged }, applied('a', merged))
    expect(all()).toHaveLength(1)
    expect(row('row1')).toMatchObject({
      squareId: 'SQ2',
      status: 'in-square',
      openOps: 0,
      local: merged.fields,
    })
    expect(row('row2')).toEqual(row('row1'))
  })
})

describe('row 14 "Add again"', () => {
  const again = (localId: string) => createOp('again', localId, { givenName: 'Ann' }, { recreates: 'SQ1' })
  it('the row of the customer that is gone becomes the row of the new one', () => {
    pulled(ann())
    log(queued(updateOp('u', 'row1', NOTE, ann())), asks('u', { kind: 'gone' }), queued(again('L9'), ['u']))
    expect(all()).toHaveLength(1)
    expect(row('row1')).toMatchObject({
      localId: 'L9',
      squareId: null,
      openOps: 1,
      local: { givenName: 'Ann' },
    })
    log(applied('again', ann('0', {}, 'SQ7')))
    expect(row('row1')).toMatchObject({ squareId: 'SQ7', openOps: 0 })
  })
  it('also when asked under a local id whose row had been collapsed into another one', () => {
    pulled(remoteOf('SQ2', {}))
    log(queued(updateOp('u', 'L1', NOTE, ann())))
    log({ kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ1', remote: ann('3') })
    expect(all().map(({ localId }) => localId)).toEqual(['row1'])
    log(queued(again('L1'), ['u']))
    expect(all()).toHaveLength(1)
    expect(row('row1')).toMatchObject({ openOps: 1, status: 'saved-here', local: { givenName: 'Ann' } })
    expect(row('L1')).toEqual(row('row1'))
  })
})

describe('S21 a snapshot and a reset', () => {
  it('replaces what the mirror believes open, and keeps what Square said', () => {
    pulled(ann('4'))
    log(queued(updateOp('old', 'row1', NOTE, ann('4'))))
    const truth = stateOf(queued(updateOp('new', 'L2', NOTE, ann('4'))))
    log({ kind: 'snapshot', state: toSnapshot(truth) })
    expect(all()).toHaveLength(1)
    expect(row('L2')).toMatchObject({ openOps: 1, remote: { version: '4' } })
    expect([...state.entries.keys()]).toEqual(['new'])
  })
  it('rows follow merges and "Add again" that the snapshot knows of', () => {
    pulled(ann())
    pulled(remoteOf('SQ5', { givenName: 'Eve' }))
    const truth = foldLog([
      { ...queued(updateOp('u', 'row2', NOTE, remoteOf('SQ5', {}))), seq: 1 },
      { ...queued(createOp('again', 'L9', { givenName: 'Eve' }, { recreates: 'SQ5' }), ['u']), seq: 2 },
      { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ3', remote: ann('0', {}, 'SQ3'), seq: 3 },
    ])
    log({ kind: 'snapshot', state: toSnapshot(truth) })
    expect(row('row1')?.squareId).toBe('SQ3')
    expect(row('row2')).toMatchObject({ localId: 'L9', openOps: 1 })
  })
  it('"Add again" that was answered: the row is that of the new customer, not of the one that was gone', () => {
    pulled(remoteOf('SQ5', { givenName: 'Eve' }))
    const again = createOp('again', 'L9', { givenName: 'Eve' }, { recreates: 'SQ5' })
    const truth = stateOf(
      queued(updateOp('new', 'L9', NOTE, remoteOf('SQ4', {}))),
      queued(updateOp('old', 'row1', NOTE, remoteOf('SQ5', {}))),
      queued(again, ['new', 'old']),
      sent('again'),
      applied('again', remoteOf('SQ7', { givenName: 'Eve' })),
    )
    expect([...truth.bindings]).toEqual([
      ['L9', 'SQ7'],
      ['row1', 'SQ5'],
    ])
    log({ kind: 'snapshot', state: toSnapshot(truth) })
    expect(row('L9')).toMatchObject({ squareId: 'SQ7' })
  })
  it('after a reset rows go that neither Square nor the log knows', () => {
    log(queued(createOp('c', 'L1')), queued(createOp('d', 'L2')))
    pulled(ann())
    state = stateOf(queued(createOp('d', 'L2')))
    dropUnaccountedRows(directory())
    expect(
      all()
        .map(({ localId }) => localId)
        .sort(),
    ).toEqual(['L2', 'row1'])
  })
})
