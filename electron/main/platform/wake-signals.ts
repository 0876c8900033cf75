import type { PowerMonitor } from 'electron'

/**
 * Moments at which looking at the line again is worth it. Hints only: whether the line is up is learnt from real
 * requests, never from the system's opinion.
 */
export function onWakeSignals(powerMonitor: Pick<PowerMonitor, 'on'>, wake: () => void): void {
  powerMonitor.on('resume', wake)
  powerMonitor.on('unlock-screen', wake)
}
