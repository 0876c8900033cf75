import { CUSTOMER_FIELDS, type CustomerField } from '#shared/customer/customer.ts'
import type { Failure, Refusal } from '#shared/sync/failure.ts'
import { AnswerRefused } from './answer-refused.ts'
import { networkFailure } from './network-failure.ts'

const SIGNED_OUT = new Set([
  'UNAUTHORIZED',
  'ACCESS_TOKEN_EXPIRED',
  'ACCESS_TOKEN_REVOKED',
  'CLIENT_DISABLED',
])
const FORBIDDEN = new Set([
  'FORBIDDEN',
  'INSUFFICIENT_SCOPES',
  'APPLICATION_DISABLED',
  'MERCHANT_SUBSCRIPTION_NOT_FOUND',
])
const SHORTEST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 300_000

/** What we read of an error thrown by the SDK; told by its shape, so that this file does not load the SDK. */
interface SdkError {
  readonly name: string
  readonly statusCode?: number
  readonly body?: unknown
  readonly cause?: unknown
  readonly rawResponse?: { readonly headers: Headers }
}

/** The one table of what a failed request means (S14). Never throws. */
export function toFailure(error: unknown): Failure {
  const refused = findRefused(error)
  if (refused) return fromRefusedAnswer(refused)
  if (!(error instanceof Error)) return { kind: 'unknown', reason: 'unreadable' }
  const { name, statusCode, body, rawResponse, cause } = error as SdkError
  if (name === 'SquareTimeoutError') return { kind: 'unknown', reason: 'timeout' }
  // Not from the network: the SDK stumbled over what it got.
  if (name !== 'SquareError') return { kind: 'unknown', reason: 'unreadable' }
  if (statusCode === undefined) return networkFailure(cause ?? error)
  return fromAnswer(statusCode, body, rawResponse?.headers ?? null)
}

/** Square's clock by the answer's Date header, in ms since the epoch; null where Square did not answer. */
export function squareTimeOf(headers: Headers | null | undefined): number | null {
  const time = Date.parse(headers?.get('date') ?? '')
  return Number.isNaN(time) ? null : time
}

/** The same for an error: only an answer in Square's own shape tells the time. */
export function squareTimeOfError(error: unknown): number | null {
  if (findRefused(error) || !(error instanceof Error)) return null
  const { statusCode, body, rawResponse } = error as SdkError
  return statusCode === undefined || !firstError(body) ? null : squareTimeOf(rawResponse?.headers)
}

function findRefused(error: unknown): AnswerRefused | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof AnswerRefused) return at
  return null
}

function fromRefusedAnswer({ because, status, retryAfter }: AnswerRefused): Failure {
  if (because === 'foreign-origin') return { kind: 'not-sent', reason: 'refused' }
  if (because === 'timeout' || because === 'oversized' || because === 'redirect')
    return { kind: 'unknown', reason: because }
  // Gateways answer these in HTML; the status alone says enough.
  if (status === 429) return { kind: 'rate-limited', retryAfterMs: pause(retryAfter, null) }
  if (status !== null && (status >= 500 || status === 408)) return fromServerStatus(status)
  return { kind: 'unknown', reason: 'unreadable' }
}

function fromServerStatus(status: number): Failure {
  return { kind: 'unknown', reason: status === 408 || status === 504 ? 'timeout' : 'server-error' }
}

function fromAnswer(status: number, body: unknown, headers: Headers | null): Failure {
  // A server that failed may have applied it first, whatever code it gives.
  if (status >= 500 || status === 408) return fromServerStatus(status)
  const error = firstError(body)
  const retryAfterMs = pause(headers?.get('retry-after') ?? null, squareTimeOf(headers))
  if (!error)
    return status === 429 ? { kind: 'rate-limited', retryAfterMs } : { kind: 'unknown', reason: 'unreadable' }
  return (
    fromCode(error.code, retryAfterMs) ??
    fromStatus(status, error.code, retryAfterMs) ?? { kind: 'refused', refusal: error }
  )
}

/**
 * What the errors of one item of a bulk answer mean (S22). There is no status for an item: a code we do not know counts
 * by its category, and only what Square calls an invalid request is certainly not applied.
 */
export function toItemFailure(item: unknown): Failure {
  const error = firstError(item)
  if (!error) return { kind: 'unknown', reason: 'unreadable' }
  const known = fromCode(error.code, null)
  if (known) return known
  const [first] = list((item as { errors?: unknown }).errors)
  switch ((first as { category?: unknown }).category) {
    case 'INVALID_REQUEST_ERROR':
      return { kind: 'refused', refusal: error }
    case 'RATE_LIMIT_ERROR':
      return { kind: 'rate-limited', retryAfterMs: null }
    case 'AUTHENTICATION_ERROR':
      return { kind: 'signed-out', code: error.code }
    default:
      return fromServerStatus(500)
  }
}

function fromCode(code: string, retryAfterMs: number | null): Failure | null {
  if (code === 'CONFLICT' || code === 'VERSION_MISMATCH') return { kind: 'conflict' }
  if (code === 'NOT_FOUND') return { kind: 'not-found' }
  if (code === 'IDEMPOTENCY_KEY_REUSED') return { kind: 'key-reused' }
  if (code === 'RATE_LIMITED') return { kind: 'rate-limited', retryAfterMs }
  if (SIGNED_OUT.has(code)) return { kind: 'signed-out', code }
  return FORBIDDEN.has(code) ? { kind: 'forbidden', code } : null
}

function fromStatus(status: number, code: string, retryAfterMs: number | null): Failure | null {
  switch (status) {
    case 401:
      return { kind: 'signed-out', code }
    case 403:
      return { kind: 'forbidden', code }
    case 404:
      return { kind: 'not-found' }
    case 409:
      return { kind: 'conflict' }
    case 429:
      return { kind: 'rate-limited', retryAfterMs }
    default:
      return null
  }
}

/** The first of Square's errors; null for a body that is not Square's. */
function firstError(body: unknown): Refusal | null {
  const [first] = list((body as { errors?: unknown } | null | undefined)?.errors)
  if (typeof first !== 'object' || first === null) return null
  const { code, detail, field } = first as Readonly<Record<string, unknown>>
  if (typeof code !== 'string' || code === '') return null
  return {
    code,
    field: fieldByName(typeof field === 'string' ? field : '') ?? FIELD_OF_CODE[code] ?? null,
    detail: typeof detail === 'string' ? detail : null,
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}

const FIELD_OF_CODE: Readonly<Record<string, CustomerField>> = {
  INVALID_EMAIL_ADDRESS: 'emailAddress',
  INVALID_PHONE_NUMBER: 'phoneNumber',
  INVALID_TIME: 'birthday',
}

/** Square names `phone_number`, `address.locality`, sometimes `customer.phone_number`. */
function fieldByName(name: string): CustomerField | null {
  for (const segment of name.split('.')) {
    const camel = segment.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
    if (camel === 'taxIds') return 'euVat'
    const known = CUSTOMER_FIELDS.find((field) => field === camel)
    if (known) return known
  }
  return null
}

/** Retry-After in seconds or as a date, kept within reason; null where it says nothing usable. */
function pause(retryAfter: string | null, squareTime: number | null): number | null {
  const wait = waitOf(retryAfter?.trim() ?? '', squareTime)
  return Number.isNaN(wait) ? null : Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, wait))
}

function waitOf(text: string, squareTime: number | null): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  // Only the date form of HTTP: Date.parse would take "-5" for a year.
  return squareTime !== null && /^[A-Z][a-z]{2}, \d/.test(text) ? Date.parse(text) - squareTime : Number.NaN
}
