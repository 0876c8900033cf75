import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import type { Batch } from '#shared/ipc/contract.ts'
import type { Draft, LogRecord } from '#shared/outbox/record.ts'
import type { LogStorage, WriteOutcome } from '#main/outbox/log-storage.ts'
import type { Outbox } from '#main/outbox/outbox-port.ts'
import { COMPACT_AFTER_MS } from '#main/outbox/new-beginning.ts'
import { FREE_BYTES_FLOOR, openOutbox, type OutboxOptions } from '#main/outbox/outbox.ts'
import { foldLog } from '#shared/outbox/fold-log.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import { memoryLogFile, memoryLogStorage, type MemoryLogFile } from '../../../support/memory-log-storage.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import { manualClock, settled } from '../../../support/manual-clock.ts'
import { ann, applied, asks, createOp, queued, sent, STORE } from '../../../support/builders.ts'

const at = (lastSeq: number, generation = 1) => ({ store: STORE, generation, lastSeq })
const NEW_MIRROR = at(0, 0)
const create = (id: string, localId = `L-${id}`): Draft => ({
  kind: 'queue',
  op: createOp(id, localId),
  replaces: [],
})
const undo = (id: string): Draft => ({ kind: 'withdraw', opIds: [id], why: 'undo' })

async function open(file: MemoryLogFile = memoryLogFile(), over: Partial<OutboxOptions> = {}) {
  const { log, lines } = recordingLog()
  let ids = 0
  const opened = await openOutbox({
    storage: memoryLogStorage(file),
    store: STORE,
    machineId: 'this-pc',
    newId: () => `id${++ids}`,
    freeBytes: async () => null,
    log,
    ...over,
  })
  if (opened.kind === 'refused') throw new Error(`refused: ${opened.reason}`)
  return { outbox: opened.outbox, file, lines, setAside: opened.setAside }
}

/** A storage whose writes end when the test says so. */
function slow(file: MemoryLogFile) {
  const inner = memoryLogStorage(file)
  const waiting: { records: readonly LogRecord[]; go: () => void }[] = []
  const hold = (records: readonly LogRecord[], write: () => Promise<WriteOutcome>) =>
    new Promise<WriteOutcome>((resolve) => waiting.push({ records, go: () => void write().then(resolve) }))
  const storage: LogStorage = {
    ...inner,
    append: (records) => hold(records, () => inner.append(records)),
    replace: (header, records) => hold(records, () => inner.replace(header, records)),
  }
  /** Lets the oldest write end. */
  const next = async () => {
    await settled()
    waiting.shift()!.go()
    await settled()
  }
  return { storage, waiting, next }
}
async function openSlow(file = memoryLogFile(), over: Partial<OutboxOptions> = {}) {
  if (!file.header) await open(file)
  const disk = slow(file)
  return { ...(await open(file, { storage: disk.storage, ...over })), ...disk }
}
async function state<T>(promise: Promise<T>): Promise<T | 'pending'> {
  await settled()
  return Promise.race([promise, Promise.resolve('pending' as const)])
}
/** The file of a log that has had another generation before. */
const ofGeneration = (generation: number): MemoryLogFile => ({
  ...memoryLogFile(),
  header: { format: 1, machineId: 'this-pc', generation, store: STORE, compactedThrough: 0 },
})
const opIds = (outbox: Outbox) => [...outbox.state().entries.keys()]
const seqs = (batch: Batch) => batch.records.map(({ seq }) => seq)

describe('S1 durable before answered', () => {
  it('the answer waits for the write; what was saved is in its batch', async () => {
    const { outbox, next } = await openSlow()
    const saved = outbox.append([create('c')], at(0))
    expect(await state(saved)).toBe('pending')
    await next()
    const result = await saved
    expect(result.kind).toBe('appended')
    expect(result.kind === 'appended' && result.batch).toEqual({
      generation: 1,
      reset: false,
      records: [{ ...queued(createOp('c', 'L-c')), seq: 1 }],
      through: 1,
      lostTail: false,
    })
  })

  it('S4 takes effect on the state at once, so that checks of the same tick see it', async () => {
    const { outbox, next } = await openSlow()
    const saved = outbox.append([create('c')], at(0))
    await settled()
    expect(opIds(outbox)).toEqual(['c'])
    await next()
    await saved
  })

  it('S4 saved again while the first write is under way: one record, and no answer before that one', async () => {
    const { outbox, file, next } = await openSlow()
    const first = outbox.append([create('c')], at(0))
    await settled()
    const second = outbox.append([create('c')], at(0))
    expect(await state(second)).toBe('pending')
    await next()
    expect((await first).kind).toBe('appended')
    expect((await second).kind).toBe('appended')
    expect(file.records).toHaveLength(1)
  })

  it('S4 saved again after everything was written: no record', async () => {
    const { outbox, file } = await open()
    await outbox.append([create('c')], at(0))
    expect((await outbox.append([create('c')], at(0))).kind).toBe('appended')
    expect(file.records).toHaveLength(1)
  })

  it('a refusal writes nothing and brings what the mirror lacks', async () => {
    const { outbox, file } = await open()
    await outbox.append([create('c')], at(0))
    const result = await outbox.append([undo('nobody')], at(0))
    expect(result).toMatchObject({ kind: 'refused', refusal: 'already-closed', batch: { through: 1 } })
    expect(file.records).toHaveLength(1)
  })

  it('below 200 MiB of free space no new promise is made; what the engine learns is still written', async () => {
    let free: number | null = FREE_BYTES_FLOOR - 1
    const { outbox } = await open(memoryLogFile(), { freeBytes: async () => free })
    expect(FREE_BYTES_FLOOR).toBe(200 * 1024 * 1024)
    expect(await outbox.append([create('c')], at(0))).toEqual({ kind: 'unwritable', reason: 'disk-low' })
    expect(opIds(outbox)).toEqual([])
    expect(await outbox.write([queued(createOp('d', 'L'))])).toBe(true)
    free = FREE_BYTES_FLOOR
    expect((await outbox.append([create('c')], at(0))).kind).toBe('appended')
  })
})

describe('batching', () => {
  it('what is asked for in one tick is one write; what comes during it is the next one, in order', async () => {
    const { outbox, waiting, next, file } = await openSlow()
    const all = [outbox.write([queued(createOp('a', 'A'))]), outbox.write([queued(createOp('b', 'B'))])]
    await settled()
    expect(waiting.map(({ records }) => records.length)).toEqual([2])
    all.push(outbox.write([queued(createOp('c', 'C'))]), outbox.write([queued(createOp('d', 'D'))]))
    await next()
    expect(waiting.map(({ records }) => records.length)).toEqual([2])
    await next()
    expect(await Promise.all(all)).toEqual([true, true, true, true])
    expect(file.records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  })

  it('listeners hear of it once it is durable, until they stop listening', async () => {
    const { outbox, next } = await openSlow()
    const heard: number[] = []
    const stop = outbox.onChanged((seq) => heard.push(seq))
    const written = outbox.write([queued(createOp('a', 'A'))])
    await settled()
    expect(heard).toEqual([])
    await next()
    await written
    stop()
    const again = outbox.write([queued(createOp('b', 'B'))])
    await next()
    await again
    expect(heard).toEqual([1])
  })
})

describe('a write that fails', () => {
  it('takes everything back: itself, and what was checked against it', async () => {
    const { outbox, file, next, lines } = await openSlow()
    file.failures.push('disk-full')
    const first = outbox.append([create('c')], at(0))
    await settled()
    const behind = outbox.append([undo('c')], at(0))
    await next()
    expect(await first).toEqual({ kind: 'unwritable', reason: 'disk-full' })
    expect(await behind).toEqual({ kind: 'unwritable', reason: 'disk-full' })
    expect(outbox.state()).toEqual(foldLog([]))
    expect(file.records).toEqual([])
    expect(lines).toEqual([['error', 'log.write-failed', { reason: 'disk-full' }]])
  })

  it('leaves what was durable, and the next one is numbered as if it had never been', async () => {
    const { outbox, file } = await open()
    await outbox.write([queued(createOp('a', 'A'))])
    file.failures.push('io')
    expect(await outbox.write([queued(createOp('b', 'B'))])).toBe(false)
    expect(opIds(outbox)).toEqual(['a'])
    expect(await outbox.write([queued(createOp('b', 'B'))])).toBe(true)
    expect(file.records.map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('a draft saved again while its first write fails fails with it', async () => {
    const { outbox, file, next } = await openSlow()
    file.failures.push('io')
    const first = outbox.append([create('c')], at(0))
    await settled()
    const second = outbox.append([create('c')], at(0))
    await next()
    expect([(await first).kind, (await second).kind]).toEqual(['unwritable', 'unwritable'])
  })
})

describe('S20 what is served', () => {
  it('durable records only, those after the mirror’s position', async () => {
    const { outbox, next } = await openSlow()
    for (const id of ['a', 'b']) {
      const written = outbox.write([queued(createOp(id, id))])
      await next()
      await written
    }
    void outbox.write([queued(createOp('c', 'c'))])
    await settled()
    expect(seqs(await outbox.since(at(0)))).toEqual([1, 2])
    expect(seqs(await outbox.since(at(1)))).toEqual([2])
    expect(await outbox.since(at(2))).toMatchObject({
      records: [],
      through: 2,
      lostTail: false,
      reset: false,
    })
    await next()
    expect(seqs(await outbox.since(at(2)))).toEqual([3])
  })

  it('a mirror of an earlier generation, or a new one, starts anew', async () => {
    const { outbox } = await open(ofGeneration(2))
    await outbox.write([queued(createOp('a', 'A'))])
    expect(await outbox.since(NEW_MIRROR)).toMatchObject({ reset: true, generation: 2, through: 1 })
    expect(await outbox.since(at(99, 1))).toMatchObject({ reset: true, lostTail: false })
  })

  it('a mirror counts as reported once it was served, not when the log is behind it', async () => {
    const { outbox } = await open()
    expect(outbox.mirrorReported()).toBe(false)
    expect((await outbox.since(at(5))).lostTail).toBe(true)
    expect(outbox.mirrorReported()).toBe(false)
    await outbox.append([create('c')], at(0))
    expect(outbox.mirrorReported()).toBe(false)
    await outbox.since(at(0))
    expect(outbox.mirrorReported()).toBe(true)
  })
})

describe('S20 a log that lost its tail', () => {
  const lost = foldLog([
    { ...queued(createOp('a', 'A')), seq: 1 },
    { ...sent('a', 1, { squareId: null }), seq: 2 },
    { ...queued(createOp('b', 'B')), seq: 3 },
    { ...queued(createOp('c', 'C')), seq: 4 },
    { kind: 'withdrawn', opIds: ['c'], why: 'undo', seq: 5 },
  ])
  async function behind() {
    const it = await open()
    await it.outbox.write([queued(createOp('a', 'A'))])
    return it
  }

  it('takes the mirror’s open operations, all of them asking, in a new generation', async () => {
    const { outbox, file, lines } = await behind()
    expect(await outbox.since(at(5))).toMatchObject({ lostTail: true, records: [], through: 1 })
    const batch = await outbox.restore(at(5), toSnapshot(lost))
    expect(batch).toMatchObject({ generation: 2, reset: true, lostTail: false })
    expect(seqs(batch)).toEqual([6, 7, 8, 9])
    expect(batch.records.map(({ kind }) => kind)).toEqual(['snapshot', 'copied', 'asks', 'asks'])
    const entries = [...outbox.state().entries.values()]
    expect(entries.map(({ op, copied, question }) => [op.id, copied, question?.kind])).toEqual([
      ['a', true, 'copied'],
      ['b', true, 'copied'],
    ])
    expect(entries[0]!.attempts.size).toBe(1)
    expect(outbox.state().closed.get('c')).toBe('withdrawn')
    expect(outbox.mirrorReported()).toBe(true)
    expect(file.header).toMatchObject({ generation: 2, compactedThrough: 5 })
    expect(lines[0]).toEqual(['warn', 'log.restored-from-mirror', { logSeq: 1, mirrorSeq: 5, missing: 0 }])
  })

  it('once, also when asked twice at the same time, or again later', async () => {
    const { outbox } = await behind()
    const [one, two] = await Promise.all([
      outbox.restore(at(5), toSnapshot(lost)),
      outbox.restore(at(5), toSnapshot(lost)),
    ])
    expect(two).toEqual(one)
    const later = await outbox.restore(at(5), toSnapshot(lost))
    expect(later).toEqual(one)
  })

  it('not when the log is not behind, or of a later generation', async () => {
    const { outbox } = await behind()
    expect(await outbox.restore(at(1), toSnapshot(lost))).toMatchObject({ generation: 1, through: 1 })
    expect(opIds(outbox)).toEqual(['a'])
    const later = await open(ofGeneration(3))
    await later.outbox.write([queued(createOp('a', 'A'))])
    expect(await later.outbox.restore(at(9), toSnapshot(lost))).toMatchObject({ generation: 3, reset: true })
    expect(opIds(later.outbox)).toEqual(['a'])
  })

  it('a log that is gone altogether, generations and all, is given everything back, and everything asks', async () => {
    const { outbox } = await open()
    expect(await outbox.since(at(9, 4))).toMatchObject({ lostTail: true, records: [] })
    expect(outbox.mirrorReported()).toBe(false)
    expect(await outbox.append([create('early')], at(9, 4))).toEqual({ kind: 'lost-tail' })
    const batch = await outbox.restore(at(9, 4), toSnapshot(lost))
    expect(batch).toMatchObject({ generation: 5, reset: true, lostTail: false })
    expect(opIds(outbox)).toEqual([...lost.entries.keys()])
    for (const entry of outbox.state().entries.values())
      expect(entry).toMatchObject({ copied: true, question: { kind: 'copied' } })
    expect(outbox.mirrorReported()).toBe(true)
  })

  it('an older log put back alone: what either has open is open, what the later one closed stays closed, and consents stay', async () => {
    const { outbox } = await open()
    await outbox.write([
      queued(createOp('done', 'D')),
      queued(createOp('both', 'B')),
      queued(createOp('here', 'H')),
      {
        kind: 'fact',
        id: 'consent',
        localId: 'H',
        fact: { kind: 'consent', given: true, wording: 'x', at: '2026-01-05' },
      },
    ])
    const later = foldLog([
      { ...queued(createOp('done', 'D')), seq: 1 },
      { ...queued(createOp('both', 'B')), seq: 2 },
      { ...queued(createOp('new', 'N')), seq: 3 },
      { ...applied('done', ann()), seq: 4 },
    ])
    const batch = await outbox.restore(at(4, 2), toSnapshot(later))
    expect(batch).toMatchObject({ generation: 3, reset: true })
    expect(opIds(outbox).sort()).toEqual(['both', 'here', 'new'])
    expect([...outbox.state().entries.values()].every(({ copied }) => copied)).toBe(true)
    expect(outbox.state().closed.get('done')).toBe('done')
    expect(batch.records.filter(({ kind }) => kind === 'fact')).toHaveLength(1)
  })

  it('goes on numbering above everything the mirror has seen, and survives the next start', async () => {
    const { outbox, file } = await behind()
    await outbox.restore(at(5), toSnapshot(lost))
    await outbox.write([queued(createOp('d', 'D'))])
    expect(file.records.at(-1)?.seq).toBe(10)
    const again = await open(file)
    expect(again.outbox.state()).toEqual(outbox.state())
    expect(seqs(await again.outbox.since(at(9, 2)))).toEqual([10])
  })

  it('in safe mode its file stays as it is (S24)', async () => {
    const { file } = await behind()
    const { outbox } = await open(file, { isReadOnly: true })
    expect(await outbox.restore(at(5), toSnapshot(lost))).toMatchObject({ lostTail: true, generation: 1 })
    expect(file.header?.generation).toBe(1)
  })

  it('nothing is promised before it has that back: it would fall', async () => {
    const { outbox, file } = await behind()
    expect(await outbox.append([create('early')], at(5))).toEqual({ kind: 'lost-tail' })
    expect(file.records).toHaveLength(1)
    // Nor so much at once that the log would be as long as it was.
    const many = Array.from({ length: 9 }, (_, n) => create(`early${n}`))
    expect(await outbox.append(many, at(5))).toEqual({ kind: 'lost-tail' })
    await outbox.restore(at(5), toSnapshot(lost))
    expect((await outbox.append([create('early')], at(9, 2))).kind).toBe('appended')
    expect(opIds(outbox)).toEqual(['a', 'b', 'early'])
  })

  it('what is saved while it is being restored is refused, never lost', async () => {
    const { outbox, next, file } = await openSlow()
    const first = outbox.write([queued(createOp('a', 'A'))])
    await next()
    await first
    const restoring = outbox.restore(at(5), toSnapshot(lost))
    await settled()
    const saved = outbox.append([create('late')], at(1))
    await next()
    await restoring
    expect(await saved).toEqual({ kind: 'unwritable', reason: 'io' })
    expect(opIds(outbox)).toEqual(['a', 'b'])
    expect(file.records.some((record) => record.kind === 'queued' && record.op.id === 'late')).toBe(false)
    const after = outbox.append([create('late')], at(9, 2))
    await next()
    expect(await after).toMatchObject({ kind: 'appended', batch: { through: 10 } })
  })

  it('where the new file cannot be written, the old one stays as it is', async () => {
    const { outbox, file } = await behind()
    file.failures.push('disk-full')
    expect(await outbox.restore(at(5), toSnapshot(lost))).toMatchObject({ lostTail: true, generation: 1 })
    expect(opIds(outbox)).toEqual(['a'])
    expect(await outbox.write([queued(createOp('b', 'B'))])).toBe(true)
  })
})

describe('S20 a log that lost a record in its middle', () => {
  const records: LogRecord[] = [
    { ...queued(createOp('a', 'A')), seq: 1 },
    { ...queued(createOp('b', 'A')), replaces: ['a'], seq: 2 },
    { ...queued(createOp('c', 'C')), seq: 3 },
    { ...sent('c', 1, { squareId: null }), seq: 4 },
    { ...queued(createOp('d', 'D')), seq: 5 },
  ]
  const header = {
    format: 1,
    machineId: 'this-pc',
    generation: 1,
    store: STORE,
    compactedThrough: 0,
  } as const
  /** Opened over all but that one; a mirror that has got so far. */
  async function without(seq: number, over: Partial<OutboxOptions> = {}) {
    const file: MemoryLogFile = {
      ...memoryLogFile(),
      header,
      records: records.filter((record) => record.seq !== seq),
    }
    const mirror = (lastSeq: number) => toSnapshot(foldLog(records.filter((record) => record.seq <= lastSeq)))
    return { ...(await open(file, over)), mirror }
  }
  const asked = (outbox: Outbox) =>
    [...outbox.state().entries.values()].map(({ op, copied, question }) => [op.id, copied, question?.kind])

  it('the mirror has all of it: the log is whole again, and nobody is asked', async () => {
    for (const seq of [1, 2, 4]) {
      const { outbox, file, lines, mirror } = await without(seq)
      expect(await outbox.since(at(5))).toMatchObject({ lostTail: true, records: [] })
      expect(outbox.mirrorReported()).toBe(false)
      expect(await outbox.append([create('early')], at(5))).toEqual({ kind: 'lost-tail' })
      const batch = await outbox.restore(at(5), mirror(5))
      expect(batch).toMatchObject({ generation: 1, reset: false, lostTail: false, records: [], through: 5 })
      expect(toSnapshot(outbox.state())).toEqual(toSnapshot(foldLog(records)))
      expect(outbox.mirrorReported()).toBe(true)
      expect(lines).toContainEqual([
        'warn',
        'log.restored-from-mirror',
        { logSeq: 5, mirrorSeq: 5, missing: seq },
      ])
      // Also after the next start, where the file lacks nothing.
      const again = await open(file)
      expect(await again.outbox.since(at(5))).toMatchObject({ lostTail: false, reset: false })
      expect((await again.outbox.append([create('e')], at(5))).kind).toBe('appended')
    }
  })

  it('a mirror that knew it, but is behind: first it gets what the log has had since, then the log is whole', async () => {
    const { outbox, mirror, file } = await without(2)
    expect(await outbox.append([create('early')], at(3))).toEqual({ kind: 'lost-tail' })
    const batch = await outbox.since(at(3))
    expect(batch).toMatchObject({ lostTail: false, again: true, reset: false, through: 5 })
    expect(seqs(batch)).toEqual([4, 5])
    expect(outbox.mirrorReported()).toBe(false)
    // That is folded into no snapshot before: consents and history are in none (S1).
    expect(file.records).toHaveLength(4)
    expect(await outbox.since(at(5))).toMatchObject({ lostTail: true })
    expect(await outbox.restore(at(5), mirror(5))).toMatchObject({ generation: 1, reset: false, records: [] })
    expect(toSnapshot(outbox.state())).toEqual(toSnapshot(foldLog(records)))
  })

  it('S1 consents that the mirror may lack go on behind the snapshot', async () => {
    const consent = { kind: 'consent', given: true, wording: 'x', at: '2026-01-05' } as const
    const fact = (id: string, seq: number): LogRecord => ({
      kind: 'fact',
      id,
      localId: 'A',
      fact: consent,
      seq,
    })
    const ids = (batch: Batch) =>
      batch.records.flatMap((record) => (record.kind === 'fact' ? [record.id] : []))
    const file = (): MemoryLogFile => ({
      ...memoryLogFile(),
      header,
      records: [records[0]!, fact('known', 2), fact('new', 4), { ...records[4]!, seq: 5 }],
    })
    const behind = await open(file())
    expect(ids(await behind.outbox.restore(at(2), toSnapshot(foldLog(records.slice(0, 1)))))).toEqual(['new'])
    const empty = await open(file())
    expect(ids(await empty.outbox.since(NEW_MIRROR))).toEqual(['known', 'new'])
  })

  it('a log that went on in a file that does not count any more lacks that, too: nothing is sent or promised before', async () => {
    const file: MemoryLogFile = { ...memoryLogFile(), header, records: records.slice(0, 3) }
    const storage = memoryLogStorage(file)
    const went: LogStorage = {
      ...storage,
      open: async () =>
        ({ ...((await storage.open()) as { kind: 'opened' } & object), lostThrough: 5 }) as never,
    }
    const { outbox } = await open(file, { storage: went })
    expect(await outbox.since(at(3))).toMatchObject({ lostTail: true, records: [] })
    expect(outbox.mirrorReported()).toBe(false)
    await outbox.restore(at(3), toSnapshot(foldLog(records.slice(0, 3))))
    expect(asked(outbox)).toEqual([
      ['b', true, 'copied'],
      ['c', true, 'copied'],
    ])
    expect(outbox.mirrorReported()).toBe(true)
  })

  it('a mirror that could not be read in part: what either has open is open, in order; what either closed stays closed', async () => {
    const { outbox, mirror } = await without(2)
    const partial = { partial: true } as const
    // It had got beyond the gap, but what it lacks is not what comes after that.
    for (const seq of [3, 5])
      expect(await outbox.since({ ...at(seq), ...partial })).toMatchObject({ lostTail: true })
    const { entries, bindings, ...rest } = mirror(5)
    const left = {
      ...rest,
      entries: entries.filter(({ op }) => op.id === 'd'),
      bindings: bindings.slice(0, 1),
    }
    expect(await outbox.restore({ ...at(5), ...partial }, left)).toMatchObject({ generation: 2, reset: true })
    // The mirror alone knew that b took the place of a; that could not be read, and b is in no log.
    expect(asked(outbox)).toEqual([
      ['c', true, 'copied'],
      ['d', true, 'copied'],
    ])
    expect(outbox.state().entries.get('c')?.attempts.size).toBe(1)
    expect(outbox.state().closed.get('a')).toBe('replaced')
    expect([...outbox.state().bindings]).toEqual([...foldLog(records).bindings])
  })

  it('the same of one that has nothing left', async () => {
    const { outbox, mirror } = await without(2)
    const nothing = { ...mirror(5), entries: [], closed: [], bindings: [] }
    await outbox.restore({ ...at(5), partial: true }, nothing)
    expect(asked(outbox).map(([id]) => id)).toEqual(['a', 'c', 'd'])
  })

  it('a log that lacks nothing gives a mirror that could not be read in part all of it', async () => {
    const { outbox } = await without(0)
    expect(await outbox.since({ ...at(5), partial: true })).toMatchObject({
      reset: true,
      lostTail: false,
      records,
    })
  })

  it('two windows that ask at once get one set of questions', async () => {
    const { outbox } = await without(2)
    const [one, two] = await Promise.all([outbox.since(NEW_MIRROR), outbox.since(NEW_MIRROR)])
    expect(two).toEqual(one)
    expect(one.generation).toBe(2)
  })

  it('a mirror that did not know it, or that is ahead: everything open asks', async () => {
    const behind = await without(4)
    expect(await behind.outbox.since(at(3))).toMatchObject({ lostTail: true })
    await behind.outbox.restore(at(3), behind.mirror(3))
    expect(asked(behind.outbox)).toEqual([
      ['b', true, 'copied'],
      ['c', true, 'copied'],
      ['d', true, 'copied'],
    ])
    const ahead = await without(4)
    await ahead.outbox.restore(at(9), ahead.mirror(5))
    expect(asked(ahead.outbox).every(([, copied]) => copied)).toBe(true)
    expect(ahead.outbox.state().entries.get('c')?.attempts.size).toBe(1)
  })

  it('no mirror: what is left asks, in a new generation, and goes on', async () => {
    const { outbox, file, lines } = await without(2)
    expect(await outbox.append([create('early')], NEW_MIRROR)).toEqual({ kind: 'lost-tail' })
    const batch = await outbox.since(NEW_MIRROR)
    expect(batch).toMatchObject({ generation: 2, reset: true, lostTail: false })
    expect(asked(outbox)).toEqual([
      ['a', true, 'copied'],
      ['c', true, 'copied'],
      ['d', true, 'copied'],
    ])
    expect(lines).toContainEqual(['warn', 'log.goes-on-with-the-rest', { missing: 2 }])
    expect(outbox.mirrorReported()).toBe(true)
    expect(file.header?.generation).toBe(2)
    expect((await outbox.append([create('e')], at(batch.through, 2))).kind).toBe('appended')
  })

  it('where no new file can be written for what the mirror gives back, it is asked again', async () => {
    const { outbox, file, mirror, lines } = await without(2)
    const told = () => lines.filter(([, event]) => event === 'log.cannot-be-made-whole')
    expect(outbox.cannotBeMadeWhole()).toBe(false)
    file.failures.push('disk-full', 'disk-full')
    expect(await outbox.restore(at(5), mirror(5))).toMatchObject({ lostTail: true })
    expect(outbox.mirrorReported()).toBe(false)
    expect(outbox.cannotBeMadeWhole()).toBe(true)
    expect(await outbox.restore(at(5), mirror(5))).toMatchObject({ lostTail: true })
    expect(told()).toHaveLength(1)
    expect(lines).not.toContainEqual(expect.arrayContaining(['log.restored-from-mirror']))
    expect(await outbox.restore(at(5), mirror(5))).toMatchObject({ lostTail: false, through: 5 })
    expect(outbox.cannotBeMadeWhole()).toBe(false)
  })

  it('where no new file can be written, nothing is sent or promised, until it can', async () => {
    const { outbox, file } = await without(2)
    file.failures.push('disk-full')
    // Nobody is told what is there: whoever knew no more than that could not give back what is not.
    expect(await outbox.since(NEW_MIRROR)).toMatchObject({ lostTail: true, records: [] })
    expect(outbox.mirrorReported()).toBe(false)
    file.failures.push('disk-full')
    expect(await outbox.restore(NEW_MIRROR, toSnapshot(foldLog([])))).toMatchObject({ lostTail: true })
    expect(await outbox.append([create('early')], NEW_MIRROR)).toEqual({ kind: 'lost-tail' })
    expect(outbox.cannotBeMadeWhole()).toBe(true)
    expect(await outbox.since(NEW_MIRROR)).toMatchObject({ generation: 2 })
    expect(outbox.mirrorReported()).toBe(true)
    expect(outbox.cannotBeMadeWhole()).toBe(false)
  })

  it('in safe mode the file stays as it is (S24)', async () => {
    const { outbox, file, mirror } = await without(2, { isReadOnly: true })
    await outbox.since(NEW_MIRROR)
    await outbox.restore(at(5), mirror(5))
    expect(file.header).toEqual(header)
  })
})

describe('opening', () => {
  it('S20 the log of another machine: everything open asks, a new generation, this machine’s id', async () => {
    const { outbox, file } = await open()
    await outbox.write([queued(createOp('a', 'A')), queued(createOp('b', 'B')), applied('b', ann())])
    const copy = await open(file, { machineId: 'other-pc' })
    expect(file.header).toMatchObject({ machineId: 'other-pc', generation: 2 })
    const [entry] = copy.outbox.state().entries.values()
    expect(entry).toMatchObject({ op: { id: 'a' }, copied: true, question: { kind: 'copied' } })
    expect(copy.outbox.state().made.get('SQ1')).toBe('B')
    expect(copy.lines).toContainEqual(['warn', 'log.from-another-machine', { open: 1 }])
    const again = await open(file, { machineId: 'other-pc' })
    expect(file.header?.generation).toBe(2)
    expect(again.outbox.state()).toEqual(copy.outbox.state())
  })

  it('S24 in safe mode the log of another machine is read as it is, also where the disk takes nothing', async () => {
    const { outbox, file } = await open()
    await outbox.write([queued(createOp('a', 'A'))])
    const before = structuredClone(file)
    file.failures.push('disk-full')
    const copy = await open(file, { machineId: 'other-pc', isReadOnly: true })
    expect(opIds(copy.outbox)).toEqual(['a'])
    expect(await copy.outbox.since(at(1))).toMatchObject({ lostTail: false, records: [] })
    file.failures.pop()
    expect(file).toEqual(before)
    // Started normally, it is taken over as ever.
    await open(file, { machineId: 'other-pc' })
    expect(file.header?.generation).toBe(2)
  })

  it('a file that cannot be believed is refused as the storage says', async () => {
    const storage: LogStorage = {
      ...memoryLogStorage(memoryLogFile()),
      open: async () => ({ kind: 'refused', reason: 'newer-format' }),
    }
    await expect(open(memoryLogFile(), { storage })).rejects.toThrow('refused: newer-format')
  })

  it('S16 the log of another seller or environment is refused', async () => {
    const { file } = await open()
    for (const store of [
      { ...STORE, merchantId: 'M2' },
      { ...STORE, environment: 'practice' as const },
    ])
      await expect(open(file, { store })).rejects.toThrow('wrong-store')
  })

  it('a log that cannot be begun, or taken over, is refused with the reason', async () => {
    const file = memoryLogFile()
    file.failures.push('read-only')
    await expect(open(file)).rejects.toThrow('read-only')
    await open(file)
    file.failures.push('disk-full')
    await expect(open(file, { machineId: 'other-pc' })).rejects.toThrow('io')
  })

  it('S15 counts records that were set aside', async () => {
    const { file } = await open()
    const storage = memoryLogStorage(file)
    const damaged: LogStorage = {
      ...storage,
      open: async () =>
        ({ ...((await storage.open()) as { kind: 'opened' } & object), setAside: 2 }) as never,
    }
    const { setAside, lines } = await open(file, { storage: damaged })
    expect(setAside).toBe(2)
    expect(lines).toEqual([['warn', 'log.records-set-aside', { count: 2 }]])
  })

  it('the state after a start is that before it', async () => {
    const { outbox, file } = await open()
    await outbox.write([
      queued(createOp('a', 'A')),
      sent('a', 1, { squareId: null }),
      asks('a', { kind: 'gone' }),
    ])
    expect((await open(file)).outbox.state()).toEqual(outbox.state())
  })
})

describe('S21 compaction', () => {
  const fill = async (outbox: Outbox, from: number, to: number) => {
    for (let i = from; i <= to; i++) {
      const id = `o${i}`
      await outbox.write([queued(createOp(id, `L${i}`)), { kind: 'withdrawn', opIds: [id], why: 'undo' }])
    }
  }

  it('only when the mirror has everything; the file then begins with a snapshot', async () => {
    const { outbox, file } = await open(memoryLogFile(), { compactAfter: 4 })
    await fill(outbox, 1, 3)
    await outbox.since(at(5))
    await settled()
    expect(file.records).toHaveLength(6)
    await outbox.since(at(6))
    await settled()
    expect(file.records.map(({ kind, seq }) => [kind, seq])).toEqual([['snapshot', 6]])
    expect(file.header).toMatchObject({ compactedThrough: 6, generation: 1 })
    expect(await outbox.since(at(6))).toMatchObject({ records: [], reset: false, lostTail: false })
    expect(await outbox.since(at(5))).toMatchObject({ reset: true, records: [{ kind: 'snapshot' }] })
  })

  it('follows saves alone: an append says how far the mirror is, before what it adds', async () => {
    const { outbox, file } = await open(memoryLogFile(), { compactAfter: 4 })
    await outbox.since(NEW_MIRROR)
    for (let saved = 0; saved < 5; saved++) await outbox.append([create(`c${saved}`)], at(saved))
    expect(file.records.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['snapshot', 4],
      ['queued', 5],
    ])
    expect((await open(file)).outbox.state()).toEqual(outbox.state())
  })

  it('not by an append before any report, of another generation, or behind the mirror', async () => {
    for (const [reported, sent] of [
      [null, at(3, 2)],
      [at(3, 2), at(9, 1)],
      [at(2, 2), at(1, 2)],
    ] as const) {
      const { outbox, file } = await open(ofGeneration(2), { compactAfter: 2 })
      for (const id of ['a', 'b', 'c']) await outbox.write([queued(createOp(id, id))])
      if (reported?.lastSeq === 3) {
        // The mirror had all of it, but in a generation that has ended.
        await outbox.since(at(3, 1))
      } else if (reported) await outbox.since(reported)
      await outbox.append([create('d')], sent)
      await settled()
      expect(file.records.map(({ kind }) => kind)).toEqual(['queued', 'queued', 'queued', 'queued'])
    }
  })

  it('not for a mirror of another generation, and not below the limit', async () => {
    const { outbox, file } = await open(ofGeneration(2), { compactAfter: 4 })
    await fill(outbox, 1, 3)
    await outbox.since(at(99, 1))
    await settled()
    expect(file.records).toHaveLength(6)
    const small = await open(memoryLogFile(), { compactAfter: 99 })
    await fill(small.outbox, 1, 3)
    await small.outbox.since(at(6))
    await settled()
    expect(small.file.records).toHaveLength(6)
  })

  it('keeps all that is open with its attempts and questions, and forgets contents nobody works on', async () => {
    const { outbox, file } = await open(memoryLogFile(), { compactAfter: 2 })
    await outbox.write([
      queued(createOp('a', 'A')),
      sent('a', 1, { squareId: null, squareTime: 5 }),
      asks('a', { kind: 'create-unknown', candidates: [ann()] }),
      queued(createOp('b', 'B')),
      applied('b', ann('3')),
    ])
    const before = structuredClone(outbox.state())
    await outbox.since(at(5))
    await settled()
    expect(file.records).toHaveLength(1)
    const after = (await open(file)).outbox.state()
    expect(after).toEqual({ ...before, remotes: new Map() })
    expect((await open(file)).outbox.state().closed.has('b')).toBe(true)
  })

  it('S4 a draft saved again after it saves nothing', async () => {
    const { outbox, file } = await open(memoryLogFile(), { compactAfter: 1 })
    await outbox.append([create('a')], at(0))
    await outbox.write([applied('a', ann())])
    await outbox.since(at(2))
    await settled()
    const again = await open(file)
    await again.outbox.append([create('a')], at(2))
    expect(again.file.records.map(({ kind }) => kind)).toEqual(['snapshot'])
  })

  it('what is asked for while it runs comes after the snapshot, in the new file', async () => {
    const { outbox, file, next, waiting } = await openSlow(memoryLogFile(), { compactAfter: 1 })
    const first = outbox.write([queued(createOp('a', 'A'))])
    await next()
    await first
    await outbox.since(at(1))
    await settled()
    expect(waiting[0]!.records[0]!.kind).toBe('snapshot')
    const late = outbox.write([queued(createOp('b', 'B'))])
    await next()
    await next()
    expect(await late).toBe(true)
    expect(file.records.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['snapshot', 1],
      ['queued', 2],
    ])
    expect(seqs(await outbox.since(at(1)))).toEqual([2])
    expect((await open(file)).outbox.state()).toEqual(outbox.state())
  })

  it('what is not durable yet does not get into the snapshot, in whatever tick it comes', async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const file = memoryLogFile()
      const { outbox } = await open(file, { compactAfter: 1 })
      await outbox.write([queued(createOp('a', 'A'))])
      void outbox.since(at(1))
      for (let i = 0; i < ticks; i++) await Promise.resolve()
      expect(await outbox.write([queued(createOp('b', 'B'))])).toBe(true)
      await settled()
      expect(seqs(await outbox.since(at(1))), `after ${ticks} ticks`).toEqual([2])
      const written = file.records.flatMap((r) => (r.kind === 'queued' ? [r.op.id] : []))
      expect(written, `after ${ticks} ticks`).toContain('b')
    }
  })

  it('not in safe mode, however long it is: it may be what the app dies of (S24)', async () => {
    const { outbox, file } = await open()
    await outbox.write([queued(createOp('a', 'A')), queued(createOp('b', 'B'))])
    const before = structuredClone(file)
    const safe = await open(file, { compactAfter: 1, isReadOnly: true })
    await safe.outbox.since(at(2))
    await settled()
    expect(file).toEqual(before)
  })

  it('that fails changes nothing and is tried again', async () => {
    const { outbox, file, lines } = await open(memoryLogFile(), { compactAfter: 1 })
    await outbox.write([queued(createOp('a', 'A'))])
    file.failures.push('disk-full')
    await outbox.since(at(1))
    await settled()
    expect(file.records.map(({ kind }) => kind)).toEqual(['queued'])
    expect(lines).toContainEqual(['warn', 'log.compaction-failed', { reason: 'disk-full' }])
    await outbox.since(at(1))
    await settled()
    expect(file.records.map(({ kind }) => kind)).toEqual(['snapshot'])
  })
})

describe('S21, S23 a log that is old', () => {
  const DAY = 24 * 60 * 60 * 1000
  const kinds = (file: MemoryLogFile) => file.records.map(({ kind }) => kind)
  const text = (file: MemoryLogFile) => JSON.stringify(file)
  /** Ann was changed and deleted here: nothing of her is open, and three records are full of her. */
  async function withAnn(over: Partial<OutboxOptions> = {}, on = memoryLogFile()) {
    const clock = manualClock()
    const opened = await open(on, { clock, ...over })
    await opened.outbox.write([
      queued(createOp('a', 'A', { givenName: 'Ann' })),
      sent('a', 1, { squareId: null, body: { ...EMPTY_FIELDS, givenName: 'Ann' } }),
      applied('a', ann()),
    ])
    expect(text(opened.file)).toContain('Ann')
    return { ...opened, clock }
  }

  it('is compacted 30 days after it was begun: nobody who was deleted is in it any more', async () => {
    const { outbox, file, clock } = await withAnn()
    await outbox.since(at(3))
    await clock.pass(COMPACT_AFTER_MS - 2 * DAY)
    await outbox.since(at(3))
    await settled()
    expect(kinds(file)).toEqual(['queued', 'sent', 'answered'])
    // Nothing is saved, nothing is asked: the look of each day.
    await clock.pass(2 * DAY)
    expect(kinds(file)).toEqual(['snapshot'])
    expect(text(file)).not.toContain('Ann')
    expect(outbox.state().closed.has('a')).toBe(true)
    expect((await open(file, { clock })).outbox.state()).toEqual({ ...outbox.state(), remotes: new Map() })
  })

  it('at a start, as soon as the mirror has reported', async () => {
    const { file, clock } = await withAnn()
    await clock.pass(COMPACT_AFTER_MS)
    const again = await open(file, { clock })
    await settled()
    expect(kinds(file)).toHaveLength(3)
    await again.outbox.since(at(3))
    await settled()
    expect(kinds(file)).toEqual(['snapshot'])
  })

  it('not before the mirror has said that it has all of it, however old the log is', async () => {
    const { outbox, file, clock } = await withAnn()
    await clock.pass(3 * COMPACT_AFTER_MS)
    expect(kinds(file)).toHaveLength(3)
    await outbox.since(at(2))
    await clock.pass(2 * DAY)
    await outbox.since(at(3, 7))
    await clock.pass(2 * DAY)
    expect(kinds(file)).toHaveLength(3)
    await outbox.since(at(3))
    await clock.pass(DAY)
    expect(kinds(file)).toEqual(['snapshot'])
  })

  it('loses nothing that is open: what waits, what is in doubt and what is asked is as it was', async () => {
    const { outbox, file, clock } = await withAnn()
    await outbox.write([
      queued(createOp('b', 'B', { givenName: 'Bea' })),
      queued(createOp('c', 'C', { givenName: 'Cleo' })),
      sent('c', 1, { squareId: null, squareTime: 5 }),
      queued(createOp('d', 'D', { givenName: 'Dora' })),
      asks('d', { kind: 'create-duplicate', candidates: [ann()] }),
    ])
    const before = structuredClone(outbox.state())
    await clock.pass(COMPACT_AFTER_MS)
    await outbox.since(at(8))
    await settled()
    expect(kinds(file)).toEqual(['snapshot'])
    const after = await open(file, { clock })
    expect(opIds(after.outbox)).toEqual(['b', 'c', 'd'])
    expect(after.outbox.state()).toEqual({ ...before, remotes: new Map() })
    // It is young again, and goes on.
    await after.outbox.append([create('e')], at(8))
    await after.outbox.since(at(9))
    await clock.pass(COMPACT_AFTER_MS - 2 * DAY)
    expect(kinds(file)).toEqual(['snapshot', 'queued'])
  })

  it('where it holds its snapshot and no more, it is left as it is', async () => {
    const { outbox, file, clock } = await withAnn()
    await outbox.since(at(3))
    await clock.pass(COMPACT_AFTER_MS)
    const { begun } = file.header!
    expect(kinds(file)).toEqual(['snapshot'])
    await clock.pass(3 * COMPACT_AFTER_MS)
    expect(file.header!.begun).toBe(begun)
    const empty = await open(memoryLogFile(), { clock })
    const first = empty.file.header
    await empty.outbox.since(at(0))
    await clock.pass(3 * COMPACT_AFTER_MS)
    expect(empty.file.header).toEqual(first)
  })

  it('a beginning that is not told, or lies ahead of the clock, counts as old', async () => {
    for (const begun of [undefined, 'some day', '2199-01-01T00:00:00.000Z']) {
      const { file, clock } = await withAnn()
      const { begun: _, ...header } = file.header!
      file.header = begun === undefined ? header : { ...header, begun }
      const { outbox } = await open(file, { clock })
      await outbox.since(at(3))
      await settled()
      expect(kinds(file), begun).toEqual(['snapshot'])
      expect(file.header.begun).toBe(clock.wallIso())
    }
  })

  it('another generation begins anew, too', async () => {
    const { file, clock } = await withAnn()
    await clock.pass(2 * DAY)
    await open(file, { clock, machineId: 'another-pc' })
    expect(file.header).toMatchObject({ generation: 2, begun: clock.wallIso() })
  })

  it('without a clock, as in safe mode, its age is nobody’s business', async () => {
    const { file } = await withAnn()
    file.header = { ...file.header!, begun: '2001-01-01T00:00:00.000Z' }
    const { outbox } = await open(file)
    await outbox.since(at(3))
    await settled()
    expect(kinds(file)).toHaveLength(3)
    expect((await open()).file.header).not.toHaveProperty('begun')
  })

  it('once a day the files before it are removed, first of all, until it is closed', async () => {
    const file = memoryLogFile()
    const calls: string[] = []
    const storage: LogStorage = {
      ...memoryLogStorage(file),
      removeOlder: async () => void calls.push('removeOlder'),
      replace: (...args) => (calls.push('replace'), memoryLogStorage(file).replace(...args)),
    }
    const { outbox, clock } = await withAnn({ storage }, file)
    expect(calls.splice(0)).toEqual(['replace'])
    await outbox.since(at(3))
    await clock.pass(COMPACT_AFTER_MS)
    expect(calls.splice(0)).toEqual([...Array<string>(30).fill('removeOlder'), 'replace'])
    await clock.pass(DAY)
    expect(calls.splice(0)).toEqual(['removeOlder'])
    await outbox.close()
    await clock.pass(5 * DAY)
    expect(calls).toEqual([])
    expect(clock.waiting()).toBe(0)
  })
})

it('close waits for what is being written', async () => {
  const { outbox, next } = await openSlow()
  const written = outbox.write([queued(createOp('a', 'A'))])
  await settled()
  const closed = outbox.close()
  expect(await state(closed)).toBe('pending')
  await next()
  expect(await written).toBe(true)
  await closed
})
