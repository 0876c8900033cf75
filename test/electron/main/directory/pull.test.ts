import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { Result } from '#shared/sync/bulk.ts'
import { createDirectoryPull } from '#main/directory/pull.ts'
import type { Reply, SquareGateway } from '#main/square/square-gateway.ts'
import { recordingLog } from '../../../support/recording-log.ts'

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
  options: { durable?: boolean; aliases?: [string, string][]; reported?: boolean } = {},
) {
  const written: RecordBody[][] = []
  const urgencies: string[] = []
  const lefts: (number | null)[] = []
  const seen: [string[], readonly string[]][] = []
  const { log, lines } = recordingLog()
  const pull = createDirectoryPull({
    gateway: (urgency) => (urgencies.push(urgency), gateway as SquareGateway | null),
    onFirstLoad: (left) => void lefts.push(left),
    onSeen: (remotes, missing) => void seen.push([remotes.map(({ id }) => id), missing]),
    outbox: () => ({
      state: () => ({ aliases: new Map(options.aliases) }) as never,
      mirrorReported: () => options.reported !== false,
      write: async (records) => {
        if (options.durable !== false) written.push([...records])
        return options.durable !== false
      },
    }),
    log,
  })
  return { pull, written, lines, urgencies, lefts, seen }
}

const GONE: Result<never> = { kind: 'failed', failure: { kind: 'not-found' } }
/** Answers every id by itself; the requests are noted. */
function bulk(answer: (id: string) => Result<RemoteCustomer> | null) {
  const requests: (readonly string[])[] = []
  const gateway: Partial<SquareGateway> = {
    bulkRetrieve: async (ids) => {
      requests.push(ids)
      return ok(
        new Map(
          ids.flatMap((id) => [[id, answer(id)] as const].filter(([, item]) => item !== null)),
        ) as never,
      )
    },
  }
  return { gateway, requests }
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

  it('S26: what somebody waits for is asked by whoever is at the counter; a list never is', async () => {
    const { pull, urgencies } = world({
      list: async () => ok({ customers: [], cursor: null, count: 0 }),
      changedSince: async () => ok({ customers: [], cursor: null, count: null }),
      ...bulk(() => GONE).gateway,
    })
    await pull({ kind: 'delta', since: 's', cursor: null })
    await pull({ kind: 'delta', since: 's', cursor: null, asked: true })
    await pull({ kind: 'ids', squareIds: ['A'], asked: true })
    await pull({ kind: 'list', cursor: null })
    expect(urgencies).toEqual(['pull', 'person', 'person', 'pull'])
  })

  it('S9: says how far a first load is, that it is over, and that it has stopped; nothing of a sweep', async () => {
    const cursors = ['b', null]
    const { pull, lefts } = world({
      list: async () => ok({ customers: [], cursor: cursors.shift() ?? null, count: 150 }),
    })
    await pull({ kind: 'list', cursor: null, left: null })
    await pull({ kind: 'list', cursor: 'b', left: 50 })
    await pull({ kind: 'list', cursor: null })
    expect(lefts).toEqual([0, 50, 0])
    const lost = world({ list: async () => fails({ kind: 'not-sent', reason: 'offline' }) })
    await lost.pull({ kind: 'list', cursor: 'b', left: 50 })
    expect(lost.lefts).toEqual([50, null])
  })

  it('S12: tells the engine whom it has read, and who is not there; nothing of what failed', async () => {
    const { pull, seen } = world({
      list: async () => ok({ customers: [remote('A')], cursor: null, count: 1 }),
      changedSince: async () => fails({ kind: 'not-sent', reason: 'offline' }),
      ...bulk((id) => (id === 'B' ? ok(remote('B')) : GONE)).gateway,
    })
    await pull({ kind: 'list', cursor: null })
    await pull({ kind: 'delta', since: 's', cursor: null })
    await pull({ kind: 'ids', squareIds: ['B', 'C'] })
    expect(seen).toEqual([
      [['A'], []],
      [['B'], ['C']],
    ])
  })

  it('S20: asks for nobody by id, and writes no merge down, before a mirror has reported', async () => {
    const merged = bulk(() => ok(remote('B')))
    const early = world(merged.gateway, { reported: false })
    expect(await early.pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({ kind: 'failed' })
    expect([merged.requests, early.written]).toEqual([[], []])
    const later = world(merged.gateway)
    expect(await later.pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({ kind: 'page' })
    expect(later.written).toHaveLength(1)
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

  it('S13: says how many customers of a page could not be read, to the directory and to the technical log', async () => {
    const page = { customers: [remote('A')], cursor: null, count: null, unreadable: 2 }
    const { pull, lines } = world({ list: async () => ok(page) })
    expect(await pull({ kind: 'list', cursor: null })).toMatchObject({
      remotes: [remote('A')],
      unreadable: 2,
    })
    expect(lines).toEqual([['warn', 'directory.unreadable', { customers: 2 }]])
  })

  it('S23: asks in bulk and tells found from missing; who is not in the answer, or not to be believed, is neither', async () => {
    const { gateway, requests } = bulk((id) => {
      if (id === 'GONE') return GONE
      if (id === 'SILENT') return null
      if (id === 'ODD') return { kind: 'failed', failure: { kind: 'unknown', reason: 'unreadable' } }
      return { kind: 'ok', value: remote(id) }
    })
    const { pull } = world(gateway)
    expect(await pull({ kind: 'ids', squareIds: ['A', 'GONE', 'SILENT', 'ODD', 'B'] })).toMatchObject({
      remotes: [remote('A'), remote('B')],
      missing: ['GONE'],
      squareTime: '2026-11-21T09:30:00.000Z',
    })
    expect(requests).toHaveLength(1)
  })

  it('S22: asks for no more than Square takes in one request', async () => {
    const { gateway, requests } = bulk(() => GONE)
    const { pull } = world(gateway)
    const squareIds = Array.from({ length: 250 }, (_, i) => `S${i}`)
    expect(await pull({ kind: 'ids', squareIds })).toMatchObject({ missing: squareIds })
    expect(requests.map((ids) => ids.length)).toEqual([100, 100, 50])
  })

  it.each<Failure>([
    { kind: 'unknown', reason: 'server-error' },
    { kind: 'not-sent', reason: 'offline' },
    { kind: 'rate-limited', retryAfterMs: null },
    { kind: 'not-found' },
  ])('%j to the whole is not an absence: the whole answer fails', async (failure) => {
    const { pull } = world({ bulkRetrieve: async () => fails(failure) })
    expect(await pull({ kind: 'ids', squareIds: ['A', 'B'] })).toEqual({ kind: 'failed', failure })
  })

  it('S10: records answers under other ids, all in one write, before handing them on', async () => {
    const merged = remote('C')
    const { pull, written } = world(bulk(() => ({ kind: 'ok', value: merged })).gateway)
    expect(await pull({ kind: 'ids', squareIds: ['A', 'B', 'C'] })).toMatchObject({ missing: [] })
    expect(written).toEqual([
      [
        { kind: 'alias', fromSquareId: 'A', toSquareId: 'C', remote: merged },
        { kind: 'alias', fromSquareId: 'B', toSquareId: 'C', remote: merged },
      ],
    ])
  })

  it('writes no second alias for a merge the log knows, but one for where its chain leads on', async () => {
    const known = { aliases: [['A', 'C']] as [string, string][] }
    const to = (id: string) => bulk(() => ({ kind: 'ok', value: remote(id) })).gateway
    const same = world(to('C'), known)
    expect(await same.pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({ kind: 'page' })
    expect(same.written).toEqual([])
    const further = world(to('D'), known)
    await further.pull({ kind: 'ids', squareIds: ['A'] })
    expect(further.written).toMatchObject([[{ fromSquareId: 'A', toSquareId: 'D' }]])
  })

  it('S23: writes that one who had been merged away is a customer again, but not by an answer that was on its way before', async () => {
    const known = { aliases: [['A', 'C']] as [string, string][] }
    const itself = bulk((id) => ({ kind: 'ok', value: remote(id) })).gateway
    const apart = world(itself, known)
    await apart.pull({ kind: 'ids', squareIds: ['A', 'B'] })
    expect(apart.written).toEqual([
      [{ kind: 'alias', fromSquareId: 'A', toSquareId: 'A', remote: remote('A') }],
    ])
    const aliases: [string, string][] = []
    const meanwhile = bulk((id) => {
      aliases.push(['A', 'C'])
      return { kind: 'ok', value: remote(id) }
    })
    const late = world(meanwhile.gateway, { aliases })
    await late.pull({ kind: 'ids', squareIds: ['A'] })
    expect(late.written).toEqual([])
  })

  it('S10: hands nothing on where the alias could not be made durable', async () => {
    const { gateway } = bulk(() => ({ kind: 'ok', value: remote('C') }))
    expect(await world(gateway, { durable: false }).pull({ kind: 'ids', squareIds: ['A'] })).toMatchObject({
      kind: 'failed',
    })
  })
})
