import { describe, expect, test } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import { beginningOf } from '#main/outbox/log-reader.ts'
import type { LogHeader, OpenedLog } from '#main/outbox/log-storage.ts'
import { openOutbox } from '#main/outbox/outbox.ts'
import { frame } from '#main/outbox/record-frame.ts'
import { foldLog } from '#shared/outbox/fold-log.ts'
import { toSnapshot } from '#shared/outbox/snapshot.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { everyKind, header, record, store } from '../electron/main/outbox/log-records.ts'
import { memoryDisk } from '../electron/main/outbox/memory-disk.ts'
import { recordingLog } from '../support/recording-log.ts'
import { isFull } from './how-long.ts'

const FOLDER = '/log'
const PATH = `${FOLDER}/outbox-000001.log`
/** A prime, so that every place of a record's frame is met in one record or another. */
const STEP = isFull ? 1 : 13

const NEWLINE = 0x0a
const DAMAGES = {
  cut: (file: Buffer, at: number) => file.subarray(0, at),
  flipped: (file: Buffer, at: number) => {
    const damaged = Buffer.from(file)
    damaged[at]! ^= 1 << (at % 8)
    return damaged
  },
  missing: (file: Buffer, at: number) => Buffer.concat([file.subarray(0, at), file.subarray(at + 1)]),
  doubled: (file: Buffer, at: number) => Buffer.concat([file.subarray(0, at + 1), file.subarray(at)]),
} as const
type Damage = keyof typeof DAMAGES

/** A log as it lies on disk, and where each of its records ends. */
interface Sample {
  readonly header: LogHeader
  readonly file: Buffer
  readonly beginning: number
  readonly records: readonly { readonly record: LogRecord; readonly end: number }[]
}

function sample(head: LogHeader, begins: readonly LogRecord[], appended: readonly LogRecord[]): Sample {
  let file = beginningOf(head, begins)
  const beginning = file.length
  const records = begins.map((one) => ({ record: one, end: beginning }))
  for (const one of appended) {
    file = Buffer.concat([file, frame(one)])
    records.push({ record: one, end: file.length })
  }
  return { header: head, file, beginning, records }
}

const all = everyKind.map((body, i): LogRecord => ({ ...body, seq: i + 1 }))
const PLAIN = sample(header(), [], all)
const COMPACTED = sample(
  header({ compactedThrough: all.length, generation: 3 }),
  [{ kind: 'snapshot', seq: all.length, state: toSnapshot(foldLog(all.slice(0, 17))) }],
  [record(101), record(102)],
)

/** The damaged file alone on a disk, opened. */
async function open(file: Buffer) {
  const { fs } = memoryDisk(() => 0.999)
  await fs.write(PATH, file)
  const log = createLogFile({ folder: FOLDER, fs, lock: async () => ({ kind: 'unavailable' }) })
  const opened = await log.open()
  return { fs, log, opened }
}

const json = (value: unknown) => JSON.stringify(value)

async function check(sound: Sample, damage: Damage, at: number): Promise<OpenedLog['kind']> {
  const damaged = DAMAGES[damage](sound.file, at)
  const { fs, log, opened } = await open(damaged)
  const where = `${damage} at ${at}`
  // Whatever it is, it is still there, but for a torn end.
  const torn = opened.kind === 'opened' ? opened.tornBytes : 0
  expect((await fs.read(PATH)).equals(damaged.subarray(0, damaged.length - torn)), where).toBe(true)
  if (opened.kind !== 'opened') {
    expect(damage, where).toBe('cut')
    expect(at, where).toBeLessThan(sound.beginning)
    return opened.kind
  }
  expect(opened.header, where).toEqual(sound.header)

  // Nothing is invented, and nothing is lost but what was hit.
  const originals = new Map(sound.records.map(({ record: one }) => [one.seq, json(one)]))
  for (const one of opened.records) expect(json(one), where).toBe(originals.get(one.seq))
  const held = new Set(opened.records.map(({ seq }) => seq))
  const lost = sound.records.filter(({ record: { seq } }) => !held.has(seq))
  for (const { end } of lost) expect(end, where).toBeGreaterThan(at)
  if (damage !== 'cut') expect(lost.length, where).toBeLessThanOrEqual(1)

  // It is said. A cut between two lines cannot be seen in the file: the mirror tells (S20).
  const between = damage === 'cut' && (sound.file[at] === NEWLINE || sound.file[at - 1] === NEWLINE)
  if (lost.length > 0 && !between) expect(opened.setAside + opened.tornBytes, where).toBeGreaterThan(0)
  if (opened.setAside > 0) {
    const kept = await fs.read(`${PATH}.set-aside`)
    expect(kept.length, where).toBeGreaterThan(0)
    for (const line of kept.toString('latin1').split('\n'))
      expect(damaged.includes(Buffer.from(line, 'latin1')), where).toBe(true)
  }

  // It goes on, and the next start finds the same.
  const next = { ...record(900), seq: 900 }
  expect(await log.append([next]), where).toEqual({ kind: 'written' })
  await log.close()
  const again = await createLogFile({
    folder: FOLDER,
    fs,
    lock: async () => ({ kind: 'unavailable' }),
  }).open()
  expect(again.kind === 'opened' && again.records.map(json), where).toEqual(
    [...opened.records, next].map(json),
  )
  return opened.kind
}

describe.each([
  ['every kind of record', PLAIN],
  ['compacted', COMPACTED],
] as const)('S15 a log: %s', (_, sound) => {
  test.each(Object.keys(DAMAGES) as Damage[])(
    '%s at any byte: never fails, never invents, loses only what was hit, says so, keeps it',
    async (damage) => {
      const kinds = new Set<string>()
      for (let at = damage === 'cut' ? 1 : 0; at < sound.file.length; at += STEP)
        kinds.add(await check(sound, damage, at))
      expect(kinds.has('opened')).toBe(true)
    },
    isFull ? 600_000 : 30_000,
  )

  test('in good order: everything is there', async () => {
    const { opened } = await open(sound.file)
    expect(opened).toMatchObject({ kind: 'opened', setAside: 0, tornBytes: 0 })
    expect(opened.kind === 'opened' && opened.records.map(json)).toEqual(
      sound.records.map(({ record: one }) => json(one)),
    )
  })
})

test('S20 damaged at any byte, and a mirror that has all of it: everything is there again, and only a lost end asks', async () => {
  const bodies = everyKind.filter(({ kind }) => kind !== 'snapshot' && kind !== 'copied')
  const promised = [1, 2, 3].map((n): LogRecord => ({ ...record(n), seq: bodies.length + n }))
  const records = [...bodies.map((body, i): LogRecord => ({ ...body, seq: i + 1 })), ...promised]
  const lastSeq = records.length
  const known = toSnapshot(foldLog(records))
  const sound = sample(header(), [], records)
  const outcomes = new Set<string>()
  for (const damage of ['flipped', 'missing', 'doubled', 'cut'] as const) {
    for (let at = damage === 'cut' ? sound.beginning : 0; at < sound.file.length; at += STEP) {
      const where = `${damage} at ${at}`
      const { fs } = memoryDisk(() => 0.999)
      await fs.write(PATH, DAMAGES[damage](sound.file, at))
      let ids = 0
      const opened = await openOutbox({
        storage: createLogFile({ folder: FOLDER, fs, lock: async () => ({ kind: 'unavailable' }) }),
        store,
        machineId: sound.header.machineId,
        newId: () => `q${++ids}`,
        freeBytes: async () => null,
        log: recordingLog().log,
      })
      if (opened.kind === 'refused') throw new Error(`${where}: ${opened.reason}`)
      const { outbox } = opened
      const mirror = { store, generation: sound.header.generation, lastSeq }
      const { lostTail } = await outbox.since(mirror)
      if (lostTail) await outbox.restore(mirror, known)
      expect(outbox.mirrorReported(), where).toBe(true)
      const { entries } = toSnapshot(outbox.state())
      const copied = entries.filter((entry) => entry.question?.kind === 'copied').length
      expect(
        entries.map(({ op }) => op.id),
        where,
      ).toEqual(known.entries.map(({ op }) => op.id))
      // Asked about are all or none, and none but where the end was hit.
      if (copied === 0) expect(entries, where).toEqual(known.entries)
      else expect(copied, where).toBe(entries.length)
      outcomes.add(copied > 0 ? 'asks' : lostTail ? 'whole again' : 'whole')
    }
  }
  expect([...outcomes].sort()).toEqual(['asks', 'whole', 'whole again'])
})

test('S20 damaged and from another machine: what is left of it asks, one by one', async () => {
  const creates = [1, 2, 3].map(record)
  const sound = sample(header(), [], creates)
  for (let at = 0; at < sound.file.length; at += STEP) {
    const { fs } = memoryDisk(() => 0.999)
    await fs.write(PATH, DAMAGES.flipped(sound.file, at))
    let ids = 0
    const opened = await openOutbox({
      storage: createLogFile({ folder: FOLDER, fs, lock: async () => ({ kind: 'unavailable' }) }),
      store,
      machineId: 'pc-2',
      newId: () => `q${++ids}`,
      freeBytes: async () => null,
      log: recordingLog().log,
    })
    if (opened.kind === 'refused') throw new Error(`byte ${at}: ${opened.reason}`)
    const entries = [...opened.outbox.state().entries.values()]
    expect(entries.length).toBeGreaterThanOrEqual(2)
    expect(entries.every((entry) => entry.copied && entry.question?.kind === 'copied')).toBe(true)
    // What could not be read stays beside the log.
    const names = await fs.list(FOLDER)
    if (opened.setAside > 0) expect(names).toContain('outbox-000001.log.set-aside')
  }
})

test('I22 of a newer format: refused and left as it is, at whatever byte it is damaged', async () => {
  const newer = { ...header(), format: 2 } as unknown as LogHeader
  const sound = sample(newer, [], [record(1), record(2)])
  for (const damage of ['flipped', 'missing', 'doubled'] as const) {
    for (let at = 0; at < sound.file.length; at += STEP) {
      const damaged = DAMAGES[damage](sound.file, at)
      const { fs, opened } = await open(damaged)
      expect(opened).toEqual({ kind: 'refused', reason: 'newer-format' })
      expect(await fs.list(FOLDER)).toEqual(['outbox-000001.log'])
      expect((await fs.read(PATH)).equals(damaged)).toBe(true)
    }
  }
})
