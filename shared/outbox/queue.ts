import { hasUnanswered, laneOf, maybeAtSquare, openEntries, type Lane } from './fold-log.ts'
import type { Entry, LogState } from './log-state.ts'

/** At most so many requests of all customers together (S5). */
export const MAX_IN_FLIGHT = 4

/**
 * From so many waiting customers on they travel together: fewer are through in three seconds one by one, and a lost
 * answer then leaves one in doubt, not all (S22).
 */
export const BULK_FROM = 10
/** At most so many in one request: half of what Square takes, for a lost answer leaves them all in doubt (S22). */
export const BULK_MOST = 50

/**
 * The operation of each customer that may be worked on next: the one with an unanswered attempt, else the first. A
 * customer whose next one asks a person has none and blocks only itself (S5).
 */
export function nextOfEachLane(state: LogState): Map<Lane, Entry> {
  const heads = new Map<Lane, Entry>()
  for (const entry of state.entries.values()) {
    const lane = laneOf(state, entry.op.localId)
    const head = heads.get(lane)
    if (!head) heads.set(lane, entry)
    else if (settlesFirst(entry) && !settlesFirst(head)) heads.set(lane, entry)
  }
  for (const [lane, entry] of heads) if (entry.question) heads.delete(lane)
  return heads
}

/**
 * May this operation be sent at this moment? Checked in the same tick as `sent` is appended, after every await (S4):
 * it is open, unasked, and head of its customer as that is resolved now; merging joins queues while one is in flight.
 */
export function maySend(state: LogState, entry: Entry, inFlight: { has(opId: string): boolean }): boolean {
  if (entry.closed || entry.question) return false
  if (hasUnanswered(entry)) return true
  const open = openEntries(state, laneOf(state, entry.op.localId))
  if (open[0] !== entry) return false
  return !open.some((other) => other !== entry && (inFlight.has(other.op.id) || settlesFirst(other)))
}

/**
 * The unasked end of a customer's operations that is certainly not at Square, never sent or never arrived: all that may be
 * squashed, undone or withdrawn (S4).
 */
export function withdrawableTail(open: readonly Entry[]): Entry[] {
  const tail: Entry[] = []
  for (const entry of open.toReversed()) {
    if (maybeAtSquare(entry) || entry.question) break
    tail.unshift(entry)
  }
  return tail
}

function settlesFirst(entry: Entry): boolean {
  return hasUnanswered(entry) && !entry.question
}
