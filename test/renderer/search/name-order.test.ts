import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createNameOrder } from '#renderer/search/name-order.ts'

const slots = fc.uniqueArray(fc.nat(200), { maxLength: 60 })

it('is in order after each reading, whatever came and went in between', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ add: slots, remove: slots }), { maxLength: 6 }), (rounds) => {
      const order = createNameOrder((a, b) => a - b)
      const held = new Set<number>()
      for (const { add, remove } of rounds) {
        for (const slot of add) {
          if (!held.has(slot)) order.add(slot)
          held.add(slot)
        }
        for (const slot of remove) if (held.delete(slot)) order.remove(slot)
        expect(order.inOrder()).toEqual([...held].sort((a, b) => a - b))
      }
    }),
  )
})

it('a few newcomers cost a few comparisons, not one for everybody', () => {
  let compared = 0
  const order = createNameOrder((a, b) => {
    compared++
    return a - b
  })
  for (let slot = 0; slot < 10_000; slot++) order.add(slot * 2)
  order.inOrder()
  compared = 0
  for (let slot = 0; slot < 100; slot++) order.add(slot * 200 + 1)
  expect(order.inOrder()).toHaveLength(10_100)
  expect(compared).toBeLessThan(100 * 14 + 100 * 7)
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
