import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { Result } from '#shared/sync/bulk.ts'

type Found = Result<readonly RemoteCustomer[]>

/**
 * Creates that waited already when this run began. A profile that was put back may hold what was sent long ago: what has
 * no phone, e-mail or reference id to be looked for by is then held against everyone created lately (S9). The answer, or
 * null for a create that was promised in this run. One look serves all who ask while it is under way.
 */
export function createEarlier(
  waiting: Iterable<string>,
): (opId: string, look: () => Promise<Found>) => Promise<Found> | null {
  const earlier = new Set(waiting)
  let underWay: Promise<Found> | null = null
  return (opId, look) => {
    if (!earlier.has(opId)) return null
    underWay ??= look().finally(() => (underWay = null))
    return underWay
  }
}
