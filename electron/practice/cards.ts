import { checkKeys, isObject, missing, tooLong, wrongType, type JsonObject } from './check-fields.ts'
import { noSuchCustomer, ok, refuse, type Outcome } from './outcome.ts'
import { changeTime, type Call, type Store } from './store.ts'
import type { WireCard } from './wire-extras.ts'

const KEYS = new Set(['card_nonce', 'billing_address', 'cardholder_name', 'verification_token'])

/**
 * POST /v2/customers/{id}/cards (deprecated). Cards are opaque here: any nonce makes one and the same nonce the same one
 * again; nothing of a real card is ever in it.
 */
export function createCard(
  store: Store,
  body: JsonObject,
  call: Call,
  id: string,
): Outcome<{ card: WireCard }> {
  const unknown = checkKeys(body, KEYS)
  if (unknown) return unknown
  const { card_nonce: nonce, cardholder_name: name, billing_address: address } = body
  if (nonce === undefined || nonce === null || nonce === '') return missing('card_nonce')
  if (typeof nonce !== 'string') return wrongType('card_nonce', 'string')
  if (name !== undefined && typeof name !== 'string') return wrongType('cardholder_name', 'string')
  if (name !== undefined && name.length > 96) return tooLong('cardholder_name', 96)
  if (address !== undefined && !isObject(address)) return wrongType('billing_address', 'object')
  const customer = store.findForWrite(id)
  if (!customer) return noSuchCustomer(id)
  const place = `cards ${customer.id} ${nonce}`
  const known = store.state.otherKeys.get(place)
  if (known) return ok(known.answer as { card: WireCard })
  const card: WireCard = {
    id: `ccof:${store.newId()}`,
    card_brand: 'VISA',
    last_4: '1111',
    exp_month: 12,
    exp_year: Number(changeTime(call.now, store.flags).slice(0, 4)) + 3,
    ...(name === undefined ? {} : { cardholder_name: name }),
    ...(address === undefined ? {} : { billing_address: address }),
  }
  store.state.cards.set(customer.id, [...(store.state.cards.get(customer.id) ?? []), card])
  store.state.otherKeys.set(place, { body: '', at: call.now, answer: { card } })
  return ok({ card })
}

/** DELETE /v2/customers/{id}/cards/{card_id}. */
export function deleteCard(
  store: Store,
  _call: Call,
  id: string,
  cardId: string,
): Outcome<Record<string, never>> {
  const customer = store.findForWrite(id)
  if (!customer) return noSuchCustomer(id)
  const cards = store.state.cards.get(customer.id) ?? []
  const rest = cards.filter((card) => card.id !== cardId)
  if (rest.length === cards.length) return refuse('NOT_FOUND', `Card with ID \`${cardId}\` not found.`)
  if (rest.length > 0) store.state.cards.set(customer.id, rest)
  else store.state.cards.delete(customer.id)
  return ok({})
}
