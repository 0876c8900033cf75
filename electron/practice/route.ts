import { readVersion } from './api-version.ts'
import type { PracticeFlags } from './flags.ts'
import { PRACTICE_APPLICATION, type TokenGrant } from './options.ts'
import { ok, refuse, type Outcome } from './outcome.ts'
import { ROUTES, type Route } from './routes.ts'
import type { Call, Store } from './store.ts'
import type { Tokens } from './tokens.ts'
import type { PracticeRequest, PracticeResponse } from './wire.ts'

/** What a request is answered from. */
export interface Square {
  readonly tokens: Tokens
  /** The store of the merchant a token belongs to. */
  storeOf(grant: TokenGrant): Store | undefined
  readonly pinnedVersion: string
  readonly flags: PracticeFlags
}

/** Answers one request as Square would: token, version, path, right, content. */
export function answer(square: Square, request: PracticeRequest, call: Call): PracticeResponse {
  const version = readVersion(request.headers['square-version'], square.pinnedVersion, call.now, square.flags)
  const outcome = version.kind === 'ok' ? decide(square, request, version.value, call) : version
  const headers: Record<string, string> = version.kind === 'ok' ? { 'square-version': version.value } : {}
  return outcome.kind === 'ok'
    ? { status: 200, headers, body: outcome.value }
    : { status: outcome.status, headers, body: { errors: outcome.errors } }
}

function decide(
  square: Square,
  request: PracticeRequest,
  squareVersion: string,
  call: Call,
): Outcome<unknown> {
  const grant = square.tokens.authorize(request.headers['authorization'], call.now)
  if (grant.kind === 'refused') return grant
  const found = findRoute(request)
  if (found.kind === 'refused') return found
  const { route, params } = found.value
  if (!grant.value.scopes.includes(route.scope))
    return refuse(
      'INSUFFICIENT_SCOPES',
      `The merchant has not given your application sufficient permissions: ${route.scope}.`,
    )
  if (squareVersion < route.since)
    return refuse(
      'API_VERSION_INCOMPATIBLE',
      `Needs Square-Version ${route.since} or later.`,
      'Square-Version',
    )
  const store = square.storeOf(grant.value)
  if (!store) throw new Error(`a token of a merchant that is not there: ${grant.value.merchantId}`)
  return route.run(store, {
    query: request.query,
    body: request.body,
    params,
    call: {
      ...call,
      squareVersion,
      clearNull: request.headers['x-clear-null'] === 'true',
      applicationId: grant.value.applicationId ?? PRACTICE_APPLICATION,
    },
  })
}

/** True for a request that changes something where Square accepts it: its operation needs a right to write. */
export function isWrite(request: PracticeRequest): boolean {
  const found = findRoute(request)
  return found.kind === 'ok' && found.value.route.scope.endsWith('_WRITE')
}

/** Fixed parts come before `:id` in the list, so `/customers/search` is never read as an id. */
function findRoute({ method, path }: PracticeRequest): Outcome<{ route: Route; params: readonly string[] }> {
  const segments = path.split('/')
  const matching = ROUTES.filter((candidate) => matches(candidate, segments))
  const route = matching.find((candidate) => candidate.method === method)
  if (route) {
    const params = segments.filter((_, at) => route.path[at]?.startsWith(':')).map(decoded)
    return ok({ route, params })
  }
  const code = matching.length > 0 ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND'
  return refuse(code, `${method} ${path} is not part of this API.`)
}

function matches({ path }: Route, segments: readonly string[]): boolean {
  return (
    path.length === segments.length &&
    path.every((part, at) => part === segments[at] || (part.startsWith(':') && segments[at] !== ''))
  )
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // Not ours to mend: nothing has such an id.
  }
}
