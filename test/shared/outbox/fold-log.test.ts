import { describe, expect, it } from 'vitest'
import {
  applyRecord,
  CLOSED_KEPT,
  emptyLogState,
  everSent,
  forgetLog,
  hasUnanswered,
  inDoubt,
  laneOf,
  laneOfRow,
  lastAnswer,
  localOf,
  openEntries,
  resolveSquareId,
  targetOf,
} from '#shared/outbox/fold-log.ts'
import { fromSnapshot, toSnapshot } from '#shared/outbox/snapshot.ts'
import {
  ann,
  answered,
  applied,
  asks,
  createOp,
  deleteOp,
  entryOf,
  patch,
  queued,
  remoteOf,
  sent,
  stateOf,
  updateOp,
} from '../../support/builders.ts'

it('a log that is forgotten is empty in place: of its lanes, too, nothing is left', () => {
  const state = stateOf(queued(createOp('c', 'L1')), sent('c', 1))
  expect(openEntries(state, 'local:L1').map(({ op }) => op.id)).toEqual(['c'])
  forgetLog(state)
  expect(state).toEqual(emptyLogState())
  expect(openEntries(state, 'local:L1')).toEqual([])
})

const NOTE = patch({ note: [null, 'x'] })
const create = queued(createOp('c', 'L1'))

describe('doubt', () => {
  it('S8 an attempt without an answer is in doubt, and a later answer to another attempt does not clear it', () => {
    const state = stateOf(create, sent('c', 1), sent('c', 2), answered('c', 2, { kind: 'not-sent' }))
    const entry = entryOf(state, 'c')
    expect(hasUnanswered(entry)).toBe(true)
    expect(inDoubt(entry)).toBe(true)
    expect(lastAnswer(entry)).toBe('not-sent')
    applyRecord(state, answered('c', 1, { kind: 'not-sent' }))
    expect(inDoubt(entry)).toBe(false)
    expect(everSent(entry)).toBe(true)
  })

  it('S22 an attempt remembers that it went in bulk, also through a snapshot', () => {
    const state = stateOf(queued(createOp('a', 'L1')), sent('a', 1, { squareId: null, bulk: true }))
    for (const one of [state, fromSnapshot(toSnapshot(state))])
      expect(one.entries.get('a')?.attempts.get(1)?.bulk).toBe(true)
  })
  it('S20 `copied` with names is of those alone', () => {
    const state = stateOf(queued(createOp('a', 'L1')), queued(createOp('b', 'L2')), {
      kind: 'copied',
      opIds: ['b', 'nobody'],
    })
    expect([...state.entries.values()].map(({ op, copied }) => [op.id, copied])).toEqual([
      ['a', false],
      ['b', true],
    ])
  })
  it('S20 after `copied` everything open is in doubt and counts as sent; what comes later does not', () => {
    const state = stateOf(create, { kind: 'copied' }, queued(createOp('d', 'L2')))
    expect(inDoubt(entryOf(state, 'c'))).toBe(true)
    expect(everSent(entryOf(state, 'c'))).toBe(true)
    expect(hasUnanswered(entryOf(state, 'c'))).toBe(false)
    expect(inDoubt(entryOf(state, 'd'))).toBe(false)
  })

  it('S7 counts conflicts once per attempt, however often the record is applied', () => {
    const conflict = answered('u', 1, { kind: 'conflict' })
    const state = stateOf(queued(updateOp('u', 'L1', NOTE, ann())), sent('u'), conflict, conflict)
    expect(entryOf(state, 'u').conflicts).toBe(1)
    applyRecord(state, sent('u', 2))
    applyRecord(state, answered('u', 2, { kind: 'conflict' }))
    expect(entryOf(state, 'u').conflicts).toBe(2)
  })
})

describe('what closes an operation', () => {
  it('S1 applied and gone: done; conflict, not-found, reused, refused, not-sent, not-applied: still open', () => {
    const refusal = { code: 'BAD', field: null, detail: null }
    const open = [
      { kind: 'conflict' },
      { kind: 'not-found' },
      { kind: 'reused' },
      { kind: 'refused', refusal },
      { kind: 'not-sent' },
      { kind: 'not-applied', reason: 'rate-limited' },
    ] as const
    for (const answer of open) {
      const state = stateOf(create, sent('c'), answered('c', 1, answer))
      expect(state.entries.has('c')).toBe(true)
      expect(lastAnswer(entryOf(state, 'c'))).toBe(answer.kind)
    }
    expect(stateOf(create, sent('c'), applied('c', ann())).closed.get('c')).toBe('done')
    const gone = stateOf(queued(deleteOp('d', 'L1', ann())), answered('d', 0, { kind: 'gone' }))
    expect(gone.closed.get('d')).toBe('done')
  })

  it('S12 `replaces` and `withdrawn` close in the same record', () => {
    const state = stateOf(create, queued(createOp('c2', 'L1'), ['c']), queued(createOp('x', 'L2')))
    expect(state.closed.get('c')).toBe('replaced')
    applyRecord(state, { kind: 'withdrawn', opIds: ['c2', 'x'], why: 'undo' })
    expect(state.entries.size).toBe(0)
    expect(state.closed.get('x')).toBe('withdrawn')
  })

  it('S4 an operation queued again is the one there was, open or closed', () => {
    const state = stateOf(create, sent('c'), create)
    expect(everSent(entryOf(state, 'c'))).toBe(true)
    applyRecord(state, applied('c', ann()))
    applyRecord(state, create)
    expect(state.entries.size).toBe(0)
  })

  it('S21 remembers the newest 10,000 closed ids and no more', () => {
    const state = emptyLogState()
    for (let i = 0; i < CLOSED_KEPT + 5; i++) {
      applyRecord(state, queued(createOp(`o${i}`, `L${i}`)))
      applyRecord(state, { kind: 'withdrawn', opIds: [`o${i}`], why: 'undo' })
    }
    expect(CLOSED_KEPT).toBe(10_000)
    expect(state.closed.size).toBe(CLOSED_KEPT)
    expect(state.closed.has('o4')).toBe(false)
    expect(state.closed.has('o5')).toBe(true)
  })
})

describe('questions and facts', () => {
  it('a question stands until the operation is closed; "not a duplicate" lifts it and lets the create go', () => {
    const state = stateOf(create, asks('c', { kind: 'create-duplicate', candidates: [ann()] }))
    expect(entryOf(state, 'c').question?.kind).toBe('create-duplicate')
    const fact = { kind: 'not-a-duplicate', opId: 'c' } as const
    applyRecord(state, { kind: 'fact', id: 'f', localId: 'L1', fact })
    expect(entryOf(state, 'c')).toMatchObject({ question: null, createSeparately: true, shownApart: ['SQ1'] })
    // Asked once more, of somebody who has come to be since, it is said of both.
    applyRecord(state, asks('c', { kind: 'create-duplicate', candidates: [ann('1', {}, 'SQ2')] }))
    applyRecord(state, { kind: 'fact', id: 'g', localId: 'L1', fact })
    expect(entryOf(state, 'c').shownApart).toEqual(['SQ1', 'SQ2'])
    expect(fromSnapshot(toSnapshot(state)).entries.get('c')).toEqual(entryOf(state, 'c'))
  })

  it('S12 a question is lifted by its own id only', () => {
    const state = stateOf(create, asks('c', { kind: 'gone' }, 'now'))
    applyRecord(state, { kind: 'lifted', opId: 'c', questionId: 'before' })
    applyRecord(state, { kind: 'lifted', opId: 'nobody', questionId: 'now' })
    expect(entryOf(state, 'c').question?.id).toBe('now')
    applyRecord(state, { kind: 'lifted', opId: 'c', questionId: 'now' })
    expect(entryOf(state, 'c').question).toBeNull()
  })

  it('S12 what was known before the first question stays, also once it is lifted and in a snapshot', () => {
    const question = { kind: 'gone' } as const
    const state = stateOf(queued(updateOp('u', 'L1', NOTE, ann('1'))))
    expect(entryOf(state, 'u').known).toBeNull()
    applyRecord(state, asks('u', question, 'first'))
    expect(entryOf(state, 'u').known).toBeNull()
    applyRecord(state, asks('u', question, 'second', ann('1')))
    applyRecord(state, asks('u', question, 'third', ann('2', { note: 'x' })))
    applyRecord(state, { kind: 'lifted', opId: 'u', questionId: 'third' })
    expect(entryOf(state, 'u')).toMatchObject({ question: null, known: ann('1').fields })
    expect(fromSnapshot(toSnapshot(state)).entries.get('u')).toEqual(entryOf(state, 'u'))
  })

  it('S19 the setting is the last one recorded', () => {
    const set = (on: boolean) =>
      ({ kind: 'fact', id: 'f', localId: '', fact: { kind: 'show-every-conflict', on } }) as const
    expect(stateOf(set(true)).showEveryConflict).toBe(true)
    expect(stateOf(set(true), set(false)).showEveryConflict).toBe(false)
  })
})

describe('S11 newest known content', () => {
  it('comes from answers, questions and merges; a lower version never replaces a higher one, also beyond 2^53', () => {
    const state = stateOf(queued(updateOp('u', 'L1', NOTE, ann('9007199254740992'))))
    const learn = (version: string) =>
      applyRecord(state, asks('u', { kind: 'conflict', remote: ann(version), why: 'overlap' }))
    learn('9007199254740993')
    learn('9007199254740992')
    expect(state.remotes.get('SQ1')?.version).toBe('9007199254740993')
    applyRecord(state, applied('u', ann('9007199254740994')))
    expect(state.remotes.get('SQ1')?.version).toBe('9007199254740994')
    const merged = remoteOf('SQ2', {}, { version: '0' })
    applyRecord(state, { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: merged })
    expect(state.remotes.get('SQ2')).toEqual(merged)
  })
})

describe('S5 whose operation it is', () => {
  it('a local id is its own lane until its create is answered, then that of Square’s id', () => {
    const state = stateOf(create)
    expect(laneOf(state, 'L1')).toBe('local:L1')
    expect(targetOf(state, 'L1')).toBeNull()
    applyRecord(state, applied('c', ann()))
    expect(laneOf(state, 'L1')).toBe('square:SQ1')
    expect(state.made.get('SQ1')).toBe('L1')
  })

  it('S9 a create in doubt made whom staff recognise; whom they take for one that was never sent, it did not make', () => {
    const chosen = answered('c', 0, { kind: 'applied', remote: ann(), how: 'chosen' })
    const candidates = [ann()]
    const recognised = stateOf(create, asks('c', { kind: 'create-unknown', candidates }), chosen)
    expect(recognised.made.get('SQ1')).toBe('L1')
    const taken = stateOf(create, asks('c', { kind: 'create-duplicate', candidates }), chosen)
    expect(taken.made.size).toBe(0)
    expect(targetOf(taken, 'L1')).toBe('SQ1')
  })

  it('follows merges, chains included, and refuses a circle', () => {
    const alias = (from: string, to: string) =>
      ({ kind: 'alias', fromSquareId: from, toSquareId: to, remote: remoteOf(to, {}) }) as const
    const state = stateOf(create, applied('c', ann()), alias('SQ1', 'SQ2'), alias('SQ2', 'SQ3'))
    applyRecord(state, alias('SQ3', 'SQ1'))
    expect(resolveSquareId(state, 'SQ1')).toBe('SQ3')
    expect(targetOf(state, 'L1')).toBe('SQ3')
    expect(state.made.get('SQ3')).toBe('L1')
    expect(laneOfRow(state, { localId: 'row', squareId: 'SQ2' })).toBe('square:SQ3')
    expect(laneOfRow(state, { localId: 'L1', squareId: null })).toBe('square:SQ3')
  })

  it('what an id had become before goes along with it: nobody is left at the one in between', () => {
    const alias = (from: string, to: string) =>
      ({ kind: 'alias', fromSquareId: from, toSquareId: to, remote: remoteOf(to, {}) }) as const
    const between = queued(createOp('b', 'L2'))
    const state = stateOf(create, applied('c', ann()), alias('SQ1', 'SQ2'))
    for (const record of [between, applied('b', remoteOf('SQ2', {})), alias('SQ1', 'SQ3')])
      applyRecord(state, record)
    expect([targetOf(state, 'L1'), targetOf(state, 'L2')]).toEqual(['SQ3', 'SQ3'])
    expect(resolveSquareId(state, 'SQ2')).toBe('SQ3')
    // The same said again brings what is newer, and moves nobody.
    applyRecord(state, { ...alias('SQ1', 'SQ3'), remote: remoteOf('SQ3', { note: 'x' }, { version: '9' }) })
    expect(state.remotes.get('SQ3')?.version).toBe('9')
    expect([...state.aliases]).toEqual([
      ['SQ1', 'SQ2'],
      ['SQ2', 'SQ3'],
    ])
  })

  it('S23 a merge that was taken apart: that id is a customer again, and what led there stays with the one it had become', () => {
    const apart = remoteOf('SQ2', { note: 'apart' }, { version: '0' })
    const alias = (from: string, to: string, remote = remoteOf(to, {}, { version: '4' })) =>
      ({ kind: 'alias', fromSquareId: from, toSquareId: to, remote }) as const
    const state = stateOf(create, applied('c', ann()), queued(createOp('b', 'L2')))
    for (const record of [applied('b', remoteOf('SQ2', {}, { version: '4' })), queued(createOp('n', 'L3'))])
      applyRecord(state, record)
    for (const record of [alias('SQ1', 'SQ2'), alias('SQ2', 'SQ3'), alias('SQ2', 'SQ2', apart)])
      applyRecord(state, record)
    const targets = () => ['L1', 'L2', 'L3'].map((localId) => targetOf(state, localId))
    expect(targets()).toEqual(['SQ3', 'SQ3', null])
    expect([...state.aliases]).toEqual([['SQ1', 'SQ2']])
    expect(state.remotes.get('SQ2')).toEqual(apart)
    // Merged once more: only that id goes along.
    applyRecord(state, alias('SQ2', 'SQ4'))
    expect(targets()).toEqual(['SQ3', 'SQ3', null])
    expect(resolveSquareId(state, 'SQ1')).toBe('SQ4')
    // Of one that was never merged away it says nothing.
    applyRecord(state, alias('SQ3', 'SQ3'))
    expect(targets()).toEqual(['SQ3', 'SQ3', null])
  })

  it('a circle in a snapshot, as a page that has been taken over may give one back (S20), hangs nobody', () => {
    const none = toSnapshot(emptyLogState())
    const state = fromSnapshot({
      ...none,
      bindings: [['L1', 'SQ1']],
      aliases: [
        ['SQ1', 'SQ2'],
        ['SQ2', 'SQ1'],
      ],
      moved: [
        ['L1', 'L2'],
        ['L2', 'L1'],
      ],
    })
    expect(['SQ1', 'SQ2']).toContain(resolveSquareId(state, 'SQ1'))
    expect(['L1', 'L2']).toContain(localOf(state, 'L1'))
    expect(['SQ1', 'SQ2']).toContain(targetOf(state, 'L1'))
  })

  it('row 14: "Add again" moves every local id of the customer that is gone', () => {
    const state = stateOf(
      queued(updateOp('u1', 'L1', NOTE, ann())),
      queued(updateOp('u2', 'L2', NOTE, ann())),
      queued(createOp('again', 'L1', { givenName: 'Ann' }, { recreates: 'SQ1' }), ['u1', 'u2']),
    )
    expect(localOf(state, 'L2')).toBe('L1')
    expect(targetOf(state, 'L2')).toBeNull()
    expect(laneOf(state, 'L2')).toBe('local:L1')
  })

  it('row 24: a create that is withdrawn gives its local id free; while it is open an old form does not bind it', () => {
    const again = createOp('again', 'L1', { givenName: 'Ann' }, { recreates: 'SQ1' })
    const state = stateOf(queued(again), queued(updateOp('old-form', 'L1', NOTE, ann())))
    expect(targetOf(state, 'L1')).toBeNull()
    applyRecord(state, { kind: 'withdrawn', opIds: ['old-form', 'again'], why: 'undo' })
    applyRecord(state, queued(updateOp('u', 'L1', NOTE, ann())))
    expect(targetOf(state, 'L1')).toBe('SQ1')
  })

  it('S4 a squashed create keeps its customer unbound until it is answered', () => {
    const state = stateOf(create, queued(createOp('c2', 'L1'), ['c']))
    expect(state.bindings.get('L1')).toBeNull()
    applyRecord(state, applied('c2', ann()))
    expect(targetOf(state, 'L1')).toBe('SQ1')
  })
})

it('a kind that does not exist is a fault, not a silence', () => {
  expect(() => applyRecord(emptyLogState(), { kind: 'invented' } as never)).toThrow(/unexpected value/)
})
