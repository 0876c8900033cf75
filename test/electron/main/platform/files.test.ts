import {
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { freeBytesAt, readAppInfo } from '#main/platform/app-info.ts'
import { readIfThere, readJson, writeAtomically } from '#main/platform/atomic-file.ts'
import { readMachineId } from '#main/platform/machine-id.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-files-'))
  file = join(folder, 'file.json')
})
afterEach(() => rm(folder, { recursive: true }))

describe('atomic file', () => {
  it('replaces the whole file and leaves nothing else behind', async () => {
    await writeAtomically(file, 'a long first text')
    await writeAtomically(file, 'short')
    expect(await readIfThere(file)).toBe('short')
    expect(await readdir(folder)).toEqual(['file.json'])
  })
  it.skipIf(process.platform === 'win32')('is readable by its owner alone', async () => {
    await writeAtomically(file, 'x')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })
  it('is not disturbed by what a crash left behind', async () => {
    await writeFile(`${file}.new`, 'half of someth')
    await writeAtomically(file, 'x')
    expect([await readIfThere(file), await readdir(folder)]).toEqual(['x', ['file.json']])
  })
  it.each(['writeFile', 'sync'] as const)(
    'keeps the old text, and leaves no half file, where %s fails',
    async (call) => {
      await writeAtomically(file, 'old')
      const handle = await open(file)
      await handle.close()
      const full = Object.assign(new Error('full'), { code: 'ENOSPC' })
      const spy = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, call).mockRejectedValue(full)
      onTestFinished(() => spy.mockRestore())
      await expect(writeAtomically(file, 'new')).rejects.toThrow('full')
      expect([await readIfThere(file), await readdir(folder)]).toEqual(['old', ['file.json']])
    },
  )
  it('leaves no half file behind where there is a folder in its place', async () => {
    await mkdir(file)
    await expect(writeAtomically(file, 'x')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['file.json'])
  })
  it('tells absent from unreadable', async () => {
    expect(await readIfThere(file)).toBeNull()
    await expect(readIfThere(folder)).rejects.toThrow()
    expect(await readJson(folder, (value) => value)).toBeNull()
  })
})

describe('machine id', () => {
  const read = (systemId: string | Error) =>
    readMachineId({
      keepIn: file,
      readSystemId: () => (systemId instanceof Error ? Promise.reject(systemId) : Promise.resolve(systemId)),
    })

  it("is the same at each start and tells nothing of the system's own id", async () => {
    const id = await read('system-id-1\n')
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(await read('system-id-1')).toBe(id)
    expect(await readFile(file, 'utf8')).not.toContain('system-id')
  })
  it('is another on another PC, also when the data folder was copied there (S20)', async () => {
    const id = await read('system-id-1')
    expect(await read('system-id-2')).not.toBe(id)
  })
  it('does not change on a day the system does not answer', async () => {
    const id = await read('system-id-1')
    expect(await read(new Error('no'))).toBe(id)
    expect(await read('')).toBe(id)
  })
  it('is not waited for where the system has not said no either: the book would never open', async () => {
    const id = await read('system-id-1')
    const readSystemId = () => new Promise<string>(() => {})
    expect(await readMachineId({ keepIn: file, readSystemId, patienceMs: 1 })).toBe(id)
  })
  it('is made up once where the system never answers', async () => {
    const id = await read(new Error('no'))
    expect(await read(new Error('no'))).toBe(id)
  })
  it('can be read on this machine', async () => {
    expect(await readMachineId({ keepIn: file })).not.toBe('')
  })
})

// There every system of the kind has one that counts nothing.
it.skipIf(process.platform !== 'linux')('a disk that does not count its room is not a full one', async () => {
  expect(await freeBytesAt('/proc')).toBeNull()
})

it('app info tells that this is not Electron, and how much room there is', async () => {
  const info = await readAppInfo({ getVersion: () => '1.2.3', getLocale: () => 'de' }, folder)
  expect(info).toMatchObject({ version: '1.2.3', runtime: 'stand-in', locale: 'de', dataFolder: folder })
  expect(info.freeBytes).toBeGreaterThan(0)
  expect(
    (await readAppInfo({ getVersion: () => '', getLocale: () => '' }, join(folder, 'no'))).freeBytes,
  ).toBeNull()
})
