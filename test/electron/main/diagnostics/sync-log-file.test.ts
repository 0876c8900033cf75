import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { syncLogText, type SyncLogEntry, type SyncLogFact } from '#shared/sync-log.ts'
import { parseSyncLogEntry } from '#shared/sync-log-entry.ts'
import { openSyncLog } from '#main/diagnostics/sync-log-file.ts'
import { manualClock } from '../../../support/manual-clock.ts'
import { recordingLog } from '../../../support/recording-log.ts'

const ID = randomUUID()
/** One of each kind; one that is forgotten here is a type error. */
const FACTS: { readonly [K in SyncLogFact['kind']]: Extract<SyncLogFact, { kind: K }> } = {
  opened: { kind: 'opened', environment: 'production', open: 3 },
  promised: { kind: 'promised', op: ID, what: 'update' },
  withdrawn: { kind: 'withdrawn', count: 2, why: 'discard', reason: 'mistake' },
  'not-promised': { kind: 'not-promised', why: 'disk-full' },
  sent: { kind: 'sent', op: null, attempt: 2 },
  answered: {
    kind: 'answered',
    op: ID,
    attempt: 1,
    answer: 'refused',
    code: 'INVALID_PHONE_NUMBER',
    field: 'phoneNumber',
  },
  asks: { kind: 'asks', op: ID, question: 'conflict' },
  noted: { kind: 'noted', record: 'alias' },
  'not-written': { kind: 'not-written', records: 1 },
  request: {
    kind: 'request',
    request: 'bulkCreate',
    about: 50,
    outcome: 'unknown',
    reason: 'timeout',
    came: null,
    ms: 30_000,
  },
  line: { kind: 'line', connection: 'offline' },
  pause: { kind: 'pause', pause: null },
}
const ENTRIES = Object.values(FACTS).map((fact, i): SyncLogEntry => ({ n: i + 1, at: 1_000 + i, ...fact }))
const readBack = (value: unknown) => parseSyncLogEntry(JSON.parse(JSON.stringify(value)))

describe('S28 a line that is read back', () => {
  it.each(ENTRIES)('is what was written: $kind', (entry) => {
    expect(readBack(entry)).toEqual(entry)
  })
  it('is none where a member is missing, or is of another kind', () => {
    for (const entry of ENTRIES) {
      for (const member of Object.keys(entry)) {
        expect(readBack({ ...entry, [member]: undefined }), `${entry.kind} without ${member}`).toBeNull()
        expect(readBack({ ...entry, [member]: { name: 'Zenobia' } })).toBeNull()
        expect(readBack({ ...entry, [member]: 'Zenobia' }), `${entry.kind} ${member}`).toBeNull()
        expect(readBack({ ...entry, [member]: -1 })).toBeNull()
      }
    }
    expect(readBack({ n: 1, at: 9e15, kind: 'line', connection: 'online' })).toBeNull()
    expect(readBack({ n: 1, at: 1, kind: 'constructor' })).toBeNull()
    expect([null, 7, 'line', []].map(readBack)).toEqual([null, null, null, null])
  })
  it('holds no member that nobody knows, and no text but words and ids of ours', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('Zenobia', 'zenobia', 'toString', '__proto__'))
    fc.assert(
      fc.property(fc.constantFrom(...ENTRIES), fc.string(), text, (entry, name, value) => {
        const read = parseSyncLogEntry({ ...entry, [name]: value, name: value })
        if (read) expect(Object.keys(read).sort()).toEqual(Object.keys(entry).sort())
        if (read) expect(syncLogText([read], '1')).toBe(syncLogText([entry], '1'))
      }),
    )
  })
})

async function logIn(folder: string) {
  const clock = manualClock()
  const { log, lines } = recordingLog()
  return { clock, lines, syncLog: await openSyncLog({ folder, clock, log }) }
}
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-sync-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const note = (one: Awaited<ReturnType<typeof logIn>>, count: number) => {
  for (let attempt = 1; attempt <= count; attempt++) one.syncLog.note({ kind: 'sent', op: ID, attempt })
}

describe('S28 the sync log on disk', () => {
  it('is there at the next start, and its numbers go on; what came within a second is written at once at the end', async () => {
    const folder = newFolder()
    const first = await logIn(folder)
    for (const fact of Object.values(FACTS)) first.syncLog.note(fact)
    await first.syncLog.flush()
    const second = await logIn(folder)
    expect(second.syncLog.entries()).toEqual(first.syncLog.entries())
    note(second, 1)
    expect(second.syncLog.entries().at(-1)).toMatchObject({ n: ENTRIES.length + 1 })
    await second.syncLog.flush()
    expect((await logIn(folder)).syncLog.entries()).toEqual(second.syncLog.entries())
  })

  it('reaches the disk by itself a second after it was noted, many lines in one write; only its owner reads it', async () => {
    const folder = newFolder()
    const one = await logIn(folder)
    note(one, 30)
    const file = join(folder, 'sync-log.jsonl')
    expect(() => readFileSync(file)).toThrow()
    await one.clock.pass(1_000)
    await one.syncLog.flush()
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(30)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('keeps the newest 500 lines over any number of starts, in two files that do not grow', async () => {
    const folder = newFolder()
    for (let start = 0; start < 30; start++) {
      const one = await logIn(folder)
      for (let part = 0; part < 3; part++) {
        note(one, 200)
        await one.syncLog.flush()
      }
    }
    const kept = (await logIn(folder)).syncLog.entries()
    expect(kept).toHaveLength(500)
    expect(kept.at(-1)).toMatchObject({ n: 18_000, attempt: 200 })
    const sizes = ['sync-log.jsonl', 'sync-log.1.jsonl'].map((name) => statSync(join(folder, name)).size)
    expect(Math.max(...sizes)).toBeLessThan(260_000)
  })

  it('loses a torn line and a foreign one, and nothing beside them', async () => {
    const folder = newFolder()
    const first = await logIn(folder)
    note(first, 3)
    await first.syncLog.flush()
    const path = join(folder, 'sync-log.jsonl')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, `${text.slice(0, -20)}`)
    const second = await logIn(folder)
    expect(second.syncLog.entries()).toHaveLength(2)
    note(second, 1)
    await second.syncLog.flush()
    writeFileSync(path, `Zenobia called\n{"n":1}\n${readFileSync(path, 'utf8')}`)
    expect((await logIn(folder)).syncLog.entries().map(({ n }) => n)).toEqual([1, 2, 3])
  })

  it('stops nobody where it cannot be written: said once, and what is in memory is shown', async () => {
    const folder = join(newFolder(), 'a-file')
    writeFileSync(folder, '')
    const one = await logIn(folder)
    note(one, 2)
    await one.syncLog.flush()
    note(one, 1)
    await one.syncLog.flush()
    expect(one.syncLog.entries()).toHaveLength(3)
    expect(one.lines.map(([, event]) => event)).toEqual(['sync-log.not-kept'])
  })
})
