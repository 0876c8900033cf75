import { describe, expect, it } from 'vitest'
import { charactersOf, fold, foldSpelledOut, isUnspaced, wordsOf } from '#renderer/search/fold.ts'

describe('fold', () => {
  it.each([
    ['Ana Ruiz', 'ana ruiz'],
    ['ŁÓDŹ', 'lodz'],
    ['Søren Ærø', 'soren aero'],
    ['Straße', 'strasse'],
    ['Đorđe', 'dorde'],
    ['Þórður', 'thordur'],
    ['İpek Işık', 'ipek isik'],
    ['Nguyễn Thị Ánh', 'nguyen thi anh'],
    ['Ça va, Zoë', 'ca va, zoe'],
    ['ΓΙΏΡΓΟΣ', 'γιωργοσ'],
    ['Γιώργος', 'γιωργοσ'],
    ['Фёдор', 'федор'],
    ['ＡＢＣ１２３', 'abc123'],
    ['タナカ', 'たなか'],
    ['ﾀﾅｶ', 'たなか'],
    ['김철수', '김철수'],
    ['مُحَمَّد', 'محمد'],
    ['שָׁלוֹם', 'שלום'],
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['०१२३४५६७८९', '0123456789'],
  ])('folds %s to %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('keeps the vowels of Indic scripts, which are marks by Unicode but letters to people', () => {
    expect(fold('कुमार')).not.toBe(fold('कमर'))
  })

  it('is the same for composed and decomposed text', () => {
    expect(fold('é')).toBe(fold('e\u0301'))
    expect(fold('が')).toBe(fold('か\u3099'))
  })

  it('gives the same when folded again', () => {
    for (const text of ['İstanbul', 'Straße', 'タナカ', '٣٤', 'ﬁne'])
      expect(fold(fold(text))).toBe(fold(text))
  })
})

describe('spelled out', () => {
  it('spells the letters of German and Nordic names out', () => {
    expect(foldSpelledOut('Müller')).toBe('mueller')
    expect(foldSpelledOut('Åse')).toBe('aase')
    expect(foldSpelledOut('u\u0308ber')).toBe('ueber')
  })
  it('is null where there are none', () => {
    expect(foldSpelledOut('José')).toBeNull()
  })
})

describe('words and characters', () => {
  it('splits at everything that is no letter, digit or mark', () => {
    expect(wordsOf("o'brien-smith & co.")).toEqual(['o', 'brien', 'smith', 'co'])
  })
  it('knows the scripts without spaces', () => {
    expect(['山田', 'たなか', '김', 'สมชาย'].every(isUnspaced)).toBe(true)
    expect(['ruiz', 'кон', 'γι'].some(isUnspaced)).toBe(false)
  })
  it('takes characters with their marks, also beyond the first plane', () => {
    expect(charactersOf('𠮷田')).toEqual(['𠮷', '田'])
    expect(charactersOf('กี่')).toEqual(['กี่'])
  })
})
