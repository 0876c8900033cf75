import { expect, it, onTestFinished, vi } from 'vitest'
import type { Batch } from '#shared/ipc/contract.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { createCommits, type Commit } from '#renderer/db/commits.ts'
import { openDirectory } from '#renderer/db/database.ts'
import { createProjector, type Projector } from '#renderer/db/projector.ts'
import { createRowsInHand } from '#renderer/db/rows-in-hand.ts'
import { RowNotLoaded } from '#renderer/db/row-not-loaded.ts'
import { createRowsOverlay } from '#renderer/db/rows-overlay.ts'
import { fieldsOf, remoteOf } from '../../support/customers.ts'
import { TEST_STORE } from '../../support/fake-bridge.ts'
import { newDatabase } from './book-fixture.ts'

async function projectorOver(records: readonly LogRecord[]) {
  const opened = await openDirectory(TEST_STORE, newDatabase(), {
    sleep: () => Promise.resolve(),
    retryAfterMs: [],
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const { db } = opened
  onTestFinished(() => db.close())
  const commits = createCommits()
  const committed: Commit[] = []
  commits.onCommit((commit) => committed.push(commit))
  const asked: number[] = []
  let locked = 0
  const projector = createProjector({
    db,
    store: TEST_STORE,
    newId: () => crypto.randomUUID(),
    newStamp: () => crypto.randomUUID(),
    commits,
    withLock: (run) => {
      locked += 1
      return run()
    },
    log: {
      since({ lastSeq }): Promise<Batch> {
        asked.push(lastSeq)
        const through = records.at(-1)?.seq ?? 0
        return Promise.resolve({
          generation: 1,
          reset: false,
          records: records.filter(({ seq }) => seq > lastSeq),
          through,
          lostTail: false,
        })
      },
      restore: () => Promise.reject(new Error('not asked for')),
    },
  })
  return { db, projector, committed, asked, locked: () => locked }
}
/** What is under way is on the disk afterwards. */
const written = (projector: Projector) => projector.read(() => Promise.resolve())
const rowOf = (localId: string, squareId: string | null): CustomerRow => ({
  localId,
  squareId,
  remote: squareId === null ? null : remoteOf(squareId, {}),
  local: fieldsOf({}),
  openOps: 0,
  status: 'in-square',
  deleted: false,
  hidden: false,
})
const create = (n: number): LogRecord => ({
  kind: 'queued',
  seq: n,
  op: {
    id: `op${n}`,
    localId: `c${n}`,
    store: TEST_STORE,
    kind: 'create',
    patch: { givenName: { base: null, local: `N${n}` } },
  },
  replaces: [],
})

it('S18: a batch is written as a whole or not at all, and comes again', async () => {
  const { db, projector, committed, asked } = await projectorOver([create(1), create(2)])
  // The last write of the transaction fails, as on a full disk.
  const fail = () => {
    throw new Error('QuotaExceededError')
  }
  db.meta.hook('creating', fail)
  await expect(projector.catchUp()).rejects.toThrow('QuotaExceededError')
  expect(await db.customers.count()).toBe(0)
  expect(await db.outbox.count()).toBe(0)
  expect(committed).toEqual([])
  db.meta.hook('creating').unsubscribe(fail)
  await projector.catchUp()
  expect(asked).toEqual([0, 0])
  expect((await db.customers.toArray()).map((row) => row.local.givenName)).toEqual(['N1', 'N2'])
  expect(await db.meta.get('position')).toMatchObject({ generation: 1, lastSeq: 2 })
})

it('projections asked for at the same time run one after the other and apply everything once', async () => {
  const { db, projector, committed, asked } = await projectorOver([create(1), create(2)])
  await Promise.all([projector.catchUp(), projector.catchUp(), projector.catchUp()])
  expect(asked).toEqual([0, 2, 2])
  expect(committed).toHaveLength(1)
  expect(await db.outbox.count()).toBe(2)
})

it('S1: a batch that was asked for from an older position is not applied: the log is asked again', async () => {
  const { db, projector, asked } = await projectorOver([create(1), create(2), create(3)])
  const before = await projector.position()
  await projector.catchUp()
  const late: Batch = { generation: 1, reset: false, records: [create(1)], through: 1, lostTail: false }
  await projector.applyBatch(late, before)
  expect(asked).toEqual([0, 3])
  expect(await db.meta.get('position')).toMatchObject({ lastSeq: 3 })
})

/** Ana in Square, in the directory, and an edit of her note that the log has just written. */
async function editOfAna() {
  const records: LogRecord[] = []
  const parts = await projectorOver(records)
  const ana = remoteOf('SQ1', { givenName: 'Ana' })
  const page = { how: 'listed', missing: [], next: null } as const
  await parts.projector.applyPage({ ...page, remotes: [ana] })
  const [row] = await parts.db.customers.toArray()
  const op: Operation = {
    id: 'op1',
    localId: row!.localId,
    store: TEST_STORE,
    kind: 'update',
    patch: { note: { base: null, local: 'regular' } },
    squareId: 'SQ1',
    basis: null,
  }
  const sent = await parts.projector.position()
  await parts.projector.readAhead([{ kind: 'queue', op, replaces: [] }])
  const batch: Batch = { generation: 1, reset: false, lostTail: false, through: 1, records: [] }
  records.push({ kind: 'queued', seq: 1, op, replaces: [] })
  const before = { asked: parts.asked.length, locked: parts.locked() }
  /** A window that sees what this one sees, before the edit. */
  const otherWindow = async (write: (projector: Projector) => Promise<void>) => {
    const nothing = { generation: 1, reset: false, records: [], through: 0, lostTail: false }
    await write(
      createProjector({
        db: parts.db,
        store: TEST_STORE,
        newId: () => crypto.randomUUID(),
        newStamp: () => crypto.randomUUID(),
        commits: createCommits(),
        withLock: (run) => run(),
        log: { since: () => Promise.resolve(nothing), restore: () => Promise.reject(new Error('not asked')) },
      }),
    )
  }
  return { ...parts, row: row!, sent, batch: { ...batch, records }, before, otherWindow }
}

it('S1: what was just saved is projected from its answer alone, with the rows read meanwhile', async () => {
  const { db, projector, asked, locked, row, sent, batch, before } = await editOfAna()
  const reads = vi.spyOn(db.customers, 'bulkGet')
  await projector.applyBatch(batch, sent)
  await written(projector)
  expect(reads).not.toHaveBeenCalled()
  expect({ asked: asked.length, locked: locked() }).toEqual(before)
  expect((await db.customers.get(row.localId))?.local).toMatchObject({ givenName: 'Ana', note: 'regular' })
})

it('S1, S2: what was just saved is told before it is written, and whoever reads next waits for the write', async () => {
  const { db, projector, committed, row, sent, batch } = await editOfAna()
  committed.length = 0
  let isWritten = false
  const write = db.transaction.bind(db)
  vi.spyOn(db, 'transaction').mockImplementation(((...args: Parameters<typeof write>) =>
    write(...args).then((value) => {
      isWritten = true
      return value
    })) as typeof write)
  await projector.applyBatch(batch, sent)
  expect(isWritten).toBe(false)
  expect(committed.map(({ put }) => put[0]?.local.note)).toEqual(['regular'])
  const read = await projector.read(() => db.customers.get(row.localId))
  expect(isWritten).toBe(true)
  expect(read?.local.note).toBe('regular')
  expect(committed).toHaveLength(1)
})

it('S2: rows that another window changed after they were read ahead are read again', async () => {
  const { db, projector, committed, row, sent, batch, otherWindow } = await editOfAna()
  const remote = remoteOf('SQ1', { givenName: 'Anna' }, { version: '9' })
  await otherWindow((other) => other.applyPage({ how: 'listed', missing: [], next: null, remotes: [remote] }))
  committed.length = 0
  await projector.applyBatch(batch, sent)
  await written(projector)
  const now = await db.customers.get(row.localId)
  expect(now?.remote).toEqual(remote)
  expect(now?.local).toMatchObject({ givenName: 'Anna', note: 'regular' })
  // What was told at once of the row as this window knew it is told again as it is.
  expect(committed.at(-1)?.put).toEqual([now])
})

it('a customer that another window has bound meanwhile is not made twice', async () => {
  const { db, projector, committed, row, sent, batch } = await editOfAna()
  await db.customers.delete(row.localId)
  await db.customers.put({ ...row, localId: 'elsewhere' })
  await db.meta.update('position', { pages: 7 })
  committed.length = 0
  await projector.applyBatch(batch, sent)
  await written(projector)
  expect((await db.customers.toArray()).map(({ squareId }) => squareId)).toEqual(['SQ1'])
  expect(committed.some(({ removed }) => removed.includes(row.localId))).toBe(true)
})

it('S20: where another window has applied the batch already, nothing is applied twice', async () => {
  const { db, projector, committed, row, sent, batch, asked, before } = await editOfAna()
  await db.meta.update('position', { lastSeq: 1 })
  committed.length = 0
  await projector.applyBatch(batch, sent)
  await written(projector)
  expect(asked.length).toBe(before.asked + 1)
  expect(await db.customers.get(row.localId)).toEqual(row)
  // The row on the disk is the last that was told of it.
  expect(committed.at(-1)?.put).toEqual([row])
})

it('S1: what the engine wrote while the save was under way costs neither the log nor the lock', async () => {
  const records: LogRecord[] = [create(1)]
  const { db, projector, asked, locked, committed } = await projectorOver(records)
  await projector.catchUp()
  const sent = await projector.position()
  const attempt = { squareId: null, version: null, body: {}, squareTime: null } as const
  records.push({ kind: 'sent', seq: 2, opId: 'op1', attempt: 1, ...attempt })
  await projector.follow(2)
  const before = { asked: asked.length, locked: locked() }
  committed.length = 0
  const batch = { generation: 1, reset: false, lostTail: false, through: 3 }
  await projector.applyBatch({ ...batch, records: [records[1]!, create(3)] }, sent)
  expect({ asked: asked.length, locked: locked() }).toEqual(before)
  expect((await db.customers.toArray()).map((row) => row.local.givenName)).toEqual(['N1', 'N3'])
  expect(committed).toHaveLength(1)
  expect(committed[0]?.concerned).toEqual(['c3'])
})

it('S18: rows in hand are those that were written last, and none where that is not known', () => {
  const hand = createRowsInHand()
  const ana = rowOf('c1', 'SQ1')
  const keys = (localIds: readonly string[], squareIds: readonly string[] = []) => ({
    localIds: new Set(localIds),
    squareIds: new Set(squareIds),
  })
  expect(hand.all(keys(['c1']))).toBeNull()
  hand.hold(ana)
  hand.holdNone('new')
  expect(hand.all(keys(['c1', 'new'], ['SQ1']))).toEqual([ana])
  expect(hand.all(keys(['c1'], ['SQ1', 'SQ2']))).toBeNull()
  expect(hand.get('new')).toBeUndefined()
  const anna = { ...ana, openOps: 1 }
  hand.follow({ put: [anna, rowOf('new', null), rowOf('unseen', 'SQ3')], removed: [] })
  expect(hand.get('c1')).toBe(anna)
  expect(hand.all(keys(['new']))).toEqual([rowOf('new', null)])
  expect(hand.all(keys(['unseen']))).toBeNull()
  hand.follow({ put: [], removed: ['c1'] })
  expect(hand.all(keys(['c1']))).toEqual([])
  expect(hand.all(keys([], ['SQ1']))).toBeNull()
})

it('a row that was not read is never taken for one that does not exist', () => {
  const overlay = createRowsOverlay(new Map())
  const row = rowOf('c1', 'SQ1')
  overlay.fill([row], { localIds: ['c1', 'none'], squareIds: ['SQ9'] })
  expect(overlay.get('c1')).toBe(row)
  expect(overlay.bySquareId('SQ1')).toBe(row)
  expect(overlay.get('none')).toBeUndefined()
  expect(overlay.bySquareId('SQ9')).toBeUndefined()
  expect(() => overlay.get('c2')).toThrow(RowNotLoaded)
  expect(() => overlay.bySquareId('SQ2')).toThrow(RowNotLoaded)
  expect(() => overlay.localOnes()).toThrow(RowNotLoaded)
  overlay.complete()
  expect(overlay.get('c2')).toBeUndefined()
  expect(overlay.changes()).toEqual({ put: [], removed: [], same: [] })
})

it.each([
  ['has been given it back', 1, { lostTail: false, generation: 2, reset: true }, true],
  ['cannot be written', 1, { lostTail: true, generation: 1, reset: false }, false],
  ['is another one, and goes on with the rest', 7, { lostTail: false, generation: 8, reset: true }, false],
] as const)('S20 a log that lacks something and %s', async (_name, generation, after, restored) => {
  const { db, projector } = await projectorOver([create(1)])
  await projector.catchUp()
  const nothing = { records: [], through: 1 }
  const over = createProjector({
    db,
    store: TEST_STORE,
    newId: () => crypto.randomUUID(),
    newStamp: () => crypto.randomUUID(),
    commits: createCommits(),
    withLock: (run) => run(),
    log: {
      since: () => Promise.resolve({ ...nothing, generation, reset: false, lostTail: true }),
      restore: () => Promise.resolve({ ...nothing, ...after }),
    },
  })
  const lacks = after.lostTail
  expect(await over.catchUp()).toMatchObject({ restored, lacks, reset: after.reset })
  expect(await over.follow(Infinity)).toBe(!lacks)
})
