import type { OpenStore } from '../session/store-slot.ts'
import type { SyncLog } from './sync-log.ts'

/** Notes that a store was opened, and from then on each time the line or what keeps it from sending changes (S28). */
export function noteStore(
  { store, outbox, engine }: Pick<OpenStore, 'store' | 'outbox' | 'engine'>,
  log: Pick<SyncLog, 'note'>,
): void {
  log.note({ kind: 'opened', environment: store.environment, open: outbox.state().entries.size })
  let before = engine.state()
  // What keeps from sending from the first moment on is no change: safe mode (S24).
  if (before.paused && before.paused.kind !== 'starting')
    log.note({ kind: 'pause', pause: before.paused.kind })
  engine.onState((now) => {
    if (now.connection !== before.connection) log.note({ kind: 'line', connection: now.connection })
    if (now.paused?.kind !== before.paused?.kind) log.note({ kind: 'pause', pause: now.paused?.kind ?? null })
    before = now
  })
}
