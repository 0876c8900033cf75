import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  afterLimit,
  afterTurn,
  BURST,
  freshPace,
  LEAST_PER_SECOND,
  MOST_PER_SECOND,
  perSecondNow,
  waitForTurn,
  whoseTurn,
  BEFORE_THE_FIRST,
  LOOK_AFTER_SENT_MS,
  looksAfterSent,
  type Pace,
  type Urgency,
} from '#shared/sync/pace.ts'

const middle = () => 0.5

/** Lets requests leave as early as the pace allows until then; when each left. */
function leave(pace: Pace, from: number, until: number, random = middle): { times: number[]; pace: Pace } {
  const times: number[] = []
  for (let now = from; now < until;) {
    const wait = waitForTurn(pace, now)
    if (wait > 0) {
      now += wait
      continue
    }
    times.push(now)
    pace = afterTurn(pace, now, random)
  }
  return { times, pace }
}

describe('S26 the pace', () => {
  it('three a second, a few at once after a quiet time', () => {
    const { times } = leave(freshPace(0), 0, 60_000)
    expect(times.slice(0, BURST)).toEqual([0, 0, 0, 0])
    expect(times[BURST]).toBeGreaterThan(300)
    expect(times.length).toBeGreaterThan(60 * MOST_PER_SECOND)
    expect(times.length).toBeLessThanOrEqual(60 * MOST_PER_SECOND + BURST)
  })
  it('is spread by chance, around the same middle', () => {
    const gaps = (random: () => number) => leave(freshPace(0), 0, 10_000, random).times
    expect(gaps(() => 0)[10]).toBeLessThan(gaps(middle)[10]!)
    expect(gaps(() => 0.999)[10]).toBeGreaterThan(gaps(middle)[10]!)
  })
  it('a 429 halves it and holds everything back; no burst follows', () => {
    const slowed = afterLimit(freshPace(0), 10_000, 9_000, 2_000)
    expect(perSecondNow(slowed, 10_000)).toBe(1.5)
    const { times } = leave(slowed, 10_000, 13_000)
    expect(times[0]).toBe(12_000)
    expect(times[1]! - times[0]!).toBeGreaterThan(500)
  })
  it('what was in flight together is halved once; the longer wait counts', () => {
    const once = afterLimit(freshPace(0), 10_000, 9_000, 2_000)
    const twice = afterLimit(once, 10_050, 9_900, 5_000)
    expect(perSecondNow(twice, 10_050)).toBeCloseTo(1.5, 2)
    expect(waitForTurn(twice, 10_050)).toBe(5_000)
    expect(waitForTurn(afterLimit(twice, 10_100, 9_950, 200), 10_100)).toBe(4_950)
    expect(perSecondNow(afterLimit(once, 13_000, 12_000, 200), 13_000)).toBeLessThan(0.8)
  })
  it('however slow it is, a pause is kept to the millisecond', () => {
    let pace = freshPace(0)
    for (let i = 0; i < 10; i++) pace = afterLimit(pace, i, i, 0)
    expect(perSecondNow(pace, 9)).toBe(LEAST_PER_SECOND)
    expect(waitForTurn(afterLimit(pace, 10, 10, 200), 10)).toBe(200)
  })
  it('wins back slowly, and never more than it began with', () => {
    const slowed = afterLimit(freshPace(0), 0, 0, 200)
    expect(perSecondNow(slowed, 60_000)).toBeCloseTo(2.5)
    expect(perSecondNow(slowed, 90_000)).toBe(MOST_PER_SECOND)
    expect(perSecondNow(slowed, 3_600_000)).toBe(MOST_PER_SECOND)
    expect(perSecondNow(slowed, -1)).toBe(1.5)
  })
  it('never stops altogether, and never waits in vain for a part of a millisecond', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.boolean(),
            fc.integer({ min: 0, max: 5_000 }),
            fc.double({ min: 0, max: 0.999, noNaN: true }),
          ),
        ),
        (events) => {
          let pace = freshPace(0)
          let now = 0
          for (const [limited, passes, chance] of events) {
            now += passes
            pace = limited
              ? afterLimit(pace, now, now, 200)
              : afterTurn(pace, now + waitForTurn(pace, now), () => chance)
            expect(perSecondNow(pace, now)).toBeGreaterThanOrEqual(LEAST_PER_SECOND)
            expect(Number.isInteger(waitForTurn(pace, now))).toBe(true)
          }
        },
      ),
    )
  })
})

describe('S26 whose turn it is', () => {
  const turns = (waiting: Urgency[], count: number) => {
    const served: Urgency[] = []
    let last = BEFORE_THE_FIRST
    for (let i = 0; i < count; i++) {
      last = whoseTurn((urgency) => waiting.includes(urgency), last)!
      served.push(last.urgency)
    }
    return served
  }
  it('all who wait take turns, the directory the fewest; nobody waits for those who do not', () => {
    const round = ['person', 'push', 'person', 'push', 'pull']
    expect(turns(['pull', 'push', 'person'], 10)).toEqual([...round, ...round])
    expect(turns(['push', 'pull'], 6)).toEqual(['push', 'push', 'pull', 'push', 'push', 'pull'])
    expect(turns(['person', 'push'], 4)).toEqual(['person', 'push', 'person', 'push'])
    expect(turns(['push'], 2)).toEqual(['push', 'push'])
    expect(whoseTurn(() => false, BEFORE_THE_FIRST)).toBeNull()
  })
})

it('S26 what was sent makes the directory look at once where nothing waits, else once a minute', () => {
  expect(looksAfterSent(false, 0)).toBe(true)
  expect(looksAfterSent(true, null)).toBe(true)
  expect(looksAfterSent(true, LOOK_AFTER_SENT_MS - 1)).toBe(false)
  expect(looksAfterSent(true, LOOK_AFTER_SENT_MS)).toBe(true)
})
