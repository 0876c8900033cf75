import { describe, expect, test } from 'vitest'
import { at, must, practice, verdict } from './practice-fixture.ts'

describe('a colleague at the dashboard', () => {
  test('creates with source DIRECTORY and writes phones as E.164', () => {
    const { model } = practice()
    expect(must(model.colleague.create({ phone_number: '(206) 555-0100' }, at(0)))).toMatchObject({
      phone_number: '+12065550100',
      creation_source: 'DIRECTORY',
      version: 0,
    })
  })

  test('edits without a version and is not stopped by one', () => {
    const { model, effects } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    expect(
      must(model.colleague.edit('C1', { note: 'allergic', given_name: null, family_name: 'Lee' }, at(1))),
    ).toMatchObject({
      note: 'allergic',
      family_name: 'Lee',
      version: 1,
    })
    expect(effects.at(-1)).toMatchObject({
      kind: 'update',
      by: 'colleague',
      before: { version: 0 },
      after: { version: 1 },
    })
    expect(verdict(model.colleague.edit('C1', { birthday: 'x' }, at(2)))).toBe('400 INVALID_TIME birthday')
  })

  test('takes a change back: earlier content, higher version (the case S8 guards against)', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann', note: 'a' }, at(0)))
    must(model.update('C1', { note: 'b' }, at(1)))
    expect(must(model.colleague.revert('C1', at(2)))).toMatchObject({ note: 'a', version: 2 })
    expect(must(model.colleague.revert('C1', at(3)))).toMatchObject({ note: 'b', version: 3 })
  })

  test('deletes', () => {
    const { model } = practice()
    must(model.create({ given_name: 'Ann' }, at(0)))
    must(model.colleague.remove('C1', at(1)))
    expect(verdict(model.colleague.remove('C1', at(2)))).toBe('404 NOT_FOUND')
    expect(verdict(model.colleague.revert('C1', at(2)))).toBe('404 NOT_FOUND')
  })
})

describe('merges (S10)', () => {
  function merged() {
    const { model, effects } = practice()
    must(model.create({ given_name: 'Ann', phone_number: '2065550100', note: 'n' }, at(0)))
    must(model.create({ given_name: 'Anne', email_address: 'a@b.de' }, at(1)))
    const profile = must(model.colleague.merge(['C1', 'C2'], at(2)))
    return { model, effects, profile }
  }

  test('a new id of version 0, source MERGE, with a note about what was lost', () => {
    expect(merged().profile).toMatchObject({
      id: 'C3',
      version: 0,
      creation_source: 'MERGE',
      given_name: 'Ann',
      phone_number: '2065550100',
      email_address: 'a@b.de',
      note: 'n Merged on 03/04/2026. Following fields were not transferred: given_name: Anne.',
    })
  })

  test('an old id answers the new profile; writing to it is a 404', () => {
    const { model, effects } = merged()
    expect(must(model.retrieve('C1')).id).toBe('C3')
    expect(model.mergedInto('C2')).toBe('C3')
    expect(model.mergedInto('C3')).toBeNull()
    expect(verdict(model.update('C1', { note: 'x' }, at(3)))).toBe('404 NOT_FOUND')
    expect(verdict(model.remove('C2', null, at(3)))).toBe('404 NOT_FOUND')
    expect(model.customers().map((customer) => customer.id)).toEqual(['C3'])
    expect(effects.slice(2).map((effect) => [effect.kind, effect.id])).toEqual([
      ['merge', 'C3'],
      ['merge', 'C1'],
      ['merge', 'C2'],
    ])
  })

  test('chains lead to the last profile, and to nobody once that is deleted', () => {
    const { model } = merged()
    must(model.create({ given_name: 'A.' }, at(3)))
    must(model.colleague.merge(['C4', 'C3'], at(4)))
    expect(must(model.retrieve('C1')).id).toBe('C5')
    must(model.colleague.remove('C5', at(5)))
    expect(verdict(model.retrieve('C1'))).toBe('404 NOT_FOUND')
  })

  test('needs two who exist', () => {
    const { model } = merged()
    expect(verdict(model.colleague.merge(['C3', 'C3'], at(3)))).toBe('400 BAD_REQUEST')
    expect(verdict(model.colleague.merge(['C3', 'C1'], at(3)))).toBe('404 NOT_FOUND')
  })
})
