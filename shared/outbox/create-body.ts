import type { CustomerFields } from '../customer/customer.ts'
import type { CreateOperation } from './operation.ts'

/** What Square is sent for a new customer (S4): only what is set, for unset and cleared are the same in one. */
export function createBody(op: CreateOperation): Partial<CustomerFields> {
  return Object.fromEntries(
    Object.entries(op.patch).flatMap(([field, { local }]) => (local === null ? [] : [[field, local]])),
  )
}
