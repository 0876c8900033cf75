import type { CustomerFields } from '#shared/customer/customer.ts'
import type { CustomerRow, RowStatus } from '#shared/directory/row.ts'

/** The fields a customer is found by. */
export const SEARCHED_FIELDS = [
  'givenName',
  'familyName',
  'companyName',
  'nickname',
  'emailAddress',
  'phoneNumber',
  'referenceId',
] as const satisfies readonly (keyof CustomerFields)[]
export type SearchedFields = Pick<CustomerFields, (typeof SEARCHED_FIELDS)[number]>

/** One customer as the index holds it: what it is found by and what the list shows of it. */
export interface SearchEntry {
  readonly localId: string
  readonly status: RowStatus
  readonly fields: SearchedFields
  /** Ids of the open operations: where one is on its way, the list says so. */
  readonly openOpIds: readonly string[]
}

/** What the index should hold of a row; null where the list does not show it. */
export function searchEntryOf(row: CustomerRow, openOpIds: readonly string[]): SearchEntry | null {
  if (row.hidden) return null
  const { givenName, familyName, companyName, nickname, emailAddress, phoneNumber, referenceId } = row.local
  const fields = { givenName, familyName, companyName, nickname, emailAddress, phoneNumber, referenceId }
  // Nothing is known of it yet: it comes with the answer that is on its way.
  if (row.status === 'loading' && SEARCHED_FIELDS.every((field) => fields[field] === null)) return null
  return { localId: row.localId, status: row.status, fields, openOpIds }
}
