import { expect, it } from 'vitest'
import { createDeletionLimit, DELETIONS_A_MINUTE, newDeletions } from '#main/ipc/deletion-limit.ts'
import { confirmDeletions } from '#main/platform/confirm-deletions.ts'
import { ann, createOp, deleteOp, queued, stateOf, updateOp, answered } from '../../../support/builders.ts'
import { manualClock } from '../../../support/manual-clock.ts'

function limited(answer: () => Promise<boolean>) {
  const clock = manualClock()
  const asked: number[] = []
  const limit = createDeletionLimit({ clock, confirm: (count) => (asked.push(count), answer()) })
  const one = async (times: number) => {
    const answers: boolean[] = []
    for (let n = 0; n < times; n++) answers.push(await limit.allows(1))
    return answers.filter(Boolean).length
  }
  return { clock, asked, limit, one }
}

it('as many as the limit go through unasked, and as many again when a minute has passed', async () => {
  const { clock, asked, one } = limited(async () => false)
  expect(await one(DELETIONS_A_MINUTE)).toBe(DELETIONS_A_MINUTE)
  await clock.pass(60_000)
  expect(await one(DELETIONS_A_MINUTE)).toBe(DELETIONS_A_MINUTE)
  expect(asked).toEqual([])
})

it('beyond it a person is asked once; a no holds for a minute without another question', async () => {
  const { clock, asked, one } = limited(async () => false)
  expect(await one(200)).toBe(DELETIONS_A_MINUTE)
  expect(asked).toEqual([DELETIONS_A_MINUTE + 1])
  await clock.pass(59_999)
  expect(await one(DELETIONS_A_MINUTE + 5)).toBe(0)
  expect(asked).toHaveLength(1)
  await clock.pass(1)
  expect(await one(DELETIONS_A_MINUTE)).toBe(DELETIONS_A_MINUTE)
})

it('a yes counts for what was asked about; then it is counted anew', async () => {
  const { asked, limit, one } = limited(async () => true)
  expect(await limit.allows(50)).toBe(true)
  expect(await one(DELETIONS_A_MINUTE)).toBe(DELETIONS_A_MINUTE)
  expect(asked).toEqual([50])
})

it('while the question is open nothing is deleted, and no second one is put', async () => {
  let answer = (_yes: boolean) => {}
  const { asked, limit } = limited(() => new Promise((resolve) => (answer = resolve)))
  const first = limit.allows(30)
  expect(await limit.allows(30)).toBe(false)
  answer(true)
  expect(await first).toBe(true)
  expect(asked).toEqual([30])
})

it('a question that could not be put is a no', async () => {
  const { limit } = limited(() => Promise.reject(new Error('no display')))
  expect(await limit.allows(21)).toBe(false)
})

it('only deletions count, and none that is in the log already', () => {
  const remote = ann()
  const queue = (op: Parameters<typeof queued>[0]) => ({ kind: 'queue', op, replaces: [] }) as const
  const state = stateOf(
    queued(deleteOp('open', 'L1', remote)),
    queued(deleteOp('done', 'L2', ann('1', {}, 'SQ2'))),
    answered('done', 0, { kind: 'gone' }),
  )
  const drafts = [
    queue(createOp('c', 'L3')),
    queue(updateOp('u', 'L1', {}, remote)),
    queue(deleteOp('open', 'L1', remote)),
    queue(deleteOp('done', 'L2', remote)),
    queue(deleteOp('new', 'L4', ann('1', {}, 'SQ4'))),
    { kind: 'withdraw', opIds: ['open'], why: 'undo' },
    { kind: 'fact', id: 'f', localId: 'L1', fact: { kind: 'show-every-conflict', on: true } },
  ] as const
  expect(newDeletions(state, drafts)).toBe(1)
})

it('the question is main’s own, says how many, and is answered with no unless the person chooses', async () => {
  const shown: object[] = []
  const answering = (response: number) => ({
    showMessageBox: async (options: object) => (shown.push(options), { response, checkboxChecked: false }),
  })
  expect(await confirmDeletions(answering(0) as never, 34)).toBe(false)
  expect(await confirmDeletions(answering(1) as never, 34)).toBe(true)
  expect(shown[0]).toMatchObject({ message: 'Delete 34 customers?', defaultId: 0, cancelId: 0 })
})
