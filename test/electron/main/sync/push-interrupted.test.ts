import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { applyRecord } from '#shared/outbox/fold-log.ts'
import { KEY_SAFE_MS, LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { everyoneCreatedSince } from '#main/sync/created-since.ts'
import { pushOperation } from '#main/sync/push-operation.ts'
import { failed, fakeGateway, ok, openDoor, SQUARE_TIME } from '../../../support/fake-gateway.ts'
import { ann, createOp, deleteOp, patch, queued, sent, stateOf, updateOp } from '../../../support/builders.ts'

const NOTE = patch({ note: [null, 'x'] })
const done = ann('2', { note: 'x' })
const FIELDS = { givenName: 'Ann', phoneNumber: '212-555-0101', emailAddress: 'a@x.example' }
const lost = sent('u', 1, { squareId: null, version: null, squareTime: SQUARE_TIME, body: FIELDS })
const made = { ...ann('0', { emailAddress: 'a@x.example' }), creationSource: 'THIRD_PARTY' }
const insteadOf = [{ since: SQUARE_TIME, sent: FIELDS, shown: [] }]

interface Scenario {
  readonly records: readonly RecordBody[]
  readonly script: () => Parameters<typeof fakeGateway>[0]
  /** Since `SQUARE_TIME`, by Square's clock. */
  readonly after?: number
  readonly ofEarlierRun?: true
}
const alike = { ...made, fields: { ...EMPTY_FIELDS, givenName: 'Ann' } }
const back = { ...made, creationSource: 'DELETION_RECOVERY' }

/** Every way an operation can take. */
const SCENARIOS: Record<string, Scenario> = {
  'an update': {
    records: [queued(updateOp('u', 'L1', NOTE, ann()))],
    script: () => ({ update: [ok(done)] }),
  },
  'an update with a conflict': {
    records: [queued(updateOp('u', 'L1', NOTE, ann()))],
    script: () => ({
      update: [failed({ kind: 'conflict' }), ok(done)],
      retrieve: [ok(ann('2', { nickname: 'n' }))],
    }),
  },
  'an update found done': {
    records: [queued(updateOp('u', 'L1', NOTE, ann())), sent('u', 1)],
    script: () => ({ retrieve: [ok(done)] }),
  },
  'an update of a customer that was merged': {
    records: [queued(updateOp('u', 'L1', NOTE, ann())), sent('u', 1)],
    script: () => ({ retrieve: [ok(ann('0', {}, 'SQ9'))] }),
  },
  'an update that is refused': {
    records: [queued(updateOp('u', 'L1', NOTE, ann()))],
    script: () => ({
      update: [failed({ kind: 'refused', refusal: { code: 'X', field: null, detail: null } })],
    }),
  },
  'an update of nobody': {
    records: [queued({ ...updateOp('u', 'L1', NOTE, ann()), squareId: null, basis: null })],
    script: () => ({}),
  },
  'a delete': {
    records: [queued(deleteOp('u', 'L1', ann()))],
    script: () => ({ remove: [ok(null)] }),
  },
  'a delete of who is gone': {
    records: [queued(deleteOp('u', 'L1', ann())), sent('u', 1)],
    script: () => ({ retrieve: [failed({ kind: 'not-found' })] }),
  },
  'a create': {
    records: [queued(createOp('u', 'L1', FIELDS))],
    script: () => ({ findExact: [ok([])], create: [ok(made)] }),
  },
  'a create with a match': {
    records: [queued(createOp('u', 'L1', FIELDS))],
    script: () => ({ findExact: [ok([]), ok([ann()])], retrieve: [ok(ann())] }),
  },
  'a create of one that was gone, and is listed still': {
    records: [queued(createOp('u', 'L1', FIELDS, { recreates: 'SQ1' }))],
    script: () => ({ findExact: [ok([ann()]), ok([])], retrieve: [ok(ann())] }),
  },
  'a create of an earlier run': {
    records: [queued(createOp('u', 'L1', { givenName: 'Ann' }))],
    script: () => ({ createdSince: [ok([])], create: [ok(made)] }),
    ofEarlierRun: true,
  },
  'a create of an earlier run with a match': {
    records: [queued(createOp('u', 'L1', { givenName: 'Ann' }))],
    script: () => ({ createdSince: [ok([alike])], retrieve: [ok(alike)] }),
    ofEarlierRun: true,
  },
  'a create in the stead of one in doubt': {
    records: [queued(createOp('u', 'L1', { givenName: 'Ann' }, { insteadOf }))],
    script: () => ({ createdSince: [ok([])], create: [ok(made)] }),
  },
  'a create in the stead of one that came back': {
    records: [queued(createOp('u', 'L1', { givenName: 'Ann' }, { insteadOf }))],
    script: () => ({ createdSince: [ok([back])], retrieve: [ok(back)] }),
  },
  'a create in doubt': {
    records: [queued(createOp('u', 'L1', FIELDS)), lost],
    script: () => ({ create: [ok(made)] }),
  },
  'a create found again': {
    records: [queued(createOp('u', 'L1', FIELDS)), lost],
    script: () => ({ createdSince: [ok([made])], retrieve: [ok(made)] }),
    after: KEY_SAFE_MS + LAG_WAIT_MS,
  },
  'a create that may be one of two': {
    records: [queued(createOp('u', 'L1', FIELDS)), lost],
    script: () => ({ createdSince: [ok([made, { ...made, id: 'SQ2' }])] }),
    after: KEY_SAFE_MS + LAG_WAIT_MS,
  },
}

interface Trouble {
  /** The n-th write of the log fails (from 0). */
  readonly writeFails?: number
  /** Before the n-th read is answered the operation is closed by somebody else. */
  readonly closedAtRead?: number
  readonly closedAtDoor?: boolean
  readonly doorShut?: boolean
}
const READS = new Set<keyof SquareGateway>(['retrieve', 'findExact', 'createdSince'])

async function run({ records, script, after = 0, ofEarlierRun }: Scenario, trouble: Trouble = {}) {
  const state = stateOf(...records)
  const written: RecordBody[] = []
  let writes = 0
  let reads = 0
  const close = () => applyRecord(state, { kind: 'withdrawn', opIds: ['u'], why: 'undo' })
  const real = fakeGateway(script())
  const gateway = new Proxy(real, {
    get(target, name: keyof SquareGateway) {
      if (!READS.has(name)) return target[name]
      return (...args: never[]) => {
        if (reads++ === trouble.closedAtRead) close()
        return (target[name] as (...args: never[]) => unknown)(...args)
      }
    },
  })
  const result = await pushOperation('u', {
    outbox: {
      state: () => state,
      write: (bodies) => {
        if (writes++ === trouble.writeFails) return Promise.resolve(false)
        for (const body of bodies) applyRecord(state, body)
        written.push(...bodies)
        return Promise.resolve(true)
      },
    },
    gateway,
    door: () => ({
      enter: () => {
        if (trouble.closedAtDoor) close()
        return trouble.doorShut ? Promise.resolve(null) : openDoor(real).enter()
      },
    }),
    together: false,
    changed: () => Promise.resolve(null),
    lately: (since) => (ofEarlierRun ? everyoneCreatedSince(gateway, since) : null),
    merge: { country: 'US' },
    newId: () => 'q1',
    inFlight: new Set(['u']),
    squareNow: () => SQUARE_TIME + after,
    onSending: () => {},
  })
  return { result: result.kind, written, writes, reads, sentAnything: real.writes().length > 0 }
}

describe.each(Object.entries(SCENARIOS))('S4 %s', (_name, scenario) => {
  it('ends', async () => {
    expect((await run(scenario)).result).toBe('settled')
  })
  it('whichever write fails: it waits, and nothing leaves that was not written before', async () => {
    const { writes } = await run(scenario)
    for (let writeFails = 0; writeFails < writes; writeFails++) {
      const { result, written, sentAnything } = await run(scenario, { writeFails })
      expect(result).toBe('wait')
      if (sentAnything) expect(written.map(({ kind }) => kind)).toContain('sent')
    }
  })
  it('closed by somebody else at any moment: nothing is sent or said any more', async () => {
    const { reads } = await run(scenario)
    for (let closedAtRead = 0; closedAtRead < reads; closedAtRead++) {
      const { result, written } = await run(scenario, { closedAtRead })
      expect(['settled', 'wait']).toContain(result)
      expect(written.filter(({ kind }) => kind === 'asks')).toEqual([])
      const before = (await run(scenario)).written.filter(({ kind }) => kind === 'sent').length
      expect(written.filter(({ kind }) => kind === 'sent').length).toBeLessThanOrEqual(before)
    }
    expect((await run(scenario, { closedAtDoor: true })).sentAnything).toBe(false)
  })
  it('where nothing may leave now, it waits without a trace', async () => {
    const { result, written } = await run(scenario, { doorShut: true })
    expect(written.filter(({ kind }) => kind === 'sent')).toEqual([])
    expect(['wait', 'settled']).toContain(result)
  })
})

describe('S9 a key that grows too old at the door', () => {
  it('is not used any more', async () => {
    const state = stateOf(queued(createOp('u', 'L1', FIELDS)), lost)
    const gateway = fakeGateway({})
    let now = SQUARE_TIME
    const result = await pushOperation('u', {
      outbox: { state: () => state, write: () => Promise.resolve(true) },
      gateway,
      door: () => ({
        enter: () => {
          now += KEY_SAFE_MS + 1
          return openDoor(gateway).enter()
        },
      }),
      together: false,
      changed: () => Promise.resolve(null),
      lately: () => null,
      merge: { country: 'US' },
      newId: () => 'q1',
      inFlight: new Set(['u']),
      squareNow: () => now,
      onSending: () => {},
    })
    expect(result.kind).toBe('wait')
    expect(gateway.calls).toEqual([])
  })
})

describe('S5 a customer merged at the door', () => {
  it('is looked at again under the new id before anything is sent', async () => {
    const state = stateOf(queued(updateOp('u', 'L1', NOTE, ann())))
    const remote = ann('0', {}, 'SQ9')
    const gateway = fakeGateway({ update: [ok({ ...done, id: 'SQ9' })] })
    let merged = false
    await pushOperation('u', {
      outbox: {
        state: () => state,
        write: (bodies) => {
          for (const body of bodies) applyRecord(state, body)
          return Promise.resolve(true)
        },
      },
      gateway,
      door: () => ({
        enter: () => {
          if (!merged) applyRecord(state, { kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ9', remote })
          merged = true
          return openDoor(gateway).enter()
        },
      }),
      together: false,
      changed: () => Promise.resolve(null),
      lately: () => null,
      merge: { country: 'US' },
      newId: () => 'q1',
      inFlight: new Set(['u']),
      squareNow: () => SQUARE_TIME,
      onSending: () => {},
    })
    expect(gateway.calls).toEqual([['update', 'SQ9', '0', { note: 'x' }]])
  })
})

describe('moments that only a fault of ours, or a fast hand, can bring', () => {
  const push = (state: ReturnType<typeof stateOf>, gateway = fakeGateway({}), over: object = {}) =>
    pushOperation('u', {
      outbox: {
        state: () => state,
        write: (bodies) => {
          for (const body of bodies) applyRecord(state, body)
          return Promise.resolve(true)
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
      squareNow: () => SQUARE_TIME,
      onSending: () => {},
      ...over,
    })
  const question: RecordBody = {
    kind: 'asks',
    opId: 'u',
    question: { kind: 'copied', id: 'q' },
  }
  it.each([
    ['an update', queued(updateOp('u', 'L1', NOTE, ann()))],
    ['a create', queued(createOp('u', 'L1', FIELDS))],
  ])('%s that asks a person is left alone', async (_what, record) => {
    expect((await push(stateOf(record, question))).kind).toBe('settled')
  })
  it('one that is not there is nothing to do', async () => {
    expect((await push(stateOf())).kind).toBe('settled')
  })
  it('S4 one that is not the head of its customer is not sent', async () => {
    const before = queued(createOp('first', 'L1', { givenName: 'Ann' }))
    const gateway = fakeGateway({ findExact: [ok([])] })
    expect((await push(stateOf(before, queued(createOp('u', 'L1', FIELDS))), gateway)).kind).toBe('settled')
    expect(gateway.writes()).toEqual([])
  })
  it('S9 two creates in doubt that want the same: a person says which is which', async () => {
    const other = queued(createOp('other', 'L2', FIELDS))
    const state = stateOf(queued(createOp('u', 'L1', FIELDS)), lost, other, { ...lost, opId: 'other' })
    const gateway = fakeGateway({ createdSince: [ok([made])] })
    await push(state, gateway, { squareNow: () => SQUARE_TIME + KEY_SAFE_MS + LAG_WAIT_MS })
    expect(state.entries.get('u')?.question?.kind).toBe('create-unknown')
  })
  it('S9 one whose customer another create was answered with meanwhile waits', async () => {
    const other = queued(createOp('other', 'L2', { givenName: 'Bob' }))
    const state = stateOf(queued(createOp('u', 'L1', FIELDS)), lost, other)
    const gateway = fakeGateway({
      createdSince: [ok([made])],
      retrieve: () => {
        applyRecord(state, {
          kind: 'answered',
          opId: 'other',
          attempt: 0,
          answer: { kind: 'applied', remote: made, how: 'chosen' },
        })
        return ok(made)
      },
    })
    const result = await push(state, gateway, { squareNow: () => SQUARE_TIME + KEY_SAFE_MS + LAG_WAIT_MS })
    expect(result.kind).toBe('wait')
    expect(state.entries.has('u')).toBe(true)
  })
  it('a create that Square answers with CONFLICT waits like any other', async () => {
    const gateway = fakeGateway({ findExact: [ok([])], create: [failed({ kind: 'conflict' })] })
    expect((await push(stateOf(queued(createOp('u', 'L1', FIELDS))), gateway)).kind).toBe('wait')
  })
  it('S9 without Square’s time in the log, the oldest attempt counts as too old', async () => {
    const state = stateOf(queued(createOp('u', 'L1', FIELDS)), { ...lost, squareTime: null })
    const gateway = fakeGateway({ createdSince: [ok([])] })
    await push(state, gateway)
    expect(gateway.calls.map(([name]) => name)).toEqual(['createdSince'])
    expect(state.entries.get('u')?.question?.kind).toBe('create-unknown')
  })
  it('S7 a delete confirmed while its customer was being created is bound to what the create made', async () => {
    const create = queued(createOp('c', 'L1', { givenName: 'Ann' }))
    const remote = { ...ann('0'), creationSource: 'THIRD_PARTY' }
    const state = stateOf(
      create,
      { kind: 'answered', opId: 'c', attempt: 0, answer: { kind: 'applied', remote, how: 'chosen' } },
      queued({ ...deleteOp('u', 'L1', remote), squareId: null, basis: null }),
    )
    const gateway = fakeGateway({ remove: [ok(null)] })
    await push(state, gateway)
    expect(gateway.writes()).toEqual([['remove', 'SQ1', '0']])
  })
})
