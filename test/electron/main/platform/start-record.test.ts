import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BAD_STARTS, recordStart, SETTLED_AFTER_MS } from '#main/platform/start-record.ts'
import { recordingLog } from '../../../support/recording-log.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starts-'))
  file = join(folder, 'starts.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function start() {
  const { log, lines } = recordingLog()
  let minuteOver = () => {}
  let waits = 0
  let cancelled = false
  const record = await recordStart({
    file,
    log,
    clock: {
      schedule(ms, callback) {
        waits = ms
        minuteOver = callback
        return () => (cancelled = true)
      },
    },
  })
  return { ...record, lines, minuteOver: () => minuteOver(), waits, cancelled: () => cancelled }
}
const countIs = (bad: number) =>
  expect.poll(() => JSON.parse(readFileSync(file, 'utf8')) as unknown).toEqual({ bad })
async function crash(times: number) {
  for (let n = 1; n <= times; n++) {
    expect((await start()).safeMode).toBe(false)
    await countIs(n)
  }
}

describe('S24 starts that end badly', () => {
  it('three in a row: the next one is in safe mode, and says so', async () => {
    await crash(BAD_STARTS)
    const fourth = await start()
    expect(fourth.safeMode).toBe(true)
    await countIs(4)
    expect(fourth.lines).toEqual([['warn', 'app.safe-mode', { badStarts: 3 }]])
  })

  it('one that lives for a minute is none, and neither are those before it', async () => {
    await crash(BAD_STARTS - 1)
    const lives = await start()
    expect(lives.waits).toBe(SETTLED_AFTER_MS)
    lives.minuteOver()
    await countIs(0)
    await crash(1)
  })

  it('one that is quit is none; safe mode itself ends so', async () => {
    await crash(BAD_STARTS)
    const safe = await start()
    await safe.endedWell()
    expect(safe.cancelled()).toBe(true)
    expect((await start()).safeMode).toBe(false)
    await countIs(1)
  })

  it.each(['', '{', 'null', '{"bad":-1}', '{"bad":"9"}', '{"bad":1.5}'])(
    'a file that says %j counts nothing',
    async (text) => {
      writeFileSync(file, text)
      expect((await start()).safeMode).toBe(false)
      await countIs(1)
    },
  )

  it('where it cannot be written the app works as usual', async () => {
    file = join(folder, 'nowhere', 'starts.json')
    for (let n = 0; n < 5; n++) {
      const one = await start()
      expect(one.safeMode).toBe(false)
      await one.endedWell()
    }
  })
})
