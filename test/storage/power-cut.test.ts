import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isFull } from './how-long.ts'
import { because, createDisk, limits } from './machine.ts'
import { idsInLog, startPromising } from './promising-process.ts'

const CUTS = isFull ? 40 : 2

/** How many acknowledged promises a power cut takes, and how many there were. */
async function cutPower(round: number, durability: 'sync' | 'relaxed') {
  const disk = createDisk(24)
  onTestFinished(() => disk.remove())
  const folder = join(disk.folder, 'log')
  const child = await startPromising({ folder, run: 'r', durability })
  await child.more(40 + ((round * 61) % 400))
  await wait((round * 7) % 23)
  // What was said before this moment counts; from here on nothing is said any more.
  child.freeze()
  const acknowledged = [...child.acknowledged()]
  const cut = disk.copy()
  onTestFinished(() => cut.remove())
  await child.kill()
  const held = await idsInLog(join(cut.folder, 'log')).catch(() => new Set<string>())
  return { promised: acknowledged.length, lost: acknowledged.filter((id) => !held.has(id)).length }
}

describe.skipIf(limits.images !== null)(
  `power cut, by a copy of the disk at that moment${because(limits.images)}`,
  () => {
    test.each(Array.from({ length: CUTS }, (_, round) => round))(
      'S1 cut %i: not one acknowledged promise is lost',
      async (round) => {
        const { promised, lost } = await cutPower(round, 'sync')
        expect(promised).toBeGreaterThan(0)
        expect(lost).toBe(0)
      },
      60_000,
    )

    test('the control: without its syncs the same log loses promises, so this would be seen', async () => {
      const { promised, lost } = await cutPower(1, 'relaxed')
      expect(promised).toBeGreaterThan(0)
      expect(lost).toBeGreaterThan(0)
    }, 60_000)
  },
)
