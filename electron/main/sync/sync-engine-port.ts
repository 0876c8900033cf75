import type { SquareGateway } from '../square/square-gateway.ts'
import type { SyncState } from '#shared/sync/sync-state.ts'

export interface SyncEngine {
  start(): void
  /** Resolves when nothing is in flight any more; safe to call twice. */
  stop(): Promise<void>
  /** Look again now: something was saved, the line may be up, the token changed, a person asked. */
  wake(reason: 'saved' | 'online' | 'resumed' | 'asked' | 'token'): void
  /** The gateway in force for pulls: what its answers say of the line and the token counts here too. Null: signed out. */
  reader(): SquareGateway | null
  state(): SyncState
  onState(listener: (state: SyncState) => void): () => void
}
