import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LogState } from '#shared/outbox/log-state.ts'
import {
  applyRecord,
  emptyLogState,
  foldLog,
  laneOf,
  openEntries,
  type Lane,
} from '#shared/outbox/fold-log.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { anyLog } from '../../support/arbitrary-log.ts'
import { ann, createOp, patch, queued, updateOp } from '../../support/builders.ts'

/** The lanes as they are by the rule, without any memory. */
function lanesByRule(state: LogState): Record<Lane, string[]> {
  const lanes: Record<Lane, string[]> = {}
  for (const { op } of state.entries.values()) (lanes[laneOf(state, op.localId)] ??= []).push(op.id)
  return lanes
}
function remembered(state: LogState): Record<Lane, string[]> {
  const lanes = Object.keys(lanesByRule(state)) as Lane[]
  return Object.fromEntries(lanes.map((lane) => [lane, openEntries(state, lane).map(({ op }) => op.id)]))
}

it('S5 after each record the open operations of each customer are those of the rule, in order', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const state = emptyLogState()
      const once = new Set<Lane>()
      for (const record of log) {
        applyRecord(state, record)
        expect(remembered(state)).toEqual(lanesByRule(state))
        for (const lane of Object.keys(lanesByRule(state)) as Lane[]) once.add(lane)
        const left = [...once].filter((lane) => !(lane in lanesByRule(state)))
        expect(left.flatMap((lane) => openEntries(state, lane))).toEqual([])
      }
    }),
    { numRuns: 300 },
  )
})

it('a snapshot, "Add again" and a state filled by hand are seen', () => {
  const state = foldLog([])
  expect(openEntries(state, 'square:SQ1')).toEqual([])
  const edit = updateOp('u', 'L1', patch({ note: [null, 'x'] }), ann())
  state.entries.set('u', foldLog([{ ...queued(edit), seq: 1 }]).entries.get('u')!)
  state.bindings.set('L1', 'SQ1')
  expect(openEntries(state, 'square:SQ1')).toHaveLength(1)
  applyRecord(state, queued({ ...createOp('again', 'L2'), recreates: 'SQ1' }))
  expect(remembered(state)).toEqual({ 'local:L2': ['u', 'again'] })
  applyRecord(state, { kind: 'snapshot', state: toSnapshot(foldLog([{ ...queued(edit), seq: 1 }])) })
  expect(remembered(state)).toEqual({ 'square:SQ1': ['u'] })
})

it('what is handed out is not changed by the next record', () => {
  const state = foldLog([{ ...queued(updateOp('a', 'L1', patch({ note: [null, 'x'] }), ann())), seq: 1 }])
  const before = openEntries(state, 'square:SQ1')
  applyRecord(state, queued(updateOp('b', 'L1', patch({ note: ['x', 'y'] }), ann())))
  expect(before).toHaveLength(1)
  expect(openEntries(state, 'square:SQ1')).toHaveLength(2)
})

it('records that change nothing change nothing here', () => {
  const edit = updateOp('u', 'L1', patch({ note: [null, 'x'] }), ann())
  const state = foldLog([{ ...queued(edit), seq: 1 }])
  expect(remembered(state)).toEqual({ 'square:SQ1': ['u'] })
  applyRecord(state, queued(edit))
  applyRecord(state, { kind: 'withdrawn', opIds: ['nobody'], why: 'undo' })
  expect(remembered(state)).toEqual({ 'square:SQ1': ['u'] })
  applyRecord(state, { kind: 'withdrawn', opIds: ['u'], why: 'undo' })
  applyRecord(state, queued(edit))
  expect(openEntries(state, 'square:SQ1')).toEqual([])
})

it('S10 operations of two customers that became one are in the order they were promised', () => {
  const edit = (id: string, n: number) =>
    queued(updateOp(id, `L${n}`, patch({ note: [null, 'x'] }), ann('1', {}, `SQ${n}`)))
  for (const [from, to] of [
    ['SQ1', 'SQ2'],
    ['SQ2', 'SQ1'],
  ] as const) {
    const state = foldLog(
      [edit('a', 1), edit('b', 2), edit('c', 1)].map((body, i) => ({ ...body, seq: i + 1 })),
    )
    expect(openEntries(state, 'square:SQ1')).toHaveLength(2)
    applyRecord(state, { kind: 'alias', fromSquareId: from, toSquareId: to, remote: ann('9', {}, to) })
    expect(openEntries(state, `square:${to}`).map(({ op }) => op.id)).toEqual(['a', 'b', 'c'])
  }
})
