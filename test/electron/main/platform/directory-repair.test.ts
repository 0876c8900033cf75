import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveAsideIfDue, repairDirectory, type RepairOptions } from '#main/platform/directory-repair.ts'
import { recordingLog } from '../../../support/recording-log.ts'

let base: string
let options: RepairOptions
const lines = () => recording.lines.map(([, event]) => event)
let recording: ReturnType<typeof recordingLog>
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'repair-'))
  recording = recordingLog()
  const sessionData = join(base, 'session')
  mkdirSync(join(sessionData, 'Default', 'IndexedDB', 'app_counterfoil'), { recursive: true })
  writeFileSync(join(sessionData, 'Default', 'IndexedDB', 'app_counterfoil', 'CURRENT'), 'damaged')
  options = { file: join(base, 'repair.json'), sessionData, log: recording.log }
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const profile = () => readdirSync(join(options.sessionData, 'Default')).sort()
const failed = (hasRoom = true) => repairDirectory(options, { opened: false }, hasRoom)
const opened = () => repairDirectory(options, { opened: true }, true)

describe('S25 a directory that does not open', () => {
  it('first the app starts again, then the databases are put aside, never deleted, then nothing more', async () => {
    expect(await failed()).toBe('restarting')
    moveAsideIfDue(options)
    expect(profile()).toEqual(['IndexedDB'])
    expect(await failed()).toBe('restarting')
    moveAsideIfDue(options)
    expect(profile()).toEqual(['IndexedDB.set-aside-1'])
    const kept = join(options.sessionData, 'Default', 'IndexedDB.set-aside-1', 'app_counterfoil', 'CURRENT')
    expect(readFileSync(kept, 'utf8')).toBe('damaged')
    expect(await failed()).toBe('tried')
    expect(lines()).toContain('directory.moved-aside')
  })

  it('a start that still fails does not put aside what was built since', async () => {
    await failed()
    await failed()
    moveAsideIfDue(options)
    mkdirSync(join(options.sessionData, 'Default', 'IndexedDB'))
    moveAsideIfDue(options)
    expect(profile()).toEqual(['IndexedDB', 'IndexedDB.set-aside-1'])
  })

  it('opened again: it begins anew the next time, and puts the next one beside the first', async () => {
    for (let n = 1; n <= 2; n++) {
      expect(await opened()).toBe('noted')
      expect(await failed()).toBe('restarting')
      expect(await failed()).toBe('restarting')
      moveAsideIfDue(options)
      expect(profile()).toHaveLength(n)
      mkdirSync(join(options.sessionData, 'Default', 'IndexedDB'), { recursive: true })
      rmSync(join(options.sessionData, 'Default', 'IndexedDB', 'app_counterfoil'), {
        recursive: true,
        force: true,
      })
      if (n === 1) mkdirSync(join(options.sessionData, 'Default', 'IndexedDB', 'x'))
    }
  })

  it('is left alone while the disk is full: that keeps it from opening', async () => {
    expect(await failed(false)).toBe('disk-low')
    expect(await failed(false)).toBe('disk-low')
    moveAsideIfDue(options)
    expect(profile()).toEqual(['IndexedDB'])
  })

  it('is not tried where it cannot be remembered: the app would start for ever', async () => {
    options = { ...options, file: join(base, 'nowhere', 'repair.json') }
    expect(await failed()).toBe('tried')
  })

  it.each(['', '[]', '{"step":"other"}'])('a file that says %j says nothing', async (text) => {
    writeFileSync(options.file, text)
    moveAsideIfDue(options)
    expect(profile()).toEqual(['IndexedDB'])
    expect(await failed()).toBe('restarting')
  })

  it('what is held open by another program is put aside at a later start, and once', async () => {
    await failed()
    await failed()
    let isHeld = true
    const rename = (from: string, to: string) => {
      if (isHeld) throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
      renameSync(from, to)
    }
    moveAsideIfDue({ ...options, rename })
    expect(profile()).toEqual(['IndexedDB'])
    // It does not open, and the app does not start again and again by itself.
    expect(await failed()).toBe('tried')
    isHeld = false
    moveAsideIfDue({ ...options, rename })
    expect(profile()).toEqual(['IndexedDB.set-aside-1'])
    mkdirSync(join(options.sessionData, 'Default', 'IndexedDB'))
    moveAsideIfDue({ ...options, rename })
    expect(profile()).toEqual(['IndexedDB', 'IndexedDB.set-aside-1'])
    expect(await failed()).toBe('tried')
  })

  it('one of two is held open: what is built in the place of the other one stays', async () => {
    await failed()
    await failed()
    mkdirSync(join(options.sessionData, 'Default', 'More', 'IndexedDB'), { recursive: true })
    let renames = 0
    const rename = (from: string, to: string) => {
      if (++renames > 1) throw new Error('held')
      renameSync(from, to)
    }
    moveAsideIfDue({ ...options, rename })
    mkdirSync(join(options.sessionData, 'Default', 'IndexedDB'))
    moveAsideIfDue(options)
    expect(profile()).toEqual(['IndexedDB', 'IndexedDB.set-aside-1', 'More'])
  })

  it('what cannot be put aside stays, and the app starts all the same', async () => {
    await failed()
    await failed()
    options = { ...options, sessionData: join(base, 'nobody') }
    moveAsideIfDue(options)
    expect(lines()).toContain('directory.not-moved')
  })
})
