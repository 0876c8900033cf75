import type { Batch } from '#shared/ipc/contract.ts'
import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { createCommits } from '#renderer/db/commits.ts'
import { openDirectory } from '#renderer/db/database.ts'
import type { LogMirror } from '#renderer/db/log-mirror.ts'
import { createProjector } from '#renderer/db/projector.ts'
import { TEST_STORE } from '../../support/fake-bridge.ts'
import { newDatabase } from './book-fixture.ts'

/** A mirror that is given batches by hand; new rows are numbered by the customer, so that two mirrors can be compared. */
export async function handFedMirror() {
  const opened = await openDirectory(TEST_STORE, newDatabase(), {
    sleep: () => Promise.resolve(),
    retryAfterMs: [],
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const { db } = opened
  let next: Batch | null = null
  let rows = 0
  const start = () =>
    createProjector({
      db,
      store: TEST_STORE,
      newId: () => `row-${++rows}`,
      newStamp: () => 'stamp',
      commits: createCommits(),
      withLock: (run) => run(),
      log: {
        since: ({ generation, lastSeq }) =>
          Promise.resolve(
            next ?? { generation, reset: false, records: [], through: lastSeq, lostTail: false },
          ),
        restore: () => Promise.reject(new Error('not asked for')),
      },
    })
  let projector = start()
  return {
    db,
    /** What the mirror holds in memory now. */
    read: <T>(look: (mirror: LogMirror) => Promise<T>) => projector.read(look),
    async apply(records: readonly LogRecord[], over: Partial<Batch> = {}) {
      next = {
        generation: 1,
        reset: false,
        records,
        through: records.at(-1)?.seq ?? 0,
        lostTail: false,
        ...over,
      }
      await projector.catchUp()
      next = null
    },
    async pull(remotes: readonly RemoteCustomer[]) {
      await projector.applyPage({ remotes, how: 'listed', missing: [], next: null })
    },
    /** Everything is read from disk again. */
    restart: () => void (projector = start()),
  }
}
