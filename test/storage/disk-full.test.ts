import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isFull } from './how-long.ts'
import { because, createDisk, limits } from './machine.ts'
import { idsInLog, startPromising } from './promising-process.ts'

const ROUNDS = isFull ? 20 : 2

test.skipIf(limits.images !== null)(
  `S1 the disk is full, ${ROUNDS} times: refused before it is promised, nothing promised is lost, reading goes on${because(limits.images)}`,
  async () => {
    const disk = createDisk(8)
    onTestFinished(() => disk.remove())
    const folder = join(disk.folder, 'log')
    const ballast = join(disk.folder, 'ballast')
    const acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // Almost everything is taken by somebody else; the rest in pieces of another size each time.
      fill(ballast, 30_000 + round * 1_717)
      const child = await startPromising({ folder, run: `r${round}`, most: -20_000 })
      await child.ended()
      acknowledged.push(...child.acknowledged())
      expect(child.refused().length).toBeGreaterThan(0)
      expect(new Set(child.refused().map(({ reason }) => reason))).toEqual(new Set(['disk-full']))
      const held = await idsInLog(folder)
      expect(acknowledged.filter((id) => !held.has(id))).toEqual([])
      expect(child.refused().filter(({ id }) => held.has(id))).toEqual([])
      // Somebody makes room: promises are made again, over the same log.
      rmSync(ballast)
      const after = await startPromising({ folder, run: `after${round}`, most: 20 })
      await after.ended()
      expect(after.refused()).toEqual([])
      acknowledged.push(...after.acknowledged())
    }
    const held = await idsInLog(folder)
    expect(acknowledged.filter((id) => !held.has(id))).toEqual([])
  },
  isFull ? 600_000 : 60_000,
)

test.skipIf(limits.fileSizes !== null)(
  `S1 the system takes no more of the file: refused, and nothing promised before it is lost${because(limits.fileSizes)}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-limit-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const child = await startPromising({ folder, run: 'r', most: -20_000, largestFile: 64 })
    await child.ended()
    expect(child.refused().length).toBeGreaterThan(0)
    const held = await idsInLog(folder)
    expect(child.acknowledged().filter((id) => !held.has(id))).toEqual([])
    expect(child.refused().filter(({ id }) => held.has(id))).toEqual([])
  },
  60_000,
)

/** Leaves about so many bytes. */
function fill(file: string, left: number): void {
  for (let size = 1 << 22; size >= 1_024; size >>= 1) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
    } catch {
      // That much does not fit any more: half of it may.
    }
  }
  const { size } = statSync(file)
  writeFileSync(file, Buffer.alloc(Math.max(0, size - left)))
}
