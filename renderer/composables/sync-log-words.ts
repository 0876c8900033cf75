import { assertNever } from '#shared/exhaustive.ts'
import type { SyncLogEntry } from '#shared/sync-log.ts'
import type { Text } from '../i18n/text.ts'

/** One line of the sync log in words. Codes that only help people who help stay as they are, in brackets. */
export function syncLogWords(entry: SyncLogEntry, { t, tn }: Pick<Text, 't' | 'tn'>): string {
  switch (entry.kind) {
    case 'opened':
      return tn('syncLog.opened', entry.open, {
        store: t(`settings.environments.${entry.environment}`),
      })
    case 'promised':
      return t(`syncLog.promised.${entry.what}`)
    case 'withdrawn': {
      const said = tn('syncLog.withdrawn', entry.count)
      return entry.reason ? withCode(said, t(`outbox.discard.reasons.${entry.reason}`)) : said
    }
    case 'not-promised':
      return withCode(t('syncLog.notPromised'), entry.why)
    case 'sent':
      return t('syncLog.sent', { attempt: entry.attempt })
    case 'answered':
      return withCode(t(`syncLog.answered.${entry.answer}`), entry.field ?? '', entry.code ?? '')
    case 'asks':
      return t('syncLog.asks', { question: t(`outbox.asks.${entry.question}`) })
    case 'noted':
      return t(`syncLog.noted.${entry.record}`)
    case 'not-written':
      return t('syncLog.notWritten')
    case 'request':
      return t('syncLog.request', { what: t(`syncLog.requests.${entry.request}`), how: outcome(entry) })
    case 'line':
      return t(`syncLog.line.${entry.connection}`)
    case 'pause':
      return t(entry.pause === null ? 'syncLog.goesOn' : `syncLog.pause.${entry.pause}`)
    default:
      return assertNever(entry)
  }

  function outcome(request: Extract<SyncLogEntry, { kind: 'request' }>): string {
    const { came, reason, ms } = request
    if (request.outcome !== 'ok')
      return withCode(t(`syncLog.ended.${request.outcome}`), reason ?? '', `${ms} ms`)
    return withCode(came === null ? t('syncLog.done') : tn('syncLog.came', came), `${ms} ms`)
  }
}

function withCode(said: string, ...codes: readonly string[]): string {
  const given = codes.filter((code) => code !== '')
  return given.length > 0 ? `${said} (${given.join(', ')})` : said
}

/** `14:02:07` by this PC's clock, with the day where it is another one than today. */
export function lineTime(at: number, locale: string, now: string): string {
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  const shape = sameDay ? clock : ({ day: 'numeric', month: 'short', ...clock } as const)
  return new Intl.DateTimeFormat(locale, shape).format(at)
}
