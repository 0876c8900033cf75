import { describe, expect, it } from 'vitest'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { applyRecord, inDoubt, openEntries } from '#shared/outbox/fold-log.ts'
import { pushOperation } from '#main/sync/push-operation.ts'
import { failed, fakeGateway, later, ok, openDoor, TIMEOUT } from '../../../support/fake-gateway.ts'
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
} from '../../../support/builders.ts'

const PHONE = patch({ phoneNumber: ['212-555-0101', '(212) 555-0102'] })
const BODY = { phoneNumber: '(212) 555-0102' }
const CONFLICT = failed({ kind: 'conflict' })
const NOT_FOUND = failed({ kind: 'not-found' })
const edit = queued(updateOp('u', 'L1', PHONE, ann('1')))

function setUp(gateway: SquareGateway, ...records: RecordBody[]) {
  const state = stateOf(...records)
  const written: RecordBody[] = []
  const writes: (readonly RecordBody[])[] = []
  const disk = { works: true }
  const push = () =>
    pushOperation('u', {
      outbox: {
        state: () => state,
        write: async (bodies) => {
          if (!disk.works) return false
          for (const body of bodies) applyRecord(state, body)
          written.push(...bodies)
          writes.push(bodies)
          return true
        },
      },
      gateway,
      door: () => openDoor(gateway),
      together: false,
      changed: () => Promise.resolve(null),
      lately: () => null,
      merge: { country: 'US' },
      newId: () => 'q1',
      inFlight: new Set(['u']),
      squareNow: () => 0,
      onSending: () => {},
    })
  return { push, written, writes, state, disk }
}
async function push(gateway: SquareGateway, ...records: RecordBody[]) {
  const it = setUp(gateway, ...records)
  return { result: await it.push(), ...it }
}

describe('S6 the version that is sent', () => {
  it('is that of the form’s basis where the log knows nothing newer, without a read', async () => {
    const gateway = fakeGateway({ update: [ok(ann('2', BODY))] })
    const { written } = await push(gateway, edit)
    expect(gateway.calls).toEqual([['update', 'SQ1', '1', BODY]])
    expect(written.map(({ kind }) => kind)).toEqual(['sent', 'answered'])
  })
  it('is that of our own last echo', async () => {
    const before = queued(updateOp('before', 'L1', patch({ note: [null, 'x'] }), ann('1')))
    const gateway = fakeGateway({ update: [ok(ann('8', BODY))] })
    await push(gateway, before, applied('before', ann('7', { note: 'x' })), edit)
    expect(gateway.calls).toEqual([['update', 'SQ1', '7', BODY]])
  })
  it('is never taken from another id: after a merge it is that of the new one', async () => {
    const alias: RecordBody = {
      kind: 'alias',
      fromSquareId: 'SQ1',
      toSquareId: 'SQ2',
      remote: ann('0', {}, 'SQ2'),
    }
    const gateway = fakeGateway({ update: [ok(ann('1', BODY, 'SQ2'))] })
    await push(gateway, edit, alias)
    expect(gateway.calls).toEqual([['update', 'SQ2', '0', BODY]])
  })
  it('a verdict other than *send* is taken only after a fresh look', async () => {
    const known = asks('other', { kind: 'conflict', remote: ann('2', BODY), why: 'overlap' })
    const other = queued(updateOp('other', 'L1', PHONE, ann('1')))
    const closed: RecordBody = { kind: 'withdrawn', opIds: ['other'], why: 'keep-square' }
    const gateway = fakeGateway({ retrieve: [ok(ann('3'))], update: [ok(ann('4', BODY))] })
    await push(gateway, other, known, closed, edit)
    expect(gateway.calls).toEqual([
      ['retrieve', 'SQ1'],
      ['update', 'SQ1', '3', BODY],
    ])
  })
})

describe('S10 404 for one whom Square has all the same', () => {
  it('is not asked about, and not sent for ever in one go: it waits like any other', async () => {
    const gateway = fakeGateway({ update: [NOT_FOUND], retrieve: [ok(ann('1'))] })
    const { result, state } = await push(gateway, edit)
    expect(result).toEqual({ kind: 'wait' })
    expect(gateway.writes()).toHaveLength(6)
    expect(entryOf(state, 'u').question).toBeNull()
  })
})

describe('S7 CONFLICT', () => {
  it('other fields changed: sent with the new version and shown as merged', async () => {
    const now = ann('2', { note: 'theirs' })
    const gateway = fakeGateway({
      update: [CONFLICT, ok(ann('3', { ...BODY, note: 'theirs' }))],
      retrieve: [ok(now)],
    })
    const { written } = await push(gateway, edit)
    expect(gateway.calls).toEqual([
      ['update', 'SQ1', '1', BODY],
      ['retrieve', 'SQ1'],
      ['update', 'SQ1', '2', BODY],
    ])
    expect(written.at(-1)).toMatchObject({
      answer: { kind: 'applied', how: 'sent', combined: ['note'], before: now.fields },
    })
  })
  it('ours is there already: done, nothing is sent again', async () => {
    const now = ann('2', { phoneNumber: '+12125550102' })
    const { written } = await push(fakeGateway({ update: [CONFLICT], retrieve: [ok(now)] }), edit)
    expect(written.at(-1)).toEqual(answered('u', 0, { kind: 'applied', remote: now, how: 'equal' }))
  })
  it('the same field changed: asks', async () => {
    const now = ann('2', { phoneNumber: '+12125550103' })
    const { state } = await push(fakeGateway({ update: [CONFLICT], retrieve: [ok(now)] }), edit)
    expect(entryOf(state, 'u').question).toEqual({ kind: 'conflict', remote: now, why: 'overlap', id: 'q1' })
  })
  it('with the question goes what was known before, own echoes included: the form may be older', async () => {
    const before = queued(updateOp('before', 'L1', patch({ note: [null, 'x'] }), ann('1')))
    const echo = ann('7', { note: 'x' })
    const gateway = fakeGateway({
      update: [CONFLICT],
      retrieve: [ok(ann('8', { phoneNumber: '+12125550103' }))],
    })
    const { written } = await push(gateway, before, applied('before', echo), edit)
    expect(written.at(-1)).toMatchObject({ kind: 'asks', known: echo.fields })
  })
  it('where nothing was known, the question says nothing of it', async () => {
    const blind = queued({ ...updateOp('u', 'L1', PHONE, ann('1')), basis: null })
    const now = ann('2', { phoneNumber: '+12125550103' })
    const { written } = await push(fakeGateway({ retrieve: [ok(now)] }), blind)
    expect(written).toEqual([asks('u', { kind: 'conflict', remote: now, why: 'overlap' }, 'q1')])
  })
  it('three in a row: asks', async () => {
    let version = 1
    const gateway = fakeGateway({
      update: [CONFLICT],
      retrieve: () => ok(ann(String(++version), { nickname: `${version}` })),
    })
    const { state } = await push(gateway, edit)
    expect(gateway.writes()).toHaveLength(3)
    expect(entryOf(state, 'u').question).toMatchObject({ why: 'keeps-changing' })
  })
  it('whose resend was turned away looks again: the old version never goes out a second time', async () => {
    const now = ann('2', { note: 'theirs' })
    const limited = failed({ kind: 'rate-limited', retryAfterMs: null })
    const gateway = fakeGateway({ update: [CONFLICT, limited, ok(ann('3', BODY))], retrieve: [ok(now)] })
    const it = setUp(gateway, edit)
    expect((await it.push()).kind).toBe('wait')
    expect((await it.push()).kind).toBe('settled')
    expect(gateway.writes().map(([, , version]) => version)).toEqual(['1', '2', '2'])
    expect(it.written.at(-1)).toMatchObject({ answer: { combined: ['note'] } })
  })
  it('S19 with "show me every conflict" what would be merged is asked', async () => {
    const on: RecordBody = {
      kind: 'fact',
      id: 'f',
      localId: '',
      fact: { kind: 'show-every-conflict', on: true },
    }
    const gateway = fakeGateway({ update: [CONFLICT], retrieve: [ok(ann('2', { note: 'theirs' }))] })
    const { state } = await push(gateway, on, edit)
    expect(entryOf(state, 'u').question).toMatchObject({ kind: 'conflict', why: 'show-all' })
  })
})

describe('S12 a question that was lifted', () => {
  const MILLER = { familyName: 'Miller' }
  const BOB = { givenName: 'Bob', familyName: 'Stone' }
  const known = ann('1', MILLER)
  const renamed = ann('2', BOB)
  const typed = queued(updateOp('u', 'L1', PHONE, known))
  const written4 = ann('4', { ...MILLER, ...BODY })
  const turnedAway = [sent('u'), answered('u', 1, { kind: 'conflict' })]
  const lifted = [
    asks('u', { kind: 'conflict', remote: renamed, why: 'another-person' }, 'q', known),
    { kind: 'lifted', opId: 'u', questionId: 'q' },
  ] as const
  const on: RecordBody = {
    kind: 'fact',
    id: 'f',
    localId: '',
    fact: { kind: 'show-every-conflict', on: true },
  }
  it('S7, S19 back as this PC knew them: sent, and nobody is asked about what the question had shown', async () => {
    for (const switched of [[], [on]]) {
      const gateway = fakeGateway({ retrieve: [ok(ann('3', MILLER))], update: [ok(written4)] })
      const { written } = await push(gateway, ...switched, typed, ...turnedAway, ...lifted)
      expect(gateway.writes()).toEqual([['update', 'SQ1', '3', BODY]])
      expect(written.at(-1)).toEqual(answered('u', 2, { kind: 'applied', remote: written4, how: 'sent' }))
    }
  })
  it('looks before it sends, also where no attempt was turned away: nobody has decided on what was asked about', async () => {
    const gateway = fakeGateway({ retrieve: [ok(ann('3', MILLER))], update: [ok(written4)] })
    await push(gateway, typed, ...lifted)
    expect(gateway.calls).toEqual([
      ['retrieve', 'SQ1'],
      ['update', 'SQ1', '3', BODY],
    ])
  })
  it('what was combined is what changed since this PC knew it', async () => {
    const now = ann('3', { ...MILLER, note: 'theirs' })
    const gateway = fakeGateway({ retrieve: [ok(now)], update: [ok(written4)] })
    const { written } = await push(gateway, typed, ...turnedAway, ...lifted)
    expect(written.at(-1)).toMatchObject({ answer: { combined: ['note'], before: now.fields } })
  })
  it('S7 another person again by then: asked again', async () => {
    const gateway = fakeGateway({ retrieve: [ok(ann('4', BOB))] })
    const { written } = await push(gateway, typed, ...turnedAway, ...lifted)
    expect(gateway.writes()).toEqual([])
    expect(written).toMatchObject([
      { kind: 'asks', question: { why: 'another-person' }, known: known.fields },
    ])
  })
})

describe('S13 a 200 whose answer still holds what was there before', () => {
  const cleared = queued(updateOp('u', 'L1', patch({ note: ['x', null] }), ann('1', { note: 'x' })))
  it('is not called done: what is left is sent once more', async () => {
    const still = ann('2', { note: 'x' })
    const gateway = fakeGateway({ update: [ok(still), ok(ann('3'))], retrieve: [ok(still)] })
    const { written, state } = await push(gateway, cleared)
    expect(gateway.calls).toEqual([
      ['update', 'SQ1', '1', { note: null }],
      ['retrieve', 'SQ1'],
      ['update', 'SQ1', '2', { note: null }],
    ])
    expect(written.filter(({ kind }) => kind === 'answered')).toEqual([
      answered('u', 1, { kind: 'conflict' }),
      answered('u', 2, { kind: 'applied', remote: ann('3'), how: 'sent' }),
    ])
    expect(state.entries.size).toBe(0)
  })
  it('again and again is asked about', async () => {
    let version = 1
    const still = () => ok(ann(`${version}`, { note: 'x' }))
    const gateway = fakeGateway({ update: () => (version++, still()), retrieve: still })
    const { state } = await push(gateway, cleared)
    expect(gateway.writes()).toHaveLength(3)
    expect(entryOf(state, 'u').question).toMatchObject({ kind: 'conflict', remote: { version: '4' } })
  })
  it('is in doubt while that is not on the disk', async () => {
    const gateway = fakeGateway({ update: [ok(ann('2', { note: 'x' }))] })
    const it = setUp(gateway, cleared)
    const before = gateway.update
    gateway.update = (...args) => ((it.disk.works = false), before(...args))
    expect(await it.push()).toEqual({ kind: 'wait' })
    expect(inDoubt(entryOf(it.state, 'u'))).toBe(true)
  })
})

describe('S8 in doubt', () => {
  const unanswered = sent('u', 1, { body: BODY })
  it('looks before anything else, and waits where that fails', async () => {
    const { result, written } = await push(fakeGateway({ retrieve: [TIMEOUT] }), edit, unanswered)
    expect([result.kind, written]).toEqual(['wait', []])
  })
  it('nothing happened since: sent again with the same version', async () => {
    const gateway = fakeGateway({ retrieve: [ok(ann('1'))], update: [ok(ann('2', BODY))] })
    const { written } = await push(gateway, edit, unanswered)
    expect(gateway.writes()).toEqual([['update', 'SQ1', '1', BODY]])
    expect(written[0]).toMatchObject({ kind: 'sent', attempt: 2 })
  })
  it('reverted by a colleague: asked, not sent', async () => {
    const gateway = fakeGateway({ retrieve: [ok(ann('3'))] })
    const { state } = await push(gateway, edit, unanswered)
    expect(gateway.writes()).toEqual([])
    expect(entryOf(state, 'u').question).toMatchObject({ kind: 'conflict', why: 'in-doubt' })
  })
})

describe('S10 404 is never trusted alone', () => {
  it('missing: asks *gone*', async () => {
    const gateway = fakeGateway({ update: [NOT_FOUND], retrieve: [NOT_FOUND] })
    const { state } = await push(gateway, edit)
    expect(entryOf(state, 'u').question).toMatchObject({ kind: 'gone' })
  })
  it('another id in the answer: `alias` first, then decided under it', async () => {
    const merged = ann('0', {}, 'SQ2')
    const gateway = fakeGateway({ update: [NOT_FOUND, ok(ann('1', BODY, 'SQ2'))], retrieve: [ok(merged)] })
    const { written } = await push(gateway, edit)
    expect(written.map(({ kind }) => kind)).toEqual(['sent', 'answered', 'alias', 'sent', 'answered'])
    expect(gateway.writes()[1]).toEqual(['update', 'SQ2', '0', BODY])
  })
  it('still there after all: sent again', async () => {
    const gateway = fakeGateway({ update: [NOT_FOUND, ok(ann('2', BODY))], retrieve: [ok(ann('1'))] })
    const { result } = await push(gateway, edit)
    expect(result.kind).toBe('settled')
  })
})

describe('S10 an update that is answered under another id', () => {
  const merged = ann('1', BODY, 'SQ2')
  const alias: RecordBody = { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: merged }

  it('is that customer’s: `alias` and `answered` in one write, and what waits behind it goes there', async () => {
    const next = queued(updateOp('next', 'L1', patch({ note: [null, 'x'] }), ann('1')))
    const { state, writes, result } = await push(fakeGateway({ update: [ok(merged)] }), edit, next)
    expect(result.kind).toBe('settled')
    expect(writes.slice(1)).toEqual([[alias, applied('u', merged)]])
    expect(openEntries(state, 'square:SQ2').map(({ op }) => op.id)).toEqual(['next'])
    expect(openEntries(state, 'square:SQ1')).toEqual([])
  })
  it('is in doubt under the old id while neither is on the disk', async () => {
    const it = setUp(fakeGateway({ update: () => ((it.disk.works = false), ok(merged)) }), edit)
    expect((await it.push()).kind).toBe('wait')
    expect(it.written.map(({ kind }) => kind)).toEqual(['sent'])
    expect(it.state.aliases.size).toBe(0)
  })
})

describe('a delete', () => {
  const remove = queued(deleteOp('u', 'L1', ann('1')))
  it('goes out with the version of the card that was seen', async () => {
    const gateway = fakeGateway({ remove: [ok(null)] })
    const { state } = await push(gateway, remove)
    expect(gateway.calls).toEqual([['remove', 'SQ1', '1']])
    expect(state.closed.get('u')).toBe('done')
  })
  it('S10 404, then missing: done; then another id: asked', async () => {
    const gone = await push(fakeGateway({ remove: [NOT_FOUND], retrieve: [NOT_FOUND] }), remove)
    expect(gone.written.at(-1)).toEqual(answered('u', 0, { kind: 'gone' }))
    const merged = await push(
      fakeGateway({ remove: [NOT_FOUND], retrieve: [ok(ann('1', {}, 'SQ2'))] }),
      remove,
    )
    expect(entryOf(merged.state, 'u').question).toMatchObject({ kind: 'merged-delete' })
  })
  it('S7 behind our own edit: the card as it became by that is the one that was seen', async () => {
    const seen = ann('1', { note: 'x' })
    const before = queued(updateOp('before', 'L1', patch({ note: [null, 'x'] }), ann('1')))
    const gateway = fakeGateway({ remove: [ok(null)] })
    await push(
      gateway,
      before,
      queued(deleteOp('u', 'L1', seen)),
      applied('before', { ...seen, version: '2' }),
    )
    expect(gateway.calls).toEqual([['remove', 'SQ1', '2']])
  })
  it('S10 of a customer that had no id yet is confirmed for the one its create made, for no other', async () => {
    const created = [queued(createOp('c', 'L1')), applied('c', ann('0'))]
    const blind = queued({ ...deleteOp('u', 'L1', ann('0')), squareId: null, basis: null })
    const alias: RecordBody = {
      kind: 'alias',
      fromSquareId: 'SQ1',
      toSquareId: 'SQ2',
      remote: ann('0', {}, 'SQ2'),
    }
    const gateway = fakeGateway({ remove: [ok(null)], retrieve: [ok(ann('0', {}, 'SQ2'))] })
    await push(gateway, ...created, blind)
    expect(gateway.calls).toEqual([['remove', 'SQ1', '0']])
    const { state } = await push(gateway, ...created, blind, alias)
    expect(entryOf(state, 'u').question).toMatchObject({ kind: 'merged-delete' })
  })
})

describe('S4 checked in the tick in which it is sent', () => {
  it('withdrawn while a read was under way: nothing is sent', async () => {
    const slow = later()
    const gateway = fakeGateway({ retrieve: () => slow.reply })
    const it = setUp(gateway, edit, sent('u', 1), answered('u', 1, { kind: 'conflict' }))
    const pushed = it.push()
    applyRecord(it.state, { kind: 'withdrawn', opIds: ['u'], why: 'keep-square' })
    slow.come(ok(ann('2')))
    expect(await pushed).toEqual({ kind: 'settled' })
    expect([gateway.writes(), it.written]).toEqual([[], []])
  })
  it('no longer head after a merge brought in an older one: nothing is sent', async () => {
    const slow = later()
    const gateway = fakeGateway({ retrieve: () => slow.reply })
    const older = queued(updateOp('older', 'L2', PHONE, remoteOf('SQ2', {})))
    const it = setUp(gateway, older, edit, sent('u', 1), answered('u', 1, { kind: 'not-found' }))
    const pushed = it.push()
    slow.come(ok(remoteOf('SQ2', { givenName: 'Ann', phoneNumber: '212-555-0101' })))
    expect(await pushed).toEqual({ kind: 'settled' })
    expect(gateway.writes()).toEqual([])
    expect(it.written.map(({ kind }) => kind)).toEqual(['alias'])
  })
  it('where the log cannot be written nothing leaves', async () => {
    const gateway = fakeGateway({ update: [ok(ann('2'))] })
    const it = setUp(gateway, edit)
    it.disk.works = false
    expect(await it.push()).toEqual({ kind: 'wait' })
    expect(gateway.calls).toEqual([])
  })
})

it('S3 an operation of nobody is asked about', async () => {
  const { state } = await push(fakeGateway(), queued(updateOp('u', 'L1', PHONE, null)))
  expect(entryOf(state, 'u').question).toMatchObject({ kind: 'orphan' })
})

it('what is closed or unknown needs nothing', async () => {
  expect((await push(fakeGateway())).result).toEqual({ kind: 'settled' })
})
