import type { WireError } from './wire.ts'

/** What an operation of the model comes to: a value, or errors as Square words them. */
export type Outcome<T> = { readonly kind: 'ok'; readonly value: T } | Refused
export interface Refused {
  readonly kind: 'refused'
  readonly status: number
  readonly errors: readonly WireError[]
}

/** Wraps a value. */
export function ok<T>(value: T): Outcome<T> {
  return { kind: 'ok', value }
}

/** Goes on with the value of an outcome; a refusal stays what it is. */
export function andThen<A, B>(outcome: Outcome<A>, next: (value: A) => Outcome<B>): Outcome<B> {
  return outcome.kind === 'ok' ? next(outcome.value) : outcome
}

/** HTTP status by code where it is not the 400 of an INVALID_REQUEST_ERROR, as old specifications have it. */
const STATUS: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  REQUEST_ENTITY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE_ENTITY: 422,
  UNAUTHORIZED: 401,
  ACCESS_TOKEN_EXPIRED: 401,
  ACCESS_TOKEN_REVOKED: 401,
  CLIENT_DISABLED: 401,
  INSUFFICIENT_SCOPES: 403,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
}
/** One refusal in Square's words; the category belongs to the code, and so does the status unless it is given. */
export function refuse(code: string, detail: string, field?: string, status = STATUS[code] ?? 400): Refused {
  const category = categoryOf(STATUS[code] ?? status)
  return {
    kind: 'refused',
    status,
    errors: [{ category, code, detail, ...(field === undefined ? {} : { field }) }],
  }
}

function categoryOf(status: number): string {
  if (status === 401 || status === 403) return 'AUTHENTICATION_ERROR'
  if (status === 429) return 'RATE_LIMIT_ERROR'
  return status >= 500 ? 'API_ERROR' : 'INVALID_REQUEST_ERROR'
}

/** The 404 Square answers for an id it does not know. */
export function noSuchCustomer(id: string): Refused {
  return refuse('NOT_FOUND', `Customer with ID \`${id}\` not found.`)
}
