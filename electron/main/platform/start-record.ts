import type { Clock, Log } from '#shared/ports.ts'
import { readJson, writeAtomically } from './atomic-file.ts'

/** So many starts that ended badly, one after the other, and the next one is in safe mode (S24). */
export const BAD_STARTS = 3
/** A start that lives so long did not end badly, whatever ends it later. */
export const SETTLED_AFTER_MS = 60_000

export interface StartRecord {
  readonly safeMode: boolean
  /** This start has ended well, or the person wants the next one to be an ordinary one. */
  endedWell(): Promise<void>
}

/**
 * Counts a start as one that ends badly until it has lived for a minute or is quit. Where the count cannot be read or
 * written there is no safe mode: it must not keep an app from working whose disk is full.
 */
export async function recordStart(options: {
  readonly file: string
  readonly clock: Pick<Clock, 'schedule'>
  readonly log: Log
}): Promise<StartRecord> {
  const { file, clock, log } = options
  const bad = (await readJson(file, parse)) ?? 0
  // Nobody waits for it at the start; one write after the other.
  let written: Promise<void> = Promise.resolve()
  const write = (count: number) => {
    const text = JSON.stringify({ bad: count })
    return (written = written.then(() => writeAtomically(file, text).catch(() => undefined)))
  }
  void write(bad + 1)
  const safeMode = bad >= BAD_STARTS
  if (safeMode) log.warn('app.safe-mode', { badStarts: bad })
  const cancel = clock.schedule(SETTLED_AFTER_MS, () => void write(0))
  return {
    safeMode,
    async endedWell() {
      cancel()
      await write(0)
    },
  }
}

function parse(value: unknown): number | null {
  const { bad } = value as { bad?: unknown }
  return Number.isSafeInteger(bad) && Number(bad) >= 0 ? Number(bad) : null
}
