import { diffArrays } from 'diff'

export interface WordPart {
  readonly text: string
  /** `new`: only in the second text; `gone`: only in the first. */
  readonly kind: 'same' | 'new' | 'gone'
}

/**
 * What is new and what is gone from one text to another, by whole words as Unicode has them in every script (UAX 29): an
 * edge within a word would tear apart letters that join (Arabic), or a letter from its marks.
 */
export function wordDiff(from: string, to: string): readonly WordPart[] {
  return diffArrays(wordsOf(from), wordsOf(to)).map(({ value, added, removed }) => ({
    text: value.join(''),
    kind: added ? 'new' : removed ? 'gone' : 'same',
  }))
}

/** Words, and what stands between them; together the whole text. Where a word ends does not depend on the reader's language. */
const WORDS = new Intl.Segmenter('en', { granularity: 'word' })
function wordsOf(text: string): string[] {
  return [...WORDS.segment(text)].map(({ segment }) => segment)
}
