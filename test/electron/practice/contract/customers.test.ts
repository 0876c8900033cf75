import { expect, test } from 'vitest'
import { T0 } from '../practice-fixture.ts'
import { eachFace, refusal } from './square-faces.ts'

const ANN = { givenName: 'Ann', emailAddress: 'Ann@Example.com', phoneNumber: '206-555-0100' }

eachFace(
  'customers',
  [
    'GET /v2/customers',
    'POST /v2/customers',
    'GET /v2/customers/{}',
    'PUT /v2/customers/{}',
    'DELETE /v2/customers/{}',
    'POST /v2/customers/search',
  ],
  (open) => {
    test('create: what was sent, as the SDK reads it', async () => {
      const { square } = await open()
      const { customer, errors } = await square.customers.create({
        ...ANN,
        idempotencyKey: 'k',
        birthday: '02-29',
        address: { addressLine1: '1 Main St', locality: 'Seattle', country: 'US', firstName: 'dropped' },
      })
      expect(errors).toBeUndefined()
      expect(customer).toEqual({
        id: 'C1',
        createdAt: '2026-03-04T09:00:00.250Z',
        updatedAt: '2026-03-04T09:00:00Z',
        ...ANN,
        birthday: '0000-02-29',
        address: { addressLine1: '1 Main St', locality: 'Seattle', country: 'US' },
        preferences: { emailUnsubscribed: false },
        creationSource: 'THIRD_PARTY',
        version: 0n,
      })
    })

    test('create: the same key brings the same customer, other data is refused', async () => {
      const { square, model } = await open()
      const first = await square.customers.create({ ...ANN, idempotencyKey: 'k' })
      expect(await square.customers.create({ ...ANN, idempotencyKey: 'k' })).toEqual(first)
      expect(model.customers()).toHaveLength(1)
      const other = square.customers.create({ givenName: 'Bo', idempotencyKey: 'k' })
      expect(await refusal(other)).toBe('400 IDEMPOTENCY_KEY_REUSED idempotency_key')
      expect(await refusal(square.customers.create({ nickname: 'Nobody' }))).toBe('400 BAD_REQUEST')
      expect(await refusal(square.customers.create({ givenName: 'A', phoneNumber: '12' }))).toBe(
        '400 INVALID_PHONE_NUMBER phone_number',
      )
    })

    test('get: the truth at once; after a merge the profile it became part of', async () => {
      const { square, model, call } = await open({ indexLag: () => 60_000 })
      await square.customers.create(ANN)
      await square.customers.create({ givenName: 'Anne' })
      expect((await square.customers.get({ customerId: 'C1' })).customer).toMatchObject(ANN)
      model.colleague.merge(['C1', 'C2'], call())
      expect((await square.customers.get({ customerId: 'C1' })).customer).toMatchObject({
        id: 'C3',
        creationSource: 'MERGE',
      })
      expect(await refusal(square.customers.get({ customerId: 'C9' }))).toBe('404 NOT_FOUND')
    })

    test('update: sparse, null clears, compare-and-set by version', async () => {
      const { square } = await open()
      await square.customers.create({ ...ANN, note: 'x' })
      const { customer } = await square.customers.update({
        customerId: 'C1',
        version: 0n,
        note: null,
        nickname: 'An',
      })
      expect(customer).toMatchObject({ ...ANN, nickname: 'An', version: 1n })
      expect(customer).not.toHaveProperty('note')
      const stale = square.customers.update({ customerId: 'C1', version: 0n, note: 'y' })
      expect(await refusal(stale)).toMatch(/^409 CONFLICT/)
      expect((await square.customers.update({ customerId: 'C1', note: 'blind' })).customer?.version).toBe(2n)
      expect(await refusal(square.customers.update({ customerId: 'C1', version: 2n }))).toBe(
        '400 BAD_REQUEST',
      )
      expect(await refusal(square.customers.update({ customerId: 'C9', note: 'y' }))).toBe('404 NOT_FOUND')
    })

    test('delete: with its version or blindly; afterwards nobody is there', async () => {
      const { square } = await open()
      await square.customers.create(ANN)
      await square.customers.create(ANN)
      expect(await refusal(square.customers.delete({ customerId: 'C1', version: 5n }))).toMatch(
        /^409 CONFLICT/,
      )
      expect(await square.customers.delete({ customerId: 'C1', version: 0n })).toEqual({})
      expect(await square.customers.delete({ customerId: 'C2' })).toEqual({})
      expect(await refusal(square.customers.delete({ customerId: 'C1' }))).toBe('404 NOT_FOUND')
      const page = await square.customers.list()
      expect(page.data).toEqual([])
    })

    test('list: the SDK walks all pages; lag hides what is new', async () => {
      const { square, clock } = await open({ indexLag: () => 30_000 })
      for (const givenName of ['Cleo', 'Ann', 'Bo']) await square.customers.create({ givenName })
      expect((await square.customers.list()).data).toEqual([])
      clock.now += 30_000
      const walked: (string | null | undefined)[] = []
      for await (const customer of await square.customers.list({ limit: 1 })) walked.push(customer.givenName)
      expect(walked).toEqual(['Ann', 'Bo', 'Cleo'])
      const newest = await square.customers.list({
        sortField: 'CREATED_AT',
        sortOrder: 'DESC',
        limit: 2,
        count: true,
      })
      expect(newest.data.map(({ id }) => id)).toEqual(['C3', 'C2'])
      expect(newest.response).toMatchObject({ count: 3n })
      expect(await refusal(square.customers.list({ limit: 101 }))).toBe('400 VALUE_TOO_HIGH limit')
      expect(await refusal(square.customers.list({ cursor: 'x' }))).toBe('400 INVALID_CURSOR cursor')
    })

    test('search: filters, pages, sort and count', async () => {
      const { square, clock } = await open()
      await square.customers.create({ ...ANN, referenceId: 'R-1' })
      clock.now += 60_000
      await square.customers.create({ givenName: 'Bo', phoneNumber: '+12065550100' })
      await square.customers.create({ givenName: 'Cleo', emailAddress: 'cleo@example.com' })
      const ids = async (filter: NonNullable<Parameters<typeof square.customers.search>[0]>['query']) =>
        ((await square.customers.search({ query: filter! })).customers ?? []).map(({ id }) => id)
      expect(await ids({ filter: { phoneNumber: { exact: '+12065550100' } } })).toEqual(['C1', 'C2'])
      expect(await ids({ filter: { emailAddress: { exact: 'ann@example.COM' } } })).toEqual(['C1'])
      expect(await ids({ filter: { emailAddress: { fuzzy: 'example' } } })).toEqual(['C1', 'C3'])
      expect(await ids({ filter: { referenceId: { exact: 'r-1' } } })).toEqual(['C1'])
      const since = new Date(T0 + 60_000).toISOString()
      expect(await ids({ filter: { createdAt: { startAt: since } } })).toEqual(['C2', 'C3'])
      expect(await ids({ filter: { creationSource: { values: ['THIRD_PARTY'], rule: 'EXCLUDE' } } })).toEqual(
        [],
      )
      const first = await square.customers.search({
        limit: 2n,
        count: true,
        query: { sort: { field: 'CREATED_AT', order: 'DESC' } },
      })
      expect(first).toMatchObject({ count: 3n, customers: [{ id: 'C3' }, { id: 'C2' }] })
      const second = await square.customers.search({
        limit: 2n,
        cursor: first.cursor!,
        query: { sort: { field: 'CREATED_AT', order: 'DESC' } },
      })
      expect(second.customers?.map(({ id }) => id)).toEqual(['C1'])
      expect(second.cursor).toBeUndefined()
    })

    test('tokens: expired, revoked, without the right', async () => {
      const { square, as, model, clock } = await open()
      model.grantToken('reader', { scopes: ['CUSTOMERS_READ'], state: 'valid', expiresAt: clock.now + 1000 })
      expect((await as('reader').customers.list()).data).toEqual([])
      expect(await refusal(as('reader').customers.create(ANN))).toBe('403 INSUFFICIENT_SCOPES')
      clock.now += 1000
      expect(await refusal(as('reader').customers.list())).toBe('401 ACCESS_TOKEN_EXPIRED')
      model.setTokenState('practice-token', 'revoked')
      expect(await refusal(square.customers.list())).toBe('401 ACCESS_TOKEN_REVOKED')
      expect(await refusal(as('nobody').customers.list())).toBe('401 UNAUTHORIZED')
    })
  },
)

eachFace(
  'bulk',
  [
    'POST /v2/customers',
    'POST /v2/customers/bulk-create',
    'POST /v2/customers/bulk-retrieve',
    'POST /v2/customers/bulk-update',
    'POST /v2/customers/bulk-delete',
  ],
  (open) => {
    test('bulk-create: an answer per key, good or bad', async () => {
      const { square, model } = await open()
      const customers = { k1: ANN, k2: { nickname: 'Nobody' } }
      const { responses } = await square.customers.batchCreate({ customers })
      expect(responses?.['k1']?.customer).toMatchObject({ ...ANN, version: 0n })
      expect(responses?.['k2']?.errors?.[0]?.code).toBe('BAD_REQUEST')
      await square.customers.batchCreate({ customers: { k1: ANN } })
      expect(model.customers()).toHaveLength(1)
    })

    test('bulk-retrieve, bulk-update, bulk-delete', async () => {
      const { square, model } = await open()
      await square.customers.create(ANN)
      await square.customers.create({ givenName: 'Bo' })
      const read = await square.customers.bulkRetrieveCustomers({ customerIds: ['C1', 'C9'] })
      expect(read.responses?.['C1']?.customer?.givenName).toBe('Ann')
      expect(read.responses?.['C9']?.errors?.[0]?.code).toBe('NOT_FOUND')
      const written = await square.customers.bulkUpdateCustomers({
        customers: { C1: { version: 0n, note: 'x' }, C2: { version: 7n, note: 'y' } },
      })
      expect(written.responses?.['C1']?.customer).toMatchObject({ note: 'x', version: 1n })
      expect(written.responses?.['C2']?.errors?.[0]?.code).toBe('CONFLICT')
      const gone = await square.customers.bulkDeleteCustomers({ customerIds: ['C1', 'C9'] })
      expect(gone.responses?.['C1']?.errors).toBeUndefined()
      expect(gone.responses?.['C9']?.errors?.[0]?.code).toBe('NOT_FOUND')
      expect(model.customers().map(({ id }) => id)).toEqual(['C2'])
    })
  },
)
