import { describe, expect, it } from 'vitest'
import type { Batch, MirrorPosition } from '#shared/ipc/contract.ts'
import { INITIAL_SYNC_STATE } from '#shared/sync/sync-state.ts'
import { ann, deleteOp, updateOp } from '../../../support/builders.ts'
import { emptyLogState } from '#shared/outbox/fold-log.ts'
import { createHandlers } from '#main/ipc/handlers.ts'
import type { StorageService } from '#main/storage/storage-service.ts'
import type { OpenStore } from '#main/session/store-slot.ts'

const store = { merchantId: 'ADA', environment: 'sandbox' } as const
const mirror: MirrorPosition = { store, generation: 3, lastSeq: 7 }
const foreign: MirrorPosition = { ...mirror, store: { ...store, merchantId: 'BEN' } }
const batch: Batch = { generation: 3, reset: false, records: [], through: 8, lostTail: false }

function world(open = true, restored = Promise.resolve(), safeMode = false, allows = true) {
  const calls: unknown[] = []
  let reported = false
  const parts = {
    store,
    outbox: {
      state: () => emptyLogState(),
      append: async (...args: unknown[]) => (calls.push(['append', ...args]), { kind: 'appended', batch }),
      since: async (...args: unknown[]) => (calls.push(['since', ...args]), (reported = true), batch),
      restore: async (...args: unknown[]) => (calls.push(['restore', ...args]), batch),
      mirrorReported: () => reported,
    },
    engine: {
      wake: (why: string) => void calls.push(['wake', why]),
      vouch: (...args: unknown[]) => void calls.push(['vouch', ...args]),
      state: () => ({ ...INITIAL_SYNC_STATE, store }),
    },
  } as unknown as OpenStore
  const storage: StorageService = {
    state: async () => ({ freeBytes: 1, room: 'none', safeMode, logBytes: 2, setAside: 3 }),
    exportUnsent: async () => ({ kind: 'saved', operations: 4, setAside: 0 }),
    importUnsent: async () => ({ kind: 'cancelled' }),
    directoryReport: async (report) => (calls.push(['directory', report]), 'noted'),
  }
  const handlers = createHandlers({
    restored,
    session: {
      state: () => ({ kind: 'none' }),
      connect: async () => ({ kind: 'failed', reason: 'offline', detail: null }),
      disconnect: async () => ({ kind: 'none' }),
    },
    slot: { current: () => (open ? parts : null) },
    pull: async () => ({ kind: 'failed', failure: { kind: 'conflict' } }),
    practice: async () => ({ available: false, lineUp: true, answersToLose: 0 }),
    appInfo: async () => ({
      version: '1',
      runtime: 'stand-in',
      locale: 'en',
      dataFolder: '/d',
      freeBytes: null,
    }),
    syncNow: () => void calls.push(['now']),
    deletions: { allows: async (count) => (calls.push(['deletions', count]), allows) },
    safeMode,
    restart: () => void calls.push(['restart']),
    storage,
    syncLog: { entries: () => [{ n: 1, at: 2, kind: 'line', connection: 'online' }] },
    exportSyncLog: async () => ({ kind: 'saved' }),
    log: {
      info() {},
      warn: (event, facts) => void calls.push([event, facts]),
      error: (event, facts) => void calls.push([event, facts]),
    },
  })
  return { handlers, calls }
}

describe('handlers', () => {
  it('S24 in safe mode nothing new is promised', async () => {
    const { handlers, calls } = world(true, Promise.resolve(), true)
    const answer = await handlers['outbox:append']({ drafts: [], mirror })
    expect(answer).toEqual({ kind: 'unwritable', reason: 'safe-mode' })
    expect(calls).toEqual([])
  })

  it('hand the files of this PC on to their service, once the store of the last time is open', async () => {
    let open = () => {}
    const { handlers, calls } = world(true, new Promise((resolve) => (open = resolve)))
    const asked = Promise.all([
      handlers['storage:state'](null),
      handlers['storage:export'](null),
      handlers['storage:import'](null),
    ])
    expect(await Promise.race([asked, Promise.resolve('waits')])).toBe('waits')
    open()
    const state = { freeBytes: 1, room: 'none', safeMode: false, logBytes: 2, setAside: 3 }
    expect(await asked).toEqual([state, { kind: 'saved', operations: 4, setAside: 0 }, { kind: 'cancelled' }])
    expect(await handlers['storage:directory']({ opened: false })).toBe('noted')
    expect(await handlers['app:restart'](null)).toBeNull()
    expect(calls).toEqual([['directory', { opened: false }], ['restart']])
  })

  it('ask the limit on deletions before one is promised, and it alone', async () => {
    const drafts = [
      { kind: 'queue', op: updateOp('u', 'L1', {}, ann()), replaces: [] },
      { kind: 'queue', op: deleteOp('d', 'L2', ann('1', {}, 'SQ2')), replaces: [] },
    ] as const
    const free = world()
    expect(await free.handlers['outbox:append']({ drafts, mirror })).toMatchObject({ kind: 'appended' })
    expect(free.calls).toEqual([
      ['deletions', 1],
      ['append', drafts, mirror],
    ])
    const shut = world(true, Promise.resolve(), false, false)
    expect(await shut.handlers['outbox:append']({ drafts, mirror })).toEqual({
      kind: 'refused',
      refusal: 'too-many-deletions',
      batch: { generation: 3, reset: false, records: [], through: 7, lostTail: false },
    })
    expect(await shut.handlers['outbox:append']({ drafts: drafts.slice(0, 1), mirror })).toMatchObject({
      kind: 'appended',
    })
    expect(shut.calls).toEqual([
      ['deletions', 1],
      ['outbox.deletions-refused', { deletions: 1 }],
      ['append', drafts.slice(0, 1), mirror],
    ])
  })

  it('write to and read from the open store', async () => {
    const { handlers, calls } = world()
    expect(await handlers['outbox:append']({ drafts: [], mirror })).toEqual({ kind: 'appended', batch })
    expect(await handlers['outbox:since'](mirror)).toEqual(batch)
    expect(await handlers['outbox:restore']({ mirror, state: {} as never })).toEqual(batch)
    expect(calls).toEqual([
      ['append', [], mirror],
      ['since', mirror],
      ['wake', 'saved'], // the first report lets the engine begin (S20)
      ['restore', mirror, {}],
      ['wake', 'saved'],
    ])
    await handlers['outbox:since'](mirror)
    expect(calls.filter((call) => (call as string[])[0] === 'wake')).toHaveLength(2)
    await handlers['directory:vouch']({ store: mirror.store, since: 's', opIds: ['c'] })
    expect(calls.at(-1)).toEqual(['vouch', 's', ['c']])
  })

  it.each([
    ['another store is open', true, foreign],
    ['none is open', false, mirror],
  ])('give a window nothing where %s (S16)', async (_name, open, asked) => {
    const { handlers, calls } = world(open)
    expect(await handlers['outbox:append']({ drafts: [], mirror: asked })).toEqual({
      kind: 'unwritable',
      reason: 'no-store',
    })
    const stays = { generation: 3, reset: false, records: [], through: 7, lostTail: false }
    expect(await handlers['outbox:since'](asked)).toEqual(stays)
    expect(await handlers['outbox:restore']({ mirror: asked, state: {} as never })).toEqual(stays)
    await handlers['directory:vouch']({ store: asked.store, since: 's', opIds: ['c'] })
    expect(calls).toEqual([])
  })

  it('tell what the engine does, or that it has not begun', async () => {
    expect(await world().handlers['sync:state'](null)).toMatchObject({ store })
    expect(await world(false).handlers['sync:state'](null)).toEqual(INITIAL_SYNC_STATE)
  })

  it('hand out the sync log, and save it where the person says', async () => {
    const { handlers } = world()
    expect(await handlers['sync:log'](null)).toEqual([{ n: 1, at: 2, kind: 'line', connection: 'online' }])
    expect(await handlers['sync:log-export'](null)).toEqual({ kind: 'saved' })
  })

  it('wait for the store of the last time to be open', async () => {
    let open = () => {}
    const { handlers, calls } = world(true, new Promise((resolve) => (open = resolve)))
    const answer = handlers['outbox:append']({ drafts: [], mirror })
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls).toEqual([])
    open()
    expect(await answer).toMatchObject({ kind: 'appended' })
  })

  it('pass the rest on', async () => {
    const { handlers, calls } = world()
    expect(await handlers['session:state'](null)).toEqual({ kind: 'none' })
    expect(await handlers['session:disconnect'](null)).toEqual({ kind: 'none' })
    expect(await handlers['session:connect']({ kind: 'practice' })).toMatchObject({ kind: 'failed' })
    expect(await handlers['directory:pull']({ kind: 'list', cursor: null })).toMatchObject({ kind: 'failed' })
    expect(await handlers['practice:command']({ kind: 'state' })).toMatchObject({ available: false })
    expect(await handlers['app:info'](null)).toMatchObject({ version: '1' })
    expect(await handlers['sync:now'](null)).toBeNull()
    const fault = { where: 'vue', name: 'TypeError', at: 'index.js:1:2' }
    expect(await handlers['app:fault'](fault)).toBeNull()
    expect(calls).toEqual([['now'], ['renderer.fault', fault]])
  })
})
