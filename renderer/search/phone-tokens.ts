import { fold } from './fold.ts'

/** Country calling codes of one and two digits; all others have three. */
const SHORT_CALLING_CODE = /^(?:1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** In the index, numbers read from their end begin with this: staff know the last four digits. */
const TAIL_MARK = '\u0000'
/** Fewer digits than this say nothing about the end of a number. */
export const SHORTEST_TAIL = 4

/** The digits of a text, of whatever keyboard. */
export function digitsOf(text: string): string {
  return fold(text).replace(/\D/g, '')
}

/**
 * A number in the ways it is written: all digits; without the country's code; without the zero before an area code.
 * The first is the number as it stands.
 */
export function phoneForms(phone: string): readonly string[] {
  const text = fold(phone).trim()
  const digits = text.replace(/\D/g, '')
  if (digits === '') return []
  const forms = [digits]
  const international = text.startsWith('+') ? digits : digits.startsWith('00') ? digits.slice(2) : null
  if (international !== null) {
    const code = SHORT_CALLING_CODE.exec(international)?.[0] ?? international.slice(0, 3)
    // Some write the zero although the country's code stands before it: +49 (0)30 ...
    forms.push(international, international.slice(code.length).replace(/^0/, ''))
  } else if (digits.startsWith('0')) {
    forms.push(digits.slice(1))
  } else if (digits.length === 11 && digits.startsWith('1')) {
    forms.push(digits.slice(1))
  }
  return [...new Set(forms)].filter((form) => form !== '')
}

/** The token by which a number is found from its end: a prefix of it stands for the last digits. */
export function tailToken(digits: string): string {
  return TAIL_MARK + [...digits].reverse().join('')
}
