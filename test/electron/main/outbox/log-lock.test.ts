import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder, type LockResult } from '#main/outbox/log-lock.ts'

const { TMPDIR } = process.env
const here = process.cwd()
let folder: string
const held: LockResult[] = []
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lock-'))))
afterEach(async () => {
  for (const one of held.splice(0)) if (one.kind === 'held') await one.release()
  if (TMPDIR === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = TMPDIR
  process.chdir(here)
  rmSync(folder, { recursive: true, force: true })
})

async function lock(platform: NodeJS.Platform) {
  const result = await lockFolder(folder, platform)
  held.push(result)
  return result.kind
}
const digest = () => createHash('sha256').update(resolve(folder)).digest('hex')

test('on Windows the name is a pipe', async () => {
  // Elsewhere such a name is a file in the current folder.
  process.chdir(folder)
  expect(await lock('win32')).toBe('held')
  expect(await lock('win32')).toBe('taken')
  if (process.platform !== 'win32')
    expect(readdirSync(folder)).toEqual([`\\\\.\\pipe\\counterfoil-${digest().slice(0, 32)}`])
})

test.runIf(process.platform !== 'win32')('on macOS a socket that nobody answers is taken over', async () => {
  process.env['TMPDIR'] = folder
  const left = join(folder, `counterfoil-${digest().slice(0, 16)}.lock`)
  writeFileSync(left, '')
  expect(await lock('darwin')).toBe('held')
  expect(existsSync(left)).toBe(true)
  expect(await lock('darwin')).toBe('taken')
})

test.runIf(process.platform !== 'win32')(
  'where there can be no such name there is no lock, and no refusal',
  async () => {
    process.env['TMPDIR'] = join(folder, 'nowhere')
    expect(await lock('darwin')).toBe('unavailable')
  },
)
