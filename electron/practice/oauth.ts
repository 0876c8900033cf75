import { checkKeys, type JsonObject } from './check-fields.ts'
import { readBody } from './customers.ts'
import type { PracticeFlags } from './flags.ts'
import { askConsent, giveConsent, type OpenConsent } from './oauth-consent.ts'
import {
  applicationOf,
  createOAuthStore,
  restoreSignIns,
  takeSignIns,
  type OAuthOptions,
  type OAuthStore,
  type SignInSnapshot,
} from './oauth-state.ts'
import { notAuthorized, obtainToken, wholeSeconds } from './oauth-token.ts'
import { PRACTICE_APPLICATION } from './options.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import type { PracticeRequest, PracticeResponse } from './wire.ts'

/** Square's OAuth: who may do what in whose name. Time comes with each call, codes and tokens from `newSecret`. */
export interface OAuth {
  /** GET /oauth2/authorize: what the seller is asked, or why not. */
  ask(query: Readonly<Record<string, string>>): Outcome<OpenConsent>
  /** The seller's word; the address the browser goes to. */
  answer(word: Parameters<typeof giveConsent>[1], now: number): Outcome<string>
  /** POST /oauth2/token, /oauth2/token/status and /oauth2/revoke; null for everything else. */
  handle(request: PracticeRequest, now: number): PracticeResponse | null
  readonly merchantIds: () => readonly string[]
  /** What is open between applications and sellers; the access tokens themselves are the office's. */
  snapshot(): SignInSnapshot
  restore(snapshot: SignInSnapshot | null): void
}

/** Nobody has signed in yet. */
export function createOAuth(options: OAuthOptions): OAuth {
  const store = createOAuthStore(options)
  return {
    ask: (query) => askConsent(store, query),
    answer: (word, now) => giveConsent(store, word, now),
    merchantIds: options.merchantIds,
    snapshot: () => takeSignIns(store),
    restore: (snapshot) => restoreSignIns(store, snapshot),
    handle(request, now) {
      const operation = request.method === 'POST' ? OPERATIONS[request.path] : undefined
      if (!operation) return null
      const outcome = operation(store, request, now)
      return outcome.kind === 'ok'
        ? { status: 200, headers: {}, body: outcome.value }
        : { status: outcome.status, headers: {}, body: errorBody(outcome, options.office.flags.oauthErrors) }
    },
  }
}

function errorBody({ status, errors }: Refused, shape: PracticeFlags['oauthErrors']): unknown {
  if (shape === 'envelope') return { errors }
  const type = status === 401 ? 'service.not_authorized' : 'bad_request'
  return { message: errors[0]?.detail ?? '', type }
}

type Operation = (store: OAuthStore, request: PracticeRequest, now: number) => Outcome<unknown>
/** An operation on the JSON body; in it null is as good as nothing. */
const withBody =
  (
    run: (store: OAuthStore, body: JsonObject, request: PracticeRequest, now: number) => Outcome<unknown>,
  ): Operation =>
  (store, request, now) => {
    const read = readBody(request.body)
    if (read.kind === 'refused') return read
    const given = Object.entries(read.value).filter(([, value]) => value !== null)
    return run(store, Object.fromEntries(given), request, now)
  }
const OPERATIONS: Readonly<Record<string, Operation>> = {
  '/oauth2/token': withBody((store, body, _request, now) => obtainToken(store, body, now)),
  '/oauth2/token/status': tokenStatus,
  '/oauth2/revoke': withBody((store, body, { headers }) =>
    revokeToken(store, body, headers['authorization']),
  ),
}

/** POST /oauth2/token/status: what the token in the header is good for. */
function tokenStatus(
  { office, merchantIds }: OAuthStore,
  { headers }: PracticeRequest,
  now: number,
): Outcome<unknown> {
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]
  const grant = token === undefined ? null : office.tokenGrant(token)
  if (!grant || grant.state !== 'valid' || (grant.expiresAt !== undefined && now >= grant.expiresAt))
    return notAuthorized('This request could not be authorized.')
  return ok({
    scopes: grant.scopes,
    ...(grant.expiresAt === undefined ? {} : { expires_at: wholeSeconds(grant.expiresAt) }),
    client_id: grant.applicationId ?? PRACTICE_APPLICATION,
    merchant_id: grant.merchantId ?? merchantIds()[0],
  })
}

const REVOKE_KEYS = new Set(['client_id', 'access_token', 'merchant_id', 'revoke_only_access_token'])

/** POST /oauth2/revoke, with the application's secret: one access token alone, or all that a seller has given. */
function revokeToken(
  store: OAuthStore,
  body: JsonObject,
  authorization: string | undefined,
): Outcome<unknown> {
  const unknown = checkKeys(body, REVOKE_KEYS)
  if (unknown) return unknown
  const application = applicationOf(store, body['client_id'])
  if (!application || authorization !== `Client ${application.secret}`)
    return notAuthorized('The application secret is needed.')
  const { access_token: token, merchant_id: merchant } = body
  if ((token === undefined) === (merchant === undefined))
    return refuse('BAD_REQUEST', 'Either access_token or merchant_id is needed.')
  const { accessTokens, refreshTokens } = store.state
  const given = typeof token === 'string' ? accessTokens.get(token) : undefined
  if (token !== undefined && given?.clientId !== application.clientId)
    return refuse('NOT_FOUND', 'There is no such access token.', 'access_token')
  const merchantId = given?.merchantId ?? merchant
  const ofSeller = (one: { readonly clientId: string; readonly merchantId: string }) =>
    one.clientId === application.clientId && one.merchantId === merchantId
  if (body['revoke_only_access_token'] === true && typeof token === 'string') {
    revoke(store, token)
    return ok({ success: true })
  }
  for (const [one, owner] of accessTokens) if (ofSeller(owner)) revoke(store, one)
  for (const [one, grant] of refreshTokens) if (ofSeller(grant)) refreshTokens.delete(one)
  return ok({ success: true })
}

function revoke({ office, state }: OAuthStore, token: string): void {
  const grant = office.tokenGrant(token)
  if (grant) office.grantToken(token, { ...grant, state: 'revoked' })
  state.accessTokens.delete(token)
}
