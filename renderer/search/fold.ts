/**
 * Letters that Unicode does not take apart, as people without them on the keyboard type them. Keys are lower case.
 */
const SPELLED: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ƒ: 'f',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ə: 'e',
  ς: 'σ',
}
const SPELLED_LETTER = new RegExp(`[${Object.keys(SPELLED).join('')}]`, 'g')

/** How German, Danish and Norwegian names are spelled out: Müller is also looked for as Mueller. */
const SPELLED_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }
const SPELLED_OUT_LETTER = /[äöüøå]/g

// Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Marks of Indic and other scripts are letters of
// their own and stay.
const ACCENTS =
  /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0640]/g
const ASCII = /^[\x20-\x7e]*$/
const KATAKANA = /[\u30a1-\u30f6]/g
const FOREIGN_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g

/**
 * Text as it is compared when searching: no case, no accents, wide and narrow forms the same, katakana as hiragana,
 * digits of any keyboard as 0-9. Any script; never throws.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(SPELLED_LETTER, (letter) => SPELLED[letter] ?? letter)
    .replace(KATAKANA, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(FOREIGN_DIGITS, (digit) => String((digit.charCodeAt(0) & 0xf) - (digit >= '\u0966' ? 6 : 0)))
}

/** The text with ä, ö, ü, ø, å spelled out and then folded; null where it holds none of them. */
export function foldSpelledOut(text: string): string | null {
  if (ASCII.test(text)) return null
  const lower = text.toLowerCase().normalize('NFC')
  const spelled = lower.replace(SPELLED_OUT_LETTER, (letter) => SPELLED_OUT[letter] ?? letter)
  return spelled === lower ? null : fold(spelled)
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** The same in text that is ASCII, as most is: a quarter of the time. */
const ASCII_WORD = /[a-z0-9]+/gi

/** True where the script does not put spaces between names: such words are also found by their characters. */
export function isUnspaced(word: string): boolean {
  return !ASCII.test(word) && UNSPACED.test(word)
}

/** The words of folded text: runs of letters, marks and digits. */
export function wordsOf(folded: string): readonly string[] {
  return folded.match(ASCII.test(folded) ? ASCII_WORD : WORD) ?? []
}

/** The characters of a word, each with the marks that belong to it. */
export function charactersOf(word: string): readonly string[] {
  return word.match(/\P{M}\p{M}*/gu) ?? []
}
