import type { Log, LogFacts } from '#shared/ports.ts'

export type LoggedLine = readonly [level: 'info' | 'warn' | 'error', event: string, facts: LogFacts]

/** A technical log that keeps what is written to it. */
export function recordingLog(): { readonly log: Log; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = []
  const at =
    (level: LoggedLine[0]) =>
    (event: string, facts: LogFacts = {}) =>
      void lines.push([level, event, facts])
  return { log: { info: at('info'), warn: at('warn'), error: at('error') }, lines }
}
