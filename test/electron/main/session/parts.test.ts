import { describe, expect, it } from 'vitest'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'
import { courtesySync } from '#main/session/courtesy-sync.ts'
import { createLazyGateway } from '#main/session/lazy-gateway.ts'
import { createStoreSlot, type OpenStore } from '#main/session/store-slot.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('lazy gateway', () => {
  const answer = { kind: 'ok', value: null, squareTime: 1 } as const
  it('loads nothing before the first request, then once, and passes every call on', async () => {
    let loads = 0
    const calls: unknown[][] = []
    const real = new Proxy(
      {},
      {
        get: (_t, name) =>
          name === 'then' ? undefined : async (...args: unknown[]) => (calls.push([name, ...args]), answer),
      },
    )
    const lazy = createLazyGateway(async () => {
      loads += 1
      return real as SquareGateway
    })
    expect(loads).toBe(0)
    const keys = { phoneE164: null, emailAddress: null, referenceId: 'r' }
    const answers = await Promise.all([
      lazy.retrieve('A'),
      lazy.create('k', { note: 'n' }),
      lazy.update('A', '1', {}),
      lazy.remove('A', '1'),
      lazy.bulkRetrieve(['A']),
      lazy.bulkCreate(new Map([['k', {}]])),
      lazy.bulkUpdate(new Map([['A', { version: '1', body: {} }]])),
      lazy.list('c'),
      lazy.changedSince('s', null),
      lazy.createdSince('s', 'c'),
      lazy.findExact(keys),
      lazy.seller(),
    ])
    expect(answers.every((one) => one === (answer as unknown))).toBe(true)
    expect(loads).toBe(1)
    expect(calls).toEqual([
      ['retrieve', 'A'],
      ['create', 'k', { note: 'n' }],
      ['update', 'A', '1', {}],
      ['remove', 'A', '1'],
      ['bulkRetrieve', ['A']],
      ['bulkCreate', new Map([['k', {}]])],
      ['bulkUpdate', new Map([['A', { version: '1', body: {} }]])],
      ['list', 'c'],
      ['changedSince', 's', null],
      ['createdSince', 's', 'c'],
      ['findExact', keys],
      ['seller'],
    ])
  })

  it('where loading fails nothing was sent, and the next request tries again', async () => {
    let loads = 0
    const lazy = createLazyGateway(async () => {
      loads += 1
      if (loads === 1) throw new Error('file unreadable')
      return { seller: async () => answer } as never
    })
    expect(await lazy.seller()).toEqual({
      kind: 'failed',
      failure: { kind: 'not-sent', reason: 'refused' },
      squareTime: null,
    })
    expect(await lazy.seller()).toBe(answer)
  })
})

describe('store slot', () => {
  const ada = { merchantId: 'ADA', environment: 'sandbox' } as const
  const ben = { merchantId: 'BEN', environment: 'sandbox' } as const
  function slot(refuses: string[] = []) {
    const journal: string[] = []
    const made = createStoreSlot({
      async open(store) {
        journal.push(`open ${store.merchantId}`)
        if (refuses.includes(store.merchantId)) return { kind: 'refused', reason: 'locked' }
        const parts = {
          store,
          engine: { stop: async () => void journal.push(`stop ${store.merchantId}`) },
          outbox: { close: async () => void journal.push(`close ${store.merchantId}`) },
        }
        return { kind: 'opened', parts: parts as unknown as OpenStore }
      },
      opened: (parts) => void journal.push(`opened ${parts.store.merchantId}`),
    })
    return { slot: made, journal }
  }

  it('has the old store stopped and closed before the new one opens (S16)', async () => {
    const { slot: s, journal } = slot()
    await s.open(ada)
    await s.open({ ...ada })
    await s.open(ben)
    await s.close()
    await s.close()
    expect(journal).toEqual([
      'open ADA',
      'opened ADA',
      'stop ADA',
      'close ADA',
      'open BEN',
      'opened BEN',
      'stop BEN',
      'close BEN',
    ])
  })

  it('offers no store while one is being closed, and none where opening was refused', async () => {
    const { slot: s } = slot(['BEN'])
    await s.open(ada)
    const opening = s.open(ben)
    expect(s.current()).toBeNull()
    expect(await opening).toEqual({ kind: 'refused', reason: 'locked' })
    expect(s.current()).toBeNull()
  })
})

describe('courtesy sync', () => {
  type Waiting = { closed: null | 'done'; question: null | object }
  function store(start: Partial<SyncState>, entries: Waiting[]) {
    let state: SyncState = { ...INITIAL_SYNC_STATE, paused: null, connection: 'online', ...start }
    const listeners = new Set<(state: SyncState) => void>()
    const wakes: string[] = []
    const parts = {
      outbox: { state: () => ({ entries: new Map(entries.map((entry, i) => [String(i), entry])) }) },
      engine: {
        state: () => state,
        onState: (listener: (state: SyncState) => void) => (
          listeners.add(listener),
          () => listeners.delete(listener)
        ),
        wake: (why: string) => wakes.push(why),
      },
    } as unknown as OpenStore
    let done = false
    void courtesySync(parts).then(() => (done = true))
    const become = async (change: Partial<SyncState>) => {
      state = { ...state, ...change }
      for (const listener of listeners) listener(state)
      await settle()
      return done
    }
    return { become, wakes, listeners, entries }
  }
  const waits: Waiting = { closed: null, question: null }

  it.each<[string, Partial<SyncState>, Waiting[]]>([
    ['nothing waits', {}, []],
    ['everything waits for a person', {}, [{ closed: null, question: {} }]],
    ['the line is down', { connection: 'offline' }, [waits]],
    ['nobody is signed in', { paused: { kind: 'signed-out' } }, [waits]],
  ])('is over at once where %s', async (_name, state, entries) => {
    const { become, wakes } = store(state, entries)
    expect(await become({})).toBe(true)
    expect(wakes).toEqual([])
  })

  it('waits for what can be sent, and for what is on its way even if the rest cannot', async () => {
    const { become, wakes, listeners, entries } = store({}, [waits])
    expect([await become({ sending: ['0'] }), wakes]).toEqual([false, ['asked']])
    entries.length = 0
    expect(await become({ sending: ['0'], connection: 'offline' })).toBe(false)
    expect(await become({ sending: [] })).toBe(true)
    expect(listeners.size).toBe(0)
  })
})
