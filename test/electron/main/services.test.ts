import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoreId } from '#shared/outbox/operation.ts'
import { dataPaths, storePaths } from '#main/config.ts'
import { createSyncLog } from '#main/diagnostics/sync-log.ts'
import { beginningOf } from '#main/outbox/log-reader.ts'
import { systemClock } from '#main/platform/system-ports.ts'
import { createServices, type Services } from '#main/services.ts'
import { recordingLog } from '../../support/recording-log.ts'

let userData: string
let open: Services[] = []
beforeEach(async () => {
  userData = await mkdtemp(join(tmpdir(), 'counterfoil-services-'))
})
afterEach(async () => {
  for (const services of open) {
    await services.slot.close()
    await services.practice.stop()
  }
  open = []
  await rm(userData, { recursive: true })
})

function start(windowAtRest: Promise<void> = Promise.resolve(), safeMode = false) {
  const syncLog = createSyncLog(systemClock)
  const sent: unknown[][] = []
  let requests = 0
  const services = createServices({
    userData,
    isPackaged: false,
    sandboxUrl: undefined,
    secrets: { save: async () => 'memory', load: async () => null, forget: async () => undefined },
    fetch: (...args) => {
      requests += 1
      return fetch(...args)
    },
    windowAtRest,
    send: (...args) => void sent.push(args),
    syncLog,
    safeMode,
    log: recordingLog().log,
  })
  open.push(services)
  return { ...services, syncLog, sent, requests: () => requests }
}

async function connected(services: Services): Promise<StoreId> {
  const result = await services.session.connect({ kind: 'practice' })
  const state = result.kind === 'connected' ? result.session : null
  if (state?.kind !== 'connected') throw new Error(`not connected: ${JSON.stringify(result)}`)
  return state.store
}

async function machineIdIn(log: string): Promise<string> {
  return /"machineId":"([^"]+)"/.exec(await readFile(log, 'utf8'))?.[1] ?? ''
}

describe('services on a practice store', () => {
  it('S28 note that a store was opened, and what was asked of Square', async () => {
    const services = start()
    await connected(services)
    const kinds = () => services.syncLog.entries().map(({ kind }) => kind)
    await vi.waitFor(() => expect(kinds()).toEqual(expect.arrayContaining(['opened', 'request'])))
  })

  it('S21 a log that was begun long ago is compacted when the mirror has reported, but in safe mode', async () => {
    const services = start()
    const store = await connected(services)
    const { log: folder } = storePaths(dataPaths(userData), store)
    const at = { store, generation: 1, lastSeq: 1 }
    await services.slot.current()!.outbox.write([{ kind: 'copied' }])
    await services.slot.close()
    const path = join(folder, 'outbox-000001.log')
    const header = { format: 1, machineId: await machineIdIn(path), generation: 1, store } as const
    const long = { ...header, compactedThrough: 0, begun: '2001-01-01T00:00:00.000Z' }
    await writeFile(path, beginningOf(long, [{ kind: 'copied', seq: 1 }]))

    const safe = start(undefined, true)
    await safe.slot.open(store)
    await safe.slot.current()!.outbox.since(at)
    await safe.slot.close()
    expect(await readdir(folder)).toEqual(['outbox-000001.log'])
    const usual = start()
    await usual.slot.open(store)
    await usual.slot.current()!.outbox.since(at)
    await usual.slot.close()
    expect(await readdir(folder)).toEqual(['outbox-000001.log', 'outbox-000002.log'])
    expect(await readFile(join(folder, 'outbox-000002.log'), 'utf8')).toMatch(/"begun":"20[2-9]\d-/)
  })

  it('promise, send and pull: a saved customer arrives once and comes back with the directory', async () => {
    const services = start()
    const store = await connected(services)
    const { outbox } = services.slot.current()!
    const { generation } = await outbox.since({ store, generation: 0, lastSeq: 0 })
    services.slot.current()!.engine.wake('saved')
    const op = {
      kind: 'create',
      id: randomUUID(),
      localId: randomUUID(),
      store,
      patch: { givenName: { base: null, local: 'Ada' }, familyName: { base: null, local: 'Servicetest' } },
    } as const
    const saved = await outbox.append([{ kind: 'queue', op, replaces: [] }], {
      store,
      generation,
      lastSeq: 0,
    })
    expect(saved.kind).toBe('appended')
    await vi.waitFor(() => expect(outbox.state().closed.get(op.id)).toBe('done'), { timeout: 15_000 })
    const page = await services.pull({ kind: 'list', cursor: null })
    const found =
      page.kind === 'page' ? page.remotes.filter((remote) => remote.fields.familyName === 'Servicetest') : []
    expect(found).toHaveLength(1)
    // That it is answered is noted a turn after it is done.
    const kinds = () => services.syncLog.entries().map(({ kind }) => kind)
    await vi.waitFor(
      () =>
        expect(kinds()).toEqual(
          expect.arrayContaining(['opened', 'request', 'line', 'promised', 'sent', 'answered']),
        ),
      { timeout: 15_000 },
    )
    expect(JSON.stringify(services.syncLog.entries())).not.toMatch(/Ada|Servicetest/) // S28
    expect(services.sent.map(([channel]) => channel)).toEqual(
      expect.arrayContaining(['outbox:changed', 'sync:state', 'directory:wake']),
    )
  }, 30_000)

  it('keep their promises over a restart, and open the store without being asked', async () => {
    const first = start()
    const store = await connected(first)
    const mirror = { store, generation: 0, lastSeq: 0 }
    const op = {
      kind: 'create',
      id: randomUUID(),
      localId: randomUUID(),
      store,
      patch: { givenName: { base: null, local: 'Ada' } },
    } as const
    await first.slot.current()!.outbox.append([{ kind: 'queue', op, replaces: [] }], mirror)
    await first.slot.close()
    await first.practice.stop()

    const second = start()
    await second.session.restore()
    expect(second.session.state()).toMatchObject({ kind: 'connected', store, token: 'stored' })
    expect(second.slot.current()!.outbox.state().entries.has(op.id)).toBe(true)
    expect(await readFile(dataPaths(userData).session, 'utf8')).toContain('practice')
  }, 30_000)

  it('S24 in safe mode the log is open to be read, and nothing is sent or pulled, whoever asks', async () => {
    const first = start()
    const store = await connected(first)
    const mirror = { store, generation: 0, lastSeq: 0 }
    const patch = { givenName: { base: null, local: 'Ada' } }
    const op = { kind: 'create', id: randomUUID(), localId: randomUUID(), store, patch } as const
    await first.slot.current()!.outbox.append([{ kind: 'queue', op, replaces: [] }], mirror)
    await first.slot.close()
    await first.practice.stop()

    const services = start(Promise.resolve(), true)
    await services.session.restore()
    const { outbox, engine } = services.slot.current()!
    await outbox.since(mirror)
    engine.wake('asked')
    expect(await services.pull({ kind: 'list', cursor: null })).toMatchObject({ kind: 'failed' })
    expect(engine.state()).toMatchObject({ paused: { kind: 'safe-mode' }, sending: [] })
    expect(outbox.state().entries.get(op.id)?.attempts.size).toBe(0)
    expect(services.requests()).toBe(0)
  }, 30_000)

  it('ask Square for nothing before the window is at rest', async () => {
    let rest = () => {}
    const services = start(new Promise((resolve) => (rest = resolve)))
    const connecting = services.session.connect({ kind: 'practice' })
    await vi.waitFor(() => expect(services.practice.baseUrl()).not.toBeNull(), { timeout: 15_000 })
    expect(services.requests()).toBe(0)
    rest()
    expect((await connecting).kind).toBe('connected')
    expect(services.requests()).toBeGreaterThan(0)
  }, 30_000)

  it('reach Square and the practice store that runs, nothing else', async () => {
    const services = start()
    expect(services.reachable()).toEqual([
      'https://connect.squareup.com',
      'https://connect.squareupsandbox.com',
    ])
    await connected(services)
    expect(services.reachable()).toHaveLength(3)
    expect(services.reachable()[2]).toBe(services.practice.baseUrl())
    await services.session.disconnect()
    expect(services.reachable()).toHaveLength(2)
    expect(services.slot.current()).toBeNull()
  }, 30_000)
})
