import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SquareClient, type Square } from 'square'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSdkSquareGateway, SQUARE_VERSION } from '#main/square/sdk-square-gateway.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import { squareSdk } from '../../../../build/square-sdk.ts'

const BASE_URL = 'http://127.0.0.1:9'
const TOKEN = 'token-of-the-seller'

/** A fetch that answers `{}` and writes down what was asked. */
function recorder() {
  const requests: unknown[] = []
  const record: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers } = request
    // The text as it is: numbers beyond 2^53 would not survive being read.
    requests.push({ method, url, headers: Object.fromEntries(headers), body: await request.text() })
    return new Response('{}', { headers: { 'content-type': 'application/json' } })
  }
  return { requests, record }
}

/** The same question, asked of our gateway and of the SDK as its makers mean it to be used. */
interface Pair {
  readonly ours: (gateway: SquareGateway) => Promise<unknown>
  readonly theirs: (square: SquareClient) => PromiseLike<unknown>
}
const BY_CREATION: Square.CustomerSort = { field: 'CREATED_AT', order: 'ASC' }
const SINCE = '2026-03-04T09:00:00.000Z'
/** What the SDK's types forbid and Square's documents ask for. */
const asSent = (fields: unknown) => fields as Square.UpdateCustomerRequest

const PAIRS: { readonly [K in keyof SquareGateway]: Pair } = {
  retrieve: {
    ours: (gateway) => gateway.retrieve('A/ä b'),
    theirs: (square) => square.customers.get({ customerId: 'A/ä b' }),
  },
  create: {
    ours: (gateway) =>
      gateway.create('key', {
        givenName: 'Zoë',
        birthday: '0000-02-29',
        note: null,
        address: { addressLine1: '1 Main St', country: 'US' },
        euVat: 'IE3426675K',
      }),
    theirs: (square) =>
      square.customers.create({
        idempotencyKey: 'key',
        givenName: 'Zoë',
        birthday: '02-29',
        address: { addressLine1: '1 Main St', country: 'US' },
        taxIds: { euVat: 'IE3426675K' },
      }),
  },
  update: {
    ours: (gateway) =>
      gateway.update('C1', '9007199254740993', { givenName: 'Zoë', note: null, address: null, euVat: null }),
    theirs: (square) =>
      square.customers.update(
        asSent({
          customerId: 'C1',
          version: 9007199254740993n,
          givenName: 'Zoë',
          note: null,
          address: null,
          taxIds: { euVat: null },
        }),
      ),
  },
  remove: {
    ours: (gateway) => gateway.remove('C1', '9007199254740993'),
    theirs: (square) => square.customers.delete({ customerId: 'C1', version: 9007199254740993n }),
  },
  bulkRetrieve: {
    ours: (gateway) => gateway.bulkRetrieve(['C1', 'C2']),
    theirs: (square) => square.customers.bulkRetrieveCustomers({ customerIds: ['C1', 'C2'] }),
  },
  bulkCreate: {
    ours: (gateway) => gateway.bulkCreate(new Map([['key', { givenName: 'Ann' }]])),
    theirs: (square) => square.customers.batchCreate({ customers: { key: { givenName: 'Ann' } } }),
  },
  bulkUpdate: {
    ours: (gateway) =>
      gateway.bulkUpdate(new Map([['C1', { version: '3', body: { note: null, nickname: 'An' } }]])),
    theirs: (square) =>
      square.customers.bulkUpdateCustomers({
        customers: { C1: { version: 3n, nickname: 'An', note: null } },
      }),
  },
  list: {
    ours: (gateway) => gateway.list(null),
    theirs: (square) => square.customers.list({ limit: 100, sortField: 'CREATED_AT', count: true }),
  },
  changedSince: {
    ours: (gateway) => gateway.changedSince(SINCE, 'cursor'),
    theirs: (square) =>
      square.customers.search({
        query: { filter: { updatedAt: { startAt: SINCE } }, sort: BY_CREATION },
        limit: 100n,
        cursor: 'cursor',
      }),
  },
  createdSince: {
    ours: (gateway) => gateway.createdSince(SINCE, 'cursor'),
    theirs: (square) =>
      square.customers.search({
        query: {
          filter: {
            createdAt: { startAt: SINCE },
            creationSource: {
              values: ['THIRD_PARTY', 'MERGE', 'DELETION_RECOVERY', 'UNMERGE_RECOVERY'],
              rule: 'INCLUDE',
            },
          },
          sort: BY_CREATION,
        },
        limit: 100n,
        cursor: 'cursor',
      }),
  },
  findExact: {
    ours: (gateway) =>
      gateway.findExact({ phoneE164: '+12065550100', emailAddress: null, referenceId: null }),
    theirs: (square) =>
      square.customers.search({ query: { filter: { phoneNumber: { exact: '+12065550100' } } }, limit: 100n }),
  },
  seller: {
    ours: (gateway) => gateway.seller(),
    theirs: (square) => square.merchants.get({ merchantId: 'me' }),
  },
}

describe('our requests are the SDK’s own', () => {
  test.each(Object.entries(PAIRS))('%s', async (_name, { ours, theirs }) => {
    const our = recorder()
    await ours(createSdkSquareGateway({ baseUrl: BASE_URL, token: TOKEN, fetch: our.record }))
    const their = recorder()
    await theirs(
      new SquareClient({ baseUrl: BASE_URL, token: TOKEN, version: SQUARE_VERSION, fetch: their.record }),
    )
    expect(our.requests).toHaveLength(1)
    expect(our.requests).toEqual(their.requests)
  })

  test('what the comparison would miss if it saw nothing', async () => {
    const { requests, record } = recorder()
    await PAIRS.update.ours(createSdkSquareGateway({ baseUrl: BASE_URL, token: TOKEN, fetch: record }))
    expect(requests).toMatchObject([
      {
        method: 'PUT',
        url: `${BASE_URL}/v2/customers/C1`,
        headers: { authorization: `Bearer ${TOKEN}`, 'square-version': SQUARE_VERSION },
        body: expect.stringContaining('"version":9007199254740993'),
      },
    ])
  })
})

describe('as it is bundled, with a part of the SDK alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bundled-sdk-'))
  let bundled: typeof createSdkSquareGateway
  beforeAll(async () => {
    await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [squareSdk()],
      build: {
        ssr: 'electron/main/square/sdk-square-gateway.ts',
        outDir: folder,
        rollupOptions: { output: { entryFileNames: 'gateway.mjs', chunkFileNames: '[name].mjs' } },
      },
      ssr: { noExternal: true },
    })
    const made = (await import(pathToFileURL(join(folder, 'gateway.mjs')).href)) as {
      createSdkSquareGateway: typeof createSdkSquareGateway
    }
    bundled = made.createSdkSquareGateway
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(Object.entries(PAIRS))('%s asks the same', async (_name, { ours }) => {
    const [part, whole] = [recorder(), recorder()]
    await ours(bundled({ baseUrl: BASE_URL, token: TOKEN, fetch: part.record }))
    await ours(createSdkSquareGateway({ baseUrl: BASE_URL, token: TOKEN, fetch: whole.record }))
    expect(part.requests).toHaveLength(1)
    expect(part.requests).toEqual(whole.requests)
  })

  const CUSTOMER = {
    id: 'C1',
    version: 3,
    created_at: SINCE,
    updated_at: SINCE,
    given_name: 'Zoë',
    birthday: '0000-02-29',
    address: { address_line_1: '1 Main St', country: 'US' },
    tax_ids: { eu_vat: 'IE3426675K' },
    creation_source: 'MERGE',
    group_ids: ['G1'],
  }
  const CONFLICT = { errors: [{ category: 'INVALID_REQUEST_ERROR', code: 'CONFLICT' }] }
  test.each([
    ['a customer', 'ok', 200, { customer: CUSTOMER }],
    ['what Square refuses', 'failed', 409, CONFLICT],
    ['what is no answer of Square', 'failed', 200, { customer: [7] }],
  ])('reads %s alike', async (_name, kind, status, answer) => {
    const options = {
      baseUrl: BASE_URL,
      token: TOKEN,
      fetch: async () =>
        new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } }),
    }
    const read = await bundled(options).retrieve('C1')
    expect(read).toEqual(await createSdkSquareGateway(options).retrieve('C1'))
    expect(read.kind).toBe(kind)
  })
})
