import type { SearchedFields } from './search-entry.ts'

/** What stands for a customer in lists: name, else company, else e-mail, else phone; never empty. */
export function titleOf(fields: SearchedFields): string {
  return (
    nameOf(fields) ??
    fields.companyName ??
    fields.emailAddress ??
    fields.phoneNumber ??
    fields.nickname ??
    fields.referenceId ??
    '—'
  )
}

/** The line beneath the title: company and nickname, as far as they are not the title. */
export function subtitleOf(fields: SearchedFields): string {
  const company = nameOf(fields) === null ? null : fields.companyName
  const nickname = titleOf(fields) === fields.nickname ? null : fields.nickname
  return [company, nickname].filter((part) => part !== null).join(' · ')
}

function nameOf({ givenName, familyName }: SearchedFields): string | null {
  // Blanks nobody sees must not decide where somebody stands in the list.
  const given = tidied(givenName)
  const family = tidied(familyName)
  return (given && family ? `${given} ${family}` : given || family) || null
}

function tidied(part: string | null): string {
  if (part === null || PLAIN_WORD.test(part)) return part ?? ''
  return part.replace(/\s+/g, ' ').trim()
}
/** Nothing in it to tidy up, as in most names. */
const PLAIN_WORD = /^\S*$/
