import { ok, refuse, type Outcome, type Refused } from './outcome.ts'
import type { TokenGrant } from './options.ts'
import { refill } from './state.ts'

/** The access tokens of a model. Text in, rights out; who gives them away is not its business. */
export interface Tokens {
  /** Makes the token good for this, or for something else than before. */
  grant(token: string, grant: TokenGrant): void
  /** What the token is good for, whether or not it still is; undefined: nobody knows it. */
  find(token: string): TokenGrant | undefined
  /** All there are, by token. */
  all(): Readonly<Record<string, TokenGrant>>
  /** From now on there are these and no others. */
  replace(grants: Readonly<Record<string, TokenGrant>>): void
  /** The grant behind an Authorization header at `now`, or a 401 that says why not. */
  authorize(header: string | undefined, now: number): Outcome<TokenGrant>
}

/** The tokens it begins with. */
export function createTokens(initial: Readonly<Record<string, TokenGrant>>): Tokens {
  const grants = new Map(Object.entries(initial))
  return {
    grant: (token, grant) => void grants.set(token, grant),
    find: (token) => grants.get(token),
    all: () => Object.fromEntries(grants),
    replace: (all) => refill(grants, Object.entries(all)),
    authorize(header, now) {
      const token = /^Bearer (.+)$/.exec(header ?? '')?.[1]
      const grant = token === undefined ? undefined : grants.get(token)
      if (!grant) return unauthorized('UNAUTHORIZED')
      if (grant.state === 'revoked') return unauthorized('ACCESS_TOKEN_REVOKED')
      const over = grant.expiresAt !== undefined && now >= grant.expiresAt
      return grant.state === 'expired' || over ? unauthorized('ACCESS_TOKEN_EXPIRED') : ok(grant)
    },
  }
}

/** The answer to a token that is not, or no longer, good. */
export function unauthorized(
  code: 'UNAUTHORIZED' | 'ACCESS_TOKEN_EXPIRED' | 'ACCESS_TOKEN_REVOKED',
): Refused {
  return refuse(code, 'This request could not be authorized.')
}
