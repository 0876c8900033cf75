import { expect, it } from 'vitest'
import { Scheduler } from './scheduler.ts'

it('what follows from itself at the same instant for ever is a fault, not a night without an end', async () => {
  const scheduler = new Scheduler(() => 0.5)
  const again = () => scheduler.at(0, again)
  again()
  await expect(scheduler.runFor(1)).rejects.toThrow('time stands still at 0 ms')
})

it('many at one instant, and then others, are not', async () => {
  const scheduler = new Scheduler(() => 0.5)
  let done = 0
  for (let i = 0; i < 5_000; i++) scheduler.at(10, () => done++)
  scheduler.at(20, () => done++)
  await scheduler.runFor(20)
  expect([done, scheduler.now]).toEqual([5_001, 20])
})
