import { EMPTY_FIELDS, type CustomerFields, type RemoteCustomer } from '#shared/customer/customer.ts'

/** Fields of a customer, unset where not given. */
export function fieldsOf(fields: Partial<CustomerFields>): CustomerFields {
  return { ...EMPTY_FIELDS, ...fields }
}

/** A customer as Square would answer. */
export function remoteOf(
  id: string,
  fields: Partial<CustomerFields>,
  over: Partial<Omit<RemoteCustomer, 'id' | 'fields'>> = {},
): RemoteCustomer {
  return {
    id,
    version: '0',
    fields: fieldsOf(fields),
    groupIds: [],
    creationSource: 'DIRECTORY',
    createdAt: '2026-03-01T09:00:00.000Z',
    updatedAt: '2026-03-01T09:00:00.000Z',
    ...over,
  }
}
