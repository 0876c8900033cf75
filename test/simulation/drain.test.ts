import { describe, expect, it } from 'vitest'
import { drain } from './drain.ts'

const MINUTES = 60_000
const TIMEOUT_MS = 120_000
/** So many requests a second Square has been seen to take from all PCs of a seller together. */
const SHARED = { perSecond: 10, burst: 20 }

// Minutes here are virtual: they follow from the pace and from how many requests it takes, not from this machine.
describe('S22, S26 what was saved during a long time without a line', () => {
  it(
    '500 edits are at Square within five minutes',
    async () => {
      const { doneAt, requests, violations } = await drain({ waiting: 500, kind: 'update' })
      expect(violations).toEqual([])
      expect(doneAt[0]).toBeLessThan(5 * MINUTES)
      expect(requests).toBeLessThan(20)
    },
    TIMEOUT_MS,
  )

  it(
    'also one by one, where they could not travel together',
    async () => {
      const { doneAt, requests, violations } = await drain({ waiting: 500, kind: 'update', bulkFrom: 1e9 })
      expect(violations).toEqual([])
      expect(doneAt[0]).toBeLessThan(5 * MINUTES)
      expect(requests).toBeGreaterThanOrEqual(500)
    },
    TIMEOUT_MS,
  )

  it(
    '500 new customers, each looked for by phone and every second by e-mail too, within five minutes',
    async () => {
      const { doneAt, requests, violations } = await drain({ waiting: 500, kind: 'create' })
      expect(violations).toEqual([])
      expect(doneAt[0]).toBeLessThan(5 * MINUTES)
      expect(requests).toBeGreaterThanOrEqual(750)
    },
    TIMEOUT_MS,
  )

  it.each([false, true])(
    'S9 500 new ones with phone and e-mail, where the directory vouches for them; read meanwhile: %s',
    async (pulling) => {
      const options = { waiting: 500, kind: 'create', known: 2_000, allWithEmail: true, pulling } as const
      const { doneAt, questions, violations } = await drain(options)
      expect([violations, questions]).toEqual([[], []])
      expect(doneAt[0]).toBeLessThan(5 * MINUTES)
    },
    TIMEOUT_MS,
  )

  it(
    'S9 whom the directory has, and whom a colleague adds after the last pull, is a question there as well',
    async () => {
      const options = { waiting: 500, kind: 'create', known: 2_000, allWithEmail: true, twice: true } as const
      const { requests, questions } = await drain(options)
      expect(questions).toEqual(['p0.op-300 create-duplicate', 'p0.op-450 create-duplicate'])
      expect(requests).toBeLessThan(250)
    },
    TIMEOUT_MS,
  )

  it(
    'S9 500 new ones with phone and e-mail on a new PC, which has 20,000 customers still to load',
    async () => {
      const options = {
        waiting: 500,
        kind: 'create',
        known: 20_000,
        allWithEmail: true,
        newPc: true,
      } as const
      const { doneAt, requests, questions, violations } = await drain(options)
      expect([violations, questions]).toEqual([[], []])
      expect(doneAt[0]).toBeLessThan(5 * MINUTES)
      expect(requests).toBeLessThan(400)
    },
    TIMEOUT_MS,
  )

  it(
    'one by one and while the directory is read without a pause, too; and it is still read',
    async () => {
      const options = { waiting: 500, kind: 'update', bulkFrom: 1e9, pulling: true } as const
      const { doneAt, requests, violations } = await drain(options)
      expect(violations).toEqual([])
      expect(doneAt[0]).toBeLessThan(5 * MINUTES)
      expect(requests).toBeGreaterThan(700)
    },
    TIMEOUT_MS,
  )
})

it(
  'S26 fifty PCs of one seller share what Square takes: nobody starves, most is let through',
  async () => {
    const { doneAt, requests, limited, violations } = await drain({
      pcs: 50,
      waiting: 20,
      kind: 'update',
      bulkFrom: 1e9,
      limit: SHARED,
    })
    expect(violations).toEqual([])
    const slowest = Math.max(...doneAt)
    const middle = doneAt.toSorted((a, b) => a - b)[doneAt.length / 2]!
    const atBest = ((requests - limited) / SHARED.perSecond) * 1000
    expect(slowest).toBeLessThan(1.5 * atBest)
    expect(slowest).toBeLessThan(1.5 * middle)
    expect(limited).toBeLessThan(requests / 2)
  },
  TIMEOUT_MS,
)

// Of fourteen seeds the worst three: chance decides whom a 429 meets.
it.each([1, 3, 9])(
  'S22, S26 fifty PCs with much and little to send, as the product sends it, while they read: who has little is not held up by who has much (seed %i)',
  async (seed) => {
    const waiting = [200, 3, 40, 1, 12]
    const { doneAt, requests, limited, violations } = await drain({
      seed,
      pcs: 50,
      waiting,
      kind: 'update',
      pulling: true,
      limit: SHARED,
    })
    expect(violations).toEqual([])
    const little = doneAt.filter((_, pc) => waiting[pc % waiting.length]! <= 3).toSorted((a, b) => a - b)
    expect(little[little.length / 2]).toBeLessThan(MINUTES / 2)
    expect(little.at(-1)).toBeLessThan(2 * MINUTES)
    expect(Math.max(...doneAt)).toBeLessThan(5 * MINUTES)
    expect(limited).toBeLessThan(requests / 2)
  },
  TIMEOUT_MS,
)
