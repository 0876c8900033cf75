import type { Bridge } from '#shared/ipc/bridge.ts'
import type { PracticeCommand, PracticeState } from '#shared/ipc/contract.ts'
import type { ConnectRequest, ConnectResult, SessionState } from '#shared/session.ts'
import type { ExportResult, ImportResult, RepairResult, StorageState } from '#shared/storage.ts'
import type { SyncLogEntry, SyncLogExport } from '#shared/sync-log.ts'
import { INITIAL_SYNC_STATE, type SyncState } from '#shared/sync/sync-state.ts'

export interface ScreenBridgeOptions {
  readonly session?: SessionState
  readonly sync?: Partial<SyncState>
  readonly connect?: (request: ConnectRequest) => ConnectResult
  readonly onCommand?: (command: PracticeCommand) => void
  readonly storage?: Partial<StorageState>
  readonly exported?: ExportResult
  readonly imported?: ImportResult
  readonly repair?: RepairResult
  readonly syncLog?: readonly SyncLogEntry[]
  readonly syncLogExport?: SyncLogExport
}
export interface ScreenBridge {
  readonly bridge: Bridge
  readonly calls: { readonly channel: string; readonly request: unknown }[]
  setSession(state: SessionState): void
  setSync(state: Partial<SyncState>): void
  setStorage(state: Partial<StorageState>): void
  setSyncLog(entries: readonly SyncLogEntry[]): void
}

export const PRACTICE_SESSION: SessionState = {
  kind: 'connected',
  store: { merchantId: 'PRACTICE', environment: 'practice' },
  seller: { name: 'Corner Roastery', country: 'US' },
  token: 'stored',
}

/** The bridge as far as the screens use it, without a main behind it: answers at once, and notes what was asked. */
export function createScreenBridge(options: ScreenBridgeOptions = {}): ScreenBridge {
  let session: SessionState = options.session ?? PRACTICE_SESSION
  let sync: SyncState = {
    ...INITIAL_SYNC_STATE,
    connection: 'online',
    paused: null,
    lastContactAt: '2026-11-20T14:02:00Z',
    ...options.sync,
  }
  let storage: StorageState = {
    freeBytes: 42_000_000_000,
    room: 'plenty',
    safeMode: false,
    logBytes: 340_000,
    setAside: 0,
    ...options.storage,
  }
  let practice: PracticeState = { available: true, lineUp: true, answersToLose: 0 }
  let syncLog = options.syncLog ?? []
  const calls: { channel: string; request: unknown }[] = []
  const sessionListeners = new Set<(state: SessionState) => void>()
  const syncListeners = new Set<(state: SyncState) => void>()
  const listen =
    <T>(listeners: Set<(value: T) => void>) =>
    (listener: (value: T) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  const unused = (channel: string) => async () => {
    throw new Error(`the screens do not call ${channel}`)
  }
  function noted<R, A>(channel: string, answer: (request: R) => A) {
    return async (request: R): Promise<A> => {
      calls.push({ channel, request })
      return answer(request)
    }
  }
  function setSync(state: Partial<SyncState>) {
    sync = { ...sync, ...state }
    syncListeners.forEach((tell) => tell(sync))
  }
  function setSession(state: SessionState) {
    session = state
    sessionListeners.forEach((tell) => tell(session))
  }
  function command(request: PracticeCommand): PracticeState {
    options.onCommand?.(request)
    if (request.kind === 'lose-next-answer')
      practice = { ...practice, answersToLose: practice.answersToLose + 1 }
    if (request.kind !== 'line') return practice
    practice = { ...practice, lineUp: request.up }
    setSync({
      connection: request.up ? 'online' : 'offline',
      offlineSince: request.up ? null : '2026-11-20T13:05:00Z',
    })
    return practice
  }

  const bridge: Bridge = {
    invoke: {
      'outbox:append': unused('outbox:append'),
      'outbox:since': unused('outbox:since'),
      'outbox:restore': unused('outbox:restore'),
      'directory:pull': unused('directory:pull'),
      'directory:vouch': unused('directory:vouch'),
      'session:state': noted('session:state', () => session),
      'session:connect': noted('session:connect', (request) => {
        const result = options.connect?.(request) ?? { kind: 'connected', session: PRACTICE_SESSION }
        if (result.kind === 'connected') setSession(result.session)
        return result
      }),
      'session:disconnect': noted('session:disconnect', () => {
        setSession({ kind: 'none' })
        return session
      }),
      'sync:state': noted('sync:state', () => sync),
      'sync:now': noted('sync:now', () => null),
      'sync:log': noted('sync:log', () => syncLog),
      'sync:log-export': noted(
        'sync:log-export',
        (): SyncLogExport => options.syncLogExport ?? { kind: 'saved' },
      ),
      'app:fault': noted('app:fault', () => null),
      'app:info': noted('app:info', () => ({
        version: '0.1.0',
        runtime: 'stand-in' as const,
        locale: 'en',
        dataFolder: '/home/till/.config/counterfoil',
        freeBytes: 42_000_000_000,
      })),
      'storage:state': noted('storage:state', () => storage),
      'storage:export': noted(
        'storage:export',
        (): ExportResult => options.exported ?? { kind: 'saved', operations: 2, setAside: 0 },
      ),
      'storage:import': noted(
        'storage:import',
        (): ImportResult => options.imported ?? { kind: 'imported', added: 2, known: 1 },
      ),
      'storage:directory': noted('storage:directory', (): RepairResult => options.repair ?? 'noted'),
      'app:restart': noted('app:restart', () => null),
      'practice:command': noted('practice:command', command),
    },
    on: {
      'outbox:changed': () => () => undefined,
      'directory:wake': () => () => undefined,
      'session:changed': listen(sessionListeners),
      'sync:state': listen(syncListeners),
    },
  }
  const setStorage = (state: Partial<StorageState>) => void (storage = { ...storage, ...state })
  const setSyncLog = (entries: readonly SyncLogEntry[]) => void (syncLog = entries)
  return { bridge, calls, setSession, setSync, setStorage, setSyncLog }
}
