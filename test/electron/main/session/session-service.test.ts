import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { SessionState } from '#shared/session.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { dataPaths, storePaths } from '#main/config.ts'
import { createSessionService, type SquareAccess } from '#main/session/session-service.ts'
import { createStoreSlot, type OpenStore } from '#main/session/store-slot.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { recordingLog } from '../../../support/recording-log.ts'

const ADA = { merchantId: 'MERCHANTADA', name: "Ada's Flowers", country: 'GB' }
const BEN = { merchantId: 'MERCHANTBEN', name: "Ben's Bikes", country: 'US' }
const PRACTICE = { merchantId: 'PRACTICE1', name: 'Corner Practice Store', country: 'US' }
const SELLERS: Readonly<Record<string, typeof ADA>> = {
  'token-ada': ADA,
  'new-ada': ADA,
  'token-ben': BEN,
  drawer: PRACTICE,
}

let userData: string
beforeEach(async () => {
  userData = await mkdtemp(join(tmpdir(), 'counterfoil-session-'))
})
afterEach(() => rm(userData, { recursive: true }))

/** One run of the app on the data folder: a restart is another `start()`. */
function start(world: { failure?: Failure; keyring?: boolean; refuses?: string; practice?: boolean } = {}) {
  const paths = dataPaths(userData)
  const journal: string[] = []
  const waiting = new Map<string, number>()
  const wakes: string[] = []
  const nameOf = ({ environment, merchantId }: StoreId) => `${environment}-${merchantId}`
  let session: ReturnType<typeof createSessionService> | null = null

  const slot = createStoreSlot({
    async open(store) {
      if (world.refuses) return { kind: 'refused', reason: world.refuses }
      journal.push(`open ${nameOf(store)} with ${tokenOf(session?.gateway() ?? null)}`)
      const entries = { get size() { return waiting.get(nameOf(store)) ?? 0 } } // prettier-ignore
      const parts = {
        store,
        outbox: {
          state: () => ({ entries }),
          close: async () => void journal.push(`close ${nameOf(store)}`),
        },
        engine: {
          stop: async () =>
            void journal.push(`stop ${nameOf(store)} with ${tokenOf(session?.gateway() ?? null)}`),
          wake: (why: string) => wakes.push(why),
        },
      }
      return { kind: 'opened', parts: parts as unknown as OpenStore }
    },
    opened: () => undefined,
  })

  const tokens = new Map<SquareGateway, SquareAccess>()
  const tokenOf = (gateway: SquareGateway | null) => (gateway && tokens.get(gateway)?.token) ?? 'nothing'
  const secrets = {
    save: async (file: string, secret: string) => {
      if (world.keyring === false) return 'memory' as const
      await writeFile(file, secret)
      return 'stored' as const
    },
    load: (file: string) => readFile(file, 'utf8').catch(() => null),
    forget: (file: string) => rm(file, { force: true }),
  }
  const states: SessionState[] = []
  const service = createSessionService({
    paths,
    secrets,
    slot,
    squareUrl: (environment) => `https://${environment}.example`,
    createGateway(access) {
      const seller = SELLERS[access.token]
      const gateway = {
        async seller() {
          journal.push(`ask ${access.baseUrl} as ${access.token}`)
          if (world.failure) return { kind: 'failed', failure: world.failure, squareTime: null }
          if (!seller)
            return { kind: 'failed', failure: { kind: 'signed-out', code: 'UNAUTHORIZED' }, squareTime: 1 }
          return { kind: 'ok', value: seller, squareTime: 1 }
        },
      } as unknown as SquareGateway
      tokens.set(gateway, access)
      return gateway
    },
    practice: {
      start: async () =>
        world.practice === false ? null : { baseUrl: 'http://127.0.0.1:1', token: 'drawer' },
      stop: async () => void journal.push('practice stopped'),
    },
    log: recordingLog().log,
  })
  session = service
  service.onChanged((state) => states.push(state))
  const connect = (token: string, environment: 'sandbox' | 'production' = 'sandbox') =>
    service.connect({ kind: 'token', environment, token })
  return {
    service,
    connect,
    slot,
    journal,
    waiting,
    wakes,
    states,
    paths,
    token: () => tokenOf(service.gateway()),
  }
}

const adaStore = { merchantId: ADA.merchantId, environment: 'sandbox' } as const
const adaConnected = {
  kind: 'connected',
  store: adaStore,
  seller: { name: ADA.name, country: ADA.country },
  token: 'stored',
}

describe('connecting', () => {
  it('asks Square whose token it is, then opens that store and keeps the token', async () => {
    const app = start()
    expect(await app.connect(' token-ada\n')).toEqual({ kind: 'connected', session: adaConnected })
    expect(app.journal).toEqual([
      'ask https://sandbox.example as token-ada',
      'open sandbox-MERCHANTADA with nothing',
    ])
    expect(app.states).toEqual([adaConnected])
    expect(app.token()).toBe('token-ada')
    expect(app.wakes).toEqual(['token'])
    expect(await readFile(storePaths(app.paths, adaStore).token, 'utf8')).toBe('token-ada')
    expect(await readFile(app.paths.session, 'utf8')).not.toContain('token-ada')
  })

  it('says that the token is only in memory where the PC has no key store', async () => {
    const app = start({ keyring: false })
    await app.connect('token-ada')
    expect(app.service.state()).toMatchObject({ token: 'memory' })
    expect(app.token()).toBe('token-ada')
  })

  it.each<[Failure, string, string]>([
    [{ kind: 'signed-out', code: 'UNAUTHORIZED' }, 'token-refused', 'UNAUTHORIZED'],
    [{ kind: 'forbidden', code: 'INSUFFICIENT_SCOPES' }, 'missing-rights', 'INSUFFICIENT_SCOPES'],
    [{ kind: 'not-sent', reason: 'dns' }, 'offline', 'dns'],
    [{ kind: 'unknown', reason: 'timeout' }, 'offline', 'timeout'],
    [{ kind: 'unknown', reason: 'unreadable' }, 'unreadable-answer', 'unreadable'],
    [{ kind: 'rate-limited', retryAfterMs: null }, 'unreadable-answer', 'rate-limited'],
  ])('%j leaves everything as it was: %s', async (failure, reason, detail) => {
    const app = start({ failure })
    expect(await app.connect('token-ada')).toEqual({ kind: 'failed', reason, detail })
    expect(app.service.state()).toEqual({ kind: 'none' })
    expect(app.slot.current()).toBeNull()
    expect(app.states).toEqual([])
  })

  it('does not believe a merchant id that could be a path (S13)', async () => {
    const app = start()
    const { merchantId } = ADA
    ADA.merchantId = '../../etc'
    try {
      expect(await app.connect('token-ada')).toEqual({
        kind: 'failed',
        reason: 'unreadable-answer',
        detail: 'merchant',
      })
    } finally {
      ADA.merchantId = merchantId
    }
  })

  it("names the log's reason where the store cannot be opened, and keeps no token", async () => {
    const app = start({ refuses: 'newer-format' })
    const answer = await app.connect('token-ada')
    expect(answer).toEqual({ kind: 'failed', reason: 'store-problem', detail: 'newer-format' })
    expect(app.service.state()).toEqual({ kind: 'none' })
    await expect(readFile(storePaths(app.paths, adaStore).token)).rejects.toThrow()
  })
})

describe('another seller (S16)', () => {
  it('gets a store of its own; nothing of the old one is open while its token is in force', async () => {
    const app = start()
    await app.connect('token-ada')
    app.journal.length = 0
    await app.connect('token-ben')
    expect(app.journal).toEqual([
      'ask https://sandbox.example as token-ben',
      'stop sandbox-MERCHANTADA with nothing',
      'close sandbox-MERCHANTADA',
      'open sandbox-MERCHANTBEN with nothing',
    ])
    expect(app.token()).toBe('token-ben')
    expect(await readFile(storePaths(app.paths, adaStore).token, 'utf8')).toBe('token-ada')
  })

  it('is refused while this seller has work waiting, until staff disconnect', async () => {
    const app = start()
    await app.connect('token-ada')
    app.waiting.set('sandbox-MERCHANTADA', 1)
    expect(await app.connect('token-ben')).toEqual({ kind: 'failed', reason: 'wrong-merchant', detail: null })
    expect(app.service.state()).toEqual(adaConnected)
    expect(app.token()).toBe('token-ada')
    await app.service.disconnect()
    expect(await app.connect('token-ben')).toMatchObject({ kind: 'connected' })
    expect(app.slot.current()?.store.merchantId).toBe('MERCHANTBEN')
  })

  it('is not confused with the same seller in the other environment', async () => {
    const app = start()
    await app.connect('token-ada', 'sandbox')
    await app.connect('token-ada', 'production')
    expect(app.journal.filter((line) => line.startsWith('open'))).toEqual([
      'open sandbox-MERCHANTADA with nothing',
      'open production-MERCHANTADA with nothing',
    ])
  })
})

describe('token', () => {
  it('a refused one is shown as expired; a new one for the same seller goes on in the same open store', async () => {
    const app = start()
    await app.connect('token-ada')
    app.waiting.set('sandbox-MERCHANTADA', 3)
    app.service.tokenRefused(app.service.gateway()!)
    expect(app.service.state()).toEqual({ ...adaConnected, token: 'expired' })
    expect(app.service.gateway()).toBeNull()
    const before = app.slot.current()
    await app.connect('new-ada')
    expect(app.service.state()).toEqual(adaConnected)
    expect(app.slot.current()).toBe(before)
    expect(app.token()).toBe('new-ada')
    expect(app.wakes.at(-1)).toBe('token')
  })

  it('a late no for the token before says nothing about this one (S14)', async () => {
    const app = start()
    await app.connect('token-ada')
    const late = app.service.gateway()!
    await app.connect('new-ada')
    app.service.tokenRefused(late)
    expect(app.service.state()).toEqual(adaConnected)
  })
})

describe('restart', () => {
  it('opens the last store with its token, without asking Square', async () => {
    await start().connect('token-ada')
    const app = start({ failure: { kind: 'not-sent', reason: 'offline' } })
    await app.service.restore()
    expect(app.service.state()).toEqual(adaConnected)
    expect(app.token()).toBe('token-ada')
    expect(app.journal).toEqual(['open sandbox-MERCHANTADA with nothing'])
    expect(app.wakes).toEqual(['token'])
  })

  it('without a kept token the store is open and the token is asked for', async () => {
    await start({ keyring: false }).connect('token-ada')
    const app = start()
    await app.service.restore()
    expect(app.service.state()).toEqual({ ...adaConnected, token: 'missing' })
    expect(app.slot.current()?.store).toEqual(adaStore)
    expect(app.service.gateway()).toBeNull()
  })

  it.each(['', '{', '{"format":"1","open":{}}', '{"format":"2","open":null}'])(
    'takes %j for nobody',
    async (content) => {
      await writeFile(dataPaths(userData).session, content)
      const app = start()
      await app.service.restore()
      expect(app.service.state()).toEqual({ kind: 'none' })
    },
  )

  it('a store whose log is refused is not shown as connected, and says why', async () => {
    await start().connect('token-ada')
    const app = start({ refuses: 'locked' })
    await app.service.restore()
    expect(app.service.state()).toEqual({ kind: 'none', storeProblem: 'locked' })
  })
})

describe('disconnecting', () => {
  it('forgets the token and nothing else', async () => {
    const app = start()
    await app.connect('token-ada')
    const { folder, token } = storePaths(app.paths, adaStore)
    await writeFile(join(folder, 'log'), 'promises')
    expect(await app.service.disconnect()).toEqual({ kind: 'none' })
    expect(app.journal.slice(-2)).toEqual([
      'stop sandbox-MERCHANTADA with nothing',
      'close sandbox-MERCHANTADA',
    ])
    await expect(readFile(token)).rejects.toThrow()
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('promises')
    const next = start()
    await next.service.restore()
    expect(next.service.state()).toEqual({ kind: 'none' })
  })
})

describe('practice store', () => {
  it('has a folder of its own, keeps no token, and comes back after a restart', async () => {
    const app = start()
    expect(await app.service.connect({ kind: 'practice' })).toMatchObject({
      kind: 'connected',
      session: { store: { environment: 'practice', merchantId: PRACTICE.merchantId }, token: 'stored' },
    })
    await expect(
      readFile(storePaths(app.paths, { merchantId: PRACTICE.merchantId, environment: 'practice' }).token),
    ).rejects.toThrow()
    const again = start()
    await again.service.restore()
    expect(again.token()).toBe('drawer')
  })

  it('is stopped when a real seller takes its place, waiting practice work or not', async () => {
    const app = start()
    await app.service.connect({ kind: 'practice' })
    app.waiting.set('practice-PRACTICE1', 2)
    expect(await app.connect('token-ada')).toMatchObject({ kind: 'connected' })
    expect(app.journal).toContain('practice stopped')
  })

  it('says so where it cannot be started', async () => {
    const app = start({ practice: false })
    expect(await app.service.connect({ kind: 'practice' })).toEqual({
      kind: 'failed',
      reason: 'practice-failed',
      detail: null,
    })
  })
})

it('two changes at once take their turns', async () => {
  const app = start()
  await Promise.all([
    app.connect('token-ada'),
    app.connect('token-ben'),
    app.service.disconnect(),
    app.connect('token-ada'),
  ])
  expect(app.states.map((state) => (state.kind === 'connected' ? state.store.merchantId : null))).toEqual([
    'MERCHANTADA',
    'MERCHANTBEN',
    null,
    'MERCHANTADA',
  ])
})
