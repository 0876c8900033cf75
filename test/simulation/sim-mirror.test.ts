import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { LogRecord, RecordBody } from '#shared/outbox/record.ts'
import { handFedMirror } from '../renderer/db/hand-fed-mirror.ts'
import { anyLog, anyRemotes } from '../support/arbitrary-log.ts'
import { applied, asks, createOp, patch, queued, remoteOf, sent, updateOp } from '../support/builders.ts'
import { SimMirror } from './sim-mirror.ts'

function simMirror(): SimMirror {
  let ids = 0
  return new SimMirror(() => `row-${++ids}`)
}
function batchOf(records: readonly LogRecord[], over: { reset: boolean; generation: number }) {
  return { records, through: records.at(-1)?.seq ?? 0, lostTail: false, ...over }
}
/** Rows as staff see them, whatever ids this PC gave to those it knows from Square alone. */
function shapeOf(rows: Iterable<CustomerRow>) {
  return [...rows]
    .map(({ localId, squareId, remote, openOps, status, deleted, hidden }) => ({
      localId: localId.startsWith('row-') ? 'row' : localId,
      squareId,
      version: remote?.version ?? null,
      openOps,
      status,
      deleted,
      hidden,
    }))
    .map((row) => JSON.stringify(row))
    .sort()
}

it('S20: rows that a merge collapsed are apart again where their log is read from its beginning', () => {
  const [one, two, merged] = ['SQ1', 'SQ2', 'SQ3'].map((id) => remoteOf(id, {}, { version: '0' }))
  const bodies: RecordBody[] = [
    queued(createOp('make1', 'c1')),
    sent('make1', 1, { squareId: null }),
    applied('make1', one!),
    queued(createOp('make2', 'c2')),
    sent('make2', 1, { squareId: null }),
    applied('make2', two!),
    queued(updateOp('edit', 'c1', patch({ note: [null, 'x'] }), one!)),
    asks('edit', { kind: 'conflict', remote: one!, why: 'overlap' }),
    // Replayed over the row that both had become, the edit of c1 is lost from view with c2's next record.
    queued(updateOp('other', 'c2', patch({ note: [null, 'y'] }), two!)),
    sent('other', 1, { squareId: 'SQ2' }),
    { kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ3', remote: merged! },
    applied('other', remoteOf('SQ3', {}, { version: '1' })),
    { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ3', remote: merged! },
  ]
  const log = bodies.map((body, i): LogRecord => ({ ...body, seq: i + 1 }))
  const mirror = simMirror()
  for (let times = 0; times < 2; times++) {
    mirror.apply(batchOf(log, { reset: true, generation: 1 }))
    expect(mirror.rows.bySquareId('SQ3')).toMatchObject({ openOps: 1, status: 'needs-you' })
  }
})

it('S20: a simulated mirror that begins anew shows what the renderer’s directory shows', async () => {
  await fc.assert(
    fc.asyncProperty(anyLog, anyRemotes, fc.nat(60), async (log, remotes, cut) => {
      const simulated = simMirror()
      const real = await handFedMirror()
      const before = log.slice(0, cut % (log.length + 1))
      simulated.apply(batchOf(before, { reset: false, generation: 1 }))
      simulated.applyPulled({ remotes, how: 'listed' })
      simulated.apply(batchOf(log, { reset: true, generation: 2 }))
      await real.apply(before)
      await real.pull(remotes)
      await real.apply(log, { reset: true, generation: 2 })
      expect(shapeOf(simulated.rows.rows.values())).toEqual(shapeOf(await real.db.customers.toArray()))
      real.db.close()
    }),
    { numRuns: 200 },
  )
}, 60_000)
