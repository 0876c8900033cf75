import type { PullRequest, PullResult } from '#shared/ipc/contract.ts'
import { dataPaths, requestsPerSecond, squareUrl, storePaths } from './config.ts'
import { noteStore } from './diagnostics/note-store.ts'
import { notedGateway } from './diagnostics/noted-gateway.ts'
import type { SyncLog } from './diagnostics/sync-log.ts'
import { createDirectoryPull } from './directory/pull.ts'
import { announceStore, type SendEvent } from './ipc/events.ts'
import { readMachineId } from './platform/machine-id.ts'
import type { SecretStorage } from './platform/secret-storage.ts'
import { newUuid, systemClock, systemRandom } from './platform/system-ports.ts'
import { createLazyPractice, type LazyPractice } from './practice-host/lazy-practice.ts'
import { createLazyGateway } from './session/lazy-gateway.ts'
import { createStoreOpener } from './session/open-store.ts'
import { createSessionService, type SessionService, type SquareAccess } from './session/session-service.ts'
import { createStoreSlot, type StoreSlot } from './session/store-slot.ts'
import type { Log } from '#shared/ports.ts'

export interface ServiceOptions {
  readonly userData: string
  readonly isPackaged: boolean
  readonly sandboxUrl: string | undefined
  /** Absent: the pace Square bears. */
  readonly sandboxPace?: string | undefined
  readonly secrets: SecretStorage
  readonly fetch: typeof globalThis.fetch
  /** Nothing of Square's SDK is loaded before this. */
  readonly windowAtRest: Promise<void>
  readonly send: SendEvent
  readonly syncLog: Pick<SyncLog, 'note'>
  /** Nothing is sent, and nothing new is promised (S24). */
  readonly safeMode: boolean
  readonly log: Log
}
export interface Services {
  readonly session: SessionService
  readonly slot: StoreSlot
  readonly practice: LazyPractice
  readonly pull: (request: PullRequest) => Promise<PullResult>
  /** Origins main may reach now. */
  readonly reachable: () => readonly string[]
}

/** Everything behind the doors, put together: stores, session, practice store, pulls. Knows nothing of windows. */
export function createServices(options: ServiceOptions): Services {
  const { isPackaged, sandboxUrl, log, send, syncLog } = options
  const paths = dataPaths(options.userData)
  const urlOf = (environment: 'production' | 'sandbox') => squareUrl(environment, { isPackaged, sandboxUrl })

  let machineId: Promise<string> | null = null
  const slot = createStoreSlot({
    open: createStoreOpener({
      paths,
      machineId: () => (machineId ??= readMachineId({ keepIn: paths.machine })),
      session: () => session,
      clock: systemClock,
      random: systemRandom,
      newId: newUuid,
      log,
      syncLog,
      pace: ({ environment }) => requestsPerSecond(environment, options),
      safeMode: options.safeMode,
    }),
    opened: (parts) => {
      announceStore(parts, send, systemClock)
      noteStore(parts, syncLog)
    },
  })

  const practice = createLazyPractice(async () => {
    const { startPractice, PRACTICE_STORE } = await import('./practice-host/practice-host.ts')
    return startPractice({ file: storePaths(paths, PRACTICE_STORE).practice, log })
  })

  const createGateway = (access: SquareAccess) =>
    notedGateway(
      createLazyGateway(async () => {
        await options.windowAtRest
        const { createSdkSquareGateway } = await import('./square/sdk-square-gateway.ts')
        return createSdkSquareGateway({ ...access, fetch: options.fetch })
      }),
      syncLog,
      systemClock,
    )

  const session: SessionService = createSessionService({
    paths,
    secrets: options.secrets,
    slot,
    createGateway,
    squareUrl: urlOf,
    practice,
    log,
  })

  const pull = createDirectoryPull({
    gateway: (urgency) => slot.current()?.engine.reader(urgency) ?? null,
    onFirstLoad: (left) => slot.current()?.engine.loading(left),
    onSeen: (remotes, missing) => slot.current()?.engine.seen(remotes, missing),
    outbox: () => slot.current()?.outbox ?? null,
    log,
  })

  return {
    session,
    slot,
    practice,
    pull,
    reachable: () => [urlOf('production'), urlOf('sandbox'), ...[practice.baseUrl() ?? []].flat()],
  }
}
