import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dataPaths, FREE_BYTES_WARNING, storePaths } from '#main/config.ts'
import { FREE_BYTES_FLOOR, openOutbox } from '#main/outbox/outbox.ts'
import { UNSENT_FILE_LIMIT } from '#main/outbox/unsent-file.ts'
import { createFileDialogs } from '#main/platform/file-dialogs.ts'
import type { OpenStore } from '#main/session/store-slot.ts'
import { createStorageService, roomOf, type StorageOptions } from '#main/storage/storage-service.ts'
import { memoryLogFile, memoryLogStorage } from '../../../support/memory-log-storage.ts'
import { recordingLog } from '../../../support/recording-log.ts'
import { createOp, queued, STORE } from '../../../support/builders.ts'

let userData: string
beforeEach(() => (userData = mkdtempSync(join(tmpdir(), 'storage-'))))
afterEach(() => rmSync(userData, { recursive: true, force: true }))

async function pc(over: Partial<StorageOptions> = {}, setAside = 2, isReported = true) {
  const file = memoryLogFile()
  const { log, lines } = recordingLog()
  const opened = await openOutbox({
    storage: memoryLogStorage(file),
    store: STORE,
    machineId: 'this-pc',
    newId: randomUUID,
    freeBytes: async () => null,
    log,
  })
  if (opened.kind === 'refused') throw new Error(opened.reason)
  const parts = { store: STORE, outbox: opened.outbox, setAside } as unknown as OpenStore
  const chosen: { save: string | null; open: string | null; names: string[] } = {
    save: null,
    open: null,
    names: [],
  }
  const restart = vi.fn()
  const service = createStorageService({
    paths: dataPaths(userData),
    slot: { current: () => parts },
    dialogs: {
      saveAs: async (name) => (chosen.names.push(name), chosen.save),
      open: async () => chosen.open,
    },
    safeMode: false,
    wallIso: () => '2026-03-01T09:00:00Z',
    freeBytes: async () => FREE_BYTES_WARNING,
    newId: randomUUID,
    repair: async () => 'noted',
    restart,
    log,
    ...over,
  })
  if (isReported) await opened.outbox.since({ store: STORE, generation: 0, lastSeq: 0 })
  const promise = () => opened.outbox.write([queued(createOp(randomUUID(), randomUUID()))])
  return { service, chosen, promise, outbox: opened.outbox, lines, restart, file }
}

describe('how much room there is', () => {
  it('S1 there is little room below 500 MiB, and none below 200 MiB', () => {
    expect(FREE_BYTES_WARNING).toBe(500 * 1024 * 1024)
    expect(
      [null, FREE_BYTES_FLOOR - 1, FREE_BYTES_FLOOR, FREE_BYTES_WARNING - 1, FREE_BYTES_WARNING].map(roomOf),
    ).toEqual(['unknown', 'none', 'low', 'low', 'plenty'])
  })
})

describe('the state of the files', () => {
  it('measures the log of the open store and says what was kept aside', async () => {
    const { log } = storePaths(dataPaths(userData), STORE)
    mkdirSync(log, { recursive: true })
    writeFileSync(join(log, 'a'), 'x'.repeat(100))
    writeFileSync(join(log, 'b'), 'x'.repeat(20))
    const state = await (await pc()).service.state()
    expect(state).toMatchObject({ logBytes: 120, setAside: 2, safeMode: false })
    expect(state).toMatchObject({ freeBytes: FREE_BYTES_WARNING, room: 'plenty' })
  })
  it('knows no log where none is open, or it cannot be read', async () => {
    expect(await (await pc()).service.state()).toMatchObject({ logBytes: null })
    const { service } = await pc({ slot: { current: () => null } })
    expect(await service.state()).toMatchObject({ logBytes: null, setAside: 0 })
  })
})

describe('unsent work as a file', () => {
  it('goes from one PC to another, where it asks; the first one keeps it', async () => {
    const [from, to] = [await pc(), await pc()]
    await from.promise()
    await from.promise()
    const file = join(userData, 'unsent.json')
    from.chosen.save = file
    to.chosen.open = file
    expect(await from.service.exportUnsent()).toEqual({ kind: 'saved', operations: 2, setAside: 2 })
    expect(from.chosen.names).toEqual(['counterfoil-unsent-2026-03-01.json'])
    expect(await to.service.importUnsent()).toEqual({ kind: 'imported', added: 2, known: 0 })
    expect(await to.service.importUnsent()).toEqual({ kind: 'imported', added: 0, known: 2 })
    const questions = [...to.outbox.state().entries.values()].map(({ question }) => question?.kind)
    expect(questions).toEqual(['copied', 'copied'])
    expect(from.outbox.state().entries.size).toBe(2)
    // Neither a path nor a customer gets into the technical log.
    expect(JSON.stringify([...from.lines, ...to.lines])).not.toMatch(/unsent\.json|Ann/)
  })

  it('export: nothing waits, nobody chose a place, no store, no such place', async () => {
    const one = await pc()
    expect(await one.service.exportUnsent()).toEqual({ kind: 'nothing', setAside: 2 })
    expect(await (await pc({}, 0)).service.exportUnsent()).toEqual({ kind: 'nothing', setAside: 0 })
    await one.promise()
    expect(await one.service.exportUnsent()).toEqual({ kind: 'cancelled' })
    one.chosen.save = join(userData, 'nowhere', 'x.json')
    expect(await one.service.exportUnsent()).toEqual({ kind: 'failed', reason: 'not-writable' })
    const none = await pc({ slot: { current: () => null } })
    expect(await none.service.exportUnsent()).toEqual({ kind: 'failed', reason: 'no-store' })
  })

  it('export works in safe mode, import does not (S24)', async () => {
    const one = await pc({ safeMode: true })
    await one.promise()
    one.chosen.save = join(userData, 'unsent.json')
    expect(await one.service.exportUnsent()).toEqual({ kind: 'saved', operations: 1, setAside: 2 })
    expect(await one.service.importUnsent()).toEqual({ kind: 'refused', reason: 'safe-mode' })
  })

  it('import: every reason to refuse changes nothing', async () => {
    const refusals: [string, (name: string) => void][] = [
      ['not-ours', (name) => writeFileSync(name, 'hello')],
      ['unreadable', () => {}],
      ['unreadable', (name) => mkdirSync(name)],
      [
        'too-large',
        (name) => {
          writeFileSync(name, '')
          truncateSync(name, UNSENT_FILE_LIMIT + 1)
        },
      ],
    ]
    for (const [index, [reason, prepare]] of refusals.entries()) {
      const one = await pc()
      one.chosen.open = join(userData, `file-${index}`)
      prepare(one.chosen.open)
      expect(await one.service.importUnsent(), reason).toEqual({ kind: 'refused', reason })
      expect(one.file.records).toEqual([])
    }
    expect(await (await pc()).service.importUnsent()).toEqual({ kind: 'cancelled' })
    const none = await pc({ slot: { current: () => null } })
    expect(await none.service.importUnsent()).toEqual({ kind: 'refused', reason: 'no-store' })
  })

  it('S1 import: a full disk takes nothing in', async () => {
    const one = await pc({ freeBytes: async () => FREE_BYTES_FLOOR - 1 })
    one.chosen.open = join(userData, 'unsent.json')
    writeFileSync(one.chosen.open, '{}')
    expect(await one.service.importUnsent()).toEqual({ kind: 'refused', reason: 'disk-low' })
  })

  it('import: the store was closed while the person chose', async () => {
    const from = await pc()
    await from.promise()
    const file = join(userData, 'unsent.json')
    from.chosen.save = file
    await from.service.exportUnsent()
    const parts = { store: STORE, outbox: from.outbox, setAside: 0 } as unknown as OpenStore
    let asked = 0
    const slow = await pc({ slot: { current: () => (asked++ === 0 ? parts : null) } })
    slow.chosen.open = file
    expect(await slow.service.importUnsent()).toEqual({ kind: 'refused', reason: 'no-store' })
  })

  it('S20 import: not before a window has said how far it is, for the log may have lost its end', async () => {
    const [from, to] = [await pc(), await pc({}, 0, false)]
    await from.promise()
    from.chosen.save = to.chosen.open = join(userData, 'unsent.json')
    await from.service.exportUnsent()
    expect(await to.service.importUnsent()).toEqual({ kind: 'refused', reason: 'not-ready' })
    expect(to.file.records).toEqual([])
  })

  it('import: a log that cannot be written says so', async () => {
    const [from, to] = [await pc(), await pc()]
    await from.promise()
    const file = join(userData, 'unsent.json')
    from.chosen.save = to.chosen.open = file
    await from.service.exportUnsent()
    expect(readFileSync(file, 'utf8')).toContain('"counterfoil-unsent-work"')
    to.file.failures.push('read-only')
    expect(await to.service.importUnsent()).toEqual({ kind: 'refused', reason: 'unwritable' })
  })
})

describe('S25 the directory', () => {
  it('the app starts again where that is the next step, and not otherwise', async () => {
    const repair = vi.fn(async (_report: unknown, _hasRoom: boolean) => 'restarting' as const)
    const one = await pc({ repair })
    expect(await one.service.directoryReport({ opened: false })).toBe('restarting')
    expect(repair).toHaveBeenCalledWith({ opened: false }, true)
    expect(one.restart).toHaveBeenCalledOnce()
    const other = await pc()
    expect(await other.service.directoryReport({ opened: true })).toBe('noted')
    expect(other.restart).not.toHaveBeenCalled()
  })
})

describe('the system’s dialogs', () => {
  const answers = (save: object, open: object) =>
    createFileDialogs(
      { showSaveDialog: async () => save, showOpenDialog: async () => open } as never,
      () => '/documents',
    )
  it('give a path, or null where the person changed their mind', async () => {
    const given = answers({ canceled: false, filePath: '/x' }, { canceled: false, filePaths: ['/y'] })
    expect([await given.saveAs('n'), await given.open()]).toEqual(['/x', '/y'])
    const none = answers({ canceled: true, filePath: '' }, { canceled: true, filePaths: [] })
    expect([await none.saveAs('n'), await none.open()]).toEqual([null, null])
    const empty = answers({ canceled: false, filePath: '' }, { canceled: false, filePaths: [] })
    expect([await empty.saveAs('n'), await empty.open()]).toEqual([null, null])
  })
})
