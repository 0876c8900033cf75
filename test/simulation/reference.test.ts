import { describe, expect, it } from 'vitest'
import { createPracticeModel } from '#practice/model.ts'
import { Reference } from './reference.ts'

/** What the reference says of a note that showed `from`, held `was` when Square was asked for `to`, and then held `is`. */
function said(note: Record<'from' | 'was' | 'to' | 'is', string>): readonly string[] {
  const bad: string[] = []
  const reference = new Reference((what) => bad.push(what))
  let ids = 0
  const model = createPracticeModel({
    newId: () => `SQ${++ids}`,
    onEffect: (effect) => reference.happened(effect, effect.tag),
  })
  model.colleague.create({ given_name: 'Ann', note: note.was }, { now: 0 })
  reference.wants('edit', { note: { from: note.from, to: note.to } })
  model.update('SQ1', { note: note.is, version: 0 }, { now: 1, tag: 'edit' })
  return bad
}

describe('a note that somebody changed meanwhile', () => {
  it('becomes ours where ours holds all that they added', () => {
    expect(said({ from: 'a', was: 'a y', to: 'a y x', is: 'a y x' })).toEqual([])
  })
  it('not where something of theirs is not in it', () => {
    expect(said({ from: 'a', was: 'a z', to: 'a y x', is: 'a y x' })).toHaveLength(1)
  })
  it('nor where it brings back what they took out', () => {
    expect(said({ from: 'a y', was: 'a', to: 'a y x', is: 'a y x' })).toHaveLength(1)
  })
  it('becomes both', () => {
    expect(said({ from: 'a', was: 'a z', to: 'a x', is: 'a z x' })).toEqual([])
  })
})
