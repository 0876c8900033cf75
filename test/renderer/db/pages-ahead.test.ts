import { expect, it } from 'vitest'
import type { PullResult } from '#shared/ipc/contract.ts'
import { pagesAhead } from '#renderer/db/pages-ahead.ts'

const page = (cursor: string | null): PullResult => ({
  kind: 'page',
  remotes: [],
  cursor,
  squareTime: null,
  count: null,
  missing: [],
})
const settled = () => new Promise((resolve) => setTimeout(resolve))

it('asks one page at a time, and only so many ahead of whoever takes them', async () => {
  const asked: (string | null)[] = []
  let under = 0
  const ahead = pagesAhead(
    async (cursor) => {
      expect(++under).toBe(1)
      asked.push(cursor)
      await settled()
      under--
      return page(asked.length < 6 ? String(asked.length) : null)
    },
    null,
    3,
  )
  await expect.poll(() => asked.length).toBe(3)
  for (let n = 0; n < 5; n++) await settled()
  expect(asked).toEqual([null, '1', '2'])
  expect((await ahead.take()).pages).toHaveLength(3)
  const rest = []
  while (rest.length < 3) rest.push(...(await ahead.take()).pages)
  expect(rest.at(-1)?.cursor).toBeNull()
  expect(asked).toEqual([null, '1', '2', '3', '4', '5'])
})

it('hands over what came before a failure, and asks nothing after it', async () => {
  const failure = { kind: 'not-sent', reason: 'offline' } as const
  let asked = 0
  const ask = async () => (++asked === 1 ? page('1') : ({ kind: 'failed', failure } as const))
  const ahead = pagesAhead(ask, null, 3)
  await expect.poll(() => asked).toBe(2)
  await settled()
  expect(await ahead.take()).toMatchObject({ pages: [{ cursor: '1' }], failure })
  for (let n = 0; n < 5; n++) await settled()
  expect(asked).toBe(2)
})

it('asks nothing more once it is ended', async () => {
  let asked = 0
  const ahead = pagesAhead(async () => page(String(++asked)), null, 2)
  await expect.poll(() => asked).toBe(2)
  ahead.end()
  await ahead.take()
  for (let n = 0; n < 5; n++) await settled()
  expect(asked).toBe(2)
})

it('S13: does not believe a page that leads to itself', async () => {
  const ahead = pagesAhead(async () => page('here'), 'here', 3)
  expect(await ahead.take()).toMatchObject({ pages: [], failure: { kind: 'unknown' } })
})
