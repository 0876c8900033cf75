import type { App } from 'electron'
import type { Clock, Log } from '#shared/ports.ts'
import { QUIT_COURTESY_MS } from '../config.ts'

/**
 * One instance per data folder: the log has one writer. False: another one runs and has been told to show itself; this
 * process must end.
 */
export function claimSingleInstance(
  app: Pick<App, 'requestSingleInstanceLock' | 'on'>,
  onSecondStart: () => void,
): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', onSecondStart)
  return true
}

/**
 * Holds a quit back while `finish` runs, for at most five seconds: a courtesy to the line, since everything promised is
 * already on disk. `finish` is run once.
 */
export function finishBeforeQuit(options: {
  readonly app: Pick<App, 'on' | 'quit'>
  readonly clock: Pick<Clock, 'sleep'>
  readonly log: Log
  readonly finish: () => Promise<void>
}): void {
  const { app, clock, log } = options
  let phase: 'running' | 'finishing' | 'finished' = 'running'
  app.on('before-quit', (event) => {
    if (phase === 'finished') return
    event.preventDefault()
    if (phase === 'finishing') return
    phase = 'finishing'
    const finished = options.finish().catch((error: unknown) => {
      log.error('quit.failed', { error: error instanceof Error ? error.name : 'unknown' })
    })
    void Promise.race([finished, clock.sleep(QUIT_COURTESY_MS)]).then(() => {
      phase = 'finished'
      app.quit()
    })
  })
}
