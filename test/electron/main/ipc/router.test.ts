import { describe, expect, it } from 'vitest'
import { INVOKE_CHANNELS, type InvokeChannel } from '#shared/ipc/contract.ts'
import { ARGUMENT_SCHEMAS } from '#main/ipc/argument-schemas.ts'
import { routeInvokes, type Handlers } from '#main/ipc/router.ts'
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
