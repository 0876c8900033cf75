import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { Failure } from '#shared/sync/failure.ts'
import { createDirectoryPull } from '#main/directory/pull.ts'
import type { Reply, SquareGateway } from '#main/square/square-gateway.ts'

const remote = (id: string): RemoteCustomer => ({
  id,
  version: '1',
  fields: EMPTY_FIELDS,
  groupIds: [],
  creationSource: 'THIRD_PARTY',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
})
const SQUARE_TIME = Date.UTC(2026, 10, 21, 9, 30)
const ok = <T>(value: T): Reply<T> => ({ kind: 'ok', value, squareTime: SQUARE_TIME })
const fails = (failure: Failure): Reply<never> => ({ kind: 'failed', failure, squareTime: null })

function world(
  gateway: Partial<SquareGateway> | null,
  options: { durable?: boolean; aliases?: [string, string][] } = {},
) {
  const written: RecordBody[] = []
  const pull = createDirectoryPull({
    gateway: () => gateway as SquareGateway | null,
    outbox: () => ({
      state: () => ({ aliases: new Map(options.aliases) }) as never,
      write: async (records) => {
        if (options.durable !== false) written.push(...records)
        return options.durable !== false
      },
    }),
  })
  return { pull, written }
}

describe('directory pull', () => {
  it("hands a page on with Square's time, count and cursor", async () => {
    const asked: unknown[] = []
    const page = { customers: [remote('A')], cursor: 'next', count: 3 }
    const { pull } = world({
      list: async (cursor) => (asked.push(cursor), ok(page)),
      changedSince: async (...args) => (asked.push(args), ok({ ...page, cursor: null, count: null })),
    })
    expect(await pull({ kind: 'list', cursor: 'here' })).toEqual({
      kind: 'page',
      remotes: [remote('A')],
      cursor: 'next',
      count: 3,
      squareTime: '2026-11-21T09:30:00.000Z',
      missing: [],
    })
    expect(await pull({ kind: 'delta', since: 's', cursor: null })).toMatchObject({
      cursor: null,
      count: null,
    })
    expect(asked).toEqual(['here', ['s', null]])
  })

  it('answers a failure as a value', async () => {
    const failure: Failure = { kind: 'signed-out', code: 'ACCESS_TOKEN_EXPIRED' }
    const { pull } = world({ list: async () => fails(failure) })
    expect(await pull({ kind: 'list', cursor: null })).toEqual({ kind: 'failed', failure })
  })

  it('asks nobody without a token', async () => {
    const { pull } = world(null)
    expect(await pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({
      kind: 'failed',
      failure: { kind: 'signed-out' },
    })
  })

  it('tells found from missing ids; only 404 is missing', async () => {
    const { pull } = world({
      retrieve: async (id) => (id === 'GONE' ? fails({ kind: 'not-found' }) : ok(remote(id))),
    })
    expect(await pull({ kind: 'ids', squareIds: ['A', 'GONE', 'B'] })).toMatchObject({
      remotes: [remote('A'), remote('B')],
      missing: ['GONE'],
    })
  })

  it.each<Failure>([
    { kind: 'unknown', reason: 'server-error' },
    { kind: 'not-sent', reason: 'offline' },
    { kind: 'rate-limited', retryAfterMs: null },
  ])('%j is not an absence: the whole answer fails', async (failure) => {
    const { pull } = world({ retrieve: async (id) => (id === 'A' ? ok(remote('A')) : fails(failure)) })
    expect(await pull({ kind: 'ids', squareIds: ['A', 'B'] })).toEqual({ kind: 'failed', failure })
  })

  it('records an answer under another id before handing it on (S10)', async () => {
    const merged = remote('C')
    const { pull, written } = world({ retrieve: async () => ok(merged) })
    expect(await pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({ remotes: [merged], missing: [] })
    expect(written).toEqual([{ kind: 'alias', fromSquareId: 'A', toSquareId: 'C', remote: merged }])
  })

  it('writes no second alias for a merge the log knows', async () => {
    const { pull, written } = world({ retrieve: async () => ok(remote('C')) }, { aliases: [['A', 'C']] })
    expect(await pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({ kind: 'page' })
    expect(written).toEqual([])
  })

  it('hands nothing on where the alias could not be made durable (S10)', async () => {
    const { pull } = world({ retrieve: async () => ok(remote('C')) }, { durable: false })
    expect(await pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({ kind: 'failed' })
  })
})
