import { describe, expect, it } from 'vitest'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { applyRecord } from '#shared/outbox/fold-log.ts'
import { KEY_SAFE_MS, LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { pushOperation } from '#main/sync/push-operation.ts'
import { failed, fakeGateway, ok, openDoor, SQUARE_TIME } from '../../../support/fake-gateway.ts'
import { ann, createOp, deleteOp, patch, queued, sent, stateOf, updateOp } from '../../../support/builders.ts'

const NOTE = patch({ note: [null, 'x'] })
const done = ann('2', { note: 'x' })
const FIELDS = { givenName: 'Ann', phoneNumber: '212-555-0101', emailAddress: 'a@x.example' }
const lost = sent('u', 1, { squareId: null, version: null, squareTime: SQUARE_TIME, body: FIELDS })
const made = { ...ann('0', { emailAddress: 'a@x.example' }), creationSource: 'THIRD_PARTY' }

interface Scenario {
  readonly records: readonly RecordBody[]
  readonly script: () => Parameters<typeof fakeGateway>[0]
  /** Since `SQUARE_TIME`, by Square's clock. */
  readonly after?: number
}
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
    script: () => ({ findExact: [ok([]), ok([ann()])] }),
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

async function run({ records, script, after = 0 }: Scenario, trouble: Trouble = {}) {
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
      merge: { country: 'US' },
      newId: () => 'q1',
      inFlight: new Set(['u']),
      squareNow: () => SQUARE_TIME,
      onSending: () => {},
    })
    expect(gateway.calls).toEqual([['update', 'SQ9', '0', { note: 'x' }]])
  })
})
