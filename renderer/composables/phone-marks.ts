import { diffArrays } from 'diff'
import { phoneKey, plainPhone } from '#shared/customer/phone-key.ts'

const LONGEST_CODE = 3
export interface MarkedPart {
  readonly text: string
  readonly isNew: boolean
}

/**
 * A phone number in parts, those digits marked in which it differs from the other. How it is written (blanks, dashes,
 * a country code that both have) is no difference; a number that was not there before is marked whole.
 */
export function phoneMarks(from: string, to: string, country: string): readonly MarkedPart[] {
  const marks = newDigits(from, to, country)
  // The last digit shown is the last one compared: a country code or a leading zero may stand in one of them only.
  const shown = [...to]
  const digits = shown.filter(isDigit).length
  let nth = marks.length - digits
  const parts: { text: string; isNew: boolean }[] = []
  for (const char of shown) {
    const isNew = isDigit(char) && marks[nth] === true
    if (isDigit(char)) nth += 1
    const last = parts.at(-1)
    if (last?.isNew === isNew) last.text += char
    else parts.push({ text: char, isNew })
  }
  return parts
}

/** Which digits of the second number are others than in the first: of two ways to lay them side by side, the closer. */
function newDigits(from: string, to: string, country: string): readonly boolean[] {
  const read = digitMarks(digitsOf(phoneKey(from, country)), digitsOf(phoneKey(to, country)))
  const bare = withoutCode(from, to)
  return bare && count(bare) < count(read) ? bare : read
}

/** One with and one without a country code: the code has no counterpart, and a leading zero stands in its place. */
function withoutCode(from: string, to: string): readonly boolean[] | null {
  if (isAbroad(from) === isAbroad(to)) return null
  const [a, b] = [from, to].map((phone) => digitsOf(phone).join('').replace(/^0+/, ''))
  if (!a || !b || Math.abs(a.length - b.length) > LONGEST_CODE) return null
  return digitMarks([...a.slice(-b.length)], [...b.slice(-a.length)])
}

function digitMarks(from: readonly string[], to: readonly string[]): readonly boolean[] {
  if (from.length === to.length) return to.map((digit, at) => digit !== from[at])
  return diffArrays([...from], [...to]).flatMap((part) =>
    part.removed ? [] : part.value.map(() => part.added === true),
  )
}
function digitsOf(phone: string): readonly string[] {
  return [...plainPhone(phone)].filter(isDigit)
}
function isAbroad(phone: string): boolean {
  return plainPhone(phone).trim().startsWith('+')
}
function count(marks: readonly boolean[]): number {
  return marks.filter(Boolean).length
}
function isDigit(char: string): boolean {
  return /^\d$/.test(plainPhone(char))
}
