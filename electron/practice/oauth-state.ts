import type { PracticeFlags } from './flags.ts'
import type { TokenGrant } from './options.ts'
import { refill } from './state.ts'

/** An application as registered in Square's console. */
export interface Application {
  readonly clientId: string
  /** For the code flow and for revoking; an application on people's machines cannot keep one. */
  readonly secret: string
  /** Where sign-ins may end, beside loopback addresses; the first one where the request names none. */
  readonly redirectUrls: readonly string[]
}

/** What OAuth needs of a model. */
export interface TokenOffice {
  readonly flags: Pick<PracticeFlags, 'oauthErrors'>
  grantToken(token: string, grant: TokenGrant): void
  tokenGrant(token: string): TokenGrant | null
}

export interface OAuthOptions {
  readonly office: TokenOffice
  readonly applications: readonly Application[]
  /** Ids of the merchants who may sign in, as they are now; the first one owns tokens that name none. */
  readonly merchantIds: () => readonly string[]
  /** Makes codes and tokens; must never repeat. */
  readonly newSecret: () => string
  /** base64url of the SHA-256 of a verifier (PKCE, S256). */
  readonly challengeOf: (verifier: string) => string
}

/** A request to sign in that waits for the seller's word. */
export interface Consent {
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly state: string | null
  /** null: the code flow, with the application's secret. */
  readonly challenge: string | null
  readonly redirectUrl: string
  /** Did the request name it? Then the token request has to name it, too. */
  readonly redirectNamed: boolean
}
export interface AuthorizationCode extends Consent {
  readonly merchantId: string
  readonly expiresAt: number
}
export interface RefreshGrant {
  readonly clientId: string
  readonly merchantId: string
  readonly scopes: readonly string[]
  /** PKCE: once, and not for ever. Else again and again, with the application's secret. */
  readonly pkce: boolean
  readonly expiresAt: number | null
}

/** What is open between applications and sellers. Whatever is used up or revoked is no longer in it. */
export interface OAuthState {
  readonly consents: Map<string, Consent>
  readonly codes: Map<string, AuthorizationCode>
  readonly refreshTokens: Map<string, RefreshGrant>
  /** Access tokens given away here, for whoever revokes them. */
  readonly accessTokens: Map<string, { readonly clientId: string; readonly merchantId: string }>
}

/** The same as plain JSON. */
export type SignInSnapshot = {
  readonly [K in keyof OAuthState]: OAuthState[K] extends Map<string, infer V>
    ? readonly (readonly [string, V])[]
    : never
}

/** What the operations work on. */
export interface OAuthStore extends OAuthOptions {
  readonly state: OAuthState
}

/** Nobody has signed in yet. */
export function createOAuthStore(options: OAuthOptions): OAuthStore {
  return {
    ...options,
    state: { consents: new Map(), codes: new Map(), refreshTokens: new Map(), accessTokens: new Map() },
  }
}

/** What is open, as plain JSON; later changes do not reach it. */
export function takeSignIns({ state }: OAuthStore): SignInSnapshot {
  const { consents, codes, refreshTokens, accessTokens } = state
  return {
    consents: [...consents],
    codes: [...codes],
    refreshTokens: [...refreshTokens],
    accessTokens: [...accessTokens],
  }
}

/** Makes that what is open; null: nothing is. */
export function restoreSignIns({ state }: OAuthStore, snapshot: SignInSnapshot | null): void {
  refill(state.consents, snapshot?.consents ?? [])
  refill(state.codes, snapshot?.codes ?? [])
  refill(state.refreshTokens, snapshot?.refreshTokens ?? [])
  refill(state.accessTokens, snapshot?.accessTokens ?? [])
}

/** The application of that id, where there is one. */
export function applicationOf({ applications }: OAuthStore, clientId: unknown): Application | undefined {
  return applications.find((application) => application.clientId === clientId)
}
