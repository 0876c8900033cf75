import { expect, it } from 'vitest'
import { applyRecordToRows, applyRemoteToRows } from '#shared/directory/project-record.ts'
import { emptyLogState } from '#shared/outbox/fold-log.ts'
import { openEntriesOf } from '#renderer/db/log-mirror.ts'
import { MapRows } from '../../simulation/sim-mirror.ts'
import { patch, queued, remoteOf, updateOp } from '../../support/builders.ts'

it('shows the waiting work of a row that two rows became, whichever of them it was done on (S9, S10)', () => {
  let ids = 0
  const directory = { state: emptyLogState(), rows: new MapRows(), newId: () => `row${++ids}` }
  const [one, two, merged] = [remoteOf('SQ1', {}), remoteOf('SQ2', {}), remoteOf('SQ3', {})]
  for (const remote of [one, two]) applyRemoteToRows(directory, remote, 'listed')
  const second = directory.rows.bySquareId('SQ2')!.localId
  const edit = updateOp('op1', second, patch({ note: [null, 'x'] }), two)
  applyRecordToRows(directory, queued(edit))
  for (const fromSquareId of ['SQ2', 'SQ1']) {
    applyRecordToRows(directory, { kind: 'alias', fromSquareId, toSquareId: 'SQ3', remote: merged })
  }
  const left = directory.rows.bySquareId('SQ3')!
  expect(left.localId).not.toBe(second) // the other row was kept
  expect(openEntriesOf(directory, left).map(({ op }) => op.id)).toEqual(['op1'])
  expect(left.openOps).toBe(1)
})
