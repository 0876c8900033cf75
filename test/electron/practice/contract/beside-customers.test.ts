import { expect, test } from 'vitest'
import { eachFace, refusal } from './square-faces.ts'

eachFace(
  'groups and segments',
  [
    'POST /v2/customers',
    'GET /v2/customers/{}',
    'POST /v2/customers/search',
    'GET /v2/customers/groups',
    'POST /v2/customers/groups',
    'GET /v2/customers/groups/{}',
    'PUT /v2/customers/groups/{}',
    'DELETE /v2/customers/groups/{}',
    'PUT /v2/customers/{}/groups/{}',
    'DELETE /v2/customers/{}/groups/{}',
    'GET /v2/customers/segments',
    'GET /v2/customers/segments/{}',
  ],
  (open) => {
    test('groups: made, read, renamed, listed, deleted', async () => {
      const { square } = await open()
      const { group } = await square.customers.groups.create({
        idempotencyKey: 'g',
        group: { name: 'Regulars' },
      })
      const groupId = group!.id!
      expect(group).toMatchObject({ name: 'Regulars', createdAt: expect.any(String) })
      expect((await square.customers.groups.get({ groupId })).group).toEqual(group)
      await square.customers.groups.update({ groupId, group: { name: 'Friends' } })
      const listed = await square.customers.groups.list()
      expect(listed.data).toMatchObject([{ id: groupId, name: 'Friends' }])
      expect(await square.customers.groups.delete({ groupId })).toEqual({})
      expect(await refusal(square.customers.groups.get({ groupId }))).toMatch(/^404 NOT_FOUND/)
    })

    test('membership: in, found by it, out', async () => {
      const { square } = await open()
      await square.customers.create({ givenName: 'Ann' })
      const { group } = await square.customers.groups.create({ group: { name: 'Regulars' } })
      const groupId = group!.id!
      expect(await square.customers.groups.add({ customerId: 'C1', groupId })).toEqual({})
      expect((await square.customers.get({ customerId: 'C1' })).customer?.groupIds).toEqual([groupId])
      const found = await square.customers.search({ query: { filter: { groupIds: { any: [groupId] } } } })
      expect(found.customers?.map(({ id }) => id)).toEqual(['C1'])
      expect(await square.customers.groups.remove({ customerId: 'C1', groupId })).toEqual({})
      expect((await square.customers.get({ customerId: 'C1' })).customer?.groupIds ?? []).toEqual([])
    })

    test('segments: what Square works out, read only', async () => {
      const { square, model, call } = await open()
      await square.customers.create({ givenName: 'Ann' })
      const { id } = model.colleague.setSegment('Lapsed', ['C1'], call())
      expect((await square.customers.segments.list()).data).toMatchObject([{ id, name: 'Lapsed' }])
      expect((await square.customers.segments.get({ segmentId: id })).segment).toMatchObject({
        name: 'Lapsed',
      })
      expect((await square.customers.get({ customerId: 'C1' })).customer).toMatchObject({
        segmentIds: [id],
        version: 0n,
      })
    })
  },
)

const KEY = 'favourite-drink'
const TEXT = {
  $ref: 'https://developer-production-s.squarecdn.com/schemas/v1/common.json#squareup.common.String',
}

eachFace(
  'custom attributes and cards',
  [
    'POST /v2/customers',
    'GET /v2/customers/{}',
    'GET /v2/customers/custom-attribute-definitions',
    'POST /v2/customers/custom-attribute-definitions',
    'GET /v2/customers/custom-attribute-definitions/{}',
    'PUT /v2/customers/custom-attribute-definitions/{}',
    'DELETE /v2/customers/custom-attribute-definitions/{}',
    'POST /v2/customers/custom-attributes/bulk-upsert',
    'GET /v2/customers/{}/custom-attributes',
    'GET /v2/customers/{}/custom-attributes/{}',
    'POST /v2/customers/{}/custom-attributes/{}',
    'DELETE /v2/customers/{}/custom-attributes/{}',
    'POST /v2/customers/{}/cards',
    'DELETE /v2/customers/{}/cards/{}',
  ],
  (open) => {
    const definition = {
      key: KEY,
      schema: TEXT,
      name: 'Favourite drink',
      description: 'What to pour',
      visibility: 'VISIBILITY_READ_ONLY',
    } as const

    test('definitions: made, read, changed, listed, deleted', async () => {
      const { square } = await open()
      const { customAttributeDefinitions: definitions } = square.customers
      const made = await definitions.create({ customAttributeDefinition: definition })
      expect(made.customAttributeDefinition).toMatchObject({ ...definition, version: 1 })
      expect((await definitions.get({ key: KEY })).customAttributeDefinition?.name).toBe('Favourite drink')
      const changed = await definitions.update({
        key: KEY,
        customAttributeDefinition: { name: 'Drink', version: 1 },
      })
      expect(changed.customAttributeDefinition).toMatchObject({ name: 'Drink', version: 2 })
      expect((await definitions.list()).data).toMatchObject([{ key: KEY, version: 2 }])
      expect(await definitions.delete({ key: KEY })).toEqual({})
      expect(await refusal(definitions.get({ key: KEY }))).toMatch(/^404 NOT_FOUND/)
    })

    test('values: own versions, never part of the customer', async () => {
      const { square } = await open()
      const { customAttributes, customAttributeDefinitions } = square.customers
      await square.customers.create({ givenName: 'Ann' })
      await customAttributeDefinitions.create({ customAttributeDefinition: definition })
      const at = { customerId: 'C1', key: KEY }
      const first = await customAttributes.upsert({ ...at, customAttribute: { value: 'Tea' } })
      expect(first.customAttribute).toMatchObject({ key: KEY, value: 'Tea', version: 1 })
      const second = await customAttributes.upsert({ ...at, customAttribute: { value: 'Mate', version: 1 } })
      expect(second.customAttribute).toMatchObject({ value: 'Mate', version: 2 })
      const stale = customAttributes.upsert({ ...at, customAttribute: { value: 'Cola', version: 1 } })
      expect(await refusal(stale)).toMatch(/^409 CONFLICT/)
      expect((await customAttributes.get(at)).customAttribute?.value).toBe('Mate')
      expect((await customAttributes.list({ customerId: 'C1' })).data).toMatchObject([{ value: 'Mate' }])
      const many = await customAttributeDefinitions.batchUpsert({
        values: { one: { customerId: 'C1', customAttribute: { key: KEY, value: 'Water' } } },
      })
      expect(many.values?.['one']).toMatchObject({
        customerId: 'C1',
        customAttribute: { value: 'Water', version: 3 },
      })
      expect(
        JSON.stringify((await square.customers.get({ customerId: 'C1' })).customer, String),
      ).not.toContain('Water')
      expect(await customAttributes.delete(at)).toEqual({})
      expect(await refusal(customAttributes.get(at))).toMatch(/^404 NOT_FOUND/)
    })

    test('cards: opaque, on the customer that is retrieved, and off again', async () => {
      const { square } = await open()
      await square.customers.create({ givenName: 'Ann' })
      const { card } = await square.customers.cards.create({
        customerId: 'C1',
        cardNonce: 'cnon:card-nonce-ok',
        cardholderName: 'Ann A.',
      })
      expect(card).toMatchObject({ cardholderName: 'Ann A.', last4: expect.stringMatching(/^\d{4}$/) })
      expect(await square.customers.cards.delete({ customerId: 'C1', cardId: card!.id! })).toEqual({})
      const again = square.customers.cards.delete({ customerId: 'C1', cardId: card!.id! })
      expect(await refusal(again)).toMatch(/^404 NOT_FOUND/)
    })
  },
)
