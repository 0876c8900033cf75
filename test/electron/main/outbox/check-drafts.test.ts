import { describe, expect, it } from 'vitest'
import type { Draft, RecordBody } from '#shared/outbox/record.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import { checkDrafts } from '#main/outbox/check-drafts.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import {
  ann,
  answered,
  applied,
  asks,
  createOp,
  deleteOp,
  patch,
  queued,
  remoteOf,
  sent,
  stateOf,
  STORE,
  updateOp,
} from '../../../support/builders.ts'

const NOTE = patch({ note: [null, 'x'] })
const BOB = remoteOf('SQ2', { givenName: 'Bob' })
const edit = (id: string, localId = 'L1', remote = ann()) => updateOp(id, localId, NOTE, remote)
const queue = (op: Operation, replaces: string[] = [], answering?: Draft & object): Draft =>
  ({ kind: 'queue', op, replaces, ...(answering ? { answering } : {}) }) as Draft
const withdraw = (...opIds: string[]): Draft => ({ kind: 'withdraw', opIds, why: 'undo' })

/** The refusal, or the kinds of the records. */
function check(drafts: Draft[], ...records: RecordBody[]): string | string[] {
  const checked = checkDrafts(stateOf(...records), STORE, drafts)
  return checked.kind === 'refused' ? checked.refusal : checked.records.map(({ kind }) => kind)
}

describe('an operation', () => {
  it('becomes one record', () => {
    expect(checkDrafts(stateOf(), STORE, [queue(createOp('c', 'L1'))])).toEqual({
      kind: 'records',
      records: [queued(createOp('c', 'L1'))],
    })
  })
  it('S16 of another seller or environment is refused: wrong-store', () => {
    for (const store of [
      { ...STORE, merchantId: 'M2' },
      { ...STORE, environment: 'production' as const },
    ])
      expect(check([queue({ ...createOp('c', 'L1'), store })])).toBe('wrong-store')
  })
  it('S4 saved again with the same id saves once: while it waits, and after it is closed', () => {
    const op = createOp('c', 'L1')
    expect(check([queue(op)], queued(op))).toEqual([])
    expect(check([queue(op)], queued(op), applied('c', ann()))).toEqual([])
  })
  it('S9 in the stead of a create in doubt takes along what that one was and whom the person saw, from one to the next', () => {
    const instead = (replaced: string, ...records: RecordBody[]) => {
      const state = stateOf(queued(createOp('c', 'L1')), ...records)
      const shown = [...state.entries.keys()]
      const draft = queue(createOp('again', 'L1', { givenName: 'Anne' }), shown, {
        opId: replaced,
        questionId: 'q1',
        shown,
      } as never)
      const checked = checkDrafts(state, STORE, [draft])
      if (checked.kind === 'refused') throw new Error(checked.refusal)
      const [record] = checked.records
      return record?.kind === 'queued' && record.op.kind === 'create' ? record.op.insteadOf : null
    }
    const earlier = { since: 3, sent: {}, shown: [] }
    const attempt = (n: number, squareTime: number | null) =>
      sent('c', n, { squareId: null, version: null, squareTime, body: { givenName: 'Ann' } })
    const unknown = asks('c', { kind: 'create-unknown', candidates: [ann()] }, 'q1')
    const refused: RecordBody = answered('c', 1, { kind: 'not-sent' })
    expect(instead('c', attempt(1, 5), attempt(2, 7), unknown)).toEqual([
      { since: 5, sent: { givenName: 'Ann' }, shown: ['SQ1'] },
    ])
    // Of an age nobody knows; from another machine's log, where nobody was shown.
    expect(instead('c', attempt(1, null), asks('c', { kind: 'copied' }, 'q1'))).toMatchObject([
      { since: 0, shown: [] },
    ])
    expect(instead('c', attempt(1, 5), answered('c', 1, { kind: 'reused' }), unknown)).toMatchObject([
      { since: 5 },
    ])
    // From a copied log or a file, where nobody knows whether it was sent: what it would have been (S20).
    const copied: RecordBody = { kind: 'copied', opIds: ['c'] }
    const copiedAsks = [copied, asks('c', { kind: 'copied' }, 'q1')]
    const unsent = { since: 0, sent: { givenName: 'Ann' }, shown: [] }
    expect(instead('c', ...copiedAsks)).toEqual([unsent])
    expect(instead('c', attempt(1, 5), refused, ...copiedAsks)).toEqual([unsent])
    expect(instead('c', attempt(1, 5), ...copiedAsks)).toEqual([{ ...unsent, since: 5 }])
    // Turned away for good, or what stood behind it: no doubt.
    const edited = queued(updateOp('u', 'L1', NOTE, null))
    expect(instead('c', attempt(1, 5), refused, unknown, edited)).toBeUndefined()
    const once = createOp('d', 'L1', {}, { insteadOf: [earlier] })
    const next = [
      attempt(1, 5),
      unknown,
      queued(once, ['c']),
      asks('d', { kind: 'refused', refusal: { code: 'BAD', field: null, detail: null } }, 'q1'),
    ]
    expect(instead('d', ...next)).toEqual([earlier])
    // Several at once, and what each of them went in the stead of.
    const other = queued(createOp('e', 'L1', { givenName: 'Bob' }, { insteadOf: [earlier] }))
    const both = instead('c', other, { kind: 'copied' }, asks('c', { kind: 'copied' }, 'q1'))
    expect(both).toEqual([unsent, { ...unsent, sent: { givenName: 'Bob' } }, earlier])
    // Never squashed, so nothing comes of it; nobody was asked.
    expect(
      checkDrafts(stateOf(queued(createOp('c', 'L1')), attempt(1, 5)), STORE, [
        queue(createOp('again', 'L1'), ['gone', 'c']),
      ]).kind,
    ).toBe('refused')
  })
  it('S9 in the stead of one that was told apart takes along from whom, and what was typed then, from one to the next', () => {
    const mended = (replaced: string, op: Operation, ...records: RecordBody[]) => {
      const state = stateOf(queued(createOp('c', 'L1', { phoneNumber: '12', givenName: 'Ann' })), ...records)
      const shown = [...state.entries.keys()]
      const answering = { opId: replaced, questionId: 'q2', shown }
      const checked = checkDrafts(state, STORE, [queue(op, shown, answering as never)])
      if (checked.kind === 'refused') throw new Error(checked.refusal)
      return checked.records
    }
    const separately = (opId: string, ...ids: string[]): RecordBody[] => [
      asks(opId, { kind: 'create-duplicate', candidates: ids.map((id) => ann('1', {}, id)) }, 'q1'),
      { kind: 'fact', id: `f-${opId}`, localId: 'L1', fact: { kind: 'not-a-duplicate', opId } },
      sent(opId, 1, { squareId: null, version: null, body: {} }),
      answered(opId, 1, { kind: 'refused', refusal: { code: 'BAD', field: null, detail: null } }),
      asks(opId, { kind: 'refused', refusal: { code: 'BAD', field: null, detail: null } }, 'q2'),
    ]
    const edited = queued(updateOp('u', 'L1', NOTE, null))
    const once = {
      shown: ['SQ1', 'SQ2'],
      typed: { phoneNumber: '12', emailAddress: null, referenceId: null },
    }
    const again = createOp('d', 'L1', { emailAddress: 'ann@example.com' })
    expect(mended('c', again, ...separately('c', 'SQ1', 'SQ2'), edited)).toEqual([
      { kind: 'queued', op: { ...again, apartFrom: [once] }, replaces: ['c', 'u'] },
    ])
    const twice = {
      shown: ['SQ3'],
      typed: { ...once.typed, phoneNumber: null, emailAddress: 'ann@example.com' },
    }
    const second = [
      ...separately('c', 'SQ1', 'SQ2'),
      queued({ ...again, apartFrom: [once] }, ['c']),
      ...separately('d', 'SQ3'),
    ]
    expect(mended('d', createOp('e', 'L1'), ...second)).toMatchObject([{ op: { apartFrom: [once, twice] } }])
    // Nobody was asked about, or the answer is no new customer.
    expect(mended('c', createOp('d', 'L1'), ...separately('c').slice(2))).toEqual([
      { kind: 'queued', op: createOp('d', 'L1'), replaces: ['c'] },
    ])
  })
  it('S6 takes the newest content the log knows along as its basis, for after a compaction and a crash', () => {
    const op = edit('u')
    const knows = (version: string) => [
      queued(createOp('c', 'L1')),
      applied('c', ann(version, { note: 'y' })),
    ]
    const recorded = (draft: Operation, ...records: RecordBody[]) => {
      const checked = checkDrafts(stateOf(...records), STORE, [queue(draft)])
      const [record] = checked.kind === 'records' ? checked.records : []
      return record?.kind === 'queued' && record.op.kind !== 'create' ? record.op.basis : undefined
    }
    const deletion = deleteOp('x', 'L1', ann())
    expect(recorded(op, ...knows('9'))).toMatchObject({
      squareId: 'SQ1',
      version: '9',
      fields: { note: 'y' },
    })
    expect(recorded(deletion, ...knows('9'))).toMatchObject({ version: '9' })
    expect(recorded(op, ...knows('0'))).toBe(op.basis)
    expect(recorded(op)).toBe(op.basis)
    expect(recorded({ ...op, basis: null }, ...knows('9'))).toBeNull()
  })
  it('S3 an edit needs a customer: customer-gone', () => {
    const orphan = updateOp('u', 'L1', NOTE, null)
    expect(check([queue(orphan)])).toBe('customer-gone')
    expect(check([queue(orphan)], queued(createOp('c', 'L1')))).toEqual(['queued'])
    expect(check([queue(orphan)], queued(createOp('c', 'L1')), applied('c', ann()))).toEqual(['queued'])
    const undone: RecordBody = { kind: 'withdrawn', opIds: ['c'], why: 'undo' }
    expect(check([queue(orphan)], queued(createOp('c', 'L1')), undone)).toBe('customer-gone')
    expect(check([queue(orphan, ['c'])], queued(createOp('c', 'L1')))).toBe('customer-gone')
    expect(check([queue(edit('u'))])).toEqual(['queued'])
  })
  it('behind a question is accepted: staff go on working', () => {
    expect(check([queue(edit('b'))], queued(edit('a')), asks('a', { kind: 'gone' }))).toEqual(['queued'])
  })
})

describe('S4 squash, undo and withdraw', () => {
  const two = [queued(edit('a')), queued(edit('b'))]
  it('take the never-sent end', () => {
    expect(check([queue(edit('c'), ['b'])], ...two)).toEqual(['queued'])
    expect(check([queue(edit('c'), ['a', 'b'])], ...two)).toEqual(['queued'])
    expect(check([withdraw('b')], ...two)).toEqual(['withdrawn'])
    const reason = { code: 'mistake', words: 'twice' } as const
    const discard: Draft = { kind: 'withdraw', opIds: ['b'], why: 'discard', reason }
    expect(checkDrafts(stateOf(...two), STORE, [discard])).toMatchObject({
      records: [{ kind: 'withdrawn', reason }],
    })
  })
  it('not-the-tail: from the middle, out of order, or of two customers at once', () => {
    expect(check([withdraw('a')], ...two)).toBe('not-the-tail')
    expect(check([withdraw('b', 'a')], ...two)).toBe('not-the-tail')
    const bobs = [queued(edit('b1', 'L2', BOB)), queued(edit('b2', 'L2', BOB))]
    expect(check([withdraw('a', 'b1')], queued(edit('a')), ...bobs)).toBe('not-the-tail')
  })
  it('what never arrived is withdrawn or taken along as if it was never sent, but not while it is on its way', () => {
    const back = answered('a', 1, { kind: 'not-sent' })
    const tried = [queued(edit('a')), sent('a'), back]
    expect(check([withdraw('a')], ...tried)).toEqual(['withdrawn'])
    expect(check([queue(edit('b'), ['a'])], ...tried)).toEqual(['queued'])
    expect(check([withdraw('a')], ...tried, sent('a', 2))).toBe('already-sent')
  })
  it('already-sent: while an answer is missing, whatever else was answered, and all of a copied log', () => {
    const back = answered('a', 1, { kind: 'conflict' })
    expect(check([withdraw('a')], queued(edit('a')), sent('a'))).toBe('already-sent')
    expect(check([withdraw('a')], queued(edit('a')), sent('a'), back)).toBe('already-sent')
    expect(check([queue(edit('b'), ['a'])], queued(edit('a')), sent('a'))).toBe('already-sent')
    expect(check([withdraw('a')], queued(edit('a')), { kind: 'copied' })).toBe('already-sent')
  })
  it('withdrawn again after the answer was lost: once; closed in another way is told', () => {
    expect(
      check([withdraw('a')], queued(edit('a')), { kind: 'withdrawn', opIds: ['a'], why: 'undo' }),
    ).toEqual([])
    expect(check([withdraw('a')], queued(edit('a')), applied('a', ann()))).toBe('already-closed')
    const one: RecordBody = { kind: 'withdrawn', opIds: ['b'], why: 'undo' }
    expect(check([withdraw('a', 'b')], ...two, one)).toBe('already-closed')
    expect(check([withdraw()], ...two)).toEqual([])
  })
  it('operations-moved: what is replaced is of another customer', () => {
    const bobs = queued(edit('b1', 'L2', BOB))
    expect(check([queue(edit('c'), ['b1'])], queued(edit('a')), bobs)).toBe('operations-moved')
  })
  it('already-closed, has-question', () => {
    expect(check([withdraw('nobody')])).toBe('already-closed')
    expect(check([withdraw('a')], queued(edit('a')), asks('a', { kind: 'gone' }))).toBe('has-question')
  })
})

describe('S12 the answer to a question', () => {
  const conflict = asks('a', { kind: 'conflict', remote: ann('2'), why: 'overlap' }, 'q1')
  const open = [queued(edit('a')), queued(edit('b')), conflict]
  const answering = { opId: 'a', questionId: 'q1', shown: ['a', 'b'] }
  const answer = (over: Partial<typeof answering> = {}, replaces = ['a', 'b']): Draft => ({
    kind: 'queue',
    op: edit('new'),
    replaces,
    answering: { ...answering, ...over },
  })
  const keep = (over: Partial<typeof answering> = {}, opIds = ['a', 'b']): Draft => ({
    kind: 'withdraw',
    opIds,
    why: 'keep-square',
    answering: { ...answering, ...over },
  })

  it('is accepted while all is as shown', () => {
    expect(check([answer()], ...open)).toEqual(['queued'])
    expect(check([keep()], ...open)).toEqual(['withdrawn'])
  })
  it('operations-moved: the new operation is of another customer', () => {
    const strange: Draft = { ...(answer() as Draft & { kind: 'queue' }), op: edit('new', 'L2', BOB) }
    expect(check([strange], ...open)).toBe('operations-moved')
  })
  it('S4 withdrawn again after the answer was lost: once', () => {
    expect(check([keep()], ...open, { kind: 'withdrawn', opIds: ['a', 'b'], why: 'keep-square' })).toEqual([])
  })
  it('question-moved: another question, none any more, or the operation is closed', () => {
    expect(check([answer({ questionId: 'q0' })], ...open)).toBe('question-moved')
    expect(check([keep()], queued(edit('a')), queued(edit('b')))).toBe('question-moved')
    expect(check([keep()], ...open, applied('a', ann('3')))).toBe('question-moved')
  })
  it('operations-moved: one more, one less, another order, or not all of them answered', () => {
    expect(check([answer()], ...open, queued(edit('c')))).toBe('operations-moved')
    expect(check([answer({ shown: ['a', 'b', 'c'] })], ...open)).toBe('operations-moved')
    expect(check([answer({ shown: ['b', 'a'] })], ...open)).toBe('operations-moved')
    expect(check([answer({}, ['a'])], ...open)).toBe('operations-moved')
    expect(check([keep({}, ['a', 'a'])], ...open)).toBe('operations-moved')
  })
  it('being-settled: another one of that customer is in doubt and nobody is asked about it', () => {
    const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ1', remote: ann('5') }
    const joined = [queued(edit('a')), queued(edit('b', 'L2', BOB)), sent('b'), merged, conflict]
    expect(check([answer()], ...joined)).toBe('being-settled')
    expect(check([answer()], ...joined, asks('b', { kind: 'gone' }))).toEqual(['queued'])
  })
  it('is accepted although the asked one itself is in doubt', () => {
    expect(check([answer()], queued(edit('a')), sent('a'), queued(edit('b')), conflict)).toEqual(['queued'])
  })
})

describe('S3 an edit of a customer that is gone, from a window that has not seen it', () => {
  const late = updateOp('late', 'OLD', NOTE, BOB)
  const again = queued({ ...createOp('c', 'L1'), recreates: 'SQ1' })
  const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ1', remote: ann() }
  const recordOf = (...records: RecordBody[]) => checkDrafts(stateOf(...records), STORE, [queue(late)])
  const asItIs = { kind: 'records', records: [queued(late)] }

  it('is one of the customer that is being created anew', () => {
    const followed = { ...late, localId: 'L1', squareId: null }
    expect(recordOf(merged, again)).toEqual({ kind: 'records', records: [queued(followed)] })
  })
  it('stays what it is where that customer is another one, is there already, or is known by that row', () => {
    expect(recordOf(again)).toEqual(asItIs)
    expect(recordOf(merged, queued(createOp('c', 'L1')))).toEqual(asItIs)
    expect(recordOf(merged, again, applied('c', ann('0', {}, 'SQ3')))).toEqual(asItIs)
    expect(recordOf(merged, queued(updateOp('u', 'OLD', NOTE, BOB)), again)).toEqual(asItIs)
  })
  it('a deletion never follows: it was confirmed for the one that is gone', () => {
    const gone = deleteOp('late', 'OLD', BOB)
    expect(checkDrafts(stateOf(merged, again), STORE, [queue(gone)])).toEqual({
      kind: 'records',
      records: [queued(gone)],
    })
  })
})

describe('S9 a candidate that is chosen', () => {
  const create = queued(createOp('c', 'L1'))
  const unknown = asks('c', { kind: 'create-unknown', candidates: [ann()] }, 'q1')
  const answering = { opId: 'c', questionId: 'q1', shown: ['c'] }
  const adopt = (candidate = ann(), localId = 'L1'): Draft => ({
    kind: 'adopt',
    opId: 'c',
    localId,
    candidate,
    answering,
  })

  it('closes the create', () => {
    const checked = checkDrafts(stateOf(create, unknown), STORE, [adopt()])
    const answer = { kind: 'applied', remote: ann(), how: 'chosen' }
    expect(checked).toEqual({
      kind: 'records',
      records: [{ kind: 'answered', opId: 'c', attempt: 0, answer }],
    })
  })
  it('must be one of those offered: question-moved', () => {
    expect(check([adopt(BOB)], create, unknown)).toBe('question-moved')
    expect(check([adopt()], create, asks('c', { kind: 'gone' }, 'q1'))).toBe('question-moved')
    expect(check([adopt()], create)).toBe('question-moved')
    expect(check([adopt(ann(), 'L2')], create, unknown)).toBe('question-moved')
  })
  it('S4 chosen again after its answer was lost counts once; another choice, or none, is told', () => {
    const chosen: RecordBody[] = [
      create,
      unknown,
      answered('c', 0, { kind: 'applied', remote: ann(), how: 'chosen' }),
    ]
    const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: BOB }
    expect(check([adopt()], ...chosen)).toEqual([])
    expect(check([adopt()], ...chosen, merged)).toEqual([])
    expect(check([adopt(BOB)], ...chosen)).toBe('question-moved')
    const kept: RecordBody = { kind: 'withdrawn', opIds: ['c'], why: 'discard' }
    expect(check([adopt()], create, unknown, kept)).toBe('question-moved')
  })
  it('S12 with a deletion behind the create it counts only if that is given up with it: operations-moved', () => {
    const behind = [create, unknown, queued({ ...deleteOp('x', 'L1', ann()), squareId: null })]
    const both = { ...adopt(), answering: { ...answering, shown: ['c', 'x'] } } as Draft
    expect(check([both], ...behind)).toBe('operations-moved')
    expect(check([withdraw('x'), both], ...behind)).toEqual(['withdrawn', 'answered'])
    const fillIn = queue(updateOp('u', 'L1', NOTE, ann()), ['x'])
    expect(check([fillIn, both], ...behind)).toEqual(['queued', 'answered'])
    // An edit is compared with the chosen customer like any other.
    const edited = [create, unknown, queued(updateOp('x', 'L1', NOTE, null))]
    expect(check([both], ...edited)).toEqual(['answered'])
  })
  it('must still be free: candidate-taken, also through a merge', () => {
    const other = [queued(createOp('d', 'L2')), applied('d', ann())]
    expect(check([adopt()], create, unknown, ...other)).toBe('candidate-taken')
    const elsewhere = [queued(createOp('d', 'L2')), applied('d', BOB)]
    const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ2', toSquareId: 'SQ1', remote: ann('5') }
    expect(check([adopt()], create, unknown, ...elsewhere, merged)).toBe('candidate-taken')
    expect(check([adopt()], create, unknown, ...elsewhere)).toEqual(['answered'])
  })
  it('staff may say that a found duplicate is the same person, whoever made it', () => {
    const duplicate = asks('c', { kind: 'create-duplicate', candidates: [ann()] }, 'q1')
    expect(check([adopt()], create, duplicate, queued(createOp('d', 'L2')), applied('d', ann()))).toEqual([
      'answered',
    ])
  })
})

describe('"not a duplicate"', () => {
  const create = queued(createOp('c', 'L1'))
  const answering = { opId: 'c', questionId: 'q1', shown: ['c'] }
  const separately: Draft = { kind: 'create-separately', opId: 'c', answering }
  it('lifts that question', () => {
    const duplicate = asks('c', { kind: 'create-duplicate', candidates: [ann()] }, 'q1')
    expect(check([separately], create, duplicate)).toEqual(['fact'])
    expect(check([separately], create, duplicate, queued(edit('b')))).toBe('operations-moved')
    expect(check([{ ...separately, opId: 'b' }], create, duplicate, queued(edit('b')))).toBe('question-moved')
  })
  it.each([
    { kind: 'create-unknown', candidates: [] },
    { kind: 'copied' },
    { kind: 'refused', refusal: { code: 'BAD', field: null, detail: null } },
  ] as const)('and no other: $kind', (question) => {
    expect(check([separately], create, asks('c', question, 'q1'))).toBe('question-moved')
  })
  it('S4 said again after the answer was lost: once', () => {
    const duplicate = asks('c', { kind: 'create-duplicate', candidates: [ann()] }, 'q1')
    const state = stateOf(create, duplicate)
    const first = checkDrafts(state, STORE, [separately])
    if (first.kind === 'refused') throw new Error(first.refusal)
    expect(check([separately], create, duplicate, ...first.records)).toEqual([])
  })
  it('cannot be slipped in as a mere fact', () => {
    const fact: Draft = { kind: 'fact', id: 'f', localId: 'L1', fact: { kind: 'not-a-duplicate', opId: 'c' } }
    expect(check([fact], create, asks('c', { kind: 'copied' }, 'q1'))).toBe('question-moved')
  })
})

it('facts are written as they are, each id once, also after compaction (S4)', () => {
  const fact = { kind: 'consent', given: true, wording: 'ok?', at: 'now' } as const
  const draft: Draft = { kind: 'fact', id: 'f', localId: 'L1', fact }
  expect(check([draft])).toEqual(['fact'])
  expect(check([draft], draft)).toEqual([])
  const compacted: RecordBody = { kind: 'snapshot', state: toSnapshot(stateOf(draft)) }
  expect(check([draft], compacted)).toEqual([])
})

it('a value that breaks the form’s rules refuses them all', () => {
  const checked = checkDrafts(stateOf(), STORE, [queue(createOp('c', 'L1'))], () => false)
  expect(checked).toEqual({ kind: 'refused', refusal: 'invalid-fields' })
})

it('a draft of no kind is a fault of ours', () => {
  expect(() => check([{ kind: 'other' } as never])).toThrow()
})

it('one draft that is refused: none is written', () => {
  expect(check([queue(createOp('c', 'L1')), withdraw('nobody')])).toBe('already-closed')
})

it('S7 a deletion may wait behind an edit', () => {
  expect(check([queue(deleteOp('d', 'L1', ann()))], queued(edit('a')), sent('a'))).toEqual(['queued'])
})
