import type { SearchedFields, SearchEntry } from '#renderer/search/search-entry.ts'

/** Nothing to be found by. */
export const NOTHING_SEARCHED: SearchedFields = {
  givenName: null,
  familyName: null,
  companyName: null,
  nickname: null,
  emailAddress: null,
  phoneNumber: null,
  referenceId: null,
}

/** A customer as the search holds them, in Square and with nothing under way. */
export function searchEntry(localId: string, fields: Partial<SearchedFields>): SearchEntry {
  return { localId, status: 'in-square', fields: { ...NOTHING_SEARCHED, ...fields }, openOpIds: [] }
}
