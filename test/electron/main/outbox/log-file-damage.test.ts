import fc from 'fast-check'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import { nodeLogFs, type LogFs } from '#main/outbox/log-fs.ts'
import type { LogStorage } from '#main/outbox/log-storage.ts'
import { beginningOf, readLogFile } from '#main/outbox/log-reader.ts'
import { crc32, frame, readFrames } from '#main/outbox/record-frame.ts'
import { isLogRecord } from '#shared/outbox/record-shape.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { emptySnapshot, everyKind, header, record, records, remote } from './log-records.ts'

let folder: string
let path: string
const logs: LogStorage[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'))
  path = join(folder, 'outbox-000001.log')
})
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
  rmSync(folder, { recursive: true, force: true })
})

const unlocked = async () => ({ kind: 'unavailable' }) as const

async function opened(fs: LogFs = nodeLogFs) {
  const log = createLogFile({ folder, fs, lock: unlocked })
  logs.push(log)
  return { log, opened: await log.open() }
}
async function write(all: readonly LogRecord[]): Promise<Buffer> {
  const { log } = await opened()
  await log.replace(header(), [])
  await log.append(all)
  await log.close()
  return readFileSync(path)
}

test('the checksum is the common CRC-32, also in pieces', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  expect(crc32(Buffer.from('6789'), crc32(Buffer.from('12345')))).toBe(0xcbf43926)
  expect(crc32(Buffer.alloc(0))).toBe(0)
})

test('bytes with the right checksum that are no JSON are damage, and hide nothing behind them', async () => {
  const whole = await write(records(1, 1))
  const text = Buffer.from('{"seq":')
  const head = [text.length, crc32(text)].map((number) => number.toString(16).padStart(8, '0')).join(' ')
  const odd = Buffer.concat([Buffer.from(`${head} `), text, Buffer.from('\n')])
  const read = readLogFile(Buffer.concat([whole, odd, frame(record(2))]))
  expect(read).toMatchObject({ records: records(1, 2), damaged: [odd], tornBytes: 0 })
})

describe('torn', () => {
  const all = records(1, 4)
  const wholeAt = (whole: Buffer) =>
    all.map((_, i) => whole.length - all.slice(i + 1).reduce((sum, one) => sum + frame(one).length, 0) - 1)

  test('at every byte: whole records stay, with or without their line break, and the torn one goes', async () => {
    const whole = await write(all)
    const ends = wholeAt(whole)
    for (let length = ends[0]!; length <= whole.length; length++) {
      const kept = all.filter((_, i) => ends[i]! <= length)
      expect(readLogFile(whole.subarray(0, length))).toMatchObject({ records: kept, damaged: [] })
    }
  })

  test('the log is cut and written on', async () => {
    const whole = await write(all)
    const ends = wholeAt(whole)
    for (const length of ends.flatMap((end) => [end - 1, end, end + 1, end + 2, end + 30])) {
      writeFileSync(path, whole.subarray(0, length))
      const kept = all.filter((_, i) => ends[i]! <= length)
      const { log } = await opened()
      expect(await log.append([record(9)])).toEqual({ kind: 'written' })
      await log.close()
      const again = readLogFile(readFileSync(path))
      expect(again).toMatchObject({ records: [...kept, record(9)], damaged: [], tornBytes: 0 })
    }
  })
})

test('a tail of zeros is a write that never arrived', async () => {
  const whole = await write(records(1, 2))
  writeFileSync(path, Buffer.concat([whole, Buffer.alloc(4096)]))
  const { log, opened: found } = await opened()
  expect(found).toMatchObject({ records: records(1, 2), setAside: 0, tornBytes: 4096 })
  await log.close()
  expect(readFileSync(path)).toEqual(whole)
})

test('every flipped byte costs at most the record it lies in, and is said; nothing else appears', async () => {
  const all = records(1, 3)
  const whole = await write(all)
  for (let place = 0; place < whole.length; place++) {
    const damaged = Buffer.from(whole)
    damaged[place]! ^= 1 << (place % 8)
    const found = readLogFile(damaged)
    if (found.kind !== 'complete') throw new Error(`not readable with byte ${place} flipped`)
    expect(found.header).toEqual(header())
    const missing = all.filter((one) => !found.records.some((held) => held.seq === one.seq))
    expect(found.records).toEqual(all.filter((one) => !missing.includes(one)))
    expect(missing.length).toBeLessThanOrEqual(1)
    if (missing.length === 1) expect(found.damaged.length + found.tornBytes).toBeGreaterThan(0)
  }
})

test('a flipped byte anywhere in a compacted file does not reach the promises in its snapshot (S21)', () => {
  const snapshot: LogRecord = {
    kind: 'snapshot',
    seq: 7,
    state: { ...emptySnapshot, closed: [['a', 'done']] },
  }
  const compacted = header({ compactedThrough: 7 })
  const whole = beginningOf(compacted, [snapshot])
  for (let place = 0; place < whole.length; place++) {
    const damaged = Buffer.from(whole)
    damaged[place]! ^= 0x04
    expect(readLogFile(damaged)).toMatchObject({ kind: 'complete', header: compacted, records: [snapshot] })
  }
})

test('a damaged record in the middle is set aside in a file and stays in the log', async () => {
  const whole = await write(records(1, 3))
  const damaged = Buffer.from(whole)
  const place = whole.indexOf('"op2"')
  damaged[place] = 0x58
  writeFileSync(path, damaged)
  const { log, opened: found } = await opened()
  expect(found).toMatchObject({ records: [record(1), record(3)], setAside: 1, tornBytes: 0 })
  expect(readFileSync(`${path}.set-aside`, 'utf8')).toContain('Xop2"')
  expect(await log.append([record(4)])).toEqual({ kind: 'written' })
  await log.close()
  expect(readFileSync(path).subarray(0, damaged.length)).toEqual(damaged)
  expect((await opened()).opened).toMatchObject({ records: [record(1), record(3), record(4)], setAside: 1 })
})

test('a damaged last line may have been a promise: it is not cut', async () => {
  const whole = await write(records(1, 2))
  const damaged = Buffer.from(whole)
  damaged[whole.lastIndexOf('"op2"')] = 0x58
  writeFileSync(path, damaged)
  const { log, opened: found } = await opened()
  expect(found).toMatchObject({ records: [record(1)], setAside: 1, tornBytes: 0 })
  await log.close()
  expect(readFileSync(path)).toEqual(damaged)
})

test('S15: a record of a kind or shape we do not know is set aside, not deleted, and not believed', async () => {
  const whole = await write([record(1)])
  const strange = [
    { seq: 2, kind: 'from-the-future' },
    { ...record(3), op: { kind: 'create', id: 'x' } },
    'text',
    { ...record(1), replaces: ['x'] },
  ]
  writeFileSync(path, Buffer.concat([whole, ...strange.map(frame), frame(record(5))]))
  const { opened: found } = await opened()
  expect(found).toMatchObject({ records: [record(1), record(5)], setAside: 4 })
  expect(readFileSync(`${path}.set-aside`, 'utf8')).toContain('from-the-future')
  expect(readFileSync(path).includes('from-the-future')).toBe(true)
})

test('an older file with something set aside is kept with its side file; a clean one goes', async () => {
  const whole = await write(records(1, 2))
  writeFileSync(path, Buffer.concat([whole, frame({ seq: 3, kind: 'from-the-future' })]))
  const { log } = await opened()
  await log.replace(header({ compactedThrough: 2 }), [{ kind: 'snapshot', seq: 2, state: emptySnapshot }])
  await log.close()
  await (await opened()).log.close()
  expect(existsSync(path)).toBe(false)
  expect(readFileSync(`${path}.set-aside`, 'utf8')).toContain('from-the-future')
})

test('S15 an older file stays where what is damaged in it could be written beside it only in part', async () => {
  const whole = await write(records(1, 3))
  whole[whole.indexOf('"op2"')] = 0x58
  writeFileSync(path, whole)
  const full: LogFs = {
    ...nodeLogFs,
    async write(file, bytes) {
      await nodeLogFs.write(file, bytes.subarray(0, 5))
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    },
  }
  const { log } = await opened(full)
  await log.replace(header({ compactedThrough: 3 }), [{ kind: 'snapshot', seq: 3, state: emptySnapshot }])
  await log.removeOlder()
  expect(readFileSync(path)).toEqual(whole)
  await log.close()
  await (await opened()).log.close()
  expect(readFileSync(path)).toEqual(whole)
})

describe('S15, S20 the newest file is damaged so that it does not count, and the one before it is still there', () => {
  const state = { kind: 'snapshot', seq: 3, state: emptySnapshot } as const
  const newer = () => path.replace('1.log', '2.log')
  /** Compacted, written on, and then the first sectors of the new file are lost, down to what is given. */
  async function beheaded(until: string): Promise<void> {
    await write(records(1, 3))
    const { log } = await opened()
    await log.replace(header({ compactedThrough: 3 }), [state])
    await log.append(records(4, 6))
    await log.close()
    const bytes = readFileSync(newer())
    writeFileSync(newer(), bytes.fill(0, 0, bytes.indexOf(until)))
  }

  test('what was promised since is told, and how far it went', async () => {
    await beheaded('"op4"')
    const before = readFileSync(newer())
    const { log, opened: found } = await opened()
    expect(found).toMatchObject({ kind: 'opened', records: records(1, 3), setAside: 2, lostThrough: 6 })
    // Nothing of it goes, whatever becomes of the log.
    await log.replace(header({ generation: 2, compactedThrough: 3 }), [state])
    await log.removeOlder()
    await log.close()
    await (await opened()).log.close()
    expect(readFileSync(newer())).toEqual(before)
    expect(readdirSync(folder)).toEqual(['outbox-000002.log', 'outbox-000003.log'])
  })

  test('a beginning that was never finished held no promise, and nothing is told', async () => {
    await write(records(1, 3))
    const unfinished = beginningOf(header({ generation: 2, compactedThrough: 3 }), records(4, 5))
    for (const until of ['"op4"', '"op5"']) {
      writeFileSync(newer(), unfinished.subarray(0, unfinished.indexOf(until) - 100))
      const { log, opened: found } = await opened()
      expect(found).toMatchObject({ records: records(1, 3), setAside: 0 })
      expect(found).not.toHaveProperty('lostThrough')
      await log.close()
    }
  })
})

test('a header of our format with something else in it is set aside; the one behind it counts', () => {
  const strange = frame({ log: 'counterfoil-outbox', format: 1, machineId: 7 })
  const found = readLogFile(Buffer.concat([strange, beginningOf(header(), [record(1)])]))
  expect(found).toMatchObject({ kind: 'complete', header: header(), records: [record(1)] })
  expect(found.kind === 'complete' && found.damaged).toHaveLength(1)
})

test('text that looks like a record inside a customer’s note is never read as one', () => {
  const inside = frame(record(66)).toString('utf8')
  const outer = { ...record(1), op: { ...record(1), note: inside } }
  const bytes = frame(outer)
  bytes[20]! ^= 1
  expect(
    readFrames(Buffer.concat([bytes, frame(record(2))])).pieces.filter(({ kind }) => kind === 'value'),
  ).toHaveLength(1)
})

describe('record shapes (S15)', () => {
  test.each(everyKind.map((body) => [describeKind(body), body] as const))('%s is believed', (_, body) => {
    expect(isLogRecord(JSON.parse(JSON.stringify({ ...body, seq: 1 })))).toBe(true)
  })

  test.each(everyKind.map((body) => [describeKind(body), body] as const))(
    '%s with any member missing or of another type is not, or it was not needed',
    (_, body) => {
      const optional = new Set([
        'recreates',
        'insteadOf',
        'by',
        'at',
        'combined',
        'before',
        'basis',
        'squareTime',
        'groupIds',
        'creationSource',
        'reason',
        'bulk',
        'known',
      ])
      for (const change of [undefined, { strange: true }]) {
        for (const key of Object.keys(body)) {
          if (optional.has(key) || body.kind === 'copied') continue
          expect(isLogRecord({ ...body, seq: 1, [key]: change }), key).toBe(false)
        }
      }
    },
  )

  test('`copied` is of everything open or of operations that it names', () => {
    expect(isLogRecord({ seq: 1, kind: 'copied', opIds: [] })).toBe(true)
    for (const opIds of [null, 'o', [1], [''], { 0: 'o' }])
      expect(isLogRecord({ seq: 1, kind: 'copied', opIds })).toBe(false)
  })

  test('what was known when it was asked, and is of an open operation, is every field of a customer or not there', () => {
    const asks = { seq: 1, kind: 'asks', opId: 'o', question: { id: 'q', kind: 'gone' } }
    const snapshot = everyKind.find(({ kind }) => kind === 'snapshot')!
    const entry = 'state' in snapshot ? snapshot.state.entries[0] : null
    const saved = (known: unknown) => ({
      ...snapshot,
      seq: 1,
      state: { ...emptySnapshot, entries: [{ ...entry, known }] },
    })
    for (const known of [undefined, remote.fields]) {
      expect(isLogRecord({ ...asks, known })).toBe(true)
      expect(isLogRecord(saved(known))).toBe(true)
    }
    for (const known of [null, {}, { ...remote.fields, note: 1 }, 'Ann']) {
      expect(isLogRecord({ ...asks, known })).toBe(false)
      expect(isLogRecord(saved(known))).toBe(false)
    }
  })

  test('why something was discarded has a name, and words or none (S27)', () => {
    const withdrawn = { seq: 1, kind: 'withdrawn', opIds: ['o'], why: 'discard' }
    for (const reason of [null, 'other', {}, { code: '', words: null }, { code: 'other', words: 1 }])
      expect(isLogRecord({ ...withdrawn, reason })).toBe(false)
  })

  test('without a seq nothing is a record', () => {
    for (const seq of [undefined, 0, -1, 1.5, '1', NaN])
      expect(isLogRecord({ ...record(1), seq })).toBe(false)
  })

  test('any JSON at all is read without failing', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void isLogRecord(value)))
    expect(isLogRecord(JSON.parse('{"seq":1,"kind":"__proto__"}'))).toBe(false)
    expect(isLogRecord({ seq: 1, kind: 'toString' })).toBe(false)
  })
})

function describeKind(body: (typeof everyKind)[number]): string {
  const inner =
    'op' in body
      ? body.op.kind
      : 'answer' in body
        ? body.answer.kind
        : 'question' in body
          ? body.question.kind
          : 'fact' in body
            ? body.fact.kind
            : ''
  return `${body.kind} ${inner}`.trim()
}
