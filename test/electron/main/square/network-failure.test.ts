import { describe, expect, test } from 'vitest'
import { networkFailure } from '#main/square/network-failure.ts'

const chromium = (name: string) => new Error(`net::${name}`)
const node = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })
/** As Node's fetch rejects. */
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause })

describe('certain that not a byte left', () => {
  test.each([
    [chromium('ERR_INTERNET_DISCONNECTED'), 'offline'],
    [chromium('ERR_NAME_NOT_RESOLVED'), 'dns'],
    [chromium('ERR_CONNECTION_REFUSED'), 'refused'],
    [chromium('ERR_CONNECTION_TIMED_OUT'), 'refused'],
    [chromium('ERR_PROXY_CONNECTION_FAILED'), 'refused'],
    [chromium('ERR_CERT_AUTHORITY_INVALID'), 'tls'],
    [chromium('ERR_CERT_COMMON_NAME_INVALID'), 'tls'],
    [chromium('ERR_CERT_DATE_INVALID'), 'clock'],
    [fetchFailed(node('ECONNREFUSED', { syscall: 'connect' })), 'refused'],
    [fetchFailed(node('ENOTFOUND', { syscall: 'getaddrinfo' })), 'dns'],
    [fetchFailed(node('EAI_AGAIN', { syscall: 'getaddrinfo' })), 'dns'],
    [fetchFailed(node('ENETUNREACH', { syscall: 'connect' })), 'offline'],
    [fetchFailed(node('ETIMEDOUT', { syscall: 'connect' })), 'refused'],
    [fetchFailed(node('UND_ERR_CONNECT_TIMEOUT')), 'refused'],
    [fetchFailed(node('CERT_HAS_EXPIRED')), 'clock'],
    [fetchFailed(node('DEPTH_ZERO_SELF_SIGNED_CERT')), 'tls'],
    [
      fetchFailed(
        Object.assign(
          new AggregateError([node('ECONNREFUSED'), node('ENETUNREACH', { syscall: 'connect' })]),
          { code: 'ECONNREFUSED' },
        ),
      ),
      'refused',
    ],
  ])('%s -> %s', (error, reason) => {
    expect(networkFailure(error)).toEqual({ kind: 'not-sent', reason })
  })
})

describe('everything else is unknown', () => {
  test.each([
    [chromium('ERR_CONNECTION_RESET'), 'reset'],
    [chromium('ERR_CONNECTION_CLOSED'), 'reset'],
    [chromium('ERR_EMPTY_RESPONSE'), 'reset'],
    [chromium('ERR_NETWORK_CHANGED'), 'reset'],
    [chromium('ERR_NETWORK_IO_SUSPENDED'), 'reset'],
    [chromium('ERR_SSL_PROTOCOL_ERROR'), 'reset'],
    [chromium('ERR_ADDRESS_UNREACHABLE'), 'reset'],
    [chromium('ERR_SOMETHING_NEW'), 'reset'],
    [chromium('ERR_TIMED_OUT'), 'timeout'],
    [chromium('ERR_TOO_MANY_REDIRECTS'), 'redirect'],
    [new Error('Redirect was cancelled'), 'redirect'],
    [fetchFailed(new Error('unexpected redirect')), 'redirect'],
    [fetchFailed(node('ECONNRESET', { syscall: 'read' })), 'reset'],
    [fetchFailed(node('UND_ERR_SOCKET')), 'reset'],
    [fetchFailed(node('EHOSTUNREACH', { syscall: 'read' })), 'reset'],
    [fetchFailed(node('UND_ERR_HEADERS_TIMEOUT')), 'timeout'],
    [
      fetchFailed(new AggregateError([node('ECONNREFUSED'), node('ECONNRESET', { syscall: 'read' })])),
      'reset',
    ],
    [new TypeError('terminated', { cause: node('UND_ERR_SOCKET') }), 'reset'],
    [new Error('no idea'), 'reset'],
    ['a string', 'reset'],
    [undefined, 'reset'],
  ])('%s -> %s', (error, reason) => {
    expect(networkFailure(error)).toEqual({ kind: 'unknown', reason })
  })

  test('a chain of causes that bites its tail ends', () => {
    const error = new Error('round') as Error & { cause: unknown }
    error.cause = error
    expect(networkFailure(error)).toEqual({ kind: 'unknown', reason: 'reset' })
  })
})
