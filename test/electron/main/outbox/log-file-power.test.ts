import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogFile } from '#main/outbox/log-file.ts'
import type { LogRecord } from '#shared/outbox/record.ts'
import { emptySnapshot, header, records } from './log-records.ts'
import { memoryDisk } from './memory-disk.ts'

type Step = { readonly kind: 'append'; readonly size: number } | { readonly kind: 'compact' }
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('append' as const), size: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const) }) },
)
/** One start of the app: what it does, and at which call to the disk the power goes. */
const anyLife = fc.record({
  steps: fc.array(anyStep, { maxLength: 8 }),
  cutAt: fc.integer({ min: 1, max: 60 }),
})

/** Seqs in a record, those that a snapshot of these tests stands for included. */
const seqsIn = (one: LogRecord): number[] =>
  one.kind === 'snapshot' ? one.state.closed.map(([id]) => Number(id.slice(2))) : [one.seq]

test('S1, S21: whenever the power goes, every acknowledged record comes back, in order, and nothing that was never written', async () => {
  const reached = { compacted: 0, cutInUse: 0, restarts: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyLife, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (lives, chance) => {
        const disk = memoryDisk(() => chance.next().value as number)
        let acknowledged: number[] = []
        for (const life of [...lives, { steps: [], cutAt: 1_000 }]) {
          disk.cutAt(life.cutAt)
          const log = createLogFile({
            folder: '/log',
            fs: disk.fs,
            lock: async () => ({ kind: 'unavailable' }),
          })
          let tried: number[] = []
          const opened = await log.open()
          if (!disk.isDead()) {
            if (opened.kind === 'refused') throw new Error(`refused: ${opened.reason}`)
            const back = opened.kind === 'opened' ? opened.records.flatMap(seqsIn) : []
            expect(back.slice(0, acknowledged.length)).toEqual(acknowledged)
            acknowledged = back
            if (opened.kind === 'opened') reached.restarts += 1
            const begun = opened.kind === 'opened' || (await log.replace(header(), [])).kind === 'written'
            for (const step of begun ? life.steps : []) {
              const seq = acknowledged.at(-1) ?? 0
              if (step.kind === 'append') {
                tried = records(seq + 1, seq + step.size).map((one) => one.seq)
                const { kind } = await log.append(records(seq + 1, seq + step.size))
                if (kind === 'written') acknowledged = [...acknowledged, ...tried]
              } else if (seq > 0) {
                const state = {
                  ...emptySnapshot,
                  closed: acknowledged.map((n) => [`op${n}`, 'done'] as const),
                }
                const outcome = await log.replace(header({ compactedThrough: seq }), [
                  { kind: 'snapshot', seq, state },
                ])
                if (outcome.kind === 'written') reached.compacted += 1
              }
              if (disk.isDead()) break
            }
            if (disk.isDead()) reached.cutInUse += 1
          }
          disk.restart()
        }
      },
    ),
    { numRuns: 400 },
  )
  for (const [what, times] of Object.entries(reached)) expect(times, what).toBeGreaterThan(20)
}, 60_000)
