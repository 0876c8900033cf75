import type { SyncState } from '#shared/sync/sync-state.ts'

export interface SyncEngine {
  start(): void
  /** Resolves when nothing is in flight any more; safe to call twice. */
  stop(): Promise<void>
  /** Look again now: something was saved, the line may be up, the token changed, a person asked. */
  wake(reason: 'saved' | 'online' | 'resumed' | 'asked' | 'token'): void
  state(): SyncState
  onState(listener: (state: SyncState) => void): () => void
}
