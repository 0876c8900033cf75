import { EMPTY_FIELDS, type CustomerField } from '#shared/customer/customer.ts'
import { patchProblems } from '#shared/customer/customer-schema.ts'
import { sameValue } from '#shared/customer/canonical.ts'
import type { Operation } from '#shared/outbox/operation.ts'

/**
 * The form's own rules, once more where the promise is made: a window that is wrong, or no longer ours, cannot promise
 * what Square would refuse. A value that Square itself holds passes, whatever our rules say of it.
 */
export function acceptsFields(op: Operation, country: string): boolean {
  if (op.kind === 'delete') return true
  if (op.kind === 'create' && op.recreates) return true // every value of it was Square's
  const before = op.kind === 'create' ? EMPTY_FIELDS : null
  const held = op.kind === 'update' ? op.basis?.fields : undefined
  return patchProblems(op.patch, before, { country }).every(({ path }) => {
    const field = path.split('.')[0] as CustomerField
    const change = op.patch[field]
    return held !== undefined && change !== undefined && sameValue<CustomerField>(held[field], change.local)
  })
}
