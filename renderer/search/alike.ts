import type { CustomerFields } from '#shared/customer/customer.ts'
import { fold, wordsOf } from './fold.ts'
import { phoneForms } from './phone-tokens.ts'
import type { SearchEntry, SearchedFields } from './search-entry.ts'

const AT_MOST = 5
/** A shorter number is an extension or a slip, not a person. */
const SHORTEST_PHONE = 6

export interface AlikeSource {
  readonly slotsOf: (token: string) => readonly number[]
  readonly entryAt: (slot: number) => SearchEntry
  readonly isExcepted: (localId: string) => boolean
}

/**
 * Slots of customers that could be the same person as these fields, best first, at most five: the same phone, e-mail
 * or reference id, or the same name. One that shares more comes before one that shares less.
 */
export function findAlike(fields: Partial<CustomerFields>, source: AlikeSource): readonly number[] {
  const scores = new Map<number, number>()
  const give = (token: string | undefined, points: number, same: (known: SearchedFields) => boolean) => {
    if (token === undefined || token === '') return
    for (const slot of new Set(source.slotsOf(token))) {
      const entry = source.entryAt(slot)
      if (!source.isExcepted(entry.localId) && same(entry.fields))
        scores.set(slot, (scores.get(slot) ?? 0) + points)
    }
  }

  const reference = keyOf(fields.referenceId)
  give(wordsOf(reference)[0], 5, (known) => keyOf(known.referenceId) === reference)
  const email = keyOf(fields.emailAddress)
  give(email, 4, (known) => keyOf(known.emailAddress) === email)
  for (const token of telephoneOf(fields.phoneNumber)) {
    give(token, 4, (known) => telephoneOf(known.phoneNumber).includes(token))
  }
  const name = nameKeyOf(fields)
  give(name.split(' ')[0], 2, (known) => nameKeyOf(known) === name)

  return [...scores]
    .sort(([a, pointsOfA], [b, pointsOfB]) => pointsOfB - pointsOfA || a - b)
    .slice(0, AT_MOST)
    .map(([slot]) => slot)
}

// The shortest form is the one without country code and leading zero: two numbers that share it are one telephone.
function telephoneOf(phone: string | null | undefined): readonly string[] {
  const shortest = phoneForms(phone ?? '').toSorted((a, b) => a.length - b.length)[0]
  return shortest !== undefined && shortest.length >= SHORTEST_PHONE ? [shortest] : []
}

function keyOf(text: string | null | undefined): string {
  return fold((text ?? '').trim())
}

// Given and family name in either order; a company counts only where there is no name of a person.
function nameKeyOf(fields: Partial<SearchedFields>): string {
  const person = wordsOf(keyOf(`${fields.givenName ?? ''} ${fields.familyName ?? ''}`))
  const bothNames = Boolean(fields.givenName && fields.familyName)
  const words = bothNames ? person : person.length === 0 ? wordsOf(keyOf(fields.companyName)) : []
  return words.toSorted().join(' ')
}
