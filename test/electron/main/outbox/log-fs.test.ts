import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeLogFs, writeAll, type LogFd } from '#main/outbox/log-fs.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'log-fs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a whole file replaces the one before, readable by its owner alone', async () => {
  const file = join(newFolder(), 'file')
  await nodeLogFs.write(file, Buffer.from('a longer one'))
  await nodeLogFs.write(file, Buffer.from('short'))
  expect(readFileSync(file, 'utf8')).toBe('short')
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('names are made durable where the system can: Windows does it itself', async () => {
  const platform = process.platform
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: platform }))
  const missing = join(newFolder(), 'nowhere')
  if (platform !== 'win32')
    await expect(nodeLogFs.syncFolder(missing)).rejects.toMatchObject({ code: 'ENOENT' })
  Object.defineProperty(process, 'platform', { value: 'win32' })
  await nodeLogFs.syncFolder(missing)
})

test('a disk that takes no byte at all is full', async () => {
  const fd = { write: async () => 0 } as unknown as LogFd
  await expect(writeAll(fd, Buffer.from('x'), 0)).rejects.toMatchObject({ code: 'ENOSPC' })
})
