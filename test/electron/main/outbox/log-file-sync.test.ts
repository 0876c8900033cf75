import { fstatSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import { nodeLogFs } from '#main/outbox/log-fs.ts'
import { header, record } from './log-records.ts'

// A power cut needs a disk of its own (test/storage); that the system is asked to sync, and waited for, is seen anywhere.

type Sync = 'datasync' | 'sync'
/** A call to the system: nothing is synced before the test says how it ends. */
interface Asked {
  readonly call: Sync
  readonly of: (path: string) => boolean
  end(error?: Error): void
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'log-sync-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** From here to the end of the test the real calls of every file of this process are held back, in order. */
async function holdSyncs() {
  const some = await open(import.meta.filename)
  const prototype = Object.getPrototypeOf(some) as Pick<FileHandle, Sync>
  await some.close()
  const asked: Asked[] = []
  const heard: (() => void)[] = []
  for (const call of ['datasync', 'sync'] as const) {
    const real = prototype[call]
    prototype[call] = function held(this: FileHandle) {
      const { ino } = fstatSync(this.fd, { bigint: true })
      return new Promise<void>((resolve, reject) => {
        asked.push({
          call,
          of: (path) => statSync(path, { bigint: true }).ino === ino,
          end: (error) => (error ? reject(error) : resolve(real.call(this))),
        })
        for (const wake of heard.splice(0)) wake()
      })
    }
    onTestFinished(() => void (prototype[call] = real))
  }
  return {
    /** The next call that nobody has seen yet. */
    async next(): Promise<Asked> {
      while (asked.length === 0) await new Promise<void>((wake) => heard.push(wake))
      return asked.shift()!
    },
  }
}

async function newLog() {
  const folder = newFolder()
  const log = createLogFile({ folder, lock: async () => ({ kind: 'unavailable' }) })
  onTestFinished(() => log.close())
  await log.open()
  await log.replace(header(), [])
  return { log, file: join(folder, 'outbox-000001.log') }
}

/** Long enough for whatever does not wait for the disk to be through. */
const aWhile = () => new Promise<'waits'>((resolve) => setTimeout(() => resolve('waits'), 50))
const eio = Object.assign(new Error('EIO'), { code: 'EIO' })

test('S1 an append is answered after the system has synced that file, with its bytes in it, and not before', async () => {
  const { log, file } = await newLog()
  const syncs = await holdSyncs()
  const written = log.append([record(1)])
  const asked = await syncs.next()
  expect(asked.call).toBe('datasync')
  expect(asked.of(file)).toBe(true)
  expect(readFileSync(file, 'utf8')).toContain('"op1"')
  expect(await Promise.race([written, aWhile()])).toBe('waits')
  asked.end()
  expect(await written).toEqual({ kind: 'written' })
})

test('S1 a sync that fails fails the append, and its bytes are taken out before anybody is told', async () => {
  const { log, file } = await newLog()
  const before = readFileSync(file)
  const syncs = await holdSyncs()
  const written = log.append([record(1)])
  ;(await syncs.next()).end(eio)
  // Cut back, which is synced as well.
  const cut = await syncs.next()
  expect(cut.of(file)).toBe(true)
  expect(readFileSync(file)).toEqual(before)
  expect(await Promise.race([written, aWhile()])).toBe('waits')
  cut.end()
  expect(await written).toEqual({ kind: 'failed', reason: 'io' })
})

test('S1, S21 a new file counts once it is synced, and then its name in the folder', async () => {
  const { log, file } = await newLog()
  const syncs = await holdSyncs()
  const second = file.replace('1.log', '2.log')
  const begun = log.replace(header(), [record(1)])
  const content = await syncs.next()
  expect(content.call).toBe('datasync')
  expect(content.of(second)).toBe(true)
  expect(readFileSync(second, 'utf8')).toContain('"op1"')
  content.end()
  if (process.platform !== 'win32') {
    const name = await syncs.next()
    expect(name.call).toBe('sync')
    expect(name.of(dirname(file))).toBe(true)
    expect(await Promise.race([begun, aWhile()])).toBe('waits')
    name.end()
  }
  expect(await begun).toEqual({ kind: 'written' })
})

test.skipIf(process.platform === 'win32')(
  'S1 a name that cannot be made durable is no new beginning',
  async () => {
    const { log, file } = await newLog()
    const syncs = await holdSyncs()
    const begun = log.replace(header(), [record(1)])
    ;(await syncs.next()).end()
    ;(await syncs.next()).end(eio)
    expect(await begun).toEqual({ kind: 'failed', reason: 'io' })
    const written = log.append([record(1)])
    const asked = await syncs.next()
    expect(asked.of(file)).toBe(true)
    asked.end()
    expect(await written).toEqual({ kind: 'written' })
  },
)

test.skipIf(process.platform === 'win32').each(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF'])(
  'a folder that cannot be synced at all, as some network folders (%s), keeps nobody from working',
  async (code) => {
    const { log } = await newLog()
    const syncs = await holdSyncs()
    const begun = log.replace(header(), [record(1)])
    ;(await syncs.next()).end()
    ;(await syncs.next()).end(Object.assign(new Error(code), { code }))
    expect(await begun).toEqual({ kind: 'written' })
  },
)

test.skipIf(process.platform === 'win32')(
  'S1 of the folders that are made each is synced into the one above it',
  async () => {
    const top = newFolder()
    const syncs = await holdSyncs()
    const made = nodeLogFs.makeFolder(join(top, 'stores', 'M1'))
    for (const above of [join(top, 'stores'), top]) {
      const asked = await syncs.next()
      expect(asked.of(above)).toBe(true)
      asked.end()
    }
    await made
  },
)

test('what is set aside is synced before the log is opened', async () => {
  const file = join(newFolder(), 'file')
  const syncs = await holdSyncs()
  const written = nodeLogFs.write(file, Buffer.from('x'))
  const asked = await syncs.next()
  expect(asked.of(file)).toBe(true)
  expect(await Promise.race([written, aWhile()])).toBe('waits')
  asked.end()
  await written
})
