import { describe, expect, it } from 'vitest'
import { packEntries, PACKED_FORMAT, unpackEntries } from '#renderer/search/packed.ts'
import { baseOf, changeOf, IN_PART, resume, type KeptBase } from '#renderer/search/search-cache.ts'
import { searchEntry } from '../../support/search-entries.ts'

const entry = (localId: string, givenName = localId) => searchEntry(localId, { givenName })
const noPause = () => Promise.resolve()
const base = (await baseOf('s0', 's0', [entry('Ana'), entry('Bob')], noPause))!
const put = (from: string | null, to: string, ...names: string[]) =>
  changeOf({ from, to }, { entries: names.map((name) => entry(name)), gone: [], step: null })
const changes = [put('s0', 's1', 'Cleo'), put('s1', 's2', 'Dora')]

describe('what is kept is what the directory holds', () => {
  it('where changes lead from the base to its stamp, each once, the oldest first', () => {
    expect(resume({ base, changes }, 's2')).toEqual({
      everybody: [entry('Ana'), entry('Bob')],
      changes: [
        { entries: [entry('Cleo')], gone: [] },
        { entries: [entry('Dora')], gone: [] },
      ],
    })
    expect(resume({ base, changes: [] }, 's0')?.changes).toEqual([])
  })

  it('whatever else lies there, in whatever order: writes that failed, what is older than the base, what came later', () => {
    const others = [
      put('s1', 'never written', 'Eve'),
      put('s-1', 's0', 'Fay'),
      put('s2', 's3', 'Gus'),
      'nonsense',
      null,
    ]
    const kept = { base, changes: [...others, ...changes.toReversed()] }
    expect(resume(kept, 's2')).toEqual(resume({ base, changes }, 's2'))
  })

  it.each<[string, unknown, readonly unknown[], string]>([
    ['the directory has another stamp', base, changes, 'other'],
    ['a change in the middle is missing', base, [changes[1]], 's2'],
    ['the first one follows upon another state', base, [put('s9', 's1'), changes[1]], 's2'],
    ['a change is torn', base, [changes[0], { ...changes[1], entries: undefined }], 's2'],
    ['a change is damaged', base, [changes[0], { ...changes[1], gone: 'Ana' }], 's2'],
    ['there is no base', undefined, changes, 's2'],
    ['the base is of another format', { ...base, format: PACKED_FORMAT + 1 }, changes, 's2'],
    ['the base is damaged', { ...base, everybody: [{ ...base.everybody[0]!, sum: 1 }] }, changes, 's2'],
    ['a part of the base is missing', { ...base, everybody: [] }, changes, 's2'],
    ['the rows had no stamp yet', base, [put(null, 's2')], 's2'],
    ['changes lead in a circle', base, [put('s2', 's1'), put('s1', 's2')], 's2'],
  ])('not where %s', (_, found, kept, stamp) => {
    expect(resume({ base: found, changes: kept }, stamp)).toBeNull()
  })

  it('not before all that may be in the base is in it: others wrote while it was read', () => {
    const read: KeptBase = {
      format: PACKED_FORMAT,
      from: 's0',
      through: 's1',
      parts: 1,
      everybody: [packEntries([entry('Cleo')])],
    }
    expect(resume({ base: read, changes }, 's0')).toBeNull()
    expect(resume({ base: read, changes }, 's1')?.changes).toHaveLength(1)
    expect(resume({ base: read, changes }, 's2')?.changes).toHaveLength(2)
  })
})

it('there is no base of rows without a stamp', async () => {
  expect(await baseOf(null, null, [], noPause)).toBeNull()
  expect(await baseOf('s0', null, [], noPause)).toBeNull()
})

it('everybody is packed in parts, with a pause after each', async () => {
  const many = Array.from({ length: IN_PART + 1 }, (_, n) => entry(String(n)))
  let pauses = 0
  const kept = await baseOf('s0', 's0', many, () => Promise.resolve(void pauses++))
  expect(kept?.everybody.map((part) => unpackEntries(part)?.length)).toEqual([IN_PART, 1])
  expect(pauses).toBe(2)
  expect(resume({ base: kept, changes: [] }, 's0')?.everybody).toEqual(many)
})
