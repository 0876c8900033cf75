import { NEWEST_VERSION } from './api-version.ts'
import { DEFAULT_FLAGS, type PracticeFlags } from './flags.ts'
import {
  ALL_SCOPES,
  PRACTICE_TOKEN,
  type Effect,
  type PracticeModelOptions,
  type TokenGrant,
} from './options.ts'
import { answer } from './route.ts'
import { createSeller, type Seller } from './seller.ts'
import { restoreSnapshot, takeSnapshot, type PracticeSnapshot } from './state.ts'
import { createStore, type Call, type Store } from './store.ts'
import { createTokens } from './tokens.ts'
import type { PracticeRequest, PracticeResponse, WireMerchant } from './wire.ts'

/**
 * Square's customers as a state machine. It has no clock, no chance and no identity of its own: `now` comes with each
 * call, ids come from `newId`. The direct operations are those of its first merchant.
 */
export interface PracticeModel extends Seller {
  /** One request, HTTP without the wire: token, rights, version, path, body. */
  handle(request: PracticeRequest, call: Call): PracticeResponse
  /** The direct operations of one of its merchants; null: it has no such merchant. */
  seller(merchantId: string): Seller | null
  /** All there are now, the first one first. */
  sellers(): readonly Seller[]
  /** Another merchant, without customers and tokens; null: there is one of that id. */
  addMerchant(merchant: Partial<WireMerchant> & { readonly id: string }): Seller | null
  readonly flags: PracticeFlags
  /** From now on. What is already stored stays as it is. */
  setFlags(flags: Partial<PracticeFlags>): void
  /** Makes this token good for that, from now on. */
  grantToken(token: string, grant: TokenGrant): void
  /** What a token is, or was, good for; null: nobody knows it. */
  tokenGrant(token: string): TokenGrant | null
  setTokenState(token: string, state: TokenGrant['state']): void
  /** Every token with what it is good for and its merchant. */
  tokens(): Readonly<Record<string, TokenGrant>>
  /** From now on there are these tokens and no others. */
  replaceTokens(grants: Readonly<Record<string, TokenGrant>>): void
  /** Called for every effect from now on. Returns the function that stops it. */
  onEffect(listener: (effect: Effect) => void): () => void
  snapshot(): PracticeSnapshot
  /**
   * Makes the stores what the snapshot says: its merchants are there, with the country and name they have here where
   * they are known; those that came later are gone, those the model was made with are empty.
   */
  restore(snapshot: PracticeSnapshot): void
}

/** A practice Square without customers. Without `tokens` there is one, `practice-token`, with every right. */
export function createPracticeModel(options: PracticeModelOptions): PracticeModel {
  const listeners = new Set<(effect: Effect) => void>(options.onEffect ? [options.onEffect] : [])
  const onEffect = (effect: Effect) => {
    for (const listener of listeners) listener(effect)
  }
  const flags: PracticeFlags = { ...DEFAULT_FLAGS, ...options.flags }
  const storeOf = (merchant: Parameters<typeof createStore>[0]) =>
    createStore(merchant, flags, { ...options, onEffect })
  const first = storeOf(options.merchant ?? {})
  const stores = new Map<string, Store>([[first.merchant.id, first]])
  const seller = createSeller(first)
  const sellers = new Map([[first.merchant.id, seller]])
  function addMerchant(merchant: Partial<WireMerchant> & { readonly id: string }): Seller | null {
    if (stores.has(merchant.id)) return null
    const store = storeOf({ main_location_id: `${merchant.id}-MAIN`, ...merchant })
    const added = createSeller(store)
    stores.set(merchant.id, store)
    sellers.set(merchant.id, added)
    return added
  }
  for (const merchant of options.otherMerchants ?? [])
    if (!addMerchant(merchant)) throw new Error('two merchants with one id')
  const lasting = new Set(stores.keys())
  const tokens = createTokens(options.tokens ?? { [PRACTICE_TOKEN]: { scopes: ALL_SCOPES, state: 'valid' } })
  const square = {
    flags,
    tokens,
    storeOf: (grant: TokenGrant) => stores.get(grant.merchantId ?? first.merchant.id),
    pinnedVersion: options.pinnedVersion ?? NEWEST_VERSION,
  }
  return {
    ...seller,
    handle: (request, call) => answer(square, request, call),
    seller: (merchantId) => sellers.get(merchantId) ?? null,
    sellers: () => [...sellers.values()],
    addMerchant,
    flags,
    setFlags: (changes) => void Object.assign(flags, changes),
    grantToken: (token, grant) => tokens.grant(token, grant),
    tokenGrant: (token) => tokens.find(token) ?? null,
    setTokenState(token, state) {
      const grant = tokens.find(token)
      if (grant) tokens.grant(token, { ...grant, state })
    },
    tokens: () =>
      Object.fromEntries(
        Object.entries(tokens.all()).map(([token, grant]) => [
          token,
          { ...grant, merchantId: grant.merchantId ?? first.merchant.id },
        ]),
      ),
    replaceTokens: (grants) => tokens.replace(grants),
    onEffect(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    snapshot: () => ({
      format: 2,
      sellers: [...stores.values()].map(({ merchant, state }) => takeSnapshot(merchant, state)),
    }),
    restore(snapshot) {
      for (const { merchant } of snapshot.sellers) if (merchant) addMerchant(merchant)
      for (const [id, { state, index }] of [...stores]) {
        const seller = snapshot.sellers.find((one) => one.merchantId === id) ?? null
        restoreSnapshot(state, seller)
        index.reset()
        if (seller || lasting.has(id)) continue
        stores.delete(id)
        sellers.delete(id)
      }
    },
  }
}
