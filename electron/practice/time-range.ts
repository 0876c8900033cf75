import { checkKeys, type JsonObject } from './check-fields.ts'
import { ok, refuse, type Outcome } from './outcome.ts'

/** In ms since the epoch; without a bound it is infinite. */
export interface TimeRange {
  readonly start: number
  readonly end: number
}

const KEYS = new Set(['start_at', 'end_at'])

/** Reads `{start_at?, end_at?}` of RFC 3339 times, or days where `days` says so. Whose bounds count is not its business. */
export function readTimeRange(part: JsonObject, field: string, days = false): Outcome<TimeRange> {
  const unknown = checkKeys(part, KEYS, `${field}.`)
  if (unknown) return unknown
  const form = days ? /^\d{4}-\d{2}-\d{2}(T|$)/ : /^\d{4}-\d{2}-\d{2}T/
  const bounds: number[] = []
  for (const [name, fallback] of [
    ['start_at', Number.NEGATIVE_INFINITY],
    ['end_at', Number.POSITIVE_INFINITY],
  ] as const) {
    const text = part[name] ?? null
    const time =
      text === null ? fallback : typeof text === 'string' && form.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(time))
      return refuse('INVALID_TIME', `Expected ${field}.${name} to be an RFC 3339 time.`, `${field}.${name}`)
    bounds.push(time)
  }
  const [start = 0, end = 0] = bounds
  if (end < start) return refuse('INVALID_TIME_RANGE', `${field} ends before it starts.`, field)
  return ok({ start, end })
}
