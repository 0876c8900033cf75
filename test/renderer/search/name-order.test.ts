import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createNameOrder } from '#renderer/search/name-order.ts'

const slots = fc.uniqueArray(fc.nat(200), { maxLength: 60 })

it('is in order in every window of whoever is looked for, whatever came and went and was sorted in before', () => {
  const round = fc.record({
    add: slots,
    remove: slots,
    settle: fc.nat(20),
    from: fc.nat(40),
    limit: fc.nat(20),
  })
  fc.assert(
    fc.property(fc.array(round, { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (rounds, nth) => {
      const order = createNameOrder((a, b) => a - b)
      const held = new Set<number>()
      for (const { add, remove, settle, from, limit } of rounds) {
        for (const slot of add) {
          if (!held.has(slot)) order.add(slot)
          held.add(slot)
        }
        for (const slot of remove) if (held.delete(slot)) order.remove(slot)
        order.settle(settle)
        const found = order.filter((slot) => slot % nth === 0)
        const all = [...held].filter((slot) => slot % nth === 0).sort((a, b) => a - b)
        expect(found.total).toBe(all.length)
        expect(found.window(from, limit)).toEqual(all.slice(from, from + limit))
      }
      expect(order.inOrder()).toEqual([...held].sort((a, b) => a - b))
    }),
  )
})

it('says when nobody waits any more to be sorted in', () => {
  const order = createNameOrder((a, b) => a - b)
  for (let slot = 0; slot < 5; slot++) order.add(slot)
  expect([2, 2, 2].map((part) => order.settle(part))).toEqual([true, true, false])
  expect(order.settle(2)).toBe(false)
})

it('a few newcomers cost a few comparisons, not one for everybody; their first window one each', () => {
  let compared = 0
  const order = createNameOrder((a, b) => {
    compared++
    return a - b
  })
  for (let slot = 0; slot < 10_000; slot++) order.add(slot * 2)
  order.inOrder()
  for (let slot = 0; slot < 100; slot++) order.add(slot * 200 + 1)
  compared = 0
  expect(order.filter(() => true).window(0, 60)).toHaveLength(60)
  expect(compared).toBeLessThan(100 + 10)
  compared = 0
  expect(order.inOrder()).toHaveLength(10_100)
  // To be put in order themselves, and each to find its place among the hundred that are between two of them.
  expect(compared).toBeLessThan(100 * 7 + 100 * 9)
})

it('what is about in order is in order when it is read, and costs hardly more than a comparison each', () => {
  fc.assert(
    fc.property(
      slots,
      slots,
      fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 3 }),
      (all, early, swaps) => {
        const held = new Set([...all, ...early])
        const about = [...held].filter((slot) => !early.includes(slot)).sort((a, b) => a - b)
        for (const [a, b] of swaps)
          if (a < about.length && b < about.length) [about[a], about[b]] = [about[b]!, about[a]!]
        const order = createNameOrder((a, b) => a - b)
        for (const slot of early) order.add(slot)
        order.addInOrder(about)
        expect(order.inOrder()).toEqual([...held].sort((a, b) => a - b))
      },
    ),
  )
  let compared = 0
  const order = createNameOrder((a, b) => {
    compared++
    return a - b
  })
  const many = Array.from({ length: 10_000 }, (_, slot) => slot)
  // One far ahead of its place must not have all the others sorted.
  many.splice(3, 0, 20_000)
  order.addInOrder(many)
  expect(order.inOrder()).toHaveLength(10_001)
  expect(compared).toBeLessThan(10_100)
})
