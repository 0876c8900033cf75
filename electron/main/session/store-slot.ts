import type { StoreId } from '#shared/outbox/operation.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { SyncEngine } from '../sync/sync-engine-port.ts'

/** The working parts of one seller's store. */
export interface OpenStore {
  readonly store: StoreId
  readonly outbox: Outbox
  readonly engine: SyncEngine
  /** Records of the log that could not be read and are kept aside (S15). */
  readonly setAside: number
}
export type OpenStoreResult =
  | { readonly kind: 'opened'; readonly parts: OpenStore }
  /** The log's own reason in one word: never a customer's data. */
  | { readonly kind: 'refused'; readonly reason: string }

/** The place where at most one store is open: another is closed first, so that two never work at once (S16). */
export interface StoreSlot {
  current(): OpenStore | null
  /** Opens that store unless it is open already. Refused: none is open now. */
  open(store: StoreId): Promise<OpenStoreResult>
  /** Stops sending, waits for what is in flight and closes the log. */
  close(): Promise<void>
}

/** `open` gets the parts of a store ready; `opened` hears of each store that was opened, to listen to it. */
export function createStoreSlot(options: {
  readonly open: (store: StoreId) => Promise<OpenStoreResult>
  readonly opened: (parts: OpenStore) => void
}): StoreSlot {
  let current: OpenStore | null = null

  async function close(): Promise<void> {
    const closing = current
    // Gone for everyone at once: nothing new is promised to a store that is being closed.
    current = null
    if (!closing) return
    await closing.engine.stop()
    await closing.outbox.close()
  }

  return {
    current: () => current,
    close,
    async open(store) {
      if (current && sameStore(current.store, store)) return { kind: 'opened', parts: current }
      await close()
      const result = await options.open(store)
      if (result.kind === 'opened') {
        current = result.parts
        options.opened(result.parts)
      }
      return result
    },
  }
}

/** Same seller in the same environment. */
export function sameStore(one: StoreId, other: StoreId): boolean {
  return one.merchantId === other.merchantId && one.environment === other.environment
}
