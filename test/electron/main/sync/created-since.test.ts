import { afterEach, describe, expect, it } from 'vitest'
import { LAG_WAIT_MS } from '#shared/sync/limits.ts'
import { everyoneCreatedSince } from '#main/sync/created-since.ts'
import { remoteOf } from '../../../support/customers.ts'
import { createOp, queued, sent } from '../../../support/builders.ts'
import { fakeGateway, ok, SQUARE_TIME, TIMEOUT } from '../../../support/fake-gateway.ts'
import { setUp, stopAll } from './engine-fixture.ts'

afterEach(stopAll)

const page = (n: number, cursor: string | null, unreadable = 0) =>
  ok({ customers: [remoteOf(`SQ${n}`, {})], cursor, count: null, unreadable })
const look = (...pages: unknown[]) => everyoneCreatedSince(fakeGateway({ createdSince: pages }), 'since')
const UNREADABLE = { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }

describe('S9 everyone who was created since then', () => {
  it('is on all pages together, whoever comes twice once', async () => {
    const gateway = fakeGateway({ createdSince: [page(1, 'a'), page(2, 'b'), page(1, null)] })
    expect(await everyoneCreatedSince(gateway, 'since')).toMatchObject({
      value: [{ id: 'SQ1' }, { id: 'SQ2' }],
    })
    expect(gateway.calls.map(([, ...args]) => args)).toEqual([
      ['since', null],
      ['since', 'a'],
      ['since', 'b'],
    ])
  })
  it('is not known where a page fails, pages go in a circle, or somebody cannot be read', async () => {
    expect(await look(page(1, 'a'), TIMEOUT)).toEqual(TIMEOUT)
    expect(await look(page(1, 'a'), page(2, 'a'))).toEqual(UNREADABLE)
    expect(await look(page(1, null, 1))).toEqual(UNREADABLE)
  })
})

it('S26 each page waits for its turn: a month of many customers is no burst', async () => {
  const times: number[] = []
  let pages = 0
  const gateway = fakeGateway({
    createdSince: () => {
      times.push(world.clock.monotonic())
      return page(++pages, pages < 30 ? `${pages}` : null)
    },
  })
  const long = SQUARE_TIME - 24 * 3_600_000
  const at = { squareId: null, version: null, body: { givenName: 'Ann' }, squareTime: long }
  const world = await setUp(gateway, queued(createOp('c', 'L1', { givenName: 'Ann' })), sent('c', 1, at))
  await world.begin()
  await world.clock.pass(LAG_WAIT_MS)
  expect(times).toHaveLength(30)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(8_000)
})
