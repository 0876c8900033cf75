import { LAG_WAIT_MS } from '#shared/sync/limits.ts'

/** How far the pull has come; written together with the pages it speaks of. All times but `asOf` are Square's. */
export interface StoredPull {
  readonly key: 'state'
  /** The first load, while it is under way: page after page, resumed where it stopped. */
  readonly first: FirstLoad | null
  /** Square's time up to which everything has been pulled (S17); null before the first load is complete. */
  readonly completeSince: string | null
  /** When that was, by the PC's clock: a label. */
  readonly asOf: string | null
  /** The sweep under way (S23). This and what follows is absent where nothing was known of sweeps yet. */
  readonly sweep?: StoredSweep | null
  /** When the last whole sweep began. */
  readonly sweptSince?: string | null
  /** When the last sweep was not believed. */
  readonly doubtedAt?: string | null
  /** Customers in the last whole list whose shape was wrong (S13). */
  readonly unreadable?: number
}

interface Listing {
  /** The page to ask for next; null: the first. */
  readonly cursor: string | null
  readonly got: number
  readonly of: number | null
  readonly unreadable?: number
}
export interface FirstLoad extends Listing {
  /** Where the deltas will begin: Square's time when the load began, or older where rows were held back. */
  readonly since: string | null
  /** The directory held no customer of Square when it began. */
  readonly fresh?: boolean
  /** The latest creation among what was loaded; null: nothing yet. */
  readonly upTo?: string | null
}
export interface StoredSweep extends Listing {
  readonly began: string
  /** The list is read; asked by id are now those it lacked, in the order of ids, from the first after this one. */
  readonly askedUpTo: string | null
}

/** The Square ids of one page of the sweep under way, by its cursor, so that it goes on after a restart. */
export interface ListedIds {
  readonly key: `listed:${string}`
  readonly ids: readonly string[]
}
export const LISTED = 'listed:'

/** The state from which everything is listed again; what is here stays. `now`: what Square's clock said, if it was asked. */
export function begunAgain(state: StoredPull | null, now: string | null = null): StoredPull {
  const known = { asOf: null, ...state, key: 'state', first: null, completeSince: null, sweep: null } as const
  return { ...known, ...sweepsBy(known, now) }
}

/** What is known of sweeps, without those that, by what Square's clock says now, would have begun later. */
export function sweepsBy(
  { sweep = null, sweptSince = null, doubtedAt = null }: StoredPull,
  now: string | null,
): Pick<StoredPull, 'sweep' | 'sweptSince' | 'doubtedAt'> {
  const believed = (time: string | null) => (time !== null && wasAhead(time, now) ? null : time)
  return {
    sweep: sweep && believed(sweep.began) === null ? null : sweep,
    sweptSince: believed(sweptSince),
    doubtedAt: believed(doubtedAt),
  }
}

/** True where Square says now that it never was that late: the Date of some answer was not Square's. */
export function wasAhead(time: string, now: string | null): boolean {
  return now !== null && Date.parse(time) - Date.parse(now) > LAG_WAIT_MS
}

/** True for the state of the pull as it is read from disk (S15). */
export function isStoredPull(value: unknown): value is StoredPull {
  if (!isRecord(value)) return false
  const { first, completeSince, asOf, sweep, sweptSince, doubtedAt } = value
  const times = [completeSince, asOf, sweptSince, doubtedAt]
  return isListing(first) && (sweep == null || isSweep(sweep)) && times.every(isTextOrNothing)
}

function isSweep(value: unknown): boolean {
  return (
    isListing(value) &&
    isRecord(value) &&
    typeof value['began'] === 'string' &&
    isTextOrNothing(value['askedUpTo'])
  )
}
function isListing(value: unknown): boolean {
  return (
    value === null ||
    (isRecord(value) && typeof value['got'] === 'number' && isTextOrNothing(value['cursor']))
  )
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
function isTextOrNothing(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'string'
}
