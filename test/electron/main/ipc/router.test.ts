import { describe, expect, it } from 'vitest'
import { INVOKE_CHANNELS, type InvokeChannel } from '#shared/ipc/contract.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { ARGUMENT_SCHEMAS } from '#main/ipc/argument-schemas.ts'
import { routeInvokes, type Handlers } from '#main/ipc/router.ts'
import {
  ann,
  asks,
  createOp,
  deleteOp,
  patch,
  queued,
  sent,
  stateOf,
  updateOp,
} from '../../../support/builders.ts'
import { recordingLog } from '../../../support/recording-log.ts'

const ORIGIN = 'app://counterfoil'
const ourPage = { senderFrame: { url: `${ORIGIN}/index.html#/customers`, parent: null } }
const SECRET = 'Ada Lovelace'

type Invoke = (channel: InvokeChannel, event: unknown, ...args: unknown[]) => Promise<unknown>

function routed(overrides: Partial<Handlers> = {}) {
  const doors = new Map<string, (event: never, ...args: unknown[]) => unknown>()
  const { log, lines } = recordingLog()
  const calls: [string, unknown][] = []
  const handlers = Object.fromEntries(
    INVOKE_CHANNELS.map((channel) => [channel, (request: unknown) => void calls.push([channel, request])]),
  ) as unknown as Handlers
  routeInvokes({
    ipcMain: { handle: (channel, listener) => void doors.set(channel, listener as never) },
    schemas: ARGUMENT_SCHEMAS,
    handlers: { ...handlers, ...overrides },
    pageOrigin: ORIGIN,
    log,
  })
  const invoke: Invoke = async (channel, event, ...args) => doors.get(channel)!(event as never, ...args)
  return { doors, calls, lines, invoke }
}

describe('router', () => {
  it('opens exactly the channels of the contract', () => {
    expect([...routed().doors.keys()].sort()).toEqual([...INVOKE_CHANNELS].sort())
  })

  it('passes a well-formed request of our page to its handler and its answer back', async () => {
    const { invoke } = routed({ 'session:state': () => ({ kind: 'none' }) })
    expect(await invoke('session:state', ourPage, null)).toEqual({ kind: 'none' })
  })

  it.each([
    ['a frame that is gone', { senderFrame: null }],
    ['a frame inside a page', { senderFrame: { url: `${ORIGIN}/`, parent: {} } }],
    ['another host of our scheme', { senderFrame: { url: 'app://other/', parent: null } }],
    ['a host that begins like ours', { senderFrame: { url: 'app://counterfoil.example/', parent: null } }],
    ['a web page', { senderFrame: { url: 'https://counterfoil/', parent: null } }],
    [
      'a web page with our origin as its user',
      { senderFrame: { url: 'app://counterfoil@evil/', parent: null } },
    ],
    ['a file', { senderFrame: { url: 'file:///app://counterfoil', parent: null } }],
  ])('refuses %s', async (_name, event) => {
    const { invoke, calls, lines } = routed()
    await expect(invoke('session:state', event, null)).rejects.toThrow(/^session:state: refused$/)
    expect(calls).toEqual([])
    expect(lines).toEqual([['warn', 'ipc.refused', { channel: 'session:state', why: 'sender' }]])
  })

  it.each([
    ['no argument', []],
    ['two arguments', [null, null]],
    ['another type', ['x']],
  ])('refuses %s', async (_name, args) => {
    const { invoke, calls } = routed()
    await expect(invoke('sync:now', ourPage, ...args)).rejects.toThrow('sync:now: refused')
    expect(calls).toEqual([])
  })

  it('refuses unknown keys, and its log names the rule but no value', async () => {
    const { invoke, calls, lines } = routed()
    const request = { kind: 'token', environment: 'sandbox', token: SECRET, extra: SECRET }
    await expect(invoke('session:connect', ourPage, request)).rejects.toThrow('session:connect: refused')
    expect(calls).toEqual([])
    expect(lines).toHaveLength(1)
    expect(JSON.stringify(lines)).toContain('noUnknown')
    expect(JSON.stringify(lines)).not.toContain(SECRET)
  })

  it('refuses a request that is too large before looking at its shape', async () => {
    const { invoke, lines } = routed()
    const request = { kind: 'token', environment: 'sandbox', token: 'x'.repeat(4_000_001) }
    await expect(invoke('session:connect', ourPage, request)).rejects.toThrow('session:connect: refused')
    expect(lines[0]?.[2]).toMatchObject({ why: 'size' })
  })

  it('S20: takes back from the mirror whatever a log can hold: what is refused would keep all else from being saved', async () => {
    const many = <T>(length: number, one: (i: number) => T) => Array.from({ length }, (_, i) => one(i))
    const newId = () => crypto.randomUUID()
    const groupIds = many(1_500, (i) => `GROUP${i}`)
    // As Square holds her: nothing there says how long a note may be, or in how many groups she is.
    const strange = { ...ann('2', { note: 'n'.repeat(300_000) }), groupIds, creationSource: 'x'.repeat(201) }
    const store = { merchantId: 'M1', environment: 'sandbox' } as const
    const [tried, asked, told, duplicate, refused] = [newId(), newId(), newId(), newId(), newId()]
    const create = (id: string) => queued(createOp(id, newId(), { givenName: 'Ann' }, { store }))
    const alike = many(1_500, (i) => ann('1', {}, `ALIKE${i}`))
    const body = { note: 'b' }
    const refusal = { code: 'C'.repeat(201), field: null, detail: null }
    const records: RecordBody[] = [
      // Two days of a Square that answers with 503, and a week more.
      queued(updateOp(tried, newId(), patch({ note: ['a', 'b'] }), strange, { store })),
      ...many(5_000, (i) => sent(tried, i + 1, { body })),
      asks(tried, { kind: 'conflict', remote: strange, why: 'in-doubt' }),
      create(asked),
      asks(asked, { kind: 'create-unknown', candidates: alike }),
      create(told),
      asks(told, { kind: 'create-duplicate', candidates: alike }),
      { kind: 'fact', id: newId(), localId: '', fact: { kind: 'not-a-duplicate', opId: told } },
      create(duplicate),
      asks(duplicate, { kind: 'create-duplicate', candidates: alike }),
      create(refused),
      asks(refused, { kind: 'refused', refusal }),
      queued({ ...deleteOp(newId(), newId(), strange), store }),
      ...alike.flatMap((remote) => {
        const op = updateOp(newId(), newId(), patch({ note: ['a', 'b'] }), remote, { store })
        return [queued(op), asks(op.id, { kind: 'conflict', remote, why: 'show-all' })]
      }),
    ]
    const shown = alike.map(({ id }) => id)
    const apartFrom = many(1_001, () => ({ shown: [], typed: {} })).concat({ shown, typed: {} } as never)
    const insteadOf = many(1_001, () => ({ since: 0, sent: {}, shown: [] })).concat({
      since: 0,
      sent: {},
      shown,
    } as never)
    records.push(queued(createOp(newId(), newId(), {}, { store, apartFrom, insteadOf })))
    const state = stateOf(...records)
    // A book of years: kept for ever (S21). All of these lists have one limit.
    for (let i = 0; i < 100_001; i++) state.bindings.set(newId(), `SQ${i}`)
    const request = { mirror: { store, generation: 1, lastSeq: 9 }, state: toSnapshot(state) }
    const { invoke, calls, lines } = routed()
    await invoke('outbox:restore', ourPage, request).catch(() => {})
    expect(lines).toEqual([])
    expect(calls).toEqual([['outbox:restore', request]])
  })

  it('answers a bug with the name of the channel alone and keeps its message out of the log', async () => {
    const { invoke, lines } = routed({
      'session:state': () => {
        throw new TypeError(`cannot read ${SECRET}`)
      },
    })
    const error: unknown = await invoke('session:state', ourPage, null).catch((thrown: unknown) => thrown)
    expect((error as Error).message).toBe('session:state: failed')
    expect((error as Error).cause).toBeUndefined()
    expect(lines[0]?.slice(0, 2)).toEqual(['error', 'ipc.failed'])
    expect(lines[0]?.[2]).toMatchObject({ channel: 'session:state', name: 'TypeError' })
    expect(JSON.stringify(lines)).not.toContain(SECRET)
  })
})
