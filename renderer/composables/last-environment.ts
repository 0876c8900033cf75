import type { ConnectRequest } from '#shared/session.ts'

export type SquareEnvironment = Extract<ConnectRequest, { kind: 'token' }>['environment']
const KEY = 'last-environment'

/** Which Square this PC signed in to last; null where it never did. */
export function lastEnvironment(): SquareEnvironment | null {
  const kept = globalThis.localStorage?.getItem(KEY)
  return kept === 'production' || kept === 'sandbox' ? kept : null
}

/** Remembers it for the next start screen; the practice store is no place to sign in to. */
export function keepEnvironment(environment: string): void {
  if (environment === 'production' || environment === 'sandbox') localStorage.setItem(KEY, environment)
}
