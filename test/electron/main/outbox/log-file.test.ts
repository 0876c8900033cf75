import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogFile, type LogFileOptions } from '#main/outbox/log-file.ts'
import { nodeLogFs, type LogFs } from '#main/outbox/log-fs.ts'
import { lockFolder } from '#main/outbox/log-lock.ts'
import type { LogStorage, OpenedLog } from '#main/outbox/log-storage.ts'
import { frame } from '#main/outbox/record-frame.ts'
import { emptySnapshot, header, record, records } from './log-records.ts'
import { faultyFs, shortWrites } from './faulty-fs.ts'

let top: string
let folder: string
let openLogs: LogStorage[]
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'log-'))
  folder = join(top, 'stores', 'M1')
  openLogs = []
})
afterEach(async () => {
  await Promise.all(openLogs.map((log) => log.close()))
  rmSync(top, { recursive: true, force: true })
})

async function start(options: Partial<LogFileOptions> = {}): Promise<{ log: LogStorage; opened: OpenedLog }> {
  const log = createLogFile({ folder, ...options })
  openLogs.push(log)
  return { log, opened: await log.open() }
}
/** A log with these records in it, closed again. */
async function written(through: number): Promise<void> {
  const { log } = await start()
  await log.replace(header(), [])
  for (let seq = 1; seq <= through; seq++) await log.append([record(seq)])
  await log.close()
}
const file = (number = 1) => join(folder, `outbox-00000${number}.log`)
const content = (opened: OpenedLog) => (opened.kind === 'opened' ? opened.records : opened)

test('nothing to append is nothing written', async () => {
  const { log } = await start()
  await log.replace(header(), [])
  expect(await log.append([])).toEqual({ kind: 'written' })
  expect(await log.append(records(1, 1))).toEqual({ kind: 'written' })
})

test('a first start finds nothing and makes nothing', async () => {
  const { opened } = await start()
  expect(opened).toEqual({ kind: 'new' })
  expect(readdirSync(top)).toEqual([])
})

test('what was appended comes back in order, with its header', async () => {
  await written(5)
  const { opened } = await start()
  expect(opened).toEqual({
    kind: 'opened',
    header: header(),
    records: records(1, 5),
    setAside: 0,
    tornBytes: 0,
  })
})

test('several records are one append; an append goes on where the last start ended', async () => {
  await written(2)
  const { log } = await start()
  expect(await log.append(records(3, 6))).toEqual({ kind: 'written' })
  await log.close()
  expect(content((await start()).opened)).toEqual(records(1, 6))
})

test('calls made at once are done one after the other', async () => {
  await written(0)
  const { log } = await start()
  const outcomes = await Promise.all(records(1, 20).map((one) => log.append([one])))
  expect(outcomes.every(({ kind }) => kind === 'written')).toBe(true)
  await log.close()
  expect(content((await start()).opened)).toEqual(records(1, 20))
})

test('a disk that takes a few bytes at a time gets all of them', async () => {
  const { log } = await start({ fs: shortWrites(7) })
  await log.replace(header(), [record(1)])
  await log.append(records(2, 4))
  await log.close()
  expect(content((await start()).opened)).toEqual(records(1, 4))
})

test('only this account may read it', async () => {
  await written(1)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test('records out of order are not taken: a reader could not tell which was the promise', async () => {
  await written(3)
  const { log } = await start()
  expect(await log.append([record(3)])).toEqual({ kind: 'failed', reason: 'io' })
  expect(await log.append([record(5), record(4)])).toEqual({ kind: 'failed', reason: 'io' })
  expect(await log.append([record(4)])).toEqual({ kind: 'written' })
})

test('without a file nothing can be appended', async () => {
  const { log } = await start()
  expect(await log.append([record(1)])).toEqual({ kind: 'failed', reason: 'io' })
})

describe('a new beginning (S21)', () => {
  const snapshot = { kind: 'snapshot', seq: 3, state: emptySnapshot } as const

  test('counts from then on; the file before stays until the next start', async () => {
    await written(3)
    const { log } = await start()
    expect(await log.replace(header({ compactedThrough: 3 }), [snapshot])).toEqual({ kind: 'written' })
    await log.append([record(4)])
    await log.close()
    expect(readdirSync(folder)).toEqual(['outbox-000001.log', 'outbox-000002.log'])
    const { opened } = await start()
    expect(opened).toMatchObject({
      header: header({ compactedThrough: 3 }),
      records: [snapshot, record(4)],
      setAside: 0,
    })
    expect(readdirSync(folder)).toEqual(['outbox-000002.log'])
  })

  test('that passes over appended records is refused', async () => {
    await written(4)
    const { log } = await start()
    expect(await log.replace(header({ compactedThrough: 3 }), [snapshot])).toEqual({
      kind: 'failed',
      reason: 'io',
    })
    expect(await log.append([record(5)])).toEqual({ kind: 'written' })
  })

  test('cut short anywhere: the file before counts, and the log goes on', { timeout: 30_000 }, async () => {
    await written(3)
    const { log } = await start()
    await log.replace(header({ compactedThrough: 3 }), [snapshot])
    await log.close()
    const [before, whole] = [readFileSync(file(1)), readFileSync(file(2))]
    for (let length = 0; length <= whole.length; length += 23) {
      writeFileSync(file(1), before)
      writeFileSync(file(2), whole.subarray(0, length))
      const { log: again, opened } = await start()
      const found = content(opened)
      // Everything in it is there twice: half of it is whole.
      expect([records(1, 3), [snapshot]]).toContainEqual(found)
      if (length < whole.length / 2 - 1) expect(found).toEqual(records(1, 3))
      expect(await again.append([record(4)])).toEqual({ kind: 'written' })
      await again.close()
      const { log: third, opened: reopened } = await start()
      expect(content(reopened)).toEqual([...(found as unknown[]), record(4)])
      await third.close()
    }
  })

  test('given up and yet complete: the file that was worked on since counts', async () => {
    await written(3)
    const { log } = await start()
    await log.replace(header({ compactedThrough: 3 }), [snapshot])
    await log.close()
    writeFileSync(file(1), Buffer.concat([readFileSync(file(1)), frame(record(4))]))
    const { log: again, opened } = await start()
    expect(content(opened)).toEqual(records(1, 4))
    // The next new beginning stands above both.
    await again.replace(header({ compactedThrough: 4 }), [{ ...snapshot, seq: 4 }])
    await again.append([record(5)])
    await again.close()
    const { opened: third } = await start()
    expect(content(third)).toEqual([{ ...snapshot, seq: 4 }, record(5)])
    expect(readdirSync(folder)).toEqual(['outbox-000003.log'])
  })

  test('the very first one cut short: still a first start', async () => {
    await written(0)
    const whole = readFileSync(file())
    const half = whole.length / 2
    for (const length of [0, 1, 20, half - 2]) {
      writeFileSync(file(), whole.subarray(0, length))
      const { log, opened } = await start()
      expect(opened).toEqual({ kind: 'new' })
      expect(await log.replace(header(), [])).toEqual({ kind: 'written' })
      await log.close()
      expect(readdirSync(folder)).toHaveLength(2)
      rmSync(file(2))
    }
  })
})

describe('S21 the files before the one in use, removed while it is in use', () => {
  const snapshot = { kind: 'snapshot', seq: 3, state: emptySnapshot } as const
  async function begunAnew(options: Partial<LogFileOptions> = {}): Promise<LogStorage> {
    await written(3)
    const { log } = await start(options)
    await log.replace(header({ compactedThrough: 3 }), [snapshot])
    await log.append([record(4)])
    return log
  }

  test('go once it has been read back; it goes on', async () => {
    const log = await begunAnew()
    await log.removeOlder()
    expect(readdirSync(folder)).toEqual(['outbox-000002.log'])
    expect(await log.append([record(5)])).toEqual({ kind: 'written' })
    await log.close()
    expect(content((await start()).opened)).toEqual([snapshot, record(4), record(5)])
  })

  test('stay where it does not read back as it was written: they may be all that is left', async () => {
    const log = await begunAnew()
    const whole = readFileSync(file(2))
    const flipped = Buffer.from(whole)
    flipped[whole.length - 20]! ^= 1
    const longer = Buffer.concat([whole, frame(record(9))])
    // Whole, and not what was written.
    const last = frame(record(4))
    const another = frame({ ...record(4), op: { ...(record(4) as { op: object }).op, localId: 'c9' } })
    expect(another).toHaveLength(last.length)
    const swapped = Buffer.concat([whole.subarray(0, whole.length - last.length), another])
    for (const other of [flipped, swapped, longer, whole.subarray(0, 300), Buffer.from('')]) {
      writeFileSync(file(2), other)
      await log.removeOlder()
      expect(readdirSync(folder)).toEqual(['outbox-000001.log', 'outbox-000002.log'])
    }
    writeFileSync(file(2), whole)
    await log.removeOlder()
    expect(readdirSync(folder)).toEqual(['outbox-000002.log'])
  })

  test('stay where a part of it has been set aside', async () => {
    await (await begunAnew()).close()
    const before = readFileSync(file(1))
    const damaged = readFileSync(file(2))
    damaged[damaged.length - 20]! ^= 1
    writeFileSync(file(2), damaged)
    const { log, opened } = await start()
    expect(opened).toMatchObject({ setAside: 1 })
    writeFileSync(file(1), before)
    await log.removeOlder()
    expect(readdirSync(folder)).toEqual([
      'outbox-000001.log',
      'outbox-000002.log',
      'outbox-000002.log.set-aside',
    ])
  })

  test('stay where they cannot be removed, or the folder cannot be read, and nobody fails', async () => {
    for (const only of ['remove', 'list'] as const) {
      const log = await begunAnew({ fs: faultyFs({ only, at: only === 'list' ? 2 : 1, code: 'EIO' }).fs })
      await log.removeOlder()
      expect(readdirSync(folder)).toHaveLength(2)
      expect(await log.append([record(5)])).toEqual({ kind: 'written' })
      await log.close()
      rmSync(folder, { recursive: true })
    }
  })

  test('nothing is in use before a log is opened, and nothing is removed', async () => {
    await (await begunAnew()).close()
    await createLogFile({ folder }).removeOlder()
    expect(readdirSync(folder)).toHaveLength(2)
  })
})

test('S24 in safe mode everything stays as it is: the torn end, what is damaged, and the file before', async () => {
  await written(3)
  const { log } = await start()
  await log.replace(header({ compactedThrough: 3 }), [{ kind: 'snapshot', seq: 3, state: emptySnapshot }])
  for (const seq of [4, 5, 6]) await log.append([record(seq)])
  await log.close()
  const bytes = readFileSync(file(2))
  bytes[bytes.indexOf('"op5"')] = 0x58
  writeFileSync(file(2), bytes.subarray(0, -20))
  const all = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])
  const before = all()
  const safe = await start({ isReadOnly: true })
  expect(safe.opened).toMatchObject({ setAside: 1, tornBytes: expect.any(Number) as number })
  expect(content(safe.opened)).toMatchObject([{ seq: 3 }, { seq: 4 }])
  await safe.log.close()
  expect(all()).toEqual(before)
})

test('S21 when a file was begun stands in it; in a file of before that rule, or in a wrong one, nothing does', async () => {
  const begun = '2026-03-02T09:00:00.000Z'
  for (const [said, read] of [
    [{ begun }, { begun }],
    [{}, {}],
    [{ begun: 7 as unknown as string }, {}],
  ] as const) {
    const { log } = await start()
    await log.replace({ ...header(), ...said }, [])
    await log.close()
    const { opened, log: again } = await start()
    expect(opened.kind === 'opened' && opened.header).toStrictEqual({ ...header(), ...read })
    await again.close()
    rmSync(folder, { recursive: true })
  }
})

describe('refused, nothing touched', () => {
  const bytesOf = () =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))

  test('a newer format', async () => {
    await written(2)
    writeFileSync(file(2), frame({ log: 'counterfoil-outbox', format: 2, anything: true }))
    const before = bytesOf()
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'newer-format' })
    expect(bytesOf()).toEqual(before)
  })

  test('a log whose beginning is gone is not taken for a first start', async () => {
    await written(3)
    writeFileSync(file(), readFileSync(file()).subarray(readFileSync(file()).indexOf('\n') * 2 + 2))
    const before = bytesOf()
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'unreadable' })
    expect(bytesOf()).toEqual(before)
  })

  test('a compacted log of which nothing is left', async () => {
    await written(0)
    writeFileSync(file(4), '')
    rmSync(file())
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'unreadable' })
  })

  test('a file that is gone when it is read is not taken for a first start: promises made to that would not count later', async () => {
    await written(3)
    const { log } = await start()
    await log.replace(header({ compactedThrough: 3 }), [{ kind: 'snapshot', seq: 3, state: emptySnapshot }])
    await log.append([record(4)])
    await log.close()
    const fs: LogFs = {
      ...nodeLogFs,
      // As where something that looks for viruses takes it away.
      read: (path) => (path === file() && rmSync(path), nodeLogFs.read(path)),
    }
    expect((await start({ fs })).opened).toEqual({ kind: 'refused', reason: 'unreadable' })
    expect(content((await start()).opened)).toMatchObject([{ kind: 'snapshot' }, record(4)])
  })

  test('what has the name of a log and is none: a folder, a link that leads nowhere', async () => {
    mkdirSync(file(), { recursive: true })
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'unreadable' })
    rmSync(file(), { recursive: true })
    if (process.platform === 'win32') return
    symlinkSync(join(top, 'nowhere'), file())
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'unreadable' })
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('in use by another: two never write one log', async () => {
    await written(1)
    const first = await start()
    expect(first.opened.kind).toBe('opened')
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'locked' })
    await first.log.close()
    expect((await start()).opened.kind).toBe('opened')
  })

  test('a refused start gives the lock back', async () => {
    await written(1)
    writeFileSync(file(2), frame({ log: 'counterfoil-outbox', format: 2 }))
    await start()
    expect((await start()).opened).toEqual({ kind: 'refused', reason: 'newer-format' })
  })
})

describe('the lock', () => {
  test.each<NodeJS.Platform>(['linux', 'darwin'])(
    'of %s is one for a folder, and free when released',
    async (platform) => {
      if (process.platform === 'win32') return
      if (platform === 'linux' && process.platform !== 'linux') return
      const first = await lockFolder(folder, platform)
      expect(first.kind).toBe('held')
      expect((await lockFolder(folder, platform)).kind).toBe('taken')
      const other = await lockFolder(join(folder, 'other'), platform)
      expect(other.kind).toBe('held')
      if (other.kind === 'held') await other.release()
      if (first.kind === 'held') await first.release()
      const again = await lockFolder(folder, platform)
      expect(again.kind).toBe('held')
      if (again.kind === 'held') await again.release()
    },
  )

  test('that a system does not offer keeps nobody from working', async () => {
    await written(1)
    const { log, opened } = await start({ lock: async () => ({ kind: 'unavailable' }) })
    expect(opened.kind).toBe('opened')
    expect(await log.append([record(2)])).toEqual({ kind: 'written' })
  })
})

test('a log that may not be written is read all the same, and says so when it is written', async () => {
  await written(2)
  const { log, opened } = await start({ fs: faultyFs({ only: 'open', at: 1, code: 'EROFS' }).fs })
  expect(content(opened)).toEqual(records(1, 2))
  expect(await log.append([record(3)])).toEqual({ kind: 'written' }) // may be written again
  await log.close()
  const { log: second } = await start({
    fs: faultyFs({ only: 'open', at: 1, lasting: true, code: 'EROFS' }).fs,
  })
  expect(await second.append([record(4)])).toEqual({ kind: 'failed', reason: 'read-only' })
  await second.close()
  expect(content((await start()).opened)).toEqual(records(1, 3))
})
