import { describe, expect, test } from 'vitest'
import { seedMany, seedPractice } from '#practice/seed.ts'
import { SEED_PEOPLE } from '#practice/seed-people.ts'
import type { WireChanges } from '#practice/wire.ts'
import { at, must, practice, T0, verdict } from './practice-fixture.ts'

describe('the sixty', () => {
  test('are the same every time, at version 0, made before now', () => {
    const one = practice().model
    const two = practice().model
    seedPractice(one, T0)
    seedPractice(two, T0)
    expect(one.customers()).toHaveLength(60)
    expect(two.customers()).toEqual(one.customers())
    for (const { created_at, version } of one.customers()) {
      expect(Date.parse(created_at)).toBeLessThan(T0)
      expect(version).toBe(0)
    }
  })

  test.each(SEED_PEOPLE.map(({ fields }, index) => [index, fields] as const))(
    '%i: Square would take it',
    (_index, fields) => {
      expect(verdict(practice().model.create(fields as WireChanges, at(0)))).toBe('ok')
    },
  )

  test('all are listed; the family shares one phone, the two Anna Schmidts do not', () => {
    const { model } = practice()
    seedPractice(model, T0)
    expect(must(model.list({ count: 'true' }, at(0))).count).toBe(60)
    const family = { query: { filter: { phone_number: { exact: '+12065550105' } } } }
    expect(must(model.search(family, at(0))).customers).toHaveLength(3)
    const written = { query: { filter: { phone_number: { exact: '+12065550103' } } } }
    expect(must(model.search(written, at(0))).customers?.[0]?.given_name).toBe('Carla')
  })
})

test('many: as many as asked, the same for a seed, others for another', () => {
  const made = (seed: number) => {
    const { model } = practice()
    seedMany(model, 500, seed, T0)
    return model.customers()
  }
  expect(made(7)).toHaveLength(500)
  expect(made(7)).toEqual(made(7))
  expect(made(7)).not.toEqual(made(8))
  for (const customer of made(7)) {
    const {
      id: _id,
      created_at: _c,
      updated_at: _u,
      preferences: _p,
      creation_source: _s,
      version: _v,
      ...fields
    } = customer
    expect(verdict(practice().model.create(fields, at(0)))).toBe('ok')
  }
})
