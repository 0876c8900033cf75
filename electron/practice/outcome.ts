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

/** HTTP status by code where it is not the 400 of an INVALID_REQUEST_ERROR. */
const STATUS: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  UNAUTHORIZED: 401,
  ACCESS_TOKEN_EXPIRED: 401,
  ACCESS_TOKEN_REVOKED: 401,
  INSUFFICIENT_SCOPES: 403,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
}
/** One refusal in Square's words; status and category follow from the code. */
export function refuse(code: string, detail: string, field?: string, status = STATUS[code] ?? 400): Refused {
  return {
    kind: 'refused',
    status,
    errors: [{ category: categoryOf(status), code, detail, ...(field === undefined ? {} : { field }) }],
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
