import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordBody } from '#shared/outbox/record.ts'
import type { Result } from '#shared/sync/bulk.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Reply } from '#main/square/square-gateway.ts'
import { createLogFile } from '#main/outbox/log-file.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { createSyncEngine } from '#main/sync/sync-engine.ts'
import { manualClock } from '../support/manual-clock.ts'
import { fakeGateway, ok } from '../support/fake-gateway.ts'
import { ann, patch, queued, remoteOf, STORE, updateOp } from '../support/builders.ts'

/** What so many waiting edits cost main in memory, in MB, by its last line: `drain.ts` starts it with --expose-gc. */
export interface DrainMemory {
  readonly customers: number
  readonly before: number
  readonly waiting: number
  /** The most that was ever in use while they drained. */
  readonly most: number
  readonly after: number
}

// The clock is virtual; a mirror reports all the time, so that the log is compacted.
const WAITING = 10_000
const MB = 1024 * 1024

function heap(): number {
  const { gc } = globalThis as { gc?: () => void }
  if (!gc) throw new Error('start with --expose-gc')
  gc()
  return process.memoryUsage().heapUsed / MB
}

async function main(): Promise<void> {
  const clock = manualClock()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-drain-'))
  let ids = 0
  const opened = await openOutbox({
    storage: createLogFile({ folder }),
    store: STORE,
    machineId: 'pc',
    newId: () => `id${++ids}`,
    freeBytes: () => Promise.resolve(null),
    log,
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const { outbox } = opened
  const before = heap()
  const edit = (n: number): RecordBody =>
    queued(updateOp(`u${n}`, `L${n}`, patch({ note: [null, 'x'] }), remoteOf(`SQ${n}`, ann().fields)))
  for (let n = 0; n < WAITING; n += 500)
    await outbox.write(Array.from({ length: 500 }, (_, i) => edit(n + i)))
  const waiting = heap()

  const done = (id: string): Result<RemoteCustomer> => ({
    kind: 'ok',
    value: { ...remoteOf(id, { ...ann().fields, note: 'x' }), version: '2' },
  })
  const gateway = fakeGateway({
    bulkUpdate: (changes: ReadonlyMap<string, unknown>): Reply<ReadonlyMap<string, Result<RemoteCustomer>>> =>
      ok(new Map([...changes.keys()].map((id) => [id, done(id)]))),
  })
  const engine = createSyncEngine({
    outbox,
    store: STORE,
    gateway: () => gateway,
    merge: () => ({ country: 'US' }),
    clock,
    random: () => 0.5,
    newId: () => `id${++ids}`,
    log,
    onTokenRefused: () => {},
  })
  engine.start()
  let generation = 0
  let lastSeq = 0
  const report = async () => {
    for (const _twice of [1, 2]) {
      const batch = await outbox.since({ store: STORE, generation, lastSeq })
      generation = batch.generation
      lastSeq = batch.through
    }
  }
  // The log is on a real disk, which the virtual clock does not wait for.
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20))
  let most = waiting
  while (outbox.state().entries.size > 0) {
    await report()
    await clock.pass(1000)
    await settle()
    await report()
    gateway.calls.length = 0
    most = Math.max(most, heap())
  }
  await report()
  await engine.stop()
  await outbox.close()
  const after = heap()
  const told: DrainMemory = { customers: WAITING, before, waiting, most, after }
  console.log(JSON.stringify(told))
  await rm(folder, { recursive: true })
}

void main()
