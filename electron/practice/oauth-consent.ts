import { applicationOf, type Consent, type OAuthStore } from './oauth-state.ts'
import { ok, refuse, type Outcome } from './outcome.ts'

const CODE_LIFETIME_MS = 5 * 60_000
/** What an application gets that asks for nothing: nothing about customers. */
const DEFAULT_SCOPES = ['MERCHANT_PROFILE_READ', 'PAYMENTS_READ', 'SETTLEMENTS_READ', 'BANK_ACCOUNTS_READ']

/** A sign-in the seller may now allow or deny. */
export interface OpenConsent extends Consent {
  readonly ticket: string
}

/**
 * GET /oauth2/authorize. Whatever is wrong with the request stays with the seller: an address that is not the
 * application's is never sent anything.
 */
export function askConsent(store: OAuthStore, query: Readonly<Record<string, string>>): Outcome<OpenConsent> {
  const application = applicationOf(store, query['client_id'])
  if (!application) return refuse('NOT_FOUND', 'No application has this client_id.', 'client_id')
  const named = query['redirect_uri']
  const redirectUrl = named ?? application.redirectUrls[0]
  if (
    redirectUrl === undefined ||
    !(application.redirectUrls.includes(redirectUrl) || isLoopback(redirectUrl))
  )
    return refuse('BAD_REQUEST', 'redirect_uri is not registered for this application.', 'redirect_uri')
  const challenge = query['code_challenge'] ?? null
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge))
    return refuse('INVALID_VALUE', 'code_challenge must be base64url of a SHA-256.', 'code_challenge')
  const scopes = query['scope'] === undefined ? DEFAULT_SCOPES : query['scope'].split(/[ +]+/).filter(Boolean)
  if (scopes.length === 0 || !scopes.every((scope) => /^[A-Z][A-Z_]*$/.test(scope)))
    return refuse('INVALID_VALUE', 'scope must be permissions with blanks between them.', 'scope')
  const consent: Consent = {
    clientId: application.clientId,
    scopes,
    state: query['state'] ?? null,
    challenge,
    redirectUrl,
    redirectNamed: named !== undefined,
  }
  const ticket = store.newSecret()
  store.state.consents.set(ticket, consent)
  return ok({ ...consent, ticket })
}

/** The seller's word: where the browser goes next, with a code good for five minutes, or with the denial. */
export function giveConsent(
  store: OAuthStore,
  answer: { readonly ticket: string; readonly merchantId: string; readonly allowed: boolean },
  now: number,
): Outcome<string> {
  const { consents, codes } = store.state
  const consent = consents.get(answer.ticket)
  if (!consent) return refuse('NOT_FOUND', 'This sign-in is over. Begin it again.')
  if (!store.merchantIds().includes(answer.merchantId))
    return refuse('NOT_FOUND', 'There is no such merchant.', 'merchant_id')
  consents.delete(answer.ticket)
  const url = new URL(consent.redirectUrl)
  if (answer.allowed) {
    const code = store.newSecret()
    codes.set(code, { ...consent, merchantId: answer.merchantId, expiresAt: now + CODE_LIFETIME_MS })
    url.searchParams.set('code', code)
    url.searchParams.set('response_type', 'code')
  } else {
    url.searchParams.set('error', 'access_denied')
    url.searchParams.set('error_description', 'user_denied')
  }
  if (consent.state !== null) url.searchParams.set('state', consent.state)
  return ok(url.href)
}

/** Where an application on the same machine listens: allowed as in Square's sandbox, whatever the port. */
function isLoopback(redirectUrl: string): boolean {
  return URL.canParse(redirectUrl) && /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(redirectUrl)
}
