import type { CustomerField, CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import type { CardChanges } from '#shared/sync/card-changes.ts'
import type { Text } from '../i18n/text.ts'

/** The card that was confirmed beside the customer in Square: only what is different, the rest to be opened. */
export interface SeenComparison {
  readonly before: CustomerFields
  readonly now: RemoteCustomer
  /** Fields that differ, in the order people read them. */
  readonly fields: readonly CustomerField[]
  /** What no field shows, in a sentence or two; empty: nothing. */
  readonly beside: string
}

/**
 * Says what is different where no field does: groups and where the customer comes from are no part of the card. Of one who
 * was merged the question itself says that.
 */
export function besideTheFields(
  { fields, groups, source }: CardChanges,
  remote: RemoteCustomer,
  kind: 'delete-changed' | 'merged-delete',
  t: Text['t'],
): string {
  return [
    fields.length === 0 ? t('question.compared.same') : '',
    source && kind === 'delete-changed' ? sourceWords(remote.creationSource, t) : '',
    groups ? t('question.compared.groups') : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function sourceWords(source: string, t: Text['t']): string {
  switch (source) {
    case 'DELETION_RECOVERY':
      return t('question.compared.broughtBack')
    case 'UNMERGE_RECOVERY':
      return t('question.compared.takenApart')
    case 'MERGE':
      return t('question.compared.merged')
    default:
      return t('question.compared.source')
  }
}
