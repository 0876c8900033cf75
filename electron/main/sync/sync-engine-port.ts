import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { SquareGateway } from '../square/square-gateway.ts'
import type { Urgency } from '#shared/sync/pace.ts'
import type { SyncState } from '#shared/sync/sync-state.ts'

export interface SyncEngine {
  start(): void
  /** Resolves when nothing is in flight any more; safe to call twice. */
  stop(): Promise<void>
  /** Look again now: something was saved, the line may be up, the token changed, a person asked. */
  wake(reason: 'saved' | 'online' | 'resumed' | 'asked' | 'token'): void
  /**
   * The directory, complete, had nobody like these new customers; what may be missing in it has changed at Square since
   * then (ISO, Square's time, overlap taken off). They need not be looked for one by one (S9). Kept in memory only.
   */
  vouch(since: string, opIds: readonly string[]): void
  /** A pull has read this of Square: questions that stand follow what it holds by now (S12). */
  seen(remotes: readonly RemoteCustomer[], missing: readonly string[]): void
  /**
   * The directory is being loaded and about so many customers are still to come: many new customers wait for it rather
   * than being looked for, while that is quicker (S9). Null: it has stopped.
   */
  loading(left: number | null): void
  /**
   * The gateway in force for pulls: what its answers say of the line and the token counts here too, and its requests
   * wait for their turn (S26): `person` where somebody looks on and waits. Null: signed out.
   */
  reader(urgency?: Extract<Urgency, 'person' | 'pull'>): SquareGateway | null
  state(): SyncState
  onState(listener: (state: SyncState) => void): () => void
}
