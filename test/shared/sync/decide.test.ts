import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Patch, RemoteCustomer } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import {
  changedFields,
  CONFLICT_ROUNDS,
  decideDelete,
  decideUpdate,
  sameCard,
  settleCreate,
  type DecideContext,
  type Target,
} from '#shared/sync/decide.ts'
import {
  ann,
  answered,
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
import { anyEncounter } from '../../support/arbitraries.ts'

const merge = { country: 'US' }
const context: DecideContext = { merge, fresh: true, showEveryConflict: false, previous: null }
const present = (remote: RemoteCustomer): Target => ({ kind: 'present', remote })
const MISSING: Target = { kind: 'missing' }

const PHONE = patch({ phoneNumber: ['212-555-0101', '(212) 555-0102'] })
const OTHERS = '+12125550103'

function update(target: Target, { changes = PHONE, records = [] as RecordBody[], over = {} } = {}) {
  const op = updateOp('u', 'L1', changes, ann('1'))
  const entry = entryOf(stateOf(queued(op), ...records), 'u')
  return decideUpdate(entry, op, target, { ...context, ...over })
}
const unanswered = sent('u', 1, { version: '1', body: { phoneNumber: '(212) 555-0102' } })
const conflicts = (n: number) =>
  Array.from({ length: n }, (_, i) => [sent('u', i + 1), answered('u', i + 1, { kind: 'conflict' })]).flat()

describe('S6, S7 an update that is not in doubt', () => {
  it('R missing: asks *gone*', () => {
    expect(update(MISSING)).toEqual({ kind: 'ask', question: { kind: 'gone' } })
  })
  it('settled: done, also where Square holds it in another spelling', () => {
    const remote = ann('7', { phoneNumber: '+1 212 555 0102' })
    expect(update(present(remote))).toEqual({ kind: 'done', remote })
  })
  it('R unchanged: sent with R’s version', () => {
    expect(update(present(ann('1')))).toEqual({
      kind: 'send',
      squareId: 'SQ1',
      version: '1',
      body: { phoneNumber: '(212) 555-0102' },
    })
  })
  it('R other, no field to ask: sent with R’s id and version, only what is not agreed', () => {
    const changes = patch({ phoneNumber: ['212-555-0101', '(212) 555-0102'], note: [null, 'x'] })
    const remote = ann('9', { note: 'x', nickname: 'A' }, 'SQ2')
    expect(update(present(remote), { changes })).toEqual({
      kind: 'send',
      squareId: 'SQ2',
      version: '9',
      body: { phoneNumber: '(212) 555-0102' },
    })
  })
  it('R other, no field to ask, three conflicts: asks; two: sends', () => {
    const remote = ann('9', { nickname: 'A' })
    expect(CONFLICT_ROUNDS).toBe(3)
    expect(update(present(remote), { records: conflicts(2) }).kind).toBe('send')
    expect(update(present(remote), { records: conflicts(3) })).toEqual({
      kind: 'ask',
      question: { kind: 'conflict', remote, why: 'keeps-changing' },
    })
  })
  it('R other, a field to ask: asks *conflict* with that remote', () => {
    const remote = ann('2', { phoneNumber: OTHERS })
    expect(update(present(remote))).toEqual({
      kind: 'ask',
      question: { kind: 'conflict', remote, why: 'overlap' },
    })
  })
  it('a new number for one who is another person there meanwhile: asks about the whole card', () => {
    const remote = ann('7', { givenName: 'Wilhelmina', familyName: 'Oyelaran' })
    const over = { previous: ann('1', { familyName: 'Lee' }).fields }
    const asked = update(present(remote), { over })
    expect(asked).toMatchObject({ kind: 'ask', question: { kind: 'conflict', why: 'another-person' } })
    expect(update(present(remote), { over: { ...over, fresh: false } }).kind).toBe('send')
    expect(update(present(remote)).kind).toBe('send')
  })
  it('notes of both sides are combined by rule and sent', () => {
    const changes = patch({ note: ['a\nb\nc', 'a\nb\nc\nours'] })
    const decision = update(present(ann('2', { note: 'theirs\na\nb\nc' })), { changes })
    expect(decision).toMatchObject({ kind: 'send', version: '2', body: { note: 'theirs\na\nb\nc\nours' } })
  })
  it('an empty patch has nothing left to send', () => {
    expect(update(present(ann('2')), { changes: {} }).kind).toBe('done')
  })
})

describe('S8 an update in doubt', () => {
  const records = [unanswered]
  it('R missing: asks *gone*', () => {
    expect(update(MISSING, { records })).toEqual({ kind: 'ask', question: { kind: 'gone' } })
  })
  it('settled: done', () => {
    expect(update(present(ann('2', { phoneNumber: '+12125550102' })), { records }).kind).toBe('done')
  })
  it('R is (id, version) of the unanswered attempt: sent again with that version', () => {
    expect(update(present(ann('1')), { records })).toMatchObject({
      kind: 'send',
      squareId: 'SQ1',
      version: '1',
    })
  })
  it('the same version under another id is not the same: asks', () => {
    const remote = ann('1', {}, 'SQ2')
    const question = { kind: 'conflict', remote, why: 'in-doubt' }
    expect(update(present(remote), { records })).toEqual({ kind: 'ask', question })
  })
  it('R other, nothing overlaps: asks, for a colleague may have reverted ours', () => {
    const remote = ann('3', { nickname: 'A' })
    const question = { kind: 'conflict', remote, why: 'in-doubt' }
    expect(update(present(remote), { records })).toEqual({ kind: 'ask', question })
  })
  it('R other, a field to ask: asks', () => {
    expect(update(present(ann('3', { phoneNumber: OTHERS })), { records }).kind).toBe('ask')
  })
  it('R holds what was sent (a note sent merged): done', () => {
    const changes = patch({ note: ['a', 'a\nours'] })
    const body = { note: 'theirs\na\nours' }
    const remote = ann('5', { note: 'theirs\na\nours' })
    expect(update(present(remote), { changes, records: [sent('u', 1, { version: '4', body })] }).kind).toBe(
      'done',
    )
  })
  it.each(['c', null])('what left this PC counts, not what staff typed: %s is there, done', (note) => {
    const records = [sent('u', 1, { version: '4', body: { note } })]
    const changes = patch({ note: ['a', 'b'] })
    expect(update(present(ann('5', { note })), { changes, records }).kind).toBe('done')
    expect(update(present(ann('5', { note: 'd' })), { changes, records }).kind).toBe('ask')
  })
  it('S20 from a copied log, never sent from here: asks, however harmless', () => {
    expect(update(present(ann('1')), { records: [{ kind: 'copied' }] })).toMatchObject({
      kind: 'ask',
      question: { why: 'in-doubt' },
    })
  })
  it('a conflict answer to a second attempt does not clear it', () => {
    const both = [unanswered, sent('u', 2, { version: '1' }), answered('u', 2, { kind: 'conflict' })]
    expect(update(present(ann('3', { nickname: 'A' })), { records: both })).toMatchObject({
      question: { why: 'in-doubt' },
    })
  })
})

describe('S19 "show me every conflict"', () => {
  const records = conflicts(1)
  const remote = ann('2', { nickname: 'A' })
  const over = { showEveryConflict: true, previous: ann('1').fields }
  it('what S7 would merge is asked', () => {
    expect(update(present(remote), { records, over })).toEqual({
      kind: 'ask',
      question: { kind: 'conflict', remote, why: 'show-all' },
    })
  })
  it('nothing is asked before Square said CONFLICT, nor where nobody changed anything people see', () => {
    expect(update(present(remote), { over }).kind).toBe('send')
    expect(update(present(ann('2')), { records, over }).kind).toBe('send')
  })
})

describe('S7, S10 a delete', () => {
  const card = ann('1', { note: 'x' })
  const remove = (target: Target, { confirmed = 'SQ1', records = [] as RecordBody[] } = {}) => {
    const op = deleteOp('u', 'L1', card)
    return decideDelete(entryOf(stateOf(queued(op), ...records), 'u'), op, confirmed, target, context)
  }
  it('R missing: done', () => expect(remove(MISSING)).toEqual({ kind: 'gone' }))
  it('R is another id than was confirmed: asks *merged-delete*, though the card looks the same', () => {
    const remote = { ...card, id: 'SQ2' }
    expect(remove(present(remote))).toEqual({ kind: 'ask', question: { kind: 'merged-delete', remote } })
  })
  it('visible card as seen: sent with R’s version, in doubt or not', () => {
    const send = { kind: 'send', squareId: 'SQ1', version: '8', body: {} }
    expect(remove(present({ ...card, version: '8' }))).toEqual(send)
    expect(remove(present({ ...card, version: '8' }), { records: [sent('u')] })).toEqual(send)
  })
  it('in doubt, of one that was brought back: sent again only on what it was sent for, else asks', () => {
    const seen = { ...card, creationSource: 'DELETION_RECOVERY' }
    const op = deleteOp('u', 'L1', seen)
    const remove = (version: string, ...records: RecordBody[]) =>
      decideDelete(
        entryOf(stateOf(queued(op), ...records), 'u'),
        op,
        'SQ1',
        present({ ...seen, version }),
        context,
      ).kind
    expect(remove('8')).toBe('send')
    expect(remove('1', sent('u'))).toBe('send')
    expect(remove('8', sent('u'))).toBe('ask')
  })
  it('S10 confirmed before Square had it: never of what a merge made, whatever the create was answered with', () => {
    const { creationSource: _, ...seen } = deleteOp('u', 'L1', card).seen
    const op = { ...deleteOp('u', 'L1', card), squareId: null, seen }
    const decide = (creationSource: string) =>
      decideDelete(
        entryOf(stateOf(queued(op)), 'u'),
        op,
        'SQ1',
        present({ ...card, creationSource }),
        context,
      )
    expect(decide('THIRD_PARTY').kind).toBe('send')
    expect(decide('MERGE')).toMatchObject({ question: { kind: 'merged-delete' } })
  })
  it('the same, after three conflicts: asks', () => {
    expect(remove(present({ ...card, version: '8' }), { records: conflicts(3) })).toMatchObject({
      question: { kind: 'delete-changed', why: 'keeps-changing' },
    })
  })
  it('else: asks *delete-changed*', () => {
    const remote = { ...card, version: '2', fields: { ...card.fields, note: 'y' } }
    const question = { kind: 'delete-changed', remote, why: 'changed' }
    expect(remove(present(remote))).toEqual({ kind: 'ask', question })
  })
  it('S3 groups and creation source are part of what was seen; where they were not known they are not asked for', () => {
    const { fields } = card
    expect(sameCard({ fields, groupIds: ['a', 'b'] }, { ...card, groupIds: ['b', 'a'] }, merge)).toBe(true)
    expect(sameCard({ fields, groupIds: ['a'] }, { ...card, groupIds: ['b'] }, merge)).toBe(false)
    expect(sameCard({ fields, groupIds: [] }, { ...card, groupIds: ['b'] }, merge)).toBe(false)
    expect(sameCard({ fields, creationSource: 'THIRD_PARTY' }, card, merge)).toBe(false)
    for (const creationSource of ['DELETION_RECOVERY', 'UNMERGE_RECOVERY'])
      expect(sameCard({ fields }, { ...card, creationSource }, merge)).toBe(false)
    expect(sameCard({ fields }, { ...card, groupIds: ['b'], creationSource: 'MERGE' }, merge)).toBe(true)
  })
})

describe('S9 a create whose key is no longer trusted', () => {
  const op = createOp('c', 'L1', { givenName: 'Ann', phoneNumber: '212-555-0101' })
  const ours = ann('0')
  const equal = (id: string, over = {}) => ({ ...ours, id, creationSource: 'THIRD_PARTY', ...over })
  const nothing = { made: new Map<string, string>(), otherCreatesInDoubt: [] }
  const settle = (found: RemoteCustomer[], log: Partial<Parameters<typeof settleCreate>[2]> = {}) =>
    settleCreate(op, found, { ...nothing, ...log }, merge)
  const ask = (...candidates: RemoteCustomer[]) => ({
    kind: 'ask',
    question: { kind: 'create-unknown', candidates },
  })

  it('exactly one equal: adopted, also in another spelling', () => {
    expect(settle([equal('SQ1')])).toEqual({ kind: 'adopt', squareId: 'SQ1' })
    const spelled = equal('SQ1', { fields: { ...ours.fields, phoneNumber: '+12125550101' } })
    expect(settle([spelled, equal('SQ2', { fields: { ...ours.fields, note: 'x' } })])).toEqual({
      kind: 'adopt',
      squareId: 'SQ1',
    })
  })
  it('none, two, or one with more in it: asks', () => {
    expect(settle([])).toEqual(ask())
    expect(settle([equal('SQ1'), equal('SQ2')])).toEqual(ask(equal('SQ1'), equal('SQ2')))
    const edited = equal('SQ1', { fields: { ...ours.fields, note: 'x' } })
    expect(settle([edited])).toEqual(ask(edited))
  })
  it('one that came from a merge or a person is a candidate, never adopted unasked', () => {
    const mergedOne = equal('SQ1', { creationSource: 'MERGE' })
    expect(settle([mergedOne])).toEqual(ask(mergedOne))
  })
  it('one that another create of this log made is neither; one that this customer’s own create made is', () => {
    expect(settle([equal('SQ1')], { made: new Map([['SQ1', 'L2']]) })).toEqual(ask())
    expect(settle([equal('SQ1')], { made: new Map([['SQ1', 'L1']]) }).kind).toBe('adopt')
  })
  it('with a twin in doubt nothing is adopted', () => {
    const twin = createOp('c2', 'L2', { givenName: 'Ann', phoneNumber: '(212) 555-0101' })
    expect(settle([equal('SQ1')], { otherCreatesInDoubt: [twin] })).toEqual(ask(equal('SQ1')))
  })
  it('one that was changed since it was made: adopted, but not with another create in doubt, which may have made it', () => {
    const bob = createOp('c2', 'L2', { givenName: 'Bob' })
    const changed = equal('SQ1', { version: '1' })
    expect(settle([changed]).kind).toBe('adopt')
    expect(settle([changed], { otherCreatesInDoubt: [bob] })).toEqual(ask(changed))
    expect(settle([equal('SQ1')], { otherCreatesInDoubt: [bob] }).kind).toBe('adopt')
  })
  it('what only another create in doubt can have made is not offered: one that nobody has changed since', () => {
    const bob = createOp('c2', 'L2', { givenName: 'Bob' })
    const theirs = remoteOf('SQ2', { givenName: 'Bob' }, { version: '0', creationSource: 'THIRD_PARTY' })
    const asked = (found: RemoteCustomer) => settle([found], { otherCreatesInDoubt: [bob] })
    expect(asked(theirs)).toEqual(ask())
    const changed = { ...theirs, version: '1' }
    expect(asked(changed)).toEqual(ask(changed))
    const merged = { ...theirs, creationSource: 'MERGE' }
    expect(asked(merged)).toEqual(ask(merged))
  })
})

describe('for any base, patch and remote', () => {
  const decideFor = (
    changes: Patch,
    base: RemoteCustomer,
    remote: RemoteCustomer,
    records: RecordBody[] = [],
  ) => {
    const op = updateOp('u', 'L1', changes, base)
    return decideUpdate(entryOf(stateOf(queued(op), ...records), 'u'), op, present(remote), context)
  }
  it('S6 what is sent carries the remote’s id and version and touches no field staff did not touch', () => {
    fc.assert(
      fc.property(anyEncounter, ({ base, patch: changes, remote }) => {
        const decision = decideFor(changes, remoteOf('SQ1', base), remoteOf('SQ1', remote, { version: '7' }))
        if (decision.kind !== 'send') return
        expect([decision.squareId, decision.version]).toEqual(['SQ1', '7'])
        expect(Object.keys(changes)).toEqual(expect.arrayContaining(Object.keys(decision.body)))
        expect(Object.keys(decision.body).length).toBeGreaterThan(0)
      }),
    )
  })
  it('S8 in doubt and not at the version sent: never sent', () => {
    fc.assert(
      fc.property(anyEncounter, ({ base, patch: changes, remote }) => {
        const records = [sent('u', 1, { version: '1' })]
        const now = remoteOf('SQ1', remote, { version: '2' })
        expect(decideFor(changes, remoteOf('SQ1', base), now, records).kind).not.toBe('send')
      }),
    )
  })
  it('S7 nobody else: what staff typed is sent or is there already, never asked', () => {
    fc.assert(
      fc.property(anyEncounter, ({ base, patch: changes }) => {
        const same = remoteOf('SQ1', base)
        expect(decideFor(changes, same, same).kind).not.toBe('ask')
      }),
    )
  })
})

it('S7 what changed between two contents; nothing where the earlier one is not known', () => {
  const before = ann('1').fields
  expect(changedFields(before, ann('2', { note: 'x', phoneNumber: '+12125550101' }).fields, merge)).toEqual([
    'note',
  ])
  expect(changedFields(null, before, merge)).toEqual([])
})
