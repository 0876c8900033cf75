import { describe, expect, it } from 'vitest'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Question, QuestionBody, RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { applyRecord } from '#shared/outbox/fold-log.ts'
import { createReviews } from '#main/sync/reviews.ts'
import { failed, fakeGateway, later, ok, TIMEOUT } from '../../../support/fake-gateway.ts'
import {
  ann,
  answered,
  asks,
  createOp,
  deleteOp,
  patch,
  queued,
  sent,
  stateOf,
  updateOp,
} from '../../../support/builders.ts'

const OURS = '(212) 555-0102'
const THEIRS = '+12125550103'
const PHONE = patch({ phoneNumber: ['212-555-0101', OURS] })
const edit = queued(updateOp('u', 'L1', PHONE, ann('1')))
const theirs = (version: string, id = 'SQ1') => ann(version, { phoneNumber: THEIRS }, id)
/** `known`: what push compared with when it asked; null: a record of before. */
const conflict = (
  why: Extract<QuestionBody, { kind: 'conflict' }>['why'] = 'overlap',
  remote = theirs('2'),
  known: RemoteCustomer | null = ann('1'),
) => asks('u', { kind: 'conflict', remote, why }, undefined, known ?? undefined)
const GONE = failed({ kind: 'not-found' })

function setUp(gateway: Pick<SquareGateway, 'retrieve'> | null, ...records: RecordBody[]) {
  const state = stateOf(...records)
  const written: RecordBody[] = []
  const it = { works: true, gateway }
  const faults: unknown[] = []
  const reviews = createReviews({
    outbox: {
      state: () => state,
      write: async (bodies) => {
        if (!it.works) return false
        for (const body of bodies) applyRecord(state, body)
        written.push(...bodies)
        return true
      },
    },
    reader: () => it.gateway,
    merge: () => ({ country: 'US' }),
    newId: () => 'next',
    onThrew: (error) => void faults.push(error),
  })
  const see = async (remotes: readonly RemoteCustomer[], missing: readonly string[] = []) => {
    reviews.seen(remotes, missing)
    await reviews.idle()
  }
  const question = (): Question | null | undefined => state.entries.get('u')?.question
  return { reviews, see, written, state, question, it, faults }
}
/** Square holds this now, and a pull has read it; what was written of it. */
async function reviewed(now: RemoteCustomer | null, ...records: RecordBody[]) {
  const gateway = fakeGateway({ retrieve: [now ? ok(now) : GONE] })
  const world = setUp(gateway, ...records)
  await world.see(now ? [now] : [], now ? [] : ['SQ1'])
  return { ...world, gateway }
}
const LIFTED = { kind: 'lifted', opId: 'u', questionId: 'question-of-u' }

describe('S12 a question follows what Square holds', () => {
  it('what was in the way is gone, or says what staff want: lifted', async () => {
    for (const phoneNumber of ['212-555-0101', OURS]) {
      const { written, question, gateway } = await reviewed(ann('3', { phoneNumber }), edit, conflict())
      expect(written).toEqual([LIFTED])
      expect(question()).toBeNull()
      expect(gateway.calls).toEqual([['retrieve', 'SQ1']])
    }
  })
  it('changed once more: asked with that, under an id of its own, so that no answer to the old one counts', async () => {
    const now = ann('3', { phoneNumber: '+12125550199' })
    const { written } = await reviewed(now, edit, conflict())
    expect(written).toEqual([asks('u', { kind: 'conflict', remote: now, why: 'overlap' }, 'next')])
  })
  it('gone at Square: asked whether to add them again', async () => {
    const { written } = await reviewed(null, edit, conflict())
    expect(written).toEqual([asks('u', { kind: 'gone' }, 'next')])
  })
  it('gone, and back: lifted; still gone, for the list lags: as it was', async () => {
    expect((await reviewed(ann('3'), edit, asks('u', { kind: 'gone' }))).written).toEqual([LIFTED])
    const lags = setUp(fakeGateway({ retrieve: [GONE] }), edit, asks('u', { kind: 'gone' }))
    await lags.see([ann('3')])
    expect(lags.written).toEqual([])
    expect(lags.question()?.kind).toBe('gone')
  })
  it('the list was ahead of what Square answers by id: as it was', async () => {
    const world = setUp(fakeGateway({ retrieve: [ok(theirs('2'))] }), edit, conflict())
    await world.see([theirs('3')])
    expect(world.written).toEqual([])
    const merged = asks('u', { kind: 'merged-delete', remote: theirs('2') })
    const remove = queued({ ...deleteOp('u', 'L1', ann('1', {}, 'SQ0')), basis: null })
    const alias: RecordBody = { kind: 'alias', fromSquareId: 'SQ0', toSquareId: 'SQ1', remote: theirs('2') }
    const deletion = setUp(fakeGateway({ retrieve: [ok(theirs('2'))] }), remove, alias, merged)
    await deletion.see([theirs('3')])
    expect(deletion.written).toEqual([])
  })
  it('S8 in doubt and taken back: could be ours, so it stays a question', async () => {
    const { written } = await reviewed(ann('3'), edit, sent('u'), conflict('in-doubt'))
    expect(written).toEqual([asks('u', { kind: 'conflict', remote: ann('3'), why: 'in-doubt' }, 'next')])
  })
  it('S10 merged away: the alias first, then asked under the new id', async () => {
    const merged = theirs('0', 'SQ2')
    const world = setUp(fakeGateway({ retrieve: [ok(merged)] }), edit, conflict())
    await world.see([], ['SQ1'])
    expect(world.written.map(({ kind }) => kind)).toEqual(['alias', 'asks'])
    expect(world.question()).toMatchObject({ kind: 'conflict', remote: { id: 'SQ2' } })
  })
  it('S7 whom this PC knew when it asked is held against what is there now, not what the question showed', async () => {
    const other = { givenName: 'Bob', familyName: 'Stone' }
    const bob = (version: string, phoneNumber: string) => ann(version, { ...other, phoneNumber })
    const miller = ann('1', { familyName: 'Miller' })
    const now = bob('3', '212-555-0101')
    // Also where the form had none: the edit was typed while the create waited.
    for (const basis of [updateOp('u', 'L1', PHONE, miller).basis, null]) {
      const typed = queued({ ...updateOp('u', 'L1', PHONE, miller), basis })
      const asked = conflict('overlap', bob('2', THEIRS), miller)
      expect((await reviewed(now, typed, asked)).written).toMatchObject([
        { kind: 'asks', question: { why: 'another-person' } },
      ])
      // Renamed on this PC, by an edit that has gone before.
      const renamed = conflict('overlap', bob('3', THEIRS), bob('2', '212-555-0101'))
      expect((await reviewed(bob('4', '212-555-0101'), typed, renamed)).written).toEqual([LIFTED])
    }
  })
  it('S7, S19 where that is not known, nothing that would be sent is lifted: each field is shown to somebody', async () => {
    const free = ann('3', { note: 'y' })
    const asked = async (why: Parameters<typeof conflict>[0], now = free) =>
      (await reviewed(now, edit, conflict(why, theirs('2'), null))).written
    for (const why of ['another-person', 'show-all'] as const)
      expect(await asked(why)).toEqual([asks('u', { kind: 'conflict', remote: free, why }, 'next')])
    expect(await asked('overlap')).toEqual([
      asks('u', { kind: 'conflict', remote: free, why: 'keeps-changing' }, 'next'),
    ])
    // There is nothing to see where Square holds what staff want.
    for (const why of ['overlap', 'show-all'] as const)
      expect(await asked(why, ann('3', { phoneNumber: OURS }))).toEqual([LIFTED])
  })
  it('what was known is that of the first question, however often it is asked anew', async () => {
    const gateway = fakeGateway({ retrieve: [ok(theirs('3')), GONE, ok(ann('4'))] })
    const world = setUp(gateway, edit, conflict())
    await world.see([theirs('3')])
    await world.see([], ['SQ1'])
    expect(world.question()?.kind).toBe('gone')
    await world.see([ann('4')])
    expect(world.state.entries.get('u')).toMatchObject({ question: null, known: ann('1').fields })
  })
  it('S7 a card that is again as it was when its deletion was confirmed: lifted; still another one: asked with that', async () => {
    const remove = queued(deleteOp('u', 'L1', ann('1')))
    const changed = (version: string) =>
      asks('u', { kind: 'delete-changed', remote: theirs(version), why: 'changed' })
    expect((await reviewed(ann('3'), remove, changed('2'))).written).toEqual([LIFTED])
    expect((await reviewed(theirs('3'), remove, changed('2'))).written).toMatchObject([
      { kind: 'asks', question: { kind: 'delete-changed', remote: { version: '3' } } },
    ])
    const gone = await reviewed(null, remove, changed('2'))
    expect(gone.written).toEqual([answered('u', 0, { kind: 'gone' })])
  })
})

describe('looking', () => {
  it('nothing is read where nobody is asked, or nothing has moved', async () => {
    const gateway = fakeGateway()
    await setUp(gateway, edit).see([theirs('3')])
    await setUp(gateway, edit, conflict()).see([theirs('2')])
    expect(gateway.calls).toEqual([])
  })
  it('what cannot be looked at now, or not be written, is looked at after the next pull', async () => {
    const gateway = fakeGateway({ retrieve: [TIMEOUT, ok(ann('3'))] })
    const world = setUp(gateway, edit, conflict())
    await world.see([ann('3')])
    expect(world.written).toEqual([])
    world.it.works = false
    await world.see([])
    expect(world.question()).not.toBeNull()
    world.it.works = true
    world.it.gateway = null // signed out
    await world.see([])
    expect(world.question()).not.toBeNull()
    world.it.gateway = gateway
    await world.see([])
    expect(world.written).toEqual([LIFTED])
    await world.see([])
    expect(gateway.calls).toHaveLength(3)
  })
  it('where writing fails a question and its end stay as they were', async () => {
    const world = setUp(fakeGateway({ retrieve: [ok(theirs('3')), GONE] }), edit, conflict())
    world.it.works = false
    await world.see([theirs('3')])
    await world.see([])
    expect(world.question()).toMatchObject({ id: 'question-of-u' })
    const remove = queued(deleteOp('u', 'L1', ann('1')))
    const end = setUp(
      fakeGateway({ retrieve: [GONE] }),
      remove,
      asks('u', { kind: 'merged-delete', remote: theirs('2') }),
    )
    end.it.works = false
    await end.see([], ['SQ1'])
    expect(end.question()).toMatchObject({ id: 'question-of-u' })
  })
  it('answered, or ended, while it was looked at: nothing is written', async () => {
    for (const meanwhile of [conflict('overlap', theirs('4')), answered('u', 0, { kind: 'gone' })]) {
      const answer = later()
      const world = setUp(fakeGateway({ retrieve: () => answer.reply }), edit, conflict())
      world.reviews.seen([ann('3')], [])
      world.reviews.seen([ann('3')], []) // one look for both
      applyRecord(world.state, 'question' in meanwhile ? asks('u', meanwhile.question, 'other') : meanwhile)
      answer.come(ok(ann('3')))
      await world.reviews.idle()
      expect(world.written).toEqual([])
    }
  })
  it('of several one that cannot be looked at holds up no other; ended meanwhile, it is not asked for', async () => {
    const other = queued(updateOp('v', 'L2', PHONE, ann('1', {}, 'SQ2')))
    const about: QuestionBody = { kind: 'conflict', remote: theirs('2', 'SQ2'), why: 'overlap' }
    const second = asks('v', about, undefined, ann('1', {}, 'SQ2'))
    const retrieve = (id: string) => Promise.resolve(id === 'SQ1' ? TIMEOUT : ok(ann('3', {}, 'SQ2')))
    const world = setUp(fakeGateway({ retrieve }), edit, conflict(), other, second)
    await world.see([theirs('3'), theirs('3', 'SQ2')])
    expect(world.written).toEqual([{ kind: 'lifted', opId: 'v', questionId: 'question-of-v' }])
    applyRecord(world.state, { kind: 'withdrawn', opIds: ['u'], why: 'keep-square' })
    await world.see([])
    expect(world.written).toHaveLength(1)
  })
  it('a new customer’s question is not its business', async () => {
    const create = queued(createOp('u', 'L1'))
    const world = setUp(fakeGateway(), create, asks('u', { kind: 'create-unknown', candidates: [] }))
    await world.see([ann('3')])
    expect(world.written).toEqual([])
  })
  it('a fault of ours is told, holds up no other, and its question is looked at again when a pull shows it', async () => {
    const fault = new TypeError('of ours')
    const other = queued(updateOp('v', 'L2', PHONE, ann('1', {}, 'SQ2')))
    const about: QuestionBody = { kind: 'conflict', remote: theirs('2', 'SQ2'), why: 'overlap' }
    const second = asks('v', about, undefined, ann('1', {}, 'SQ2'))
    const retrieve = (id: string) => (id === 'SQ1' ? Promise.reject(fault) : ok(ann('3', {}, 'SQ2')))
    const gateway = fakeGateway({ retrieve })
    const world = setUp(gateway, edit, conflict(), other, second)
    await world.see([ann('3'), ann('3', {}, 'SQ2')])
    expect(world.faults).toEqual([fault])
    expect(world.written).toEqual([{ kind: 'lifted', opId: 'v', questionId: 'question-of-v' }])
    await world.see([])
    expect(gateway.calls).toHaveLength(2)
    world.it.gateway = fakeGateway({ retrieve: [ok(ann('3'))] })
    await world.see([ann('3')])
    expect(world.written.at(-1)).toEqual(LIFTED)
  })
})
