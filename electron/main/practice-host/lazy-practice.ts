import type { PracticeCommand, PracticeState } from '#shared/ipc/contract.ts'
import type { SquareAccess } from '../session/session-service.ts'
import type { RunningPractice } from './practice-host.ts'

/** The practice store as the session and the drawer see it; its code is loaded when somebody wants it. */
export interface LazyPractice {
  /** Starts it unless it runs; null where it cannot be started. */
  start(): Promise<SquareAccess | null>
  stop(): Promise<void>
  /** Outside the practice store a command does nothing. */
  command(command: PracticeCommand): Promise<PracticeState>
  /** Where it listens now. */
  baseUrl(): string | null
}

const ABSENT: PracticeState = { available: false, lineUp: true, answersToLose: 0 }

/** At most one practice store, started by `load`. */
export function createLazyPractice(load: () => Promise<RunningPractice | null>): LazyPractice {
  let running: Promise<RunningPractice | null> | null = null
  let url: string | null = null
  return {
    async start() {
      running ??= load()
      const practice = await running
      if (!practice) running = null
      url = practice?.baseUrl ?? null
      return practice && { baseUrl: practice.baseUrl, token: practice.token }
    },
    async stop() {
      const stopping = running
      running = null
      url = null
      await (await stopping)?.close()
    },
    async command(command) {
      const practice = await running
      return practice ? practice.command(command) : ABSENT
    },
    baseUrl: () => url,
  }
}
