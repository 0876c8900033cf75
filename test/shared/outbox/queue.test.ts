import { describe, expect, it } from 'vitest'
import type { RecordBody } from '#shared/outbox/record.ts'
import { maySend, nextOfEachLane, withdrawableTail } from '#shared/outbox/queue.ts'
import { openEntries } from '#shared/outbox/fold-log.ts'
import {
  ann,
  answered,
  asks,
  createOp,
  entryOf,
  patch,
  queued,
  remoteOf,
  sent,
  stateOf,
  updateOp,
} from '../../support/builders.ts'

const NOTE = patch({ note: [null, 'x'] })
const BOB = remoteOf('SQ2', { givenName: 'Bob' })
const edit = (id: string, localId = 'L1', remote = ann()) => queued(updateOp(id, localId, NOTE, remote))
const conflict = (opId: string) => asks(opId, { kind: 'conflict', remote: ann(), why: 'overlap' })
const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ1', remote: ann('5') }
const nobody = new Set<string>()

function next(...records: RecordBody[]): string[] {
  return [...nextOfEachLane(stateOf(...records)).values()].map(({ op }) => op.id)
}

describe('S5 which operation of a customer is next', () => {
  it('the first one promised, of every customer', () => {
    expect(next(edit('a1'), edit('b1', 'L2', BOB), edit('a2'))).toEqual(['a1', 'b1'])
  })
  it('an unanswered attempt comes before the head', () => {
    // Two customers with one waiting edit each became one; the later one is unanswered.
    expect(next(edit('a1'), edit('b1', 'L2', BOB), sent('b1'), merged)).toEqual(['b1'])
  })
  it('an answered attempt does not', () => {
    const back = answered('b1', 1, { kind: 'not-sent' })
    expect(next(edit('a1'), edit('b1', 'L2', BOB), sent('b1'), back, merged)).toEqual(['a1'])
  })
  it('a question at the head blocks its customer and nobody else', () => {
    expect(next(edit('a1'), edit('a2'), edit('b1', 'L2', BOB), conflict('a1'))).toEqual(['b1'])
  })
  it('an unanswered attempt behind a question is settled all the same', () => {
    expect(next(edit('a1'), edit('b1', 'L2', BOB), sent('b1'), conflict('a1'), merged)).toEqual(['b1'])
  })
})

describe('S4 may it be sent at this moment', () => {
  const may = (opId: string, inFlight: Set<string>, ...records: RecordBody[]) => {
    const state = stateOf(...records)
    return maySend(state, entryOf(state, opId), inFlight)
  }
  it('only the head', () => {
    expect(may('a1', nobody, edit('a1'), edit('a2'))).toBe(true)
    expect(may('a2', nobody, edit('a1'), edit('a2'))).toBe(false)
  })
  it('not while it asks, and not behind one that asks', () => {
    expect(may('a1', nobody, edit('a1'), conflict('a1'))).toBe(false)
    expect(may('a2', nobody, edit('a1'), edit('a2'), conflict('a1'))).toBe(false)
  })
  it('not once it is closed', () => {
    const state = stateOf(edit('a1'))
    const entry = entryOf(state, 'a1')
    const after = stateOf(edit('a1'))
    expect(maySend(after, entry, nobody)).toBe(false)
    entry.closed = 'withdrawn'
    expect(maySend(state, entry, nobody)).toBe(false)
  })
  it('one with an unanswered attempt is settled first, whatever a merge has put before it', () => {
    const records = [edit('b1', 'L2', BOB), edit('a1'), sent('a1'), merged]
    expect(may('a1', nobody, ...records)).toBe(true)
    expect(may('b1', nobody, ...records)).toBe(false)
  })
  it('not while a merge has brought in another one that is in flight or unanswered', () => {
    const records = [edit('a1'), edit('b1', 'L2', BOB), merged]
    expect(may('a1', nobody, ...records)).toBe(true)
    expect(may('a1', new Set(['b1']), ...records)).toBe(false)
    expect(may('a1', nobody, edit('a1'), edit('b1', 'L2', BOB), sent('b1'), merged)).toBe(false)
  })
  it('its own request in flight is no obstacle', () => {
    expect(may('a1', new Set(['a1']), edit('a1'))).toBe(true)
  })
})

describe('S4 what may be squashed, undone or withdrawn', () => {
  const tail = (...records: RecordBody[]) =>
    withdrawableTail(openEntries(stateOf(...records), 'square:SQ1')).map(({ op }) => op.id)
  it('the never-sent, unasked end', () => {
    expect(tail(edit('a1'), edit('a2'))).toEqual(['a1', 'a2'])
    const away = answered('a1', 1, { kind: 'conflict' })
    expect(tail(edit('a1'), sent('a1'), away, edit('a2'), edit('a3'))).toEqual(['a2', 'a3'])
    expect(tail(edit('a1'), conflict('a1'), edit('a2'))).toEqual(['a2'])
    expect(tail(edit('a1'), edit('a2'), conflict('a2'))).toEqual([])
  })
  it('what never arrived is as if it was never sent, while no attempt is without its answer', () => {
    const notSent = answered('a1', 1, { kind: 'not-sent' })
    const turnedAway = answered('a1', 2, { kind: 'not-applied', reason: 'rate-limited' })
    expect(tail(edit('a1'), sent('a1'))).toEqual([])
    expect(tail(edit('a1'), sent('a1'), notSent, edit('a2'))).toEqual(['a1', 'a2'])
    expect(tail(edit('a1'), sent('a1'), notSent, sent('a1', 2))).toEqual([])
    expect(tail(edit('a1'), sent('a1'), notSent, sent('a1', 2), turnedAway)).toEqual(['a1'])
    expect(tail(edit('a1'), sent('a1'), sent('a1', 2), turnedAway)).toEqual([])
  })
  it('S20 nothing of a copied log', () => {
    expect(tail(edit('a1'), { kind: 'copied' })).toEqual([])
  })
})

it('S5 a create and the edits behind it are one customer', () => {
  const behind = queued(updateOp('u', 'L9', NOTE, null))
  expect(next(queued(createOp('c', 'L9')), behind)).toEqual(['c'])
})
