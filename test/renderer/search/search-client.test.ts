import { expect, it } from 'vitest'
import type { CustomerRow } from '#shared/directory/row.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { createSearchClient, type SearchPort } from '#renderer/search/search-client.ts'
import { searchEntryOf, type SearchEntry } from '#renderer/search/search-entry.ts'
import { createSearchServer } from '#renderer/search/search-server.ts'

/** Client and server with a line between them that copies, as a worker's does, and answers later. */
function wiredSearch() {
  const port: SearchPort = {
    postMessage: (request) => {
      const copy = structuredClone(request)
      queueMicrotask(() => serve(copy))
    },
    onmessage: null,
    terminate() {},
  }
  const serve = createSearchServer((reply) => port.onmessage?.({ data: structuredClone(reply) }))
  return createSearchClient(port, 'en')
}

const row = (givenName: string, over: Partial<CustomerRow> = {}): CustomerRow => ({
  localId: givenName,
  squareId: null,
  remote: null,
  local: { ...EMPTY_FIELDS, givenName },
  openOps: 0,
  status: 'in-square',
  deleted: false,
  hidden: false,
  ...over,
})

async function* chunks(...all: SearchEntry[][]) {
  yield* all
}

it('answers what was asked, each question its own answer, after the changes sent before it', async () => {
  const search = wiredSearch()
  await search.load(chunks([searchEntryOf(row('Ana'), [])!], [searchEntryOf(row('Bob'), [])!]))
  const all = search.query('', 0, 10)
  search.remove(['Bob'])
  const left = search.query('', 0, 10)
  const alike = search.alike({ givenName: 'Ana' }, null)
  expect((await all).total).toBe(2)
  expect((await left).rows.map((found) => found.title)).toEqual(['Ana'])
  expect(await alike).toEqual([])
})

it('forgets what it held when it is loaded again', async () => {
  const search = wiredSearch()
  await search.load(chunks([searchEntryOf(row('Ana'), [])!]))
  await search.load(chunks([searchEntryOf(row('Bob'), [])!]))
  expect((await search.query('', 0, 10)).rows.map((found) => found.title)).toEqual(['Bob'])
})

it('does not list hidden rows, nor loading ones of which nothing is known', () => {
  expect(searchEntryOf(row('Ana', { hidden: true }), [])).toBeNull()
  expect(searchEntryOf(row('Ana', { status: 'loading' }), [])).not.toBeNull()
  expect(searchEntryOf(row('Ana', { status: 'loading', local: EMPTY_FIELDS }), [])).toBeNull()
})
