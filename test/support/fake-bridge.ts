import type { Fault } from '#shared/fault.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Bridge } from '#shared/ipc/bridge.ts'
import type {
  AppInfo,
  EventChannel,
  EventContract,
  InvokeChannel,
  InvokeContract,
  PracticeState,
  PullRequest,
  PullResult,
} from '#shared/ipc/contract.ts'
import { INVOKE_CHANNELS } from '#shared/ipc/contract.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { SessionState } from '#shared/session.ts'
import { INITIAL_SYNC_STATE } from '#shared/sync/sync-state.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import type { Outbox } from '#main/outbox/outbox-port.ts'
import { memoryLogFile, memoryLogStorage, type MemoryLogFile } from './memory-log-storage.ts'
import { recordingLog } from './recording-log.ts'

export const TEST_STORE: StoreId = { merchantId: 'MERCHANT1', environment: 'practice' }

type Handlers = {
  [C in InvokeChannel]: (request: InvokeContract[C]['request']) => Promise<InvokeContract[C]['response']>
}

/**
 * Main without Electron: the real outbox over a log in memory, customers of a Square that can be listed, and every
 * channel overridable. What crosses is copied, as the real bridge copies it. It has no engine: `record` writes what one
 * would have written.
 */
export interface FakeMain {
  readonly bridge: Bridge
  readonly outbox: () => Outbox
  readonly logFile: MemoryLogFile
  /** What Square holds, in the order it lists them. */
  readonly square: RemoteCustomer[]
  /** Square's time, given with every page. */
  squareTime: string
  /** Customers a page. */
  pageSize: number
  readonly pulls: PullRequest[]
  /** Bugs the window reported. */
  readonly faults: Fault[]
  /** Replaces a channel; the given function gets the original as its second argument. */
  override<C extends InvokeChannel>(
    channel: C,
    handler: (
      request: InvokeContract[C]['request'],
      original: Handlers[C],
    ) => Promise<InvokeContract[C]['response']>,
  ): void
  /** What the engine would append; windows get their hint. */
  record(...records: RecordBody[]): Promise<void>
  emit<C extends EventChannel>(channel: C, event: EventContract[C]): void
  /** Main ends and starts again over what is in the file. */
  restart(): Promise<void>
}

export interface FakeMainOptions {
  readonly session?: SessionState
  readonly square?: readonly RemoteCustomer[]
  readonly logFile?: MemoryLogFile
  readonly store?: StoreId
  readonly compactAfter?: number
}

/** A main that has just started. */
export async function startFakeMain(options: FakeMainOptions = {}): Promise<FakeMain> {
  const store = options.store ?? TEST_STORE
  const logFile = options.logFile ?? memoryLogFile()
  const square = [...(options.square ?? [])]
  const pulls: PullRequest[] = []
  const faults: Fault[] = []
  const listeners = new Map<EventChannel, Set<(event: never) => void>>()
  let session: SessionState = options.session ?? {
    kind: 'connected',
    store,
    seller: { name: 'Corner shop', country: 'US' },
    token: 'stored',
  }
  let outbox = await openMemoryOutbox()

  async function openMemoryOutbox(): Promise<Outbox> {
    const opened = await openOutbox({
      storage: memoryLogStorage(logFile),
      store,
      machineId: 'machine-1',
      newId: () => crypto.randomUUID(),
      freeBytes: () => Promise.resolve(null),
      log: recordingLog().log,
      ...(options.compactAfter === undefined ? {} : { compactAfter: options.compactAfter }),
    })
    if (opened.kind === 'refused') throw new Error(`the log is refused: ${opened.reason}`)
    opened.outbox.onChanged((seq) => main.emit('outbox:changed', { seq }))
    return opened.outbox
  }

  const appInfo: AppInfo = {
    version: '0.0.0',
    runtime: 'stand-in',
    locale: 'en',
    dataFolder: '',
    freeBytes: null,
  }
  const practice: PracticeState = { available: true, lineUp: true, answersToLose: 0 }
  const handlers: Handlers = {
    'outbox:append': ({ drafts, mirror }) => outbox.append(drafts, mirror),
    'outbox:since': (mirror) => outbox.since(mirror),
    'outbox:restore': ({ mirror, state }) => outbox.restore(mirror, state),
    'directory:pull': (request) => {
      pulls.push(request)
      return Promise.resolve(pullFrom(square, request, main))
    },
    'directory:vouch': () => Promise.resolve(null),
    'session:state': () => Promise.resolve(session),
    'session:connect': () => Promise.resolve({ kind: 'connected', session }),
    'session:disconnect': () => {
      session = { kind: 'none' }
      main.emit('session:changed', session)
      return Promise.resolve(session)
    },
    'sync:state': () => Promise.resolve({ ...INITIAL_SYNC_STATE, store, connection: 'online', paused: null }),
    'sync:now': () => {
      main.emit('directory:wake', { reason: 'asked' })
      return Promise.resolve(null)
    },
    'sync:log': () => Promise.resolve([]),
    'sync:log-export': () => Promise.resolve({ kind: 'cancelled' }),
    'app:info': () => Promise.resolve(appInfo),
    'app:fault': (fault) => {
      faults.push(fault)
      return Promise.resolve(null)
    },
    'storage:state': () =>
      Promise.resolve({ freeBytes: null, room: 'unknown', safeMode: false, logBytes: null, setAside: 0 }),
    'storage:export': () => Promise.resolve({ kind: 'nothing', setAside: 0 }),
    'storage:import': () => Promise.resolve({ kind: 'cancelled' }),
    'storage:directory': () => Promise.resolve('noted'),
    'app:restart': () => Promise.resolve(null),
    'practice:command': () => Promise.resolve(practice),
  }

  const invoke = Object.fromEntries(
    INVOKE_CHANNELS.map((channel) => [
      channel,
      async (request: never) => structuredClone(await handlers[channel](structuredClone(request))),
    ]),
  ) as unknown as Bridge['invoke']
  const on = new Proxy({} as Bridge['on'], {
    get: (_target, channel: EventChannel) => (listener: (event: never) => void) => {
      const known = listeners.get(channel) ?? new Set()
      listeners.set(channel, known.add(listener))
      return () => known.delete(listener)
    },
  })

  const main: FakeMain = {
    bridge: { invoke, on },
    outbox: () => outbox,
    logFile,
    square,
    squareTime: '2026-03-02T10:00:00.000Z',
    pageSize: 100,
    pulls,
    faults,
    override(channel, handler) {
      const original = handlers[channel]
      // Handler and original belong to the same channel; an index by a union cannot say so.
      ;(handlers as Record<string, unknown>)[channel] = (request: never) => handler(request, original)
    },
    async record(...records) {
      if (!(await outbox.write(records))) throw new Error('the log could not be written')
    },
    emit(channel, event) {
      for (const listener of listeners.get(channel) ?? []) listener(structuredClone(event) as never)
    },
    async restart() {
      await outbox.close()
      outbox = await openMemoryOutbox()
    },
  }
  return main
}

function pullFrom(square: readonly RemoteCustomer[], request: PullRequest, main: FakeMain): PullResult {
  const answer = {
    kind: 'page',
    squareTime: main.squareTime,
    cursor: null,
    count: null,
    missing: [],
  } as const
  if (request.kind === 'ids') {
    const remotes = square.filter(({ id }) => request.squareIds.includes(id))
    const missing = request.squareIds.filter((id) => !remotes.some((remote) => remote.id === id))
    return { ...answer, remotes, missing }
  }
  const all = square.filter(({ updatedAt }) => request.kind === 'list' || updatedAt >= request.since)
  const from = Number(request.cursor ?? 0)
  const to = from + main.pageSize
  const count = request.kind === 'list' && from === 0 ? all.length : null
  return { ...answer, remotes: all.slice(from, to), cursor: to < all.length ? String(to) : null, count }
}
