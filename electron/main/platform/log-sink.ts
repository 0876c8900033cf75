import electronLog from 'electron-log/node.js'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log, LogFacts } from '#shared/ports.ts'
import { LOG_FILE_BYTES, LOG_FILES_KEPT } from '../config.ts'

const MAX_TEXT = 200

/**
 * The technical log: an event name and facts, one line each, rotated. It writes only what is on the list of `LogFacts`
 * (numbers, truth values, short texts), so an object, an error or a customer never gets in by accident.
 */
export function createLogSink(folder: string, toConsole: boolean, maxBytes = LOG_FILE_BYTES): Log {
  const logger = electronLog.create({ logId: `counterfoil-${folder}` })
  const { file, console } = logger.transports
  console.level = toConsole ? 'warn' : false
  file.level = 'info'
  file.maxSize = maxBytes
  file.resolvePathFn = () => join(folder, 'counterfoil.log')
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
  file.format = '{iso} {level} {text}'
  file.archiveLogFn = () => rotate(folder)
  return {
    info: (event, facts) => logger.info(logLine(event, facts)),
    warn: (event, facts) => logger.warn(logLine(event, facts)),
    error: (event, facts) => logger.error(logLine(event, facts)),
  }
}

/** One line: the event and its facts. Line breaks and control characters are escaped; anything not a fact is dropped. */
export function logLine(event: string, facts: LogFacts = {}): string {
  const parts = Object.entries(facts).flatMap(([name, value]) => {
    const text = factText(value)
    return text === null ? [] : [`${plain(name)}=${text}`]
  })
  return [plain(event), ...parts].join(' ')
}

function factText(value: unknown): string | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? JSON.stringify(value.slice(0, MAX_TEXT)) : null
}

function plain(text: string): string {
  return text.replace(/[^\w.:-]/g, '?').slice(0, MAX_TEXT)
}

function rotate(folder: string): void {
  const numbered = (n: number) => join(folder, n === 0 ? 'counterfoil.log' : `counterfoil.${n}.log`)
  rmSync(numbered(LOG_FILES_KEPT - 1), { force: true })
  for (let n = LOG_FILES_KEPT - 2; n >= 0; n -= 1) {
    try {
      renameSync(numbered(n), numbered(n + 1))
    } catch {
      // Not there yet, or held open by someone: the next rotation tries again.
    }
  }
}
