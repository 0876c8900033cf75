import { expect, it } from 'vitest'
import type { CustomerRow } from '#shared/directory/row.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import type { MirrorMark } from '#renderer/db/mirror-mark.ts'
import { createSearchClient, type SearchPort } from '#renderer/search/search-client.ts'
import type { SearchCache } from '#renderer/search/search-cache.ts'
import { searchEntryOf } from '#renderer/search/search-entry.ts'
import { createSearchServer, type SearchPorts } from '#renderer/search/search-server.ts'

const mark = (lastSeq: number, pages = 0): MirrorMark => ({
  position: { generation: 1, lastSeq },
  pages,
  stamp: null,
})

/** Directories as they are stored; what is read of them is noted. */
function disk(directories: Record<string, readonly unknown[]>, at: () => MirrorMark = () => mark(7)) {
  const read: string[] = []
  const readDirectory: SearchPorts['readDirectory'] = (directory, take) => {
    read.push(directory)
    const was = at()
    for (const stored of directories[directory] ?? []) take([stored])
    return Promise.resolve(was)
  }
  return { read, readDirectory }
}

const NOTHING_KEPT: SearchCache = {
  read: () => Promise.resolve(null),
  append: () => Promise.reject(new Error('not asked for')),
  newest: () => Promise.resolve(0),
  replace: () => Promise.reject(new Error('not asked for')),
  drop: () => Promise.resolve(),
}

/** Client and server with a line between them that copies, as a worker's does, and answers later. */
function wiredSearch(readDirectory: SearchPorts['readDirectory']) {
  const port: SearchPort = {
    postMessage: (request) => {
      const copy = structuredClone(request)
      queueMicrotask(() => serve(copy))
    },
    onmessage: null,
    terminate() {},
  }
  const serve = createSearchServer(
    {
      readDirectory,
      readMark: () => Promise.resolve(mark(0)),
      cacheOf: () => NOTHING_KEPT,
      sleep: () => new Promise(() => {}),
    },
    (reply) => port.onmessage?.({ data: structuredClone(reply) }),
  )
  return { search: createSearchClient(port, 'en'), port }
}

const titlesOf = async (search: ReturnType<typeof createSearchClient>) =>
  (await search.query('', 0, 10)).rows.map((found) => found.title)

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

it('answers what was asked, each question its own answer, after the changes sent before it', async () => {
  const { readDirectory } = disk({ shop: [row('Ana'), row('Bob')] })
  const { search } = wiredSearch(readDirectory)
  expect(await search.load('shop', [mark(7)])).toEqual([])
  const all = search.query('', 0, 10)
  search.change({ entries: [], gone: ['Bob'], step: null })
  const left = titlesOf(search)
  const alike = search.alike({ givenName: 'Ana' }, null)
  expect((await all).total).toBe(2)
  expect(await left).toEqual(['Ana'])
  expect(await alike).toEqual([])
})

it('forgets what it held when another directory is loaded', async () => {
  const { readDirectory } = disk({ shop: [row('Ana')], practice: [row('Bob')] })
  const { search } = wiredSearch(readDirectory)
  await search.load('shop', [mark(7)])
  await search.load('practice', [mark(7)])
  expect(await titlesOf(search)).toEqual(['Bob'])
})

it('takes what was read ahead where nobody wrote since, also while that is still being read', async () => {
  const { read, readDirectory } = disk({ shop: [row('Ana')] })
  const { search, port } = wiredSearch(readDirectory)
  port.postMessage({ kind: 'read', directory: 'shop', locale: 'en' })
  await search.load('shop', [mark(6), mark(7)])
  expect(await titlesOf(search)).toEqual(['Ana'])
  expect(read).toEqual(['shop'])
})

it.each([
  ['at an earlier record', mark(6)],
  ['before a page of a pull', mark(7, 1)],
])('reads again what was read ahead %s than this window saw', async (_, seen) => {
  const { read, readDirectory } = disk({ shop: [row('Ana')] }, () => (read.length > 1 ? seen : mark(7)))
  const { search, port } = wiredSearch(readDirectory)
  port.postMessage({ kind: 'read', directory: 'shop', locale: 'en' })
  await search.load('shop', [seen])
  expect(read).toEqual(['shop', 'shop'])
  expect(await titlesOf(search)).toEqual(['Ana'])
})

it('reads another directory than was guessed', async () => {
  const { read, readDirectory } = disk({ shop: [row('Ana')], practice: [row('Bob')] })
  const { search, port } = wiredSearch(readDirectory)
  port.postMessage({ kind: 'read', directory: 'practice', locale: 'en' })
  await search.load('shop', [mark(7)])
  expect(read).toEqual(['practice', 'shop'])
  expect(await titlesOf(search)).toEqual(['Ana'])
})

it('names what cannot be read, and says where nothing can be', async () => {
  let broken = false
  const { readDirectory } = disk({ shop: [row('Ana'), { localId: 'Bob', local: 'garbled' }] })
  const { search, port } = wiredSearch((directory, take) =>
    broken ? Promise.reject(new DOMException('the disk', 'UnknownError')) : readDirectory(directory, take),
  )
  expect(await search.load('shop', [mark(7)])).toEqual(['Bob'])
  expect(await titlesOf(search)).toEqual(['Ana'])

  broken = true
  port.postMessage({ kind: 'read', directory: 'other', locale: 'en' })
  await expect(search.load('other', [mark(7)])).rejects.toThrow('UnknownError')
  broken = false
  expect(await search.load('other', [mark(7)])).toEqual([])
})

it('does not list hidden rows, nor loading ones of which nothing is known', () => {
  expect(searchEntryOf(row('Ana', { hidden: true }), [])).toBeNull()
  expect(searchEntryOf(row('Ana', { status: 'loading' }), [])).not.toBeNull()
  expect(searchEntryOf(row('Ana', { status: 'loading', local: EMPTY_FIELDS }), [])).toBeNull()
})
