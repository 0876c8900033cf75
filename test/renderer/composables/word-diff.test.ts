import { describe, expect, it } from 'vitest'
import { wordDiff } from '#renderer/composables/word-diff.ts'

const marked = (from: string, to: string) => {
  const parts = wordDiff(from, to)
  const of = (kind: string) => parts.filter((part) => part.kind === kind).map(({ text }) => text)
  return { new: of('new'), gone: of('gone') }
}

describe('what is marked as new in a text', () => {
  it.each([
    ['Latin', 'Likes oat milk', 'Likes soy milk', 'oat', 'soy'],
    ['Arabic', 'محمد الخوارزمي', 'محمود الخوارزمي', 'محمد', 'محمود'],
    ['Arabic with vowel marks', 'كَتَبَ لنا', 'كَتَبَت لنا', 'كَتَبَ', 'كَتَبَت'],
    ['Persian with a joint that does not join', 'او می‌رود', 'او می‌دود', 'می‌رود', 'می‌دود'],
    ['Hebrew', 'שרה לוי', 'שרה לביא', 'לוי', 'לביא'],
    ['Cyrillic', 'любит чай', 'любила чай', 'любит', 'любила'],
    ['Hindi', 'नमस्ते जी', 'नमस्कार जी', 'नमस्ते', 'नमस्कार'],
    ['emoji made of several', 'ok 👩‍👩‍👧', 'ok 👩‍👩‍👦', '👩‍👩‍👧', '👩‍👩‍👦'],
  ])('%s: whole words, never a part of one', (_, from, to, gone, added) => {
    expect(marked(from, to)).toEqual({ new: [added], gone: [gone] })
  })

  it('nothing is left out of either text', () => {
    const [from, to] = ['12 eggs,\n\n milk - שלום', '13 eggs,\n oat milk; سلام']
    const without = (kind: string) =>
      wordDiff(from, to)
        .filter((part) => part.kind !== kind)
        .map(({ text }) => text)
        .join('')
    expect([without('new'), without('gone')]).toEqual([from, to])
  })
})
