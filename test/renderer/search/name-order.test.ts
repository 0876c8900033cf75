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
