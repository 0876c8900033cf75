import type { RecordBody } from '#shared/outbox/record.ts'
import type { SquareGateway } from '#main/square/square-gateway.ts'
import type { SyncEngine } from '#main/sync/sync-engine-port.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { createSyncEngine } from '#main/sync/sync-engine.ts'
import { manualClock, settled } from '../../../support/manual-clock.ts'
import { memoryLogFile, memoryLogStorage } from '../../../support/memory-log-storage.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import { STORE } from '../../../support/builders.ts'

const running: SyncEngine[] = []
/** Stops every engine of the test; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((engine) => engine.stop()))
}

/** An engine over a log in memory, a gateway and a clock that the test moves. */
export async function setUp(first: SquareGateway | null, ...records: RecordBody[]) {
  const clock = manualClock()
  const { log, lines } = recordingLog()
  const file = memoryLogFile()
  let ids = 0
  const newId = () => `id${++ids}`
  const storage = memoryLogStorage(file)
  const opened = await openOutbox({
    storage,
    store: STORE,
    machineId: 'pc',
    newId,
    freeBytes: async () => null,
    log,
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const { outbox } = opened
  await outbox.write(records)
  const signIn = { gateway: first }
  const refused: SquareGateway[] = []
  const engine = createSyncEngine({
    outbox,
    store: STORE,
    gateway: () => signIn.gateway,
    merge: () => ({ country: 'US' }),
    clock,
    random: () => 0.5,
    newId,
    log,
    onTokenRefused: (gateway) => refused.push(gateway),
  })
  running.push(engine)
  /** The mirror says how far it is, as a window does at its start. */
  const report = async () => {
    await outbox.since({ store: STORE, generation: 1, lastSeq: 0 })
    engine.wake('saved')
    await settled()
  }
  const begin = async () => {
    engine.start()
    await report()
  }
  const kinds = () => file.records.slice(records.length).map(({ kind }) => kind)
  return { clock, lines, file, outbox, signIn, refused, engine, report, begin, kinds }
}
