import type {
  AppInfo,
  Batch,
  MirrorPosition,
  PracticeCommand,
  PracticeState,
  PullRequest,
  PullResult,
} from '#shared/ipc/contract.ts'
import type { Log } from '#shared/ports.ts'
import type { StorageService } from '../storage/storage-service.ts'
import { INITIAL_SYNC_STATE } from '#shared/sync/sync-state.ts'
import type { SyncLogExport } from '#shared/sync-log.ts'
import type { SyncLog } from '../diagnostics/sync-log.ts'
import type { SessionService } from '../session/session-service.ts'
import { sameStore, type OpenStore, type StoreSlot } from '../session/store-slot.ts'
import { newDeletions, type DeletionLimit } from './deletion-limit.ts'
import type { Handlers } from './router.ts'

export interface HandlerServices {
  /** Resolves when the store of the last time is open, or there is none: what is asked before waits for it. */
  readonly restored: Promise<void>
  readonly session: Pick<SessionService, 'state' | 'connect' | 'disconnect'>
  readonly slot: Pick<StoreSlot, 'current'>
  readonly pull: (request: PullRequest) => Promise<PullResult>
  readonly practice: (command: PracticeCommand) => Promise<PracticeState>
  readonly appInfo: () => Promise<AppInfo>
  readonly storage: StorageService
  readonly syncLog: Pick<SyncLog, 'entries'>
  readonly exportSyncLog: () => Promise<SyncLogExport>
  readonly deletions: DeletionLimit
  /** Nothing new is promised (S24). */
  readonly safeMode: boolean
  readonly restart: () => void
  readonly log: Log
  /** Somebody asked for it: look at Square again, both ways. */
  readonly syncNow: () => void
}

/** Which service answers which channel. A window that still shows another store gets nothing from this one (S16). */
export function createHandlers(services: HandlerServices): Handlers {
  const { restored, session, slot, storage } = services

  async function storeOf(mirror: MirrorPosition): Promise<OpenStore | null> {
    await restored
    const open = slot.current()
    return open && sameStore(open.store, mirror.store) ? open : null
  }

  return {
    async 'outbox:append'({ drafts, mirror }) {
      if (services.safeMode) return { kind: 'unwritable', reason: 'safe-mode' }
      const open = await storeOf(mirror)
      if (!open) return { kind: 'unwritable', reason: 'no-store' }
      const deletions = newDeletions(open.outbox.state(), drafts)
      if (deletions > 0 && !(await services.deletions.allows(deletions))) {
        services.log.warn('outbox.deletions-refused', { deletions })
        return { kind: 'refused', refusal: 'too-many-deletions', batch: nothingNew(mirror) }
      }
      return open.outbox.append(drafts, mirror)
    },
    async 'outbox:since'(mirror) {
      const open = await storeOf(mirror)
      if (!open) return nothingNew(mirror)
      const first = !open.outbox.mirrorReported()
      const batch = await open.outbox.since(mirror)
      // The engine waits for the first report before it sends anything (S20).
      if (first && open.outbox.mirrorReported()) open.engine.wake('saved')
      return batch
    },
    async 'outbox:restore'({ mirror, state }) {
      const open = await storeOf(mirror)
      if (!open) return nothingNew(mirror)
      const batch = await open.outbox.restore(mirror, state)
      open.engine.wake('saved')
      return batch
    },
    async 'directory:pull'(request) {
      await restored
      return services.pull(request)
    },
    async 'directory:vouch'({ store, since, opIds }) {
      await restored
      const open = slot.current()
      if (open && sameStore(open.store, store)) open.engine.vouch(since, opIds)
      return null
    },
    async 'session:state'() {
      await restored
      return session.state()
    },
    'session:connect': (request) => session.connect(request),
    'session:disconnect': () => session.disconnect(),
    async 'sync:state'() {
      await restored
      return slot.current()?.engine.state() ?? INITIAL_SYNC_STATE
    },
    'sync:now'() {
      services.syncNow()
      return null
    },
    'sync:log': () => services.syncLog.entries(),
    'sync:log-export': () => services.exportSyncLog(),
    'app:info': () => services.appInfo(),
    'app:fault'({ where, name, at }) {
      services.log.error('renderer.fault', { where, name, at })
      return null
    },
    async 'storage:state'() {
      await restored
      return storage.state()
    },
    async 'storage:export'() {
      await restored
      return storage.exportUnsent()
    },
    async 'storage:import'() {
      await restored
      return storage.importUnsent()
    },
    'storage:directory': (report) => storage.directoryReport(report),
    'app:restart'() {
      services.restart()
      return null
    },
    'practice:command': (command) => services.practice(command),
  }
}

/** For a mirror whose store is not the open one: it stays where it is. */
function nothingNew({ generation, lastSeq }: MirrorPosition): Batch {
  return { generation, reset: false, records: [], through: lastSeq, lostTail: false }
}
