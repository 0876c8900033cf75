import { matchesFault } from './fault-match.ts'
import { endsRequest, timesOf, type Fault, type FaultAction } from './faults.ts'
import { createRateBucket, type RateBucket } from './rate-bucket.ts'
import { seededRandom } from './seeded-random.ts'
import type { PracticeRequest } from './wire.ts'

/** When a request comes, and on whose account. */
export interface Arrival {
  /** Square's clock in ms. */
  readonly now: number
  readonly merchantId: string
}

/** The faults still to come. */
export interface FaultPlan {
  add(faults: readonly Fault[]): void
  clear(): void
  /** What is left, with `times` and `skip` counted down. */
  pending(): readonly Fault[]
  /** The actions for this request; they count as used. At most one of them ends the request. */
  take(request: PracticeRequest, arrival: Arrival): readonly FaultAction[]
  /** The next number from 0 to 1 of the plan's own chance. */
  chance(): number
}

interface Planned {
  readonly fault: Fault
  /** When its time is over; null before its first hit and where it has no time. */
  readonly until: number | null
  readonly bucket: RateBucket | null
}

/** A plan that begins with these faults; `seed` decides whatever is left to chance. */
export function createFaultPlan(faults: readonly Fault[] = [], seed = 1): FaultPlan {
  const chance = seededRandom(seed)
  let left = faults.map(planned)
  return {
    add: (more) => void left.push(...more.map(planned)),
    clear: () => void (left = []),
    pending: () => left.map(({ fault }) => fault),
    chance,
    take(request, arrival) {
      const taken: FaultAction[] = []
      let ended = false
      left = left.flatMap((one) => {
        const { fault, until, bucket } = one
        if (until !== null && arrival.now >= until) return []
        if (!matchesFault(fault, request) || (ended && endsRequest(fault))) return [one]
        const { skip = 0, probability = 1, forMs } = fault
        if (skip > 0) return [{ ...one, fault: { ...fault, skip: skip - 1 } }]
        if (probability < 1 && chance() >= probability) return [one]
        if (bucket?.pass(arrival.merchantId, arrival.now)) return [one]
        taken.push(fault)
        ended ||= endsRequest(fault)
        const times = timesOf(fault) - 1
        if (times === 0) return []
        const rest = Number.isFinite(times) ? { ...fault, times } : fault
        return [{ ...one, fault: rest, until: until ?? (forMs === undefined ? null : arrival.now + forMs) }]
      })
      return taken
    },
  }
}

function planned(fault: Fault): Planned {
  return { fault, until: null, bucket: fault.kind === 'rate-limit' ? createRateBucket(fault) : null }
}
