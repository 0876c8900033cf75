import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { Operation, StoreId } from '#shared/outbox/operation.ts'
import { createSyncLog } from '#main/diagnostics/sync-log.ts'
import { systemClock } from '#main/platform/system-ports.ts'
import { createServices, type Services } from '#main/services.ts'
import { createSdkSquareGateway } from '#main/square/sdk-square-gateway.ts'
import { createPracticeModel } from '#practice/model.ts'
import { ALL_SCOPES } from '#practice/options.ts'
import { startPracticeServer } from '#practice/server.ts'
import { createOp, patch, remoteOf, updateOp } from '../../support/builders.ts'
import { recordingLog } from '../../support/recording-log.ts'
import { selfSigned } from '../../support/self-signed.ts'

const closing: (() => Promise<unknown>)[] = []
// Unbundled it is some two thousand files: no test should pay for that with its own time limit.
beforeAll(() => import('square'), 60_000)
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const storeOf = (merchantId: string): StoreId => ({ merchantId, environment: 'sandbox' })
const ADA = storeOf('MERCHANTADA')
const BEN = storeOf('MERCHANTBEN')
const grant = (merchantId: string) => ({ scopes: ALL_SCOPES, state: 'valid', merchantId }) as const

/** Main's services, and over HTTP a Square with two sellers. */
async function shop() {
  const userData = mkdtempSync(join(tmpdir(), 'counterfoil-faults-'))
  closing.push(async () => rmSync(userData, { recursive: true, force: true }))
  let made = 0
  const model = createPracticeModel({
    newId: () => `C${++made}`,
    merchant: { id: ADA.merchantId },
    otherMerchants: [{ id: BEN.merchantId }],
    tokens: { 'token-ada': grant(ADA.merchantId), 'token-ben': grant(BEN.merchantId) },
  })
  const started = await startPracticeServer({ model, now: Date.now })
  if (started.kind === 'failed') throw new Error(started.detail)
  const { server } = started
  closing.push(() => server.close())
  const services = createServices({
    userData,
    isPackaged: false,
    sandboxUrl: server.url,
    secrets: { save: async () => 'memory', load: async () => null, forget: async () => undefined },
    fetch,
    windowAtRest: Promise.resolve(),
    send: () => {},
    syncLog: createSyncLog(systemClock),
    safeMode: false,
    log: recordingLog().log,
  })
  closing.push(() => services.slot.close())
  const writes = () =>
    server.log.requests().filter(({ method, path }) => method === 'PUT' || path === '/v2/customers')
  const effects = () =>
    server.log
      .requests()
      .flatMap((request) => request.effects)
      .filter(({ by }) => by === 'api')
  /** Somebody Square has had for long, as the directory knows them. */
  const seeded = (givenName: string) => {
    const { id } = model.seed({ given_name: givenName }, 'DIRECTORY', { now: Date.now() - 86_400_000 })
    return remoteOf(id, { givenName }, { version: '0' })
  }
  return { model, server, services, writes, effects, seeded }
}

async function signIn({ session }: Services, token: string) {
  const result = await session.connect({ kind: 'token', environment: 'sandbox', token })
  expect(result.kind).toBe('connected')
}

/** Promises it in the open store, as a window does that has seen everything. */
async function promise({ slot }: Services, store: StoreId, ...ops: Operation[]) {
  const { outbox, engine } = slot.current()!
  const { generation, through } = await outbox.since({ store, generation: 0, lastSeq: 0 })
  const drafts = ops.map((op) => ({ kind: 'queue', op, replaces: [] }) as const)
  expect((await outbox.append(drafts, { store, generation, lastSeq: through })).kind).toBe('appended')
  engine.wake('saved')
  return outbox
}

const done = (services: Services, ...ids: string[]) =>
  vi.waitFor(
    () => {
      const { closed } = services.slot.current()!.outbox.state()
      expect(ids.map((id) => closed.get(id))).toEqual(ids.map(() => 'done'))
    },
    { timeout: 20_000 },
  )

const NOTE = patch({ note: [null, 'x'] })

it.each(['first', 'second'] as const)(
  'a request that arrives twice is done once, whichever answer is heard (%s)',
  async (hears) => {
    const { server, services, effects, seeded } = await shop()
    const ann = seeded('Ann')
    await signIn(services, 'token-ada')
    server.faults.add([
      { kind: 'deliver-twice', hears, method: 'PUT' },
      { kind: 'deliver-twice', hears, method: 'POST', path: '/v2/customers$' },
    ])
    const outbox = await promise(
      services,
      ADA,
      updateOp('u', 'L1', NOTE, ann, { store: ADA }),
      createOp('c', 'L2', { givenName: 'Bob' }, { store: ADA }),
    )
    await done(services, 'u', 'c')
    expect(server.faults.pending()).toEqual([])
    expect(
      effects()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['create', 'update'])
    expect([...outbox.state().entries.keys()]).toEqual([])
  },
  30_000,
)

it('a 500 to what was done: neither a second customer nor a second update', async () => {
  const { server, services, effects, seeded, model } = await shop()
  const ann = seeded('Ann')
  await signIn(services, 'token-ada')
  server.faults.add([
    { kind: 'error', code: 'INTERNAL_SERVER_ERROR', status: 500, applied: true, method: 'PUT' },
    {
      kind: 'error',
      code: 'INTERNAL_SERVER_ERROR',
      status: 500,
      applied: true,
      method: 'POST',
      path: '/v2/customers$',
    },
  ])
  await promise(
    services,
    ADA,
    updateOp('u', 'L1', NOTE, ann, { store: ADA }),
    createOp('c', 'L2', { givenName: 'Bob' }, { store: ADA }),
  )
  await done(services, 'u', 'c')
  expect(server.faults.pending()).toEqual([])
  expect(
    effects()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['create', 'update'])
  expect(model.customers().map(({ given_name, note }) => [given_name, note])).toEqual([
    ['Ann', 'x'],
    ['Bob', undefined],
  ])
}, 30_000)

it('S16 a token of another seller sends nothing of this one: neither under the name of the one nor of the other', async () => {
  const { services, server, writes, model } = await shop()
  await signIn(services, 'token-ada')
  await server.setLine(false)
  await promise(services, ADA, createOp('c', 'L1', { givenName: 'Ann' }, { store: ADA }))
  await services.session.disconnect()
  await server.setLine(true)

  await signIn(services, 'token-ben')
  expect(services.slot.current()?.store).toEqual(BEN)
  const wrong = createOp('w', 'L2', { givenName: 'Wrong' }, { store: ADA })
  const { outbox } = services.slot.current()!
  const { generation, through } = await outbox.since({ store: BEN, generation: 0, lastSeq: 0 })
  const refused = await outbox.append([{ kind: 'queue', op: wrong, replaces: [] }], {
    store: BEN,
    generation,
    lastSeq: through,
  })
  expect(refused).toMatchObject({ kind: 'refused', refusal: 'wrong-store' })
  await promise(services, BEN, createOp('b', 'L3', { givenName: 'Bob' }, { store: BEN }))
  await done(services, 'b')
  expect(writes()).toHaveLength(1)
  expect(model.customers()).toEqual([])

  await services.session.disconnect()
  await signIn(services, 'token-ada')
  await promise(services, ADA)
  await done(services, 'c')
  expect(model.customers().map(({ given_name }) => given_name)).toEqual(['Ann'])
}, 30_000)

it('a certificate nobody vouches for: not a byte of a request goes there, and it is said that it is the certificate', async () => {
  let asked = 0
  const server = createTlsServer(selfSigned(), () => (asked += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const gateway = createSdkSquareGateway({ baseUrl, token: 'secret', fetch })
  for (const reply of [await gateway.seller(), await gateway.create('k', { givenName: 'Ann' })])
    expect(reply).toEqual({ kind: 'failed', failure: { kind: 'not-sent', reason: 'tls' }, squareTime: null })
  expect(asked).toBe(0)
})
