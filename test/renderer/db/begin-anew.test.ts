import { expect, it } from 'vitest'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import { openEntriesOf } from '#renderer/db/log-mirror.ts'
import { asks, patch, queued, remoteOf, updateOp } from '../../support/builders.ts'
import { handFedMirror } from './hand-fed-mirror.ts'

function logOf(...bodies: readonly RecordBody[]): LogRecord[] {
  return bodies.map((body, i) => ({ ...body, seq: i + 1 }))
}

it('S2, S20: what is asked while the log is read again shows on its row, also in a window that was open', async () => {
  const ann = remoteOf('SQ1', { givenName: 'Ann' })
  const edit = queued(updateOp('op1', 'c1', patch({ note: [null, 'x'] }), ann))
  const open = await handFedMirror()
  await open.apply(logOf(edit))
  await open.apply(logOf(edit, asks('op1', { kind: 'gone' })), { reset: true, generation: 2 })
  const row = await open.db.customers.get('c1')
  expect(row).toMatchObject({ squareId: 'SQ1', openOps: 1, status: 'needs-you' })
  const shown = await open.read((mirror) => Promise.resolve(openEntriesOf(mirror, row!)))
  expect(shown.map(({ op, question }) => [op.id, question?.kind])).toEqual([['op1', 'gone']])
})
