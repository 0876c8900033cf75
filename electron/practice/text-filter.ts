import { checkKeys, isObject, wrongType } from './check-fields.ts'
import { ok, refuse, type Outcome } from './outcome.ts'

export type TextFilter =
  | { readonly kind: 'exact'; readonly text: string }
  /** Every token must be found somewhere; none is empty. */
  | { readonly kind: 'fuzzy'; readonly tokens: readonly string[] }

const KEYS = new Set(['exact', 'fuzzy'])

/** Reads `{exact}` or `{fuzzy}`, one of them; `field` is its path. */
export function readTextFilter(
  part: unknown,
  field: string,
  tokensOf: (text: string) => readonly string[],
): Outcome<TextFilter> {
  if (!isObject(part)) return wrongType(field, 'object')
  const unknown = checkKeys(part, KEYS, `${field}.`)
  if (unknown) return unknown
  const { exact = null, fuzzy = null } = part
  if (exact !== null && fuzzy !== null)
    return refuse('BAD_REQUEST', 'Only one of `exact` and `fuzzy` can be set.', field)
  const name = fuzzy === null ? 'exact' : 'fuzzy'
  const text = fuzzy ?? exact
  if (typeof text !== 'string') return wrongType(`${field}.${name}`, 'string')
  if (name === 'exact') return ok({ kind: 'exact', text })
  const tokens = tokensOf(text)
  if (tokens.length === 0) return refuse('VALUE_EMPTY', 'Field must not be blank.', `${field}.fuzzy`)
  return ok({ kind: 'fuzzy', tokens })
}

/** What fuzzy filters look through in an e-mail or a reference id: tokens between blanks. */
export function wordText(text: string): string {
  return wordTokens(text).join(' ')
}

/** And in a phone: all its digits, across separators. */
export function digitText(text: string): string {
  return text.replace(/\D/g, '')
}

/** E-mails and reference ids: whatever is no letter and no digit parts the tokens. */
export function wordTokens(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '')
}

/** Phones: blanks part the tokens, of which only the digits count. */
export function digitTokens(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .map((token) => token.replace(/\D/g, ''))
    .filter((token) => token !== '')
}
