import type { OpenStore } from './store-slot.ts'

/**
 * Before the app quits: resolves as soon as nothing more can be sent now. At once where the line is down, nobody is
 * signed in, or everything that waits waits for a person. The caller sets the limit.
 */
export function courtesySync({ outbox, engine }: OpenStore): Promise<void> {
  const settled = () => {
    const { connection, paused, sending } = engine.state()
    if (sending.length > 0) return false
    return connection !== 'online' || paused !== null || !somethingWaits(outbox)
  }
  return new Promise((resolve) => {
    if (settled()) return resolve()
    const stop = engine.onState(() => {
      if (!settled()) return
      stop()
      resolve()
    })
    engine.wake('asked')
  })
}

function somethingWaits(outbox: OpenStore['outbox']): boolean {
  return [...outbox.state().entries.values()].some(
    (entry) => entry.closed === null && entry.question === null,
  )
}
