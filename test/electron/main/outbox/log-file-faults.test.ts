import fc from 'fast-check'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import { nodeLogFs, type LogFs } from '#main/outbox/log-fs.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { faultyFs, type Fault } from './faulty-fs.ts'
import { emptySnapshot, header, record, records } from './log-records.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'log-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const unlocked = async () => ({ kind: 'unavailable' }) as const
const storage = (fs: LogFs = nodeLogFs) => createLogFile({ folder, fs, lock: unlocked })

interface Story {
  /** Promised: must be there. */
  readonly kept: readonly number[]
  /** Refused after which the storage went on working: must not be there. */
  readonly refused: readonly number[]
}

/** Two starts of work with a new beginning in the middle; every failed call is tolerated as the outbox would. */
async function work(fs: LogFs): Promise<Story> {
  const kept: number[] = []
  let refused: number[] = []
  let seq = 0
  let maybe: number[] = []
  for (let life = 0; life < 2; life++) {
    const log = storage(fs)
    const opened = await log.open()
    if (opened.kind === 'refused') continue
    if (opened.kind === 'new') {
      if ((await log.replace(header(), [])).kind === 'failed') continue
    } else seq = Math.max(seq, opened.records.at(-1)?.seq ?? 0)
    for (let step = 0; step < 6; step++) {
      if (step === 3) {
        const through = kept.at(-1) ?? 0
        const state = { ...emptySnapshot, closed: kept.map((n) => [`op${n}`, 'done'] as const) }
        if (through > 0)
          await log.replace(header({ compactedThrough: through }), [
            { kind: 'snapshot', seq: through, state },
          ])
        continue
      }
      const batch = records(seq + 1, seq + (step % 2) + 1)
      const { kind } = await log.append(batch)
      const seqs = batch.map((one) => one.seq)
      if (kind === 'written') {
        // It went on working, so what it refused before is not in the file.
        refused = [...refused, ...maybe]
        maybe = []
        kept.push(...seqs)
        seq = seqs.at(-1)!
      } else {
        maybe = seqs.map((one) => one)
        seq += 10 // the next promise is told apart from the refused one
      }
    }
    await log.close()
    maybe = []
  }
  return { kept, refused }
}

/** Seqs that a healthy start finds, those inside a snapshot included. */
async function found(): Promise<number[]> {
  const log = storage()
  const opened = await log.open()
  await log.close()
  if (opened.kind !== 'opened') return []
  const inside = (one: LogRecord) =>
    one.kind === 'snapshot' ? one.state.closed.map(([id]) => Number(id.slice(2))) : [one.seq]
  return opened.records.flatMap(inside)
}

describe.each<Fault['code']>(['EIO', 'ENOSPC'])('%s', (code) => {
  test.each([false, true])(
    'at every call in turn (lasting: %s): promises are kept, refused ones are not there',
    { timeout: 60_000 },
    async (lasting) => {
      const { calls, fs } = faultyFs(null)
      await work(fs)
      const total = calls()
      expect(total).toBeGreaterThan(40)
      for (let at = 1; at <= total; at++) {
        rmSync(folder, { recursive: true, force: true })
        const { kept, refused } = await work(faultyFs({ at, lasting, code }).fs)
        const back = await found()
        expect(
          back.filter((seq) => kept.includes(seq)),
          `call ${at}`,
        ).toEqual(kept)
        expect(
          back.filter((seq) => refused.includes(seq)),
          `call ${at}`,
        ).toEqual([])
        // What nobody promised may be there only if a failing storage could not take it back.
        if (!lasting) expect(back, `call ${at}`).toEqual(kept)
      }
    },
  )
})

async function started(fault: Fault): Promise<ReturnType<typeof storage>> {
  const first = storage()
  await first.open()
  await first.replace(header(), [])
  await first.append([record(1)])
  await first.close()
  const log = storage(faultyFs(fault).fs)
  expect((await log.open()).kind).toBe('opened')
  return log
}

test('a full disk is said as such, and once there is room the log goes on', async () => {
  const log = await started({ only: 'fd.write', at: 1, code: 'ENOSPC' })
  expect(await log.append(records(2, 3))).toEqual({ kind: 'failed', reason: 'disk-full' })
  expect(await log.append([record(2)])).toEqual({ kind: 'written' })
  await log.close()
  expect(await found()).toEqual([1, 2])
})

test('a sync that failed is never believed later: the file is cut before anything else is written', async () => {
  const log = await started({ only: 'fd.sync', at: 1, code: 'EIO' })
  expect(await log.append([record(2)])).toEqual({ kind: 'failed', reason: 'io' })
  expect(readFileSync(join(folder, 'outbox-000001.log')).includes('"op2"')).toBe(false)
  expect(await log.append([record(2)])).toEqual({ kind: 'written' })
  await log.close()
  expect(await found()).toEqual([1, 2])
})

test('what cannot be taken back ends all writing until the next start', async () => {
  // The third sync would succeed: that says nothing about what the first two were to make durable.
  const log = await started({ only: 'fd.sync', at: 1, lasting: true, through: 2, code: 'EIO' })
  expect(await log.append([record(2)])).toEqual({ kind: 'failed', reason: 'io' })
  expect(await log.append([record(3)])).toEqual({ kind: 'failed', reason: 'io' })
  expect(await log.replace(header({ compactedThrough: 1 }), [])).toEqual({ kind: 'failed', reason: 'io' })
  await log.close()
  expect(readdirSync(folder)).toEqual(['outbox-000001.log'])
})

test('a file that is not what was written is not written on', async () => {
  const log = await started({ only: 'fd.sync', at: 1, code: 'EIO' })
  const path = join(folder, 'outbox-000001.log')
  const bytes = readFileSync(path)
  bytes[10]! ^= 1
  writeFileSync(path, bytes)
  expect((await log.append([record(2)])).kind).toBe('failed')
  expect((await log.append([record(2)])).kind).toBe('failed')
  await log.close()
})

test('a new beginning that fails leaves the log as it was', { timeout: 30_000 }, async () => {
  for (const only of ['create', 'fd.write', 'fd.sync', 'syncFolder', 'makeFolder'] as const) {
    rmSync(folder, { recursive: true, force: true })
    const log = await started({ only, at: 1, code: 'ENOSPC' })
    expect(await log.replace(header({ compactedThrough: 1 }), []), only).toEqual({
      kind: 'failed',
      reason: 'disk-full',
    })
    expect(readdirSync(folder)).toEqual(['outbox-000001.log'])
    expect(await log.append([record(2)])).toEqual({ kind: 'written' })
    await log.close()
    expect(await found()).toEqual([1, 2])
  }
})

test('a new beginning never takes the place of a file that somebody put there meanwhile, nor removes it', async () => {
  const log = await started({ only: 'list', at: 99, code: 'EIO' })
  const other = join(folder, 'outbox-000002.log')
  writeFileSync(other, 'of somebody else')
  expect(await log.replace(header({ compactedThrough: 1 }), [])).toEqual({ kind: 'failed', reason: 'io' })
  expect(readFileSync(other, 'utf8')).toBe('of somebody else')
  expect(await log.append([record(2)])).toEqual({ kind: 'written' })
  expect(await log.replace(header({ compactedThrough: 2 }), [])).toEqual({ kind: 'written' })
  await log.close()
})

test(
  'acknowledged records always come back in order and nothing else does, whatever is torn off behind them',
  { timeout: 60_000 },
  async () => {
    const anyLife = fc.record({
      batches: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }),
      compact: fc.boolean(),
      inFlight: fc.integer({ min: 0, max: 3 }),
      torn: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(anyLife, { minLength: 1, maxLength: 4 }), async (lives) => {
        rmSync(folder, { recursive: true, force: true })
        let seq = 0
        for (const life of lives) {
          const log = storage()
          const opened = await log.open()
          if (opened.kind === 'new') await log.replace(header(), [])
          for (const size of life.batches) {
            await log.append(records(seq + 1, seq + size))
            seq += size
          }
          if (life.compact && seq > 0) {
            const state = {
              ...emptySnapshot,
              closed: records(1, seq).map((one) => [`op${one.seq}`, 'done'] as const),
            }
            await log.replace(header({ compactedThrough: seq }), [{ kind: 'snapshot', seq, state }])
          }
          // The power goes while a batch is being written: any prefix of it is on the disk.
          const newest = join(
            folder,
            readdirSync(folder)
              .filter((name) => name.endsWith('.log'))
              .sort()
              .at(-1)!,
          )
          const durable = readFileSync(newest)
          if (life.inFlight > 0) await log.append(records(seq + 1, seq + life.inFlight))
          const after = readFileSync(newest)
          await log.close()
          writeFileSync(
            newest,
            after.subarray(0, durable.length + Math.floor((after.length - durable.length) * life.torn)),
          )
          const back = await found()
          expect(back.slice(0, seq)).toEqual(records(1, seq).map((one) => one.seq))
          expect(back.length).toBeLessThanOrEqual(seq + life.inFlight)
          expect(back).toEqual(back.map((_, i) => i + 1))
          seq = back.length
        }
      }),
      { numRuns: 30 },
    )
  },
)
