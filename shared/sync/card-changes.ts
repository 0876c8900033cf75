import { canonicalEquals, type CompareContext } from '../customer/canonical.ts'
import {
  CUSTOMER_FIELDS,
  type CustomerField,
  type RemoteCustomer,
  type SeenCard,
} from '../customer/customer.ts'
import { isRecovered } from './creation-sources.ts'

/** What is different in Square from the card that was confirmed. */
export interface CardChanges {
  /** In the order people read them. */
  readonly fields: readonly CustomerField[]
  readonly groups: boolean
  /** How Square came by the customer. */
  readonly source: boolean
}

/**
 * All that keeps a deletion from being sent unasked, canonically (S3, S7): what decides and what the question shows are the
 * same. Groups and source that were not known when it was confirmed are not compared.
 */
export function cardChanges(seen: SeenCard, remote: RemoteCustomer, context: CompareContext): CardChanges {
  const { fields, groupIds, creationSource = null } = seen
  return {
    fields: CUSTOMER_FIELDS.filter((f) => !canonicalEquals(f, fields[f], remote.fields[f], context)),
    groups: groupIds !== undefined && !sameGroups(groupIds, remote.groupIds),
    // A card that Square had not yet was confirmed for the customer its create made, never for one that was brought back.
    source:
      creationSource === null ? isRecovered(remote.creationSource) : creationSource !== remote.creationSource,
  }
}

/** Nothing is different: the visible card still is the one that was confirmed. */
export function isSameCard({ fields, groups, source }: CardChanges): boolean {
  return fields.length === 0 && !groups && !source
}

function sameGroups(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id))
}
