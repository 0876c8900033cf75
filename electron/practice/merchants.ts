import { ok, refuse, type Outcome } from './outcome.ts'
import { invalidCursor } from './page.ts'
import { checkParameters } from './page-parameters.ts'
import type { Store } from './store.ts'
import type { WireMerchant } from './wire.ts'

/** GET /v2/merchants: always the one the token belongs to, in a list that is called `merchant`. */
export function listMerchants(
  { merchant }: Store,
  query: Readonly<Record<string, string>>,
): Outcome<{ merchant: readonly WireMerchant[] }> {
  const unknown = checkParameters(query, ['cursor'])
  if (unknown) return unknown
  return query['cursor'] ? invalidCursor() : ok({ merchant: [merchant] })
}

/** GET /v2/merchants/{id}; `me` is the merchant of the token. */
export function retrieveMerchant({ merchant }: Store, id: string): Outcome<{ merchant: WireMerchant }> {
  return id === 'me' || id === merchant.id
    ? ok({ merchant })
    : refuse('NOT_FOUND', `Merchant ${id} not found.`)
}

/** GET /v2/locations: there is one. */
export function listLocations(store: Store): Outcome<unknown> {
  return ok({ locations: [location(store)] })
}

/** GET /v2/locations/{id}; `main` is the merchant's main location. */
export function retrieveLocation(store: Store, id: string): Outcome<unknown> {
  return id === 'main' || id === store.merchant.main_location_id
    ? ok({ location: location(store) })
    : refuse('NOT_FOUND', `Location ${id} not found.`)
}

function location({ merchant }: Store) {
  return {
    id: merchant.main_location_id,
    name: merchant.business_name,
    merchant_id: merchant.id,
    country: merchant.country,
    language_code: merchant.language_code,
    currency: merchant.currency,
    status: 'ACTIVE',
    created_at: merchant.created_at,
  }
}
