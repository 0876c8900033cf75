import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import type { Entry, LogState } from '#shared/outbox/log-state.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { projectFields } from '#shared/customer/patch.ts'
import { applyRecordToRows, applyRemoteToRows, rowOf } from '#shared/directory/project-record.ts'
import { viewOf, patchesOf } from '#shared/directory/view.ts'
import { emptyLogState, foldLog, laneOfRow, openEntries } from '#shared/outbox/fold-log.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import { MapRows } from '../../simulation/sim-mirror.ts'
import { anyLog, anyRemotes } from '../../support/arbitrary-log.ts'

interface Mirror {
  readonly state: LogState
  readonly rows: MapRows
  readonly newId: () => string
}
function mirror(): Mirror {
  let ids = 0
  return { state: emptyLogState(), rows: new MapRows(), newId: () => `row${++ids}` }
}
function apply(to: Mirror, records: readonly LogRecord[]): void {
  for (const record of records) applyRecordToRows(to, record)
}
function pull(to: Mirror, remotes: readonly RemoteCustomer[]): void {
  for (const remote of remotes) applyRemoteToRows(to, remote, 'asked-for')
}
/** What a log makes of a mirror that is pulled to in the middle of it. */
function mirrorOf(log: readonly LogRecord[], remotes: readonly RemoteCustomer[], cut: number): Mirror {
  const one = mirror()
  apply(one, log.slice(0, cut))
  pull(one, remotes)
  apply(one, log.slice(cut))
  return one
}
/** What is on the screen, and what the mirror believes. */
function seen({ rows, state }: Mirror) {
  const byId = [...rows.rows.values()].sort((a, b) => (a.localId < b.localId ? -1 : 1))
  return { rows: byId, redirects: [...rows.redirects].sort(), state: toSnapshot(state) }
}
/** What Square held when the newest of these was promised; of a new customer nothing. */
function formsKnew(open: readonly Entry[]): { readonly fields: CustomerFields } {
  const isNew = open.some(({ op }) => op.kind === 'create')
  const known = open.flatMap(({ op }) => (op.kind === 'create' || isNew ? [] : (op.basis ?? [])))
  return known.at(-1) ?? { fields: EMPTY_FIELDS }
}

describe('the mirror of any log', () => {
  it('is the fold of the log, however pulls come in between', () => {
    fc.assert(
      fc.property(anyLog, anyRemotes, fc.nat(60), (log, remotes, cut) => {
        const one = mirrorOf(log, remotes, cut)
        expect(toSnapshot(one.state)).toEqual(toSnapshot(foldLog(log)))
      }),
    )
  })

  it('replaying what was applied makes, moves and opens nothing', () => {
    // Content apart: a row that came later than a record may learn from it what Square held.
    const shape = (one: Mirror) => ({
      ...seen(one),
      rows: seen(one).rows.map(({ localId, squareId, openOps }) => ({ localId, squareId, openOps })),
    })
    fc.assert(
      fc.property(anyLog, anyRemotes, fc.nat(60), (log, remotes, from) => {
        const one = mirror()
        pull(one, remotes)
        apply(one, log)
        const before = shape(one)
        apply(one, log.slice(from % (log.length + 1)))
        expect(shape(one)).toEqual(before)
      }),
    )
  })

  it('S11 pulling the same again changes nothing', () => {
    fc.assert(
      fc.property(anyLog, anyRemotes, (log, remotes) => {
        const one = mirror()
        apply(one, log)
        pull(one, remotes)
        const before = seen(one)
        pull(one, remotes)
        expect(seen(one)).toEqual(before)
      }),
    )
  })

  it('in two batches, stored and loaded between them, is the same as in one', () => {
    fc.assert(
      fc.property(anyLog, anyRemotes, fc.nat(60), (log, remotes, cut) => {
        const one = mirror()
        pull(one, remotes)
        apply(one, log)
        const first = mirror()
        pull(first, remotes)
        apply(first, log.slice(0, cut))
        const state = fromSnapshot(JSON.parse(JSON.stringify(toSnapshot(first.state))))
        const second = { ...first, state, rows: first.rows.clone() }
        apply(second, log.slice(cut))
        expect(seen(second)).toEqual(seen(one))
      }),
    )
  })

  it('shows each Square id in one row, and each open operation on its row', () => {
    fc.assert(
      fc.property(anyLog, anyRemotes, fc.nat(60), (log, remotes, cut) => {
        const one = mirrorOf(log, remotes, cut)
        pull(one, remotes)
        const ids = [...one.rows.rows.values()].flatMap(({ squareId }) => squareId ?? [])
        expect(new Set(ids).size).toBe(ids.length)
        for (const { op } of one.state.entries.values()) {
          const row = rowOf(one, op.localId)
          expect(row, `row of ${op.id}`).toBeDefined()
          const shown = openEntries(one.state, laneOfRow(one.state, row!))
          expect(shown.map((entry) => entry.op.id)).toContain(op.id)
        }
      }),
    )
  })

  it('S2 shows nobody whom Square lacks and for whom nothing waits', () => {
    fc.assert(
      fc.property(anyLog, anyRemotes, fc.nat(60), (log, remotes, cut) => {
        const one = mirrorOf(log, remotes, cut)
        const nobody = [...one.rows.rows.values()].filter((row) => !row.squareId && row.openOps === 0)
        expect(nobody.filter(({ deleted }) => !deleted)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('S2 every row is Square’s copy with the open patches on top, in order', () => {
    fc.assert(
      fc.property(anyLog, anyRemotes, fc.nat(60), (log, remotes, cut) => {
        const one = mirrorOf(log, remotes, cut)
        for (const row of one.rows.rows.values()) {
          const open = openEntries(one.state, laneOfRow(one.state, row))
          const { fields } = row.remote ?? formsKnew(open)
          expect(row.local).toEqual(projectFields(fields, patchesOf(open)))
          expect(row).toEqual(viewOf(row, one.state))
        }
      }),
    )
  })
})
