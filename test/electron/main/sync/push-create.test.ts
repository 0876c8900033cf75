import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { applyRecord } from '#shared/outbox/fold-log.ts'
import { KEY_SAFE_MS, LAG_WAIT_MS, SEARCH_MARGIN_MS } from '#shared/sync/limits.ts'
import { pushOperation, type PushContext, type Way } from '#main/sync/push-operation.ts'
import { failed, fakeGateway, openDoor, ok, SQUARE_TIME, TIMEOUT } from '../../../support/fake-gateway.ts'
import {
  ann,
  answered,
  applied,
  asks,
  createOp,
  deleteOp,
  entryOf,
  queued,
  sent,
  stateOf,
} from '../../../support/builders.ts'

const NOWHERE = failed({ kind: 'not-found' })
const FIELDS = { givenName: 'Ann', phoneNumber: '212-555-0101' }
const op = createOp('c', 'L1', FIELDS)
const made = (id = 'SQ1'): RemoteCustomer => ({ ...ann('0', {}, id), creationSource: 'THIRD_PARTY' })

/** Pushes once at that time of Square's clock; `written` are the records it wrote. */
async function push(gateway: SquareGateway, now: number | null, ...records: RecordBody[]) {
  return pushWith(gateway, { now, together: false }, ...records)
}
async function pushWith(
  gateway: SquareGateway,
  {
    now,
    together,
    changed = async () => null,
    lately = () => null,
  }: { now: number | null; together: boolean } & Partial<Pick<PushContext, 'changed' | 'lately'>>,
  ...records: RecordBody[]
) {
  const ways: Way[] = []
  const state = stateOf(...records)
  const written: RecordBody[] = []
  const result = await pushOperation('c', {
    outbox: {
      state: () => state,
      write: async (bodies) => {
        for (const body of bodies) applyRecord(state, body)
        written.push(...bodies)
        return true
      },
    },
    gateway,
    door: (how) => {
      ways.push(how)
      return openDoor(gateway)
    },
    together,
    changed,
    lately,
    merge: { country: 'US' },
    newId: () => 'q1',
    inFlight: new Set(['c']),
    squareNow: () => now,
    onSending: () => {},
  })
  return { result, written, state, ways }
}
const first = (over: Partial<Parameters<typeof sent>[2]> = {}) =>
  sent('c', 1, { squareId: null, version: null, squareTime: SQUARE_TIME, body: FIELDS, ...over })

describe('S9 a create that was never sent', () => {
  it('is looked for first, then sent: key = the operation’s id, the body frozen with Square’s time', async () => {
    const gateway = fakeGateway({ findExact: [ok([])], create: [ok(made())] })
    const withNote = createOp('c', 'L1', {
      ...FIELDS,
      emailAddress: 'a@x.example',
      referenceId: 'r1',
      note: null,
    })
    const { written, result } = await push(gateway, SQUARE_TIME, queued(withNote))
    const body = { ...FIELDS, emailAddress: 'a@x.example', referenceId: 'r1' }
    const none = { phoneE164: null, emailAddress: null, referenceId: null }
    expect(gateway.calls).toEqual([
      ['findExact', { ...none, phoneE164: '+12125550101' }],
      ['findExact', { ...none, emailAddress: 'a@x.example' }],
      ['findExact', { ...none, referenceId: 'r1' }],
      ['create', 'c', body],
    ])
    expect(written).toEqual([first({ body }), applied('c', made())])
    expect(result).toEqual({ kind: 'settled' })
  })
  it('a match is a question, and nothing is sent', async () => {
    const now = { ...made(), version: '4' }
    const gateway = fakeGateway({ findExact: [ok([made()])], retrieve: [ok(now)] })
    const { written } = await push(gateway, SQUARE_TIME, queued(op))
    expect(written).toMatchObject([
      { kind: 'asks', question: { kind: 'create-duplicate', candidates: [now] } },
    ])
    expect(gateway.writes()).toEqual([])
  })
  it('a match that is gone by now is nobody, and where nobody can say it waits: searches lag behind deletions', async () => {
    const gone = fakeGateway({ findExact: [ok([made()])], retrieve: [NOWHERE], create: [ok(made('SQ2'))] })
    await push(gone, SQUARE_TIME, queued(op))
    expect(gone.calls.map(([name]) => name)).toEqual(['findExact', 'retrieve', 'create'])
    const unknown = fakeGateway({ findExact: [ok([made()])], retrieve: [TIMEOUT] })
    const { result, written } = await push(unknown, SQUARE_TIME, queued(op))
    expect([result.kind, written]).toEqual(['wait', []])
  })
  it('a match that this log is about to delete is waited for; where that deletion asks, it is there like any other', async () => {
    const deletion = deleteOp('d', 'L9', made())
    const waits = fakeGateway({ findExact: [ok([made()])] })
    const { result, written } = await push(waits, SQUARE_TIME, queued(deletion), queued(op))
    expect([result.kind, written]).toEqual(['wait', []])
    const question = { kind: 'delete-changed', why: 'changed', remote: made(), id: 'q9' } as const
    const asking = fakeGateway({ findExact: [ok([made()])], retrieve: [ok(made())] })
    const asked = await push(
      asking,
      SQUARE_TIME,
      queued(deletion),
      { kind: 'asks', opId: 'd', question },
      queued(op),
    )
    expect(asked.written).toMatchObject([{ kind: 'asks', question: { kind: 'create-duplicate' } }])
  })
  it('S23 a match that had been merged away is asked for under the id it was found by: a merge may be taken apart', async () => {
    const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: made('SQ2') }
    const found = { findExact: [ok([made('SQ1')])] }
    const apart = await push(
      fakeGateway({ ...found, retrieve: [ok(made('SQ1'))] }),
      SQUARE_TIME,
      merged,
      queued(op),
    )
    expect(apart.written).toMatchObject([
      { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ1' },
      { kind: 'asks', question: { kind: 'create-duplicate', candidates: [{ id: 'SQ1' }] } },
    ])
    const stale = await push(
      fakeGateway({ ...found, retrieve: [ok(made('SQ2'))] }),
      SQUARE_TIME,
      merged,
      queued(op),
    )
    expect(stale.written).toMatchObject([
      { kind: 'asks', question: { kind: 'create-duplicate', candidates: [{ id: 'SQ2' }] } },
    ])
  })
  it('added again for one that was gone: she is asked for by id, and a question only if she is back', async () => {
    const merged: RecordBody = { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote: made('SQ2') }
    const again = createOp('c', 'L1', FIELDS, { recreates: 'SQ1' })
    const stale = [ok([made('SQ1'), made('SQ2')])]

    const gone = fakeGateway({ findExact: stale, retrieve: [NOWHERE], create: [ok(made('SQ3'))] })
    await push(gone, SQUARE_TIME, merged, queued(again))
    expect(gone.calls.slice(1).map(([name, about]) => [name, about])).toEqual([
      ['retrieve', 'SQ1'],
      ['retrieve', 'SQ2'],
      ['create', 'c'],
    ])

    const back = fakeGateway({ findExact: stale, retrieve: [ok(made('SQ2'))] })
    const { written } = await push(back, SQUARE_TIME, merged, queued(again))
    expect(written).toMatchObject([
      { kind: 'asks', question: { kind: 'create-duplicate', candidates: [{ id: 'SQ2' }] } },
    ])

    const another = fakeGateway({
      findExact: [ok([made('SQ2'), made('SQ9')])],
      retrieve: [NOWHERE, ok(made('SQ9'))],
    })
    const asked = await push(another, SQUARE_TIME, merged, queued(again))
    expect(asked.written).toMatchObject([{ kind: 'asks', question: { candidates: [{ id: 'SQ9' }] } }])

    // The search does not list her yet, or she has another phone number by now.
    const unlisted = fakeGateway({ findExact: [ok([])], retrieve: [ok(made('SQ2'))] })
    const found = await push(unlisted, SQUARE_TIME, merged, queued(again))
    expect(found.written).toMatchObject([{ kind: 'asks', question: { candidates: [{ id: 'SQ2' }] } }])
    expect(unlisted.writes()).toEqual([])

    const nameOnly = createOp('c', 'L1', { givenName: 'Ann' }, { recreates: 'SQ1' })
    const keyless = fakeGateway({ retrieve: [ok(made('SQ2'))] })
    const { written: named } = await push(keyless, SQUARE_TIME, merged, queued(nameOnly))
    expect(named).toMatchObject([{ kind: 'asks', question: { candidates: [{ id: 'SQ2' }] } }])

    const unknown = fakeGateway({ findExact: stale, retrieve: [TIMEOUT] })
    const { result, written: none } = await push(unknown, SQUARE_TIME, merged, queued(again))
    expect([result.kind, none]).toEqual(['wait', []])
  })
  it('where staff said "separately" it is not looked for', async () => {
    const gateway = fakeGateway({ create: [ok(made())] })
    const fact = { kind: 'not-a-duplicate', opId: 'c' } as const
    await push(gateway, SQUARE_TIME, queued(op), { kind: 'fact', id: 'f', localId: 'L1', fact })
    expect(gateway.calls).toHaveLength(1)
  })
  it('whom staff told apart is no question again; somebody new is, and so is a match by what was not typed then', async () => {
    const both = { ...FIELDS, emailAddress: 'ann@example.com' }
    const typed = { emailAddress: both.emailAddress }
    const mended = (over: object = {}) =>
      queued(createOp('c', 'L1', both, { apartFrom: [{ shown: ['SEEN'], typed, ...over }] }))
    const like = (id: string, fields: Partial<CustomerFields>) => ({
      ...made(id),
      fields: { ...EMPTY_FIELDS, ...fields },
    })
    const seen = like('SEEN', { emailAddress: both.emailAddress })
    const same = like('SEEN', { ...typed, phoneNumber: FIELDS.phoneNumber })
    const other = like('OTHER', { emailAddress: both.emailAddress })
    const asked = async (found: RemoteCustomer[], op = mended()) => {
      const gateway = fakeGateway({
        findExact: [ok(found), ok([])],
        retrieve: found.map((one) => ok(one)),
        create: [ok(made())],
      })
      const { written } = await push(gateway, SQUARE_TIME, op)
      const [first] = written
      return first?.kind === 'asks' && 'candidates' in first.question
        ? first.question.candidates.map(({ id }) => id)
        : gateway.writes().map(([name]) => name)
    }
    expect(await asked([seen])).toEqual(['create'])
    expect(await asked([seen, other])).toEqual(['OTHER'])
    expect(await asked([same])).toEqual(['SEEN'])
    expect(await asked([same], mended({ typed: both }))).toEqual(['create'])
  })
  it('with nothing to look for by it is sent; where looking failed it waits', async () => {
    const nameOnly = fakeGateway({ create: [ok(made())] })
    await push(
      nameOnly,
      SQUARE_TIME,
      queued(createOp('c', 'L1', { givenName: 'Ann', phoneNumber: 'call the shop' })),
    )
    expect(nameOnly.calls.map(([name]) => name)).toEqual(['create'])
    const { result, written } = await push(fakeGateway({ findExact: [TIMEOUT] }), SQUARE_TIME, queued(op))
    expect([result.kind, written]).toEqual(['wait', []])
  })
  it('of an earlier run, with nothing to look for by: held against everyone of the last 30 days, of others’ making', async () => {
    const nameOnly = createOp('c', 'L1', { givenName: 'Ann' })
    const like = (id: string, fields: Partial<CustomerFields>) => ({
      ...made(id),
      fields: { ...EMPTY_FIELDS, ...fields },
    })
    const asked: string[] = []
    const lately = (found: Awaited<ReturnType<PushContext['lately']>> & object) => ({
      now: SQUARE_TIME,
      together: false,
      lately: (since: string) => {
        asked.push(since)
        return Promise.resolve(found)
      },
    })
    const ours = [
      queued(createOp('b', 'L2', { givenName: 'Ann' })),
      applied('b', like('OURS', { givenName: 'Ann' })),
    ]
    const unlike = [like('OURS', { givenName: 'Ann' }), like('MORE', { givenName: 'Ann', note: 'x' })]
    const twin = ok([...unlike, like('TWIN', { givenName: 'Ann' })])

    const there = fakeGateway({ retrieve: [ok(like('TWIN', { givenName: 'Ann' }))] })
    const { written } = await pushWith(there, lately(twin), ...ours, queued(nameOnly))
    expect(written).toMatchObject([
      { kind: 'asks', question: { kind: 'create-duplicate', candidates: [{ id: 'TWIN' }] } },
    ])
    expect(asked).toEqual([new Date(SQUARE_TIME - 30 * 24 * 3_600_000).toISOString()])
    const alone = fakeGateway({ create: [ok(made())] })
    await pushWith(alone, lately(ok(unlike)), ...ours, queued(nameOnly))
    expect(alone.calls.map(([name]) => name)).toEqual(['create'])
    const lost = await pushWith(fakeGateway(), lately(TIMEOUT), queued(nameOnly))
    expect([lost.result.kind, lost.written]).toEqual(['wait', []])
    // With a phone number it is looked for as ever.
    const usual = fakeGateway({ findExact: [ok([])], create: [ok(made())] })
    await pushWith(usual, lately(twin), queued(op))
    expect(usual.calls.map(([name]) => name)).toEqual(['findExact', 'create'])
  })
  it('where the directory has nobody like it, only those who changed since are compared, by every key', async () => {
    const both = createOp('c', 'L1', { ...FIELDS, emailAddress: 'Ann@Example.com', referenceId: 'R1' })
    const other = (id: string, fields: Partial<CustomerFields>) => ({
      ...made(id),
      fields: { ...EMPTY_FIELDS, ...fields },
    })
    const found = [
      other('P', { phoneNumber: '+1 (212) 555 0101' }),
      other('E', { emailAddress: 'ann@example.com' }),
      other('R', { referenceId: 'r1' }),
      other('X', { phoneNumber: '212-555-0102', emailAddress: 'b@example.com', referenceId: 'R2' }),
    ]
    const vouched = (customers: RemoteCustomer[]) => ({
      now: SQUARE_TIME,
      together: true,
      changed: async () => ({ kind: 'ok' as const, value: customers }),
    })
    const there = fakeGateway({ retrieve: found.slice(0, 3).map((customer) => ok(customer)) })
    const asked = await pushWith(there, vouched(found), queued(both))
    expect(asked.written).toMatchObject([
      {
        kind: 'asks',
        question: { kind: 'create-duplicate', candidates: [{ id: 'P' }, { id: 'E' }, { id: 'R' }] },
      },
    ])
    const alone = fakeGateway({ create: [ok(made())] })
    await pushWith(alone, vouched(found.slice(3)), queued(both))
    expect(alone.calls.map(([name]) => name)).toEqual(['create'])
    const lost = await pushWith(fakeGateway(), { ...vouched([]), changed: async () => TIMEOUT }, queued(both))
    expect([lost.result.kind, lost.written]).toEqual(['wait', []])
  })
  it('in the stead of one in doubt: whoever is as that was sent or was brought back, and was not shown, is a question', async () => {
    const sent = { givenName: 'Ann', phoneNumber: '212-555-0101' }
    const instead = (over: object = {}) =>
      queued(
        createOp(
          'c',
          'L1',
          { givenName: 'Ann' },
          {
            insteadOf: [{ since: SQUARE_TIME - 60_000, sent, shown: ['SHOWN'], ...over }],
          },
        ),
      )
    const like = (id: string, fields: Partial<CustomerFields>, creationSource = 'THIRD_PARTY') => ({
      ...made(id),
      fields: { ...EMPTY_FIELDS, ...fields },
      creationSource,
    })
    const ours = [queued(createOp('b', 'L2', sent)), applied('b', like('OURS', sent))]
    const others = [like('SHOWN', sent), like('OURS', sent), like('OTHER', { ...sent, note: 'x' })]
    const came = [like('LATE', sent), like('BACK', { givenName: 'Anne' }, 'DELETION_RECOVERY')]

    const gateway = fakeGateway({
      createdSince: [ok([...others, ...came])],
      retrieve: came.map((customer) => ok(customer)),
    })
    const { written } = await push(gateway, SQUARE_TIME, ...ours, instead())
    expect(gateway.calls).toEqual([
      ['createdSince', new Date(SQUARE_TIME - 60_000 - SEARCH_MARGIN_MS).toISOString(), null],
      ['retrieve', 'LATE'],
      ['retrieve', 'BACK'],
    ])
    expect(written).toMatchObject([
      { kind: 'asks', question: { kind: 'create-duplicate', candidates: [{ id: 'LATE' }, { id: 'BACK' }] } },
    ])
    // "Create separately" is said of those who were shown; who has come to be since then is still a question.
    const said = [
      asks('c', { kind: 'create-duplicate', candidates: [came[0]!] }),
      { kind: 'fact', id: 'f', localId: 'L1', fact: { kind: 'not-a-duplicate', opId: 'c' } },
    ] as const
    const later = fakeGateway({
      createdSince: [ok(came)],
      retrieve: (id: string) => ok(came.find((c) => c.id === id)!),
    })
    const again = await push(later, SQUARE_TIME, ...ours, instead(), ...said)
    expect(again.written).toMatchObject([{ kind: 'asks', question: { candidates: [{ id: 'BACK' }] } }])
    const shown = fakeGateway({
      createdSince: [ok([came[0]!])],
      retrieve: [ok(came[0]!)],
      create: [ok(made())],
    })
    await push(shown, SQUARE_TIME, ...ours, instead(), ...said)
    expect(shown.calls.at(-1)?.[0]).toBe('create')

    const alone = fakeGateway({ createdSince: [ok(others)], create: [ok(made())] })
    await push(alone, SQUARE_TIME, ...ours, instead({ since: 0 }))
    const monthAgo = new Date(SQUARE_TIME - 30 * 24 * 3_600_000).toISOString()
    expect(alone.calls).toEqual([
      ['createdSince', monthAgo, null],
      ['create', 'c', { givenName: 'Ann' }],
    ])
    const lost = await push(fakeGateway({ createdSince: [TIMEOUT] }), SQUARE_TIME, instead())
    expect([lost.result.kind, lost.written]).toEqual(['wait', []])
  })
  it('S20 in the stead of one that another log may have sent at any time: who is as that one or as this one, not whoever was brought back', async () => {
    const insteadOf = [{ since: 0, sent: { givenName: 'Ann' }, shown: [] }]
    const again = createOp('c', 'L1', { givenName: 'Ann', note: 'x' }, { insteadOf })
    const like = (id: string, fields: Partial<CustomerFields>, creationSource = 'THIRD_PARTY') => ({
      ...made(id),
      fields: { ...EMPTY_FIELDS, ...fields },
      creationSource,
    })
    const found = [
      like('THEIRS', { givenName: 'Ann' }),
      like('EDITED', { givenName: 'Ann', note: 'x' }),
      like('BACK', { givenName: 'Ann' }, 'DELETION_RECOVERY'),
    ]
    const others = [like('SOMEBODY', { givenName: 'Zoe' }, 'DELETION_RECOVERY'), like('X', { note: 'x' })]
    const gateway = fakeGateway({
      createdSince: [ok([...found, ...others])],
      retrieve: found.map((customer) => ok(customer)),
    })
    const { written } = await push(gateway, SQUARE_TIME, queued(again))
    expect(written).toMatchObject([
      {
        kind: 'asks',
        question: {
          kind: 'create-duplicate',
          candidates: [{ id: 'THEIRS' }, { id: 'EDITED' }, { id: 'BACK' }],
        },
      },
    ])
  })
  it('whoever may be it and whoever shares a key are one question', async () => {
    const insteadOf = [{ since: 0, sent: FIELDS, shown: [] }]
    const same = { ...made('SAME'), fields: { ...EMPTY_FIELDS, ...FIELDS } }
    const gateway = fakeGateway({
      createdSince: [ok([same])],
      findExact: [ok([same, made('PHONE')])],
      retrieve: [ok(same), ok(made('PHONE'))],
    })
    const { written } = await push(gateway, SQUARE_TIME, queued(createOp('c', 'L1', FIELDS, { insteadOf })))
    expect(gateway.calls.map(([name]) => name)).toEqual(['createdSince', 'findExact', 'retrieve', 'retrieve'])
    expect(written).toMatchObject([
      { kind: 'asks', question: { candidates: [{ id: 'SAME' }, { id: 'PHONE' }] } },
    ])
  })
  it('S17 before Square has told the time nothing is done', async () => {
    const gateway = fakeGateway()
    expect((await push(gateway, null, queued(op))).result).toEqual({ kind: 'wait' })
    expect(gateway.calls).toEqual([])
  })
})

describe('S9 in doubt, the key still trusted', () => {
  const retry = { create: [ok(made())] }
  it('is sent again with the same key and the same bytes, to the last millisecond', async () => {
    const gateway = fakeGateway(retry)
    const frozen = { givenName: 'as it was sent' }
    const { written } = await push(gateway, SQUARE_TIME + KEY_SAFE_MS, queued(op), first({ body: frozen }))
    expect(gateway.calls).toEqual([['create', 'c', frozen]])
    expect(written[0]).toMatchObject({
      kind: 'sent',
      attempt: 2,
      body: frozen,
      squareTime: SQUARE_TIME + KEY_SAFE_MS,
    })
  })
  it('counts from the first unanswered attempt, not from one that never left', async () => {
    const gateway = fakeGateway(retry)
    const later = SQUARE_TIME + KEY_SAFE_MS
    const records = [
      queued(op),
      first(),
      answered('c', 1, { kind: 'not-sent' }),
      { ...first({ squareTime: later }), attempt: 2 },
    ]
    await push(gateway, later + KEY_SAFE_MS, ...records)
    expect(gateway.writes()).toHaveLength(1)
  })
})

describe('S9 in doubt, the key no longer trusted: never sent again', () => {
  const late = SQUARE_TIME + KEY_SAFE_MS + 1
  const since = new Date(SQUARE_TIME - SEARCH_MARGIN_MS).toISOString()

  it('waits until what the index lags behind is over', async () => {
    const second = { ...first({ squareTime: late - 1000 }), attempt: 2 }
    const { result, written } = await push(fakeGateway(), late, queued(op), first(), second)
    expect(result).toEqual({ kind: 'wait', ms: LAG_WAIT_MS - 1000 })
    expect(written).toEqual([])
  })
  it('exactly one equal, retrieved and still equal: adopted', async () => {
    const gateway = fakeGateway({ createdSince: [ok([made()])], retrieve: [ok(made())] })
    const { written, state } = await push(gateway, late, queued(op), first())
    expect(gateway.calls).toEqual([
      ['createdSince', since, null],
      ['retrieve', 'SQ1'],
    ])
    expect(written).toEqual([answered('c', 0, { kind: 'applied', remote: made(), how: 'adopted' })])
    expect(state.bindings.get('L1')).toBe('SQ1')
  })
  it.each([
    ['changed since', ok({ ...made(), fields: { ...made().fields, note: 'x' } }), ['SQ1']],
    ['gone since', failed({ kind: 'not-found' }), []],
    ['merged since', ok(made('SQ2')), ['SQ2']],
  ])('one that %s is asked about', async (_how, retrieved, candidates) => {
    const gateway = fakeGateway({ createdSince: [ok([made()])], retrieve: [retrieved] })
    const { state } = await push(gateway, late, queued(op), first())
    const question = entryOf(state, 'c').question
    expect(question?.kind === 'create-unknown' && question.candidates.map(({ id }) => id)).toEqual(candidates)
  })
  it.each([
    ['gone', failed({ kind: 'not-found' }), ['SQ9']],
    ['changed', ok({ ...made(), fields: { ...made().fields, note: 'x' } }), ['SQ1', 'SQ9']],
    ['merged into one of the others', ok({ ...made('SQ9'), creationSource: 'MERGE' }), ['SQ9']],
  ])('one that is %s hides nobody who may be it', async (_how, retrieved, candidates) => {
    const changed = { ...made('SQ9'), version: '3', fields: { ...made().fields, note: 'y' } }
    const gateway = fakeGateway({ createdSince: [ok([made(), changed])], retrieve: [retrieved] })
    const { state } = await push(gateway, late, queued(op), first())
    const question = entryOf(state, 'c').question
    expect(question?.kind === 'create-unknown' && question.candidates.map(({ id }) => id)).toEqual(candidates)
  })
  it('none: asks with an empty list', async () => {
    const { written } = await push(fakeGateway({ createdSince: [ok([])] }), late, queued(op), first())
    expect(written).toMatchObject([{ kind: 'asks', question: { kind: 'create-unknown', candidates: [] } }])
  })
  it('where search or retrieve failed it waits', async () => {
    expect(
      (await push(fakeGateway({ createdSince: [TIMEOUT] }), late, queued(op), first())).result.kind,
    ).toBe('wait')
    const gateway = fakeGateway({ createdSince: [ok([made()])], retrieve: [TIMEOUT] })
    expect(await push(gateway, late, queued(op), first())).toMatchObject({
      result: { kind: 'wait' },
      written: [],
    })
  })
  it.each([
    [
      'with an unanswered attempt before it',
      [first(), { ...first(), attempt: 2 }, answered('c', 2, { kind: 'reused' })],
    ],
    ['as the only answer', [first(), answered('c', 1, { kind: 'reused' })]],
  ] as [string, RecordBody[]][])(
    'IDEMPOTENCY_KEY_REUSED %s: searched, however young',
    async (_how, records) => {
      const gateway = fakeGateway({ createdSince: [ok([made()])], retrieve: [ok(made())] })
      const { result } = await push(gateway, SQUARE_TIME + 1000, queued(op), ...records)
      expect(result.kind).toBe('wait')
      await push(gateway, SQUARE_TIME + LAG_WAIT_MS + 1000, queued(op), ...records)
      expect(gateway.calls.map(([name]) => name)).toEqual(['createdSince', 'retrieve'])
    },
  )
})

describe('S14 answers to a create', () => {
  const answersOf = async (failure: Parameters<typeof failed>[0]) => {
    const gateway = fakeGateway({ findExact: [ok([])], create: [failed(failure)] })
    const { written, result } = await push(gateway, SQUARE_TIME, queued(op))
    return [result.kind, ...written.slice(1).map((r) => (r.kind === 'answered' ? r.answer.kind : r.kind))]
  }
  it('unknown: nothing is written', async () => {
    expect(await answersOf({ kind: 'unknown', reason: 'unreadable' })).toEqual(['wait'])
  })
  it('refused: answer and question in one write', async () => {
    const refusal = { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: null } as const
    expect(await answersOf({ kind: 'refused', refusal })).toEqual(['settled', 'refused', 'asks'])
  })
  it('the others are recorded and waited for', async () => {
    expect(await answersOf({ kind: 'not-sent', reason: 'dns' })).toEqual(['wait', 'not-sent'])
    expect(await answersOf({ kind: 'key-reused' })).toEqual(['wait', 'reused'])
    expect(await answersOf({ kind: 'rate-limited', retryAfterMs: null })).toEqual(['wait', 'not-applied'])
  })
})
