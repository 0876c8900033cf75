import { afterEach, expect, it } from 'vitest'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import type { SyncEngine } from '#main/sync/sync-engine-port.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { createSyncEngine } from '#main/sync/sync-engine.ts'
import { memoryLogFile, memoryLogStorage } from '../../../support/memory-log-storage.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import { manualClock, settled } from '../../../support/manual-clock.ts'
import { failed, fakeGateway, later, ok, SQUARE_TIME, TIMEOUT } from '../../../support/fake-gateway.ts'
import { createOp, patch, queued, remoteOf, STORE, updateOp } from '../../../support/builders.ts'

const HOUR = 3_600_000
const NOTE = patch({ note: [null, 'x'] })
const person = (n: number, version = '1', note: string | null = null) =>
  remoteOf(`SQ${n}`, { givenName: `N${n}`, note }, { version })
const edits = (count: number) =>
  Array.from({ length: count }, (_, n) => queued(updateOp(`u${n}`, `L${n}`, NOTE, person(n))))
const numberOf = (squareId: string) => Number(squareId.slice(2))

const running: SyncEngine[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.stop()))
})

async function start(first: SquareGateway, ...records: RecordBody[]) {
  return startWith({ bulkFrom: 1e9 }, first, ...records)
}

async function startWith(
  how: { readonly bulkFrom?: number },
  first: SquareGateway,
  ...records: RecordBody[]
) {
  const clock = manualClock()
  const file = memoryLogFile()
  const opened = await openOutbox({
    storage: memoryLogStorage(file),
    store: STORE,
    machineId: 'pc',
    newId: () => crypto.randomUUID(),
    freeBytes: async () => null,
    log: recordingLog().log,
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const { outbox } = opened
  await outbox.write(records)
  const token = { gateway: first as SquareGateway | null }
  const engine = createSyncEngine({
    outbox,
    store: STORE,
    gateway: () => token.gateway,
    merge: () => ({ country: 'US' }),
    clock,
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
    log: recordingLog().log,
    onTokenRefused: () => (token.gateway = null),
    ...how,
  })
  running.push(engine)
  engine.start()
  await outbox.since({ store: STORE, generation: 1, lastSeq: 0 })
  engine.wake('saved')
  await settled()
  const ends = () => [...outbox.state().closed].filter(([, how]) => how === 'done').length
  const questions = () => [...outbox.state().entries.values()].filter(({ question }) => question)
  return { clock, outbox, token, engine, ends, questions }
}

it('the token ends in the middle of a queue: everything stops, nothing counts as refused, another token sends the rest', async () => {
  let good = 3
  const dying = fakeGateway({
    update: (id: string) =>
      good-- > 0
        ? ok(person(numberOf(id), '2', 'x'))
        : failed({ kind: 'signed-out', code: 'ACCESS_TOKEN_EXPIRED' }),
  })
  const { clock, outbox, token, engine, ends, questions } = await start(dying, ...edits(12))
  await clock.pass(HOUR)
  expect(engine.state().paused).toEqual({ kind: 'signed-out' })
  expect(ends()).toBe(3)
  expect(questions()).toEqual([])
  expect(outbox.state().entries.size).toBe(9)
  // Those in flight together may all have heard it; nobody after them was sent.
  expect(dying.writes().length).toBeLessThanOrEqual(3 + 4)

  token.gateway = fakeGateway({ update: (id: string) => ok(person(numberOf(id), '2', 'x')) })
  engine.wake('token')
  await clock.pass(HOUR)
  expect(ends()).toBe(12)
})

it('twelve hours of sleep with a request under way: it is in doubt, and what waits goes out at its usual pace', async () => {
  const slow = later()
  const sent: { readonly id: string; readonly at: number }[] = []
  let time = () => 0
  const gateway = fakeGateway({
    update: (id: string) => {
      sent.push({ id, at: time() })
      return sent.length === 1 ? slow.reply : ok(person(numberOf(id), '2', 'x'))
    },
    // What was under way got there: Square holds it.
    retrieve: (id: string) => ok(person(numberOf(id), id === 'SQ0' ? '2' : '1', id === 'SQ0' ? 'x' : null)),
  })
  const { clock, outbox, engine, ends } = await start(gateway, ...edits(1))
  time = clock.monotonic
  await outbox.write(edits(30).slice(1))
  const before = sent.length
  await clock.jump(12 * HOUR)
  engine.wake('resumed')
  slow.come(TIMEOUT)
  await settled()
  // At once at most what may be in flight together; then about three a second (S26).
  expect(sent.length - before).toBeLessThanOrEqual(4)
  const woke = clock.monotonic()
  await clock.pass(60_000)
  const inFirstSecond = sent.filter(({ at }) => at >= woke && at < woke + 1000).length
  expect(inFirstSecond).toBeLessThanOrEqual(8)
  expect(ends()).toBe(30)
  expect(sent.filter(({ id }) => id === 'SQ0')).toHaveLength(1)
  expect(clock.waiting()).toBeLessThan(5)
})

it('S9 a PC that slept for two days, its own clock standing still, asks Square for the time before it trusts a key', async () => {
  let square = SQUARE_TIME
  const gateway = fakeGateway({
    seller: () => ok({ merchantId: 'M1', name: 'Shop', country: 'US' }, square),
    findExact: () => ok([], square),
    // Square itself says 503: the line is known to be up.
    create: () => failed({ kind: 'unknown', reason: 'server-error' }, square),
    createdSince: () => ok([], square),
  })
  const { clock, engine, questions } = await start(gateway, queued(createOp('c', 'L1', { givenName: 'Ann' })))
  await clock.pass(100)
  expect(gateway.writes()).toHaveLength(1)
  expect(engine.state().connection).toBe('online')
  square += 48 * HOUR
  engine.wake('resumed')
  await clock.pass(10 * 60_000)
  expect(gateway.writes()).toHaveLength(1)
  expect(questions().map(({ question }) => question?.kind)).toEqual(['create-unknown'])
})

it('ten thousand changes wait: all go out, few at a time, and nothing is left of them', async () => {
  const count = 10_000
  let together = 0
  let most = 0
  let requests = 0
  const gateway = fakeGateway({
    bulkUpdate: async (changes: ReadonlyMap<string, unknown>) => {
      requests += 1
      most = Math.max(most, (together += 1))
      await Promise.resolve()
      together -= 1
      return ok(new Map([...changes.keys()].map((id) => [id, ok(person(numberOf(id), '2', 'x'))])))
    },
    update: (id: string) => ok(person(numberOf(id), '2', 'x')),
  })
  const { clock, outbox, engine, ends } = await startWith({}, gateway, ...edits(count))
  await clock.pass(10 * 60_000)
  expect(ends()).toBe(count)
  expect(outbox.state().entries.size).toBe(0)
  expect(most).toBeLessThanOrEqual(4)
  expect(requests).toBeLessThanOrEqual(count / 50 + 2)
  expect(engine.state().sending).toEqual([])
  expect(clock.waiting()).toBeLessThan(5)
}, 60_000)
