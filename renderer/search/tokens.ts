import { charactersOf, fold, foldSpelledOut, isUnspaced, wordsOf } from './fold.ts'
import { digitsOf, phoneForms, SHORTEST_TAIL, tailToken } from './phone-tokens.ts'
import type { SearchedFields } from './search-entry.ts'

/** The words a customer is found by; a query word finds those that begin with it. */
export function tokensOf(fields: SearchedFields): ReadonlySet<string> {
  const tokens = new Set<string>()
  for (const name of [fields.givenName, fields.familyName, fields.companyName, fields.nickname]) {
    if (name !== null) addText(tokens, name)
  }
  const { givenName, familyName } = fields
  // 山田 太郎 is written in one word, in either order.
  if (givenName !== null && familyName !== null && isUnspaced(givenName + familyName)) {
    addText(tokens, familyName + givenName)
    addText(tokens, givenName + familyName)
  }
  if (fields.emailAddress !== null) addEmail(tokens, fields.emailAddress)
  if (fields.phoneNumber !== null) addPhone(tokens, fields.phoneNumber)
  if (fields.referenceId !== null) addText(tokens, fields.referenceId)
  return tokens
}

function addText(tokens: Set<string>, text: string): void {
  for (const folded of spellingsOf(text)) {
    for (const chunk of chunksOf(folded)) {
      const words = wordsOf(chunk)
      for (const word of words) {
        tokens.add(word)
        if (isUnspaced(word)) for (const character of charactersOf(word)) tokens.add(character)
      }
      // O'Brien is also obrien, Jean-Luc also jeanluc.
      if (words.length > 1) tokens.add(words.join(''))
    }
  }
}

function addEmail(tokens: Set<string>, email: string): void {
  const whole = fold(email.trim())
  tokens.add(whole)
  const [local = '', domain = ''] = whole.split('@')
  for (const word of wordsOf(local)) tokens.add(word)
  for (const word of wordsOf(domain).slice(0, -1)) tokens.add(word)
}

function addPhone(tokens: Set<string>, phone: string): void {
  const forms = phoneForms(phone)
  for (const form of forms) tokens.add(form)
  if (forms[0] !== undefined) tokens.add(tailToken(forms[0]))
}

/** Tokens that must all be there; a single one also counts as exact where it is the whole token. */
export type Alternative = readonly string[]
/** Ways in which one part of a query can be found. */
export type Term = readonly Alternative[]
/** A query is found where all terms of one reading are. */
export type Reading = readonly Term[]

/** What a query can mean: its words, and for `(555) 123-4567` also one number. Empty: there is nothing to look for. */
export function readingsOf(text: string): readonly Reading[] {
  const chunks = chunksOf(text)
  const words = chunks.map(termOf).filter((term) => term.length > 0)
  if (words.length === 0) return []
  const asNumber = chunks.length > 1 ? numberTerm(text) : null
  return asNumber ? [[asNumber], words] : [words]
}

function termOf(chunk: string): Term {
  const alternatives: string[][] = []
  for (const folded of spellingsOf(chunk)) {
    if (folded.includes('@')) alternatives.push([folded])
    const words = wordsOf(folded)
    const joined = words.join('')
    if (joined === '') continue
    alternatives.push([joined])
    if (words.length > 1) alternatives.push([...words])
    if (isUnspaced(joined)) alternatives.push([...charactersOf(joined)])
  }
  alternatives.push(...(numberTerm(chunk) ?? []).map((alternative) => [...alternative]))
  // The digits of a number are its word as well: nothing is looked up twice.
  return [...new Map(alternatives.map((tokens) => [tokens.join(' '), tokens])).values()]
}

/** The ways a phone number can be found; null where the text is none. */
function numberTerm(text: string): Term | null {
  if (!/^[+()/.\-\s\p{Nd}]+$/u.test(text)) return null
  const digits = digitsOf(text)
  if (digits.length < 2) return null
  const forms = phoneForms(text).map((form) => [form])
  return digits.length >= SHORTEST_TAIL ? [...forms, [tailToken(digits)]] : forms
}

function chunksOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((chunk) => chunk !== '')
}

function spellingsOf(text: string): readonly string[] {
  const spelledOut = foldSpelledOut(text)
  return spelledOut === null ? [fold(text)] : [fold(text), spelledOut]
}
