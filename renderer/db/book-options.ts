import type { Bridge } from '#shared/ipc/bridge.ts'
import type { StoreId } from '#shared/outbox/operation.ts'
import type { Clock, NewId } from '#shared/ports.ts'
import type { SearchClient } from '../search/search-client.ts'
import type { IndexedDbParts } from './idb-request.ts'
import type { PositionMemory } from './position-memory.ts'

/** What a book needs of the world around it. */
export interface CustomerBookOptions {
  readonly bridge: Bridge
  readonly store: StoreId
  /** The seller's country: two spellings of one phone number are compared with it. */
  readonly country: string
  readonly search: SearchClient
  readonly newId: NewId
  readonly onFault: (where: string, error: unknown) => void
  readonly clock: Pick<Clock, 'wallIso' | 'sleep' | 'schedule'>
  readonly database: IndexedDbParts
  readonly memory: PositionMemory
  /** Runs alone among all windows of the store. */
  readonly withLock: <T>(run: () => Promise<T>) => Promise<T>
  readonly page: PageVisibility
  /** Other windows of the same store. */
  readonly otherWindows: OtherWindows
}
export interface PageVisibility {
  isVisible(): boolean
  onVisible(listener: () => void): () => void
}
export interface OtherWindows {
  tell(localIds: readonly string[]): void
  onTold(listener: (localIds: readonly string[]) => void): () => void
}
