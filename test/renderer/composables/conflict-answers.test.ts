import { describe, expect, it } from 'vitest'
import { EMPTY_FIELDS, type Patch } from '#shared/customer/customer.ts'
import { threeWayMerge } from '#shared/merge/three-way-merge.ts'
import {
  askedFields,
  carryAnswers,
  resultOf,
  tripleOf,
  type Answers,
} from '#renderer/composables/conflict-answers.ts'

const US = { country: 'US' }
const remote = { ...EMPTY_FIELDS, givenName: 'Ana', phoneNumber: '555-010-0199', nickname: 'A.', note: 'old' }
const patch: Patch = {
  phoneNumber: { base: '555-010-0100', local: '555-010-0177' },
  nickname: { base: 'A.', local: 'Annie' },
}

describe('what a person is asked about a conflict', () => {
  it('asks only the fields both changed after a plain overlap (S7)', () => {
    const verdicts = threeWayMerge(patch, remote, US)
    expect(askedFields(verdicts, 'overlap').map(({ field }) => field)).toEqual(['phoneNumber'])
  })

  it('asks every field in which Square differs where the answer got lost (S8) or all is to be shown (S19)', () => {
    const verdicts = threeWayMerge(patch, remote, US)
    for (const why of ['in-doubt', 'show-all', 'keeps-changing'] as const) {
      expect(askedFields(verdicts, why).map(({ field }) => field)).toEqual(['nickname', 'phoneNumber'])
    }
    const agreed = threeWayMerge(patch, { ...remote, nickname: 'Annie' }, US)
    expect(askedFields(agreed, 'in-doubt').map(({ field }) => field)).toEqual(['phoneNumber'])
  })

  it('keeps an answer while base, local and remote are unchanged, and drops it when one moved (S12)', () => {
    const asked = askedFields(threeWayMerge(patch, remote, US), 'show-all')
    const answers: Answers = new Map(
      asked.map((verdict) => [
        verdict.field,
        { choice: 'local', value: verdict.local, triple: tripleOf(verdict) },
      ]),
    )
    const moved = threeWayMerge(patch, { ...remote, phoneNumber: '555-010-0155' }, US)
    const carried = carryAnswers(answers, askedFields(moved, 'show-all'))
    expect([...carried.kept.keys()]).toEqual(['nickname'])
    expect(carried.moved).toEqual(['phoneNumber'])
  })

  it('takes two addresses with the same parts in another order for the same question (S12)', () => {
    const address = { field: 'address', verdict: 'ask', base: null, remote: null, result: null } as const
    const one = tripleOf({ ...address, local: { locality: 'Cork', country: 'IE' } })
    expect(tripleOf({ ...address, local: { country: 'IE', locality: 'Cork' } })).toBe(one)
  })

  it('makes the card of what is chosen and settled, and leaves the rest as Square has it', () => {
    const verdicts = threeWayMerge(patch, remote, US)
    const asked = askedFields(verdicts, 'overlap')
    expect(resultOf(remote, verdicts, asked, new Map())).toEqual({ ...remote, nickname: 'Annie' })
    const answers: Answers = new Map([['phoneNumber', { choice: 'base', value: '555-010-0100', triple: '' }]])
    expect(resultOf(remote, verdicts, asked, answers)).toEqual({
      ...remote,
      nickname: 'Annie',
      phoneNumber: '555-010-0100',
    })
  })
})
