import type { StoreId } from '#shared/outbox/operation.ts'
import type { Clock, Log, NewId, Random } from '#shared/ports.ts'
import { storePaths, type DataPaths } from '../config.ts'
import { acceptsFields } from '../outbox/accepts-fields.ts'
import { createLogFile } from '../outbox/log-file.ts'
import { FREE_BYTES_FLOOR, openOutbox } from '../outbox/outbox.ts'
import { notedOutbox } from '../diagnostics/noted-outbox.ts'
import type { SyncLog } from '../diagnostics/sync-log.ts'
import { freeBytesAt } from '../platform/app-info.ts'
import type { SyncEngine } from '../sync/sync-engine-port.ts'
import { createSyncEngine } from '../sync/sync-engine.ts'
import { rememberedFreeSpace } from './free-space.ts'
import type { SessionService } from './session-service.ts'
import type { OpenStoreResult } from './store-slot.ts'

export interface OpenStoreOptions {
  readonly paths: DataPaths
  readonly machineId: () => Promise<string>
  readonly session: () => Pick<SessionService, 'gateway' | 'state' | 'tokenRefused'>
  readonly clock: Clock
  readonly random: Random
  readonly newId: NewId
  readonly log: Log
  readonly syncLog: Pick<SyncLog, 'note'>
  /** Requests a second of that store; undefined: what Square bears. */
  readonly pace: (store: StoreId) => number | undefined
  /** The log is opened to be read, and nothing is sent (S24). */
  readonly safeMode: boolean
}

/** Gets a seller's store ready: the log, its fold, and the engine that drains it. The engine runs when it is handed out. */
export function createStoreOpener(options: OpenStoreOptions): (store: StoreId) => Promise<OpenStoreResult> {
  const { paths, session, clock, random, newId, log } = options
  return async (store) => {
    const { log: folder } = storePaths(paths, store)
    const opened = await openOutbox({
      storage: createLogFile({ folder, isReadOnly: options.safeMode }),
      store,
      machineId: await options.machineId(),
      newId,
      accepts: (op) => acceptsFields(op, countryOf(session().state())),
      freeBytes: rememberedFreeSpace({
        measure: () => freeBytesAt(folder),
        clock,
        plenty: 2 * FREE_BYTES_FLOOR,
      }),
      log,
      // In safe mode the log is there to be read: nothing is rewritten, whatever for.
      ...(options.safeMode ? { isReadOnly: true } : { clock }),
    })
    if (opened.kind === 'refused') {
      log.error('store.refused', { reason: opened.reason })
      return opened
    }
    const outbox = notedOutbox(opened.outbox, options.syncLog)
    const mostPerSecond = options.pace(store)
    const engine = createSyncEngine({
      outbox,
      store,
      gateway: () => session().gateway(),
      merge: () => ({ country: countryOf(session().state()) }),
      clock,
      random,
      newId,
      log,
      onTokenRefused: (gateway) => session().tokenRefused(gateway),
      ...(mostPerSecond === undefined ? {} : { mostPerSecond }),
    })
    const { setAside } = opened
    if (options.safeMode)
      return { kind: 'opened', parts: { store, outbox, engine: asleep(engine), setAside } }
    engine.start()
    return { kind: 'opened', parts: { store, outbox, engine, setAside } }
  }
}

/** Neither sends nor asks, whoever wakes it (S24). */
function asleep(engine: SyncEngine): SyncEngine {
  return {
    ...engine,
    wake() {},
    reader: () => null,
    state: () => ({ ...engine.state(), paused: { kind: 'safe-mode' } }),
  }
}

function countryOf(state: ReturnType<SessionService['state']>): string {
  return state.kind === 'connected' ? state.seller.country : ''
}
