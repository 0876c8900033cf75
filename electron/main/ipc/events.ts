import type { EventChannel, EventContract } from '#shared/ipc/contract.ts'
import type { OpenStore } from '../session/store-slot.ts'

export type SendEvent = <C extends EventChannel>(channel: C, event: EventContract[C]) => void

/**
 * Tells the page what happens in an open store. Hints only: a lost one delays. The directory is asked to look at Square
 * again when the line comes back and when something has been sent.
 */
export function announceStore({ outbox, engine }: OpenStore, send: SendEvent): void {
  let before = engine.state()
  outbox.onChanged((seq) => send('outbox:changed', { seq }))
  engine.onState((state) => {
    send('sync:state', state)
    if (state.connection === 'online' && before.connection !== 'online')
      send('directory:wake', { reason: 'online' })
    if (state.sending.length === 0 && before.sending.length > 0) send('directory:wake', { reason: 'sent' })
    before = state
  })
}
