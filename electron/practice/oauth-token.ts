import { checkKeys, missing, type JsonObject } from './check-fields.ts'
import { applicationOf, type Application, type OAuthStore, type RefreshGrant } from './oauth-state.ts'
import { ok, refuse, type Outcome, type Refused } from './outcome.ts'

const DAY_MS = 86_400_000
const ACCESS_DAYS = 30
const PKCE_REFRESH_DAYS = 90

/** Square's ObtainTokenResponse, without what does not apply. */
export interface WireTokens {
  readonly access_token: string
  readonly token_type: 'bearer'
  readonly expires_at: string
  readonly merchant_id: string
  readonly refresh_token: string
  readonly short_lived: boolean
  readonly refresh_token_expires_at?: string
}

const TEXTS = [
  'client_id',
  'client_secret',
  'code',
  'redirect_uri',
  'grant_type',
  'refresh_token',
  'code_verifier',
  'migration_token',
]
const SWITCHES = ['short_lived', 'use_jwt']
const KNOWN = new Set([...TEXTS, ...SWITCHES, 'scopes'])

type Asked = Partial<
  Record<'code' | 'code_verifier' | 'client_secret' | 'redirect_uri' | 'refresh_token', string>
> & {
  readonly scopes?: readonly string[]
  readonly short_lived?: boolean
  readonly use_jwt?: boolean
}

/** POST /oauth2/token: a code, or a refresh token, for tokens. Codes and PKCE's refresh tokens are good once. */
export function obtainToken(store: OAuthStore, body: JsonObject, now: number): Outcome<WireTokens> {
  const wrong = checkKeys(body, KNOWN) ?? checkTypes(body)
  if (wrong) return wrong
  for (const field of ['client_id', 'grant_type']) if (body[field] === undefined) return missing(field)
  const application = applicationOf(store, body['client_id'])
  if (!application) return notAuthorized('There is no such application.')
  switch (body['grant_type']) {
    case 'authorization_code':
      return fromCode(store, application, body, now)
    case 'refresh_token':
      return fromRefreshToken(store, application, body, now)
    case 'migration_token':
      // For access tokens of before 2019-03-13: there are none here, so whichever comes is not one.
      return body['migration_token'] === undefined
        ? missing('migration_token')
        : notAuthorized('The migration token is no access token of before 2019-03-13.')
    default:
      return refuse(
        'INVALID_ENUM_VALUE',
        'grant_type must be authorization_code, refresh_token or migration_token.',
        'grant_type',
      )
  }
}

function fromCode(
  store: OAuthStore,
  application: Application,
  asked: Asked,
  now: number,
): Outcome<WireTokens> {
  const code = store.state.codes.get(asked.code ?? '')
  if (!code || code.clientId !== application.clientId || now >= code.expiresAt)
    return notAuthorized('The code is unknown, used or expired.')
  if (asked.redirect_uri === undefined ? code.redirectNamed : asked.redirect_uri !== code.redirectUrl)
    return notAuthorized('redirect_uri is not that of the sign-in.')
  const proven =
    code.challenge === null
      ? asked.client_secret === application.secret
      : asked.code_verifier !== undefined && store.challengeOf(asked.code_verifier) === code.challenge
  if (!proven) return notAuthorized('Neither the code verifier nor the client secret fits.')
  store.state.codes.delete(asked.code ?? '')
  const { clientId, merchantId, scopes } = code
  return give(store, { clientId, merchantId, scopes, pkce: code.challenge !== null }, null, asked, now)
}

function fromRefreshToken(
  store: OAuthStore,
  application: Application,
  asked: Asked,
  now: number,
): Outcome<WireTokens> {
  const token = asked.refresh_token ?? ''
  const grant = store.state.refreshTokens.get(token)
  if (
    !grant ||
    grant.clientId !== application.clientId ||
    (grant.expiresAt !== null && now >= grant.expiresAt)
  )
    return notAuthorized('The refresh token is unknown, used, expired or revoked.')
  if (!grant.pkce && asked.client_secret !== application.secret)
    return notAuthorized('The client secret is wrong.')
  if (grant.pkce) store.state.refreshTokens.delete(token)
  return give(store, grant, grant.pkce ? null : token, asked, now)
}

/** New tokens for this grant; `refreshToken` is the one that stays good. */
function give(
  store: OAuthStore,
  grant: Omit<RefreshGrant, 'expiresAt'>,
  refreshToken: string | null,
  { scopes: wanted, short_lived = false, use_jwt = false }: Asked,
  now: number,
): Outcome<WireTokens> {
  const { clientId, merchantId } = grant
  const scopes = wanted ? grant.scopes.filter((scope) => wanted.includes(scope)) : grant.scopes
  const secret = store.newSecret()
  const accessToken = use_jwt ? jwt({ client_id: clientId, merchant_id: merchantId }, secret) : secret
  const expiresAt = now + (short_lived ? 1 : ACCESS_DAYS) * DAY_MS
  store.office.grantToken(accessToken, {
    scopes,
    state: 'valid',
    merchantId,
    expiresAt,
    applicationId: clientId,
  })
  store.state.accessTokens.set(accessToken, { clientId, merchantId })
  const refresh = refreshToken ?? store.newSecret()
  const refreshExpiresAt = grant.pkce ? now + PKCE_REFRESH_DAYS * DAY_MS : null
  if (refreshToken === null) store.state.refreshTokens.set(refresh, { ...grant, expiresAt: refreshExpiresAt })
  return ok({
    access_token: accessToken,
    token_type: 'bearer',
    expires_at: wholeSeconds(expiresAt),
    merchant_id: merchantId,
    refresh_token: refresh,
    short_lived,
    ...(refreshExpiresAt === null ? {} : { refresh_token_expires_at: wholeSeconds(refreshExpiresAt) }),
  })
}

/** A token in the form of a JWT. What Square writes in it is not published, and nobody here can check the signature. */
function jwt(claims: Readonly<Record<string, string>>, signature: string): string {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${signature}`
}

function checkTypes(body: JsonObject): Refused | null {
  for (const field of TEXTS)
    if (body[field] !== undefined && typeof body[field] !== 'string')
      return refuse('EXPECTED_STRING', `Expected ${field} to be a string.`, field)
  const { scopes } = body
  if (scopes !== undefined && !(Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')))
    return refuse('EXPECTED_ARRAY', 'Expected scopes to be an array of strings.', 'scopes')
  for (const field of SWITCHES)
    if (body[field] !== undefined && typeof body[field] !== 'boolean')
      return refuse('EXPECTED_BOOLEAN', `Expected ${field} to be a boolean.`, field)
  return null
}

/** Square publishes no shape for this; the usual envelope is assumed. */
export function notAuthorized(detail: string): Refused {
  return refuse('UNAUTHORIZED', detail)
}

/** RFC 3339 without fractions, as Square's OAuth writes moments. */
export function wholeSeconds(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`
}
