import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPrefixWords, type PrefixWords } from '#renderer/search/prefix-words.ts'

function holding(all: readonly string[]): PrefixWords {
  const words = createPrefixWords()
  for (const [id, word] of all.entries()) words.add(word, id)
  return words
}
function found(words: PrefixWords, prefix: string): number[] {
  const ids: number[] = []
  words.each(prefix, (id) => ids.push(id))
  return ids.sort((a, b) => a - b)
}

/** Few letters, so that many words begin alike and none of their lists stays short. */
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '木', '\u{1f600}'), maxLength: 7 })

it('visits exactly the words that begin so, each once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 600, size: 'max' }), fc.array(word), (all, prefixes) => {
      const words = holding(all)
      for (const prefix of [...prefixes, '', ...all.slice(0, 20)])
        expect(found(words, prefix)).toEqual(all.flatMap((one, id) => (one.startsWith(prefix) ? [id] : [])))
    }),
  )
})

it('takes words apart that differ late, and one that is how others begin', () => {
  const same = 'x'.repeat(300)
  const words = holding([...Array.from({ length: 500 }, (_, n) => `${same}${n}`), same])
  expect(found(words, 'xx')).toHaveLength(501)
  expect(found(words, same).at(-1)).toBe(500)
  expect(found(words, `${same}49`)).toEqual([49, ...Array.from({ length: 10 }, (_, n) => 490 + n)])
  expect(found(words, `${same}x`)).toEqual([])
})
