import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogState } from '#shared/outbox/log-state.ts'
import { applyRecord, emptyLogState, foldLog } from '#shared/outbox/fold-log.ts'
import { nextOfEachLane } from '#shared/outbox/queue.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import { anyLog } from '../../support/arbitrary-log.ts'
import { answered, applied, asks, sent } from '../../support/builders.ts'

const seen = (state: LogState) => toSnapshot(state)

describe('the fold of a log', () => {
  it('replaying any prefix changes nothing', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(60), (log, cut) => {
        const prefix = log.slice(0, cut)
        expect(seen(foldLog([...prefix, ...prefix]))).toEqual(seen(foldLog(prefix)))
      }),
    )
  })

  it('S21 a snapshot in the middle changes nothing, through JSON and with `copied` behind it', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(60), fc.boolean(), (log, cut, copied) => {
        const state = foldLog(log.slice(0, cut))
        if (copied) applyRecord(state, { kind: 'copied' })
        const restored = fromSnapshot(JSON.parse(JSON.stringify(toSnapshot(state))))
        expect(restored).toEqual(state)
        const replaced = emptyLogState()
        applyRecord(replaced, { kind: 'snapshot', state: toSnapshot(state) })
        for (const record of log.slice(cut)) {
          applyRecord(state, record)
          applyRecord(restored, record)
          applyRecord(replaced, record)
        }
        expect(restored).toEqual(state)
        expect(replaced).toEqual(state)
      }),
    )
  })

  it('a snapshot shares nothing with the state it was taken of', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const state = foldLog(log)
        const snapshot = toSnapshot(state)
        const before = JSON.stringify(snapshot)
        for (const { op } of [...state.entries.values()]) {
          applyRecord(state, sent(op.id, 99))
          applyRecord(state, answered(op.id, 99, { kind: 'not-sent' }))
        }
        expect(JSON.stringify(snapshot)).toBe(before)
      }),
    )
  })

  it('records about operations nobody knows change nothing', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const state = foldLog(log)
        const before = seen(state)
        applyRecord(state, sent('nobody'))
        applyRecord(state, answered('nobody', 1, { kind: 'conflict' }))
        applyRecord(state, applied('nobody', null))
        applyRecord(state, asks('nobody', { kind: 'gone' }))
        applyRecord(state, { kind: 'withdrawn', opIds: ['nobody'], why: 'undo' })
        const fact = { kind: 'not-a-duplicate', opId: 'nobody' } as const
        applyRecord(state, { kind: 'fact', id: 'f', localId: '', fact })
        // S4: that it was written is remembered, so that it is written once.
        expect(state.closed.delete('f')).toBe(true)
        expect(seen(state)).toEqual(before)
      }),
    )
  })

  it('no operation is both open and closed, and none vanishes', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const state = foldLog(log)
        for (const record of log) {
          if (record.kind !== 'queued') continue
          expect(state.entries.has(record.op.id)).not.toBe(state.closed.has(record.op.id))
        }
      }),
    )
  })

  it('S5 of each customer at most one operation is next, and never one that asks', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        for (const entry of nextOfEachLane(foldLog(log)).values()) expect(entry.question).toBeNull()
      }),
    )
  })
})
