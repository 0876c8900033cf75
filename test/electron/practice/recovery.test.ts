import { describe, expect, test } from 'vitest'
import { at, must, practice, verdict } from './practice-fixture.ts'

const DAY = 24 * 60 * 60

describe('a profile that is brought back', () => {
  test('after a deletion: a new id, source DELETION_RECOVERY, the same fields; the old id stays gone', () => {
    const { model, effects } = practice()
    must(model.create({ given_name: 'Ann', reference_id: 'R1' }, at(0)))
    must(model.remove('C1', null, at(1)))
    expect(must(model.colleague.restore('C1', at(2)))).toMatchObject({
      id: 'C2',
      given_name: 'Ann',
      reference_id: 'R1',
      creation_source: 'DELETION_RECOVERY',
      version: 0,
    })
    expect(verdict(model.retrieve('C1'))).toBe('404 NOT_FOUND')
    expect(must(model.list({}, at(3))).customers).toHaveLength(1)
    expect(effects.at(-1)).toMatchObject({ kind: 'create', by: 'colleague', id: 'C2' })
    expect(verdict(model.colleague.restore('C1', at(3)))).toBe('404 NOT_FOUND')
  })

  test('after a merge: source UNMERGE_RECOVERY; the merged profile stays and the old id leads to it', () => {
    const { model } = practice()
    for (const given_name of ['Ann', 'Anne']) must(model.create({ given_name }, at(0)))
    const merged = must(model.colleague.merge(['C1', 'C2'], at(1)))
    expect(must(model.colleague.restore('C2', at(2)))).toMatchObject({
      id: 'C4',
      given_name: 'Anne',
      creation_source: 'UNMERGE_RECOVERY',
    })
    expect(must(model.retrieve('C2')).id).toBe(merged.id)
  })

  test('flag restoredId=same: under its own id, with a version above the last one', () => {
    const { model } = practice({ flags: { restoredId: 'same' } })
    for (const given_name of ['Ann', 'Anne']) must(model.create({ given_name }, at(0)))
    must(model.update('C1', { note: 'x' }, at(0)))
    must(model.colleague.merge(['C1', 'C2'], at(1)))
    expect(must(model.colleague.restore('C1', at(2)))).toMatchObject({
      id: 'C1',
      version: 2,
      created_at: '2026-03-04T09:00:00.250Z',
    })
    expect(must(model.retrieve('C1')).id).toBe('C1')
    expect(must(model.retrieve('C2')).id).toBe('C3')
  })

  test('within 30 days only, and only who was there', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    must(model.remove('C1', null, at(0)))
    expect(verdict(model.colleague.restore('C9', at(1)))).toBe('404 NOT_FOUND')
    expect(verdict(model.colleague.restore('C1', at(30 * DAY + 1)))).toBe('400 BAD_REQUEST')
    expect(verdict(model.colleague.restore('C1', at(30 * DAY)))).toBe('ok')
  })
})
