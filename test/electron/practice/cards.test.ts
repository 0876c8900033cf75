import { expect, test } from 'vitest'
import { at, must, practice, request } from './practice-fixture.ts'

function store(flags = {}) {
  const { model, effects } = practice({ flags })
  must(model.create({ given_name: 'Ann' }, at(0)))
  const send = (method: string, path: string, body?: unknown) =>
    model.handle(request(method, `/v2/customers${path}`, body), at(1))
  return { model, effects, send }
}

test('a card is opaque; the same nonce brings the same card', () => {
  const { send, model, effects } = store()
  const body = { card_nonce: 'cnon:card-nonce-ok', cardholder_name: 'Ann Lee' }
  const first = send('POST', '/C1/cards', body)
  expect(first).toMatchObject({
    status: 200,
    body: { card: { id: 'ccof:C2', card_brand: 'VISA', last_4: '1111', cardholder_name: 'Ann Lee' } },
  })
  expect(JSON.stringify(first.body)).not.toContain('cnon')
  expect(send('POST', '/C1/cards', body).body).toEqual(first.body)
  expect(must(model.retrieve('C1')).version).toBe(0)
  expect(effects).toHaveLength(1)
})

test('cards stand on a customer retrieved by id, not in lists (flag cardsOnRetrieve)', () => {
  const { send } = store()
  send('POST', '/C1/cards', { card_nonce: 'n' })
  expect(send('GET', '/C1').body).toMatchObject({ customer: { cards: [{ id: 'ccof:C2' }] } })
  expect(send('GET', '').body).not.toHaveProperty('customers[0].cards')
  const without = store({ cardsOnRetrieve: false })
  without.send('POST', '/C1/cards', { card_nonce: 'n' })
  expect(without.send('GET', '/C1').body).not.toHaveProperty('customer.cards')
})

test('a card is deleted once, goes with its customer and moves with a merge', () => {
  const { send, model } = store()
  send('POST', '/C1/cards', { card_nonce: 'n' })
  expect(send('DELETE', '/C1/cards/ccof:C2')).toMatchObject({ status: 200, body: {} })
  expect(send('DELETE', '/C1/cards/ccof:C2').status).toBe(404)
  send('POST', '/C1/cards', { card_nonce: 'm' })
  const bo = must(model.create({ given_name: 'Bo' }, at(2)))
  const { id } = must(model.colleague.merge(['C1', bo.id], at(3)))
  expect(send('GET', `/${id}`).body).toMatchObject({ customer: { cards: [{ id: 'ccof:C3' }] } })
  must(model.remove(id, null, at(4)))
  expect(model.snapshot().sellers[0]?.cards).toEqual([])
})

test.each([
  [{}, 'MISSING_REQUIRED_PARAMETER', 'card_nonce'],
  [{ card_nonce: 5 }, 'EXPECTED_STRING', 'card_nonce'],
  [{ card_nonce: 'n', cardholder_name: 'x'.repeat(97) }, 'VALUE_TOO_LONG', 'cardholder_name'],
  [{ card_nonce: 'n', billing_address: 'x' }, 'EXPECTED_OBJECT', 'billing_address'],
  [{ card_nonce: 'n', number: '4111' }, 'BAD_REQUEST', 'number'],
])('%j is refused', (body, code, field) => {
  const { send } = store()
  expect(send('POST', '/C1/cards', body).body).toMatchObject({ errors: [{ code, field }] })
})

test('nobody has no cards', () => {
  const { send } = store()
  expect(send('POST', '/C9/cards', { card_nonce: 'n' }).status).toBe(404)
  expect(send('DELETE', '/C9/cards/x').status).toBe(404)
})
