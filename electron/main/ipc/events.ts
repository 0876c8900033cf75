import type { EventChannel, EventContract } from '#shared/ipc/contract.ts'
import type { Clock } from '#shared/ports.ts'
import { looksAfterSent } from '#shared/sync/pace.ts'
import type { OpenStore } from '../session/store-slot.ts'

/**
 * Unseen by a person, and longer than a save takes: whoever saved has the news with the answer, and a hint that came
 * between would only keep the window busy.
 */
export const HINT_EVERY_MS = 25

export type SendEvent = <C extends EventChannel>(channel: C, event: EventContract[C]) => void

/**
 * Tells the page what happens in an open store. Hints only: a lost one delays. Those of `HINT_EVERY_MS` go out as one,
 * with the newest of each. The directory is asked to look at Square again when the line comes back and when something
 * has been sent; while more waits, not after each (S26).
 */
export function announceStore(
  { outbox, engine }: OpenStore,
  send: SendEvent,
  clock: Pick<Clock, 'schedule' | 'monotonic'>,
): void {
  const later = (run: () => void) => void clock.schedule(HINT_EVERY_MS, run)
  let before = engine.state()
  const tellChanged = newestLater<number>(later, (seq) => send('outbox:changed', { seq }))
  const tellState = newestLater<typeof before>(later, (state) => send('sync:state', state))
  let lastLook: number | null = null
  /** Something was sent that the directory has not been told of. */
  let owed = false
  const waits = () => {
    for (const { question } of outbox.state().entries.values()) if (!question) return true
    return false
  }
  const look = (reason: 'online' | 'sent') => {
    lastLook = clock.monotonic()
    owed = false
    send('directory:wake', { reason })
  }
  outbox.onChanged(tellChanged)
  engine.onState((state) => {
    tellState(state)
    if (state.connection === 'online' && before.connection !== 'online') look('online')
    if (state.sending.length === 0 && before.sending.length > 0) owed = true
    before = state
    if (owed && looksAfterSent(waits(), lastLook === null ? null : clock.monotonic() - lastLook)) look('sent')
  })
}

function newestLater<T>(later: (run: () => void) => void, tell: (value: T) => void): (value: T) => void {
  let newest: { readonly value: T } | null = null
  return (value) => {
    if (newest === null)
      later(() => {
        const told = newest!.value
        newest = null
        tell(told)
      })
    newest = { value }
  }
}
