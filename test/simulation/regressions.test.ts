import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'
import { planOf } from './plan.ts'
import { runPlan } from './run-seed.ts'
import { violationOf } from './run-workers.ts'
import { kindOf, shrink, type Regression } from './shrink.ts'

const FOLDER = join(import.meta.dirname, '../regressions')
const KEPT = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Regression) }))

describe('what once failed, made small', () => {
  it.each(KEPT)('$name: the product keeps its promises', async ({ plan }) => {
    expect((await runPlan(plan)).violations).toEqual([])
  })

  it.each(KEPT.filter(({ mutant }) => mutant !== undefined))(
    '$name: the mutant it was found with still breaks them',
    async ({ plan, mutant, violation }) => {
      const broken = MUTANTS.find(({ name }) => name === mutant)
      expect(broken).toBeDefined()
      expect(kindOf((await violationOf(plan, broken!)) ?? 'nothing')).toBe(kindOf(violation))
      expect(plan.events.filter(({ kind }) => kind === 'staff').length).toBeLessThanOrEqual(10)
    },
    60_000,
  )
})

describe('making a failing seed small', () => {
  const plan = planOf(5)
  const staff = plan.events.filter(({ kind }) => kind === 'staff')
  const needed = [staff[3]!.no, staff[30]!.no, plan.events.find(({ kind }) => kind === 'offline')!.no]

  it('keeps what the failure needs and nothing else', async () => {
    const found = await shrink(plan, 60_000, async ({ events }) =>
      needed.every((no) => events.some((event) => event.no === no)) ? ['effect 2 times: p0.op3'] : [],
    )
    expect(found?.plan.events.map(({ no }) => no).sort()).toEqual(needed.toSorted())
    expect(found?.plan.pcs).toHaveLength(1)
    expect(Object.values(found!.plan.faults).filter(Boolean)).toEqual([])
  })

  it('does not take another failure for this one', async () => {
    const found = await shrink(plan, 60_000, async ({ events }) => [
      events.length === plan.events.length ? 'effect 2 times: p0.op3' : 'order: p0.op3 took effect late',
    ])
    expect(found?.plan.events).toHaveLength(plan.events.length)
  })

  it('says so where the seed does not fail', async () => {
    expect(await shrink(plan, 60_000, async () => [])).toBeNull()
  })
})
