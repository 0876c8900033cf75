import { isObject } from './check-fields.ts'
import type { Clock } from './clock.ts'
import { DEFAULT_FLAGS, type PracticeFlags } from './flags.ts'
import { readFlags } from './flags-schema.ts'
import type { PracticeModel } from './model.ts'
import type { OAuth } from './oauth.ts'
import type { SignInSnapshot } from './oauth-state.ts'
import type { TokenGrant } from './options.ts'
import { snapshotOf } from './snapshot.ts'
import type { PracticeSnapshot, SellerSnapshot } from './state.ts'

/**
 * All that Square is at a moment, as plain JSON: every store, who may do what, how it behaves and what time it is. What
 * lies between it and its clients (faults, the line) and what was seen of it (the log) are no part of it.
 */
export interface SquareSnapshot {
  readonly format: 3
  readonly sellers: readonly SellerSnapshot[]
  readonly tokens: Readonly<Record<string, TokenGrant>>
  readonly flags: PracticeFlags
  /** null: there is no sign-in at this one. */
  readonly signIns: SignInSnapshot | null
  /** `at` in ms since the epoch. */
  readonly clock: { readonly at: number; readonly stopped: boolean }
}

export interface WholeSquare {
  readonly model: PracticeModel
  readonly clock: Clock
  readonly oauth: OAuth | undefined
}

/** The whole of it now; later changes do not reach it. */
export function takeSquare({ model, clock, oauth }: WholeSquare): SquareSnapshot {
  return {
    format: 3,
    sellers: model.snapshot().sellers,
    tokens: model.tokens(),
    flags: { ...model.flags },
    signIns: oauth?.snapshot() ?? null,
    clock: { at: clock.now(), stopped: clock.isStopped() },
  }
}

/**
 * Makes it what the JSON value says: its clock goes on from that moment, or stands there. Of a snapshot that holds stores
 * only (formats 1 and 2) the rest stays as it is. False, and nothing has changed, where the value is no snapshot.
 */
export function restoreSquare({ model, clock, oauth }: WholeSquare, value: unknown): boolean {
  const whole = wholeOf(value)
  const stores = whole ? storesOf(whole) : snapshotOf(value, model.merchant.id)
  if (!stores) return false
  model.restore(stores)
  if (!whole) return true
  model.replaceTokens(whole.tokens)
  // A flag that is younger than the snapshot has its default.
  model.setFlags({ ...DEFAULT_FLAGS, ...whole.flags })
  oauth?.restore(whole.signIns)
  clock.set(whole.clock.at)
  if (whole.clock.stopped) clock.stop()
  else clock.go()
  return true
}

function storesOf({ sellers }: SquareSnapshot): PracticeSnapshot {
  return { format: 2, sellers }
}

function wholeOf(value: unknown): SquareSnapshot | null {
  if (!isObject(value) || value['format'] !== 3) return null
  const { sellers, tokens, flags, signIns, clock } = value
  const fits =
    snapshotOf({ format: 2, sellers }, '') !== null &&
    isObject(tokens) &&
    Object.values(tokens).every(isGrant) &&
    readFlags(flags).kind === 'fits' &&
    (signIns === null || isSignIns(signIns)) &&
    isObject(clock) &&
    Number.isFinite(clock['at']) &&
    typeof clock['stopped'] === 'boolean'
  return fits ? (value as unknown as SquareSnapshot) : null
}

function isGrant(value: unknown): boolean {
  return (
    isObject(value) &&
    Array.isArray(value['scopes']) &&
    ['valid', 'expired', 'revoked'].includes(String(value['state']))
  )
}

function isSignIns(value: unknown): boolean {
  const names = ['consents', 'codes', 'refreshTokens', 'accessTokens']
  return isObject(value) && names.every((name) => Array.isArray(value[name]))
}
