import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { isFull } from './how-long.ts'
import { idsInLog, startPromising } from './promising-process.ts'

const ROUNDS = isFull ? 200 : 6

test(
  'S1 kill -9 at any moment, again and again over the same log: every acknowledged promise is there after each',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-kill-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    let acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const child = await startPromising({ folder, run: `r${round}` })
      await child.more(20 + ((round * 29) % 70))
      // The moment is not chosen by an acknowledgement alone: somewhere within a write, too.
      await wait((round * 7) % 11)
      await child.kill()
      // The last 10,000 closed ones are remembered (S21): older rounds are forgotten, as promised.
      acknowledged = [...acknowledged, ...child.acknowledged()].slice(-5_000)
      const held = await idsInLog(folder)
      expect(acknowledged.filter((id) => !held.has(id))).toEqual([])
      // Nothing that nobody asked for.
      expect([...held].filter((id) => !/^r\d+-\d+$/.test(id))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 20 > 5_000 ? 4_999 : ROUNDS * 20)
  },
  isFull ? 600_000 : 60_000,
)
