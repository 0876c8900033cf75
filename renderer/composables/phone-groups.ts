import { phoneGrouping } from '#shared/customer/phone-key.ts'

const MOST_KEPT = 2_000
const kept = new Map<string, readonly string[]>()

/**
 * A phone number in the groups people read it in, none of its characters changed: together they are the text itself. One
 * that somebody has grouped already, or that is no number, stays in one piece.
 */
export function phoneGroups(phone: string, country: string): readonly string[] {
  const key = `${country} ${phone}`
  const known = kept.get(key)
  if (known) return known
  if (kept.size >= MOST_KEPT) kept.clear() // a list scrolled to its end
  const groups = /^\+?\d+$/.test(phone) ? phoneGrouping(phone, country) : [phone]
  const found = groups.join('') === phone ? groups : [phone]
  kept.set(key, found)
  return found
}

/** Parts of a phone number cut where a group ends; `gap`: a group begins there. */
export function cutAtGroups<Part extends { readonly text: string }>(
  parts: readonly Part[],
  groups: readonly string[],
): readonly (Part & { readonly gap: boolean })[] {
  const begins = new Set<number>()
  groups.reduce((at, group) => (begins.add(at), at + group.length), 0)
  begins.delete(0)
  const cut: (Part & { gap: boolean })[] = []
  let at = 0
  for (const part of parts) {
    let text = ''
    let gap = begins.has(at)
    for (const char of part.text) {
      if (text !== '' && begins.has(at)) {
        cut.push({ ...part, text, gap })
        text = ''
        gap = true
      }
      text += char
      at += char.length
    }
    cut.push({ ...part, text, gap })
  }
  return cut
}
