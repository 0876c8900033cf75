import type { Failure } from '#shared/sync/failure.ts'

type NotSent = Extract<Failure, { kind: 'not-sent' }>['reason']

/**
 * Errors that can only happen before the first byte of a request leaves: looking up the name, connecting, the TLS
 * handshake's certificate check. Chromium's names without their prefix, and Node's codes. Whatever may also happen
 * later (resets, time-outs, a network that changes) is missing here on purpose: it counts as unknown (S14).
 */
const BEFORE_THE_FIRST_BYTE: Readonly<Record<string, NotSent>> = {
  ERR_INTERNET_DISCONNECTED: 'offline',
  ERR_NAME_NOT_RESOLVED: 'dns',
  ERR_NAME_RESOLUTION_FAILED: 'dns',
  ERR_ICANN_NAME_COLLISION: 'dns',
  ERR_CONNECTION_REFUSED: 'refused',
  ERR_CONNECTION_FAILED: 'refused',
  ERR_CONNECTION_TIMED_OUT: 'refused',
  ERR_PROXY_CONNECTION_FAILED: 'refused',
  ERR_TUNNEL_CONNECTION_FAILED: 'refused',
  ERR_SSL_VERSION_OR_CIPHER_MISMATCH: 'tls',
  ERR_SSL_UNRECOGNIZED_NAME_ALERT: 'tls',
  ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN: 'tls',
  ERR_SSL_OBSOLETE_VERSION: 'tls',
  ERR_CERT_DATE_INVALID: 'clock',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  UND_ERR_CONNECT_TIMEOUT: 'refused',
  CERT_HAS_EXPIRED: 'clock',
  CERT_NOT_YET_VALID: 'clock',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
}
const TIMEOUTS = new Set(['ERR_TIMED_OUT', 'ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What a rejected fetch means. Anything not certain is unknown. */
export function networkFailure(error: unknown): Failure {
  const marks = [...findMarks(error, 0)]
  const reasons = marks.map(notSentReason)
  const [first] = reasons
  // All must agree: several addresses may have been tried, and one of them may have got through.
  if (first && reasons.every((reason) => reason !== null)) return { kind: 'not-sent', reason: first }
  if (marks.some(({ text }) => /redirect/i.test(text))) return { kind: 'unknown', reason: 'redirect' }
  if (marks.some(({ code }) => TIMEOUTS.has(code))) return { kind: 'unknown', reason: 'timeout' }
  return { kind: 'unknown', reason: 'reset' }
}

interface Mark {
  readonly code: string
  readonly connecting: boolean
  readonly text: string
}

/** Every error in a chain of causes that carries a code, or that nothing else explains. */
function* findMarks(error: unknown, depth: number): Generator<Mark> {
  if (typeof error !== 'object' || error === null || depth > 8) return
  const { code, syscall, message, cause, errors } = error as Readonly<Record<string, unknown>>
  const text = typeof message === 'string' ? message : ''
  const inner = Array.isArray(errors) && errors.length > 0 ? errors : cause === undefined ? [] : [cause]
  const named = /net::(ERR_\w+)/.exec(text)?.[1] ?? (typeof code === 'string' ? code : null)
  if (named !== null && !Array.isArray(errors)) yield { code: named, connecting: syscall === 'connect', text }
  else if (inner.length === 0) yield { code: '', connecting: false, text }
  for (const one of inner) yield* findMarks(one, depth + 1)
}

function notSentReason({ code, connecting }: Mark): NotSent | null {
  const certain = BEFORE_THE_FIRST_BYTE[code]
  if (certain) return certain
  if (code.startsWith('ERR_CERT_')) return 'tls'
  if (!connecting) return null
  return code === 'ENETUNREACH' || code === 'EHOSTUNREACH' ? 'offline' : 'refused'
}
