import { computed } from 'vue'
import { COUNTRIES } from '#shared/customer/countries.ts'
import { useSession } from '../stores/session.ts'
import { useWords } from './useWords.ts'

export interface Country {
  readonly code: string
  readonly name: string
}

/** Named once per language: a form must not wait for 250 names. */
const named = new Map<string, readonly Country[]>()

/**
 * The countries an address may be in, in the order of their names; the seller's own stands first, as most customers are
 * from there. What `shown` holds beside them (an old entry) can be chosen, too.
 */
export function useCountries(shown: () => string | null | undefined) {
  const { locale } = useWords()
  const session = useSession()
  return computed<readonly Country[]>(() => {
    const all = namesIn(locale.value)
    const own = all.filter(({ code }) => code === session.country)
    const odd = shown()
    const kept = odd && !COUNTRIES.includes(odd) ? [{ code: odd, name: odd }] : []
    return [...kept, ...own, ...all.filter(({ code }) => code !== session.country)]
  })
}

function namesIn(locale: string): readonly Country[] {
  const known = named.get(locale)
  if (known) return known
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' })
  const collator = new Intl.Collator(locale)
  const list = COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) =>
    collator.compare(a.name, b.name),
  )
  named.set(locale, list)
  return list
}
