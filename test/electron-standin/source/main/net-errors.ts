/** What Node's fetch and its sockets throw, as far as it is looked at. */
interface Failure {
  readonly code?: string
  readonly message?: string
  readonly cause?: unknown
}

// System calls, c-ares, OpenSSL and undici on the left; Chromium's net error list on the right.
const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ERR_CONNECTION_REFUSED',
  ECONNRESET: 'ERR_CONNECTION_RESET',
  EPIPE: 'ERR_CONNECTION_RESET',
  ECONNABORTED: 'ERR_CONNECTION_ABORTED',
  ENOTFOUND: 'ERR_NAME_NOT_RESOLVED',
  EAI_AGAIN: 'ERR_NAME_NOT_RESOLVED',
  EAI_FAIL: 'ERR_NAME_NOT_RESOLVED',
  EHOSTUNREACH: 'ERR_ADDRESS_UNREACHABLE',
  ENETUNREACH: 'ERR_ADDRESS_UNREACHABLE',
  EADDRNOTAVAIL: 'ERR_ADDRESS_INVALID',
  ENETDOWN: 'ERR_INTERNET_DISCONNECTED',
  EACCES: 'ERR_NETWORK_ACCESS_DENIED',
  EPERM: 'ERR_NETWORK_ACCESS_DENIED',
  ETIMEDOUT: 'ERR_CONNECTION_TIMED_OUT',
  UND_ERR_CONNECT_TIMEOUT: 'ERR_CONNECTION_TIMED_OUT',
  UND_ERR_HEADERS_TIMEOUT: 'ERR_TIMED_OUT',
  UND_ERR_BODY_TIMEOUT: 'ERR_TIMED_OUT',
  UND_ERR_HEADERS_OVERFLOW: 'ERR_RESPONSE_HEADERS_TOO_BIG',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ERR_CONTENT_LENGTH_MISMATCH',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'ERR_CERT_AUTHORITY_INVALID',
  SELF_SIGNED_CERT_IN_CHAIN: 'ERR_CERT_AUTHORITY_INVALID',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'ERR_CERT_AUTHORITY_INVALID',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'ERR_CERT_AUTHORITY_INVALID',
  CERT_HAS_EXPIRED: 'ERR_CERT_DATE_INVALID',
  CERT_NOT_YET_VALID: 'ERR_CERT_DATE_INVALID',
  ERR_TLS_CERT_ALTNAME_INVALID: 'ERR_CERT_COMMON_NAME_INVALID',
}
/** What had come of the answer's body when it failed: nothing yet, or a part of one with or without a known length. */
export type Body = 'none' | 'sized' | 'chunked'
const CUT_SHORT: Readonly<Record<Body, string>> = {
  none: 'ERR_EMPTY_RESPONSE',
  sized: 'ERR_CONTENT_LENGTH_MISMATCH',
  chunked: 'ERR_INCOMPLETE_CHUNKED_ENCODING',
}
const NEEDS_THE_INTERNET = new Set(['ERR_NAME_NOT_RESOLVED', 'ERR_ADDRESS_UNREACHABLE'])

/** The error that Electron's net.fetch rejects with for a failure of Node's: `net::ERR_…` and nothing else. */
export function toNetError(
  error: unknown,
  options: { readonly isOnline: boolean; readonly body: Body },
): Error {
  const name = netErrorName(error, options.body)
  const isOffline = !options.isOnline && NEEDS_THE_INTERNET.has(name)
  return new Error(`net::${isOffline ? 'ERR_INTERNET_DISCONNECTED' : name}`)
}

function netErrorName(error: unknown, body: Body): string {
  const causes = chain(error)
  for (const { code = '', message = '' } of causes) {
    const known = BY_CODE[code]
    if (known) return known
    if (code.startsWith('HPE_'))
      return body === 'none' ? 'ERR_INVALID_HTTP_RESPONSE' : 'ERR_INVALID_CHUNKED_ENCODING'
    if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return 'ERR_SSL_PROTOCOL_ERROR'
    // The other side said goodbye in order, but too early.
    if (code === 'UND_ERR_SOCKET') return CUT_SHORT[body]
    if (message === 'bad port') return 'ERR_UNSAFE_PORT'
    if (message === 'unknown scheme') return 'ERR_UNKNOWN_URL_SCHEME'
    if (message === 'redirect count exceeded') return 'ERR_TOO_MANY_REDIRECTS'
    if (/incorrect header check|unexpected end of file|invalid .*distance/.test(message)) {
      return 'ERR_CONTENT_DECODING_FAILED'
    }
  }
  return 'ERR_FAILED'
}

function chain(error: unknown): Failure[] {
  const found: Failure[] = []
  for (let next = error; typeof next === 'object' && next !== null && found.length < 8;) {
    found.push(next)
    next = (next as Failure).cause
  }
  return found
}
