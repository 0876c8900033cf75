import type { Random } from '../ports.ts'

/** Where everybody starts and nobody goes beyond: Square publishes no limit and advises no more (S26). */
export const MOST_PER_SECOND = 3
/** Fifty PCs of one seller at this pace still stay below the smallest limit ever reported. */
export const LEAST_PER_SECOND = 0.1
/** Won back per second without a 429: from half to full in a minute and a half. */
const RECOVERY_PER_SECOND = 1 / 60
/** After a quiet time so many go at once: a whole round of send, read and send again need not wait. */
export const BURST = 4
/** Each wait is drawn from this much around its length, so that PCs which start together do not stay together. */
const JITTER = 0.2

/** How fast requests may follow each other. Times are monotonic, in ms. */
export interface Pace {
  /** Requests a second that are never exceeded. */
  readonly most: number
  /** Requests a second at `since`, when it was last changed. */
  readonly perSecond: number
  readonly since: number
  /** When the next request would leave if all were evenly spaced; some may leave earlier, up to `BURST` at once. */
  readonly due: number
  /** Nothing leaves before: Square said 429. */
  readonly heldUntil: number
}

/** The pace to begin with: full, and nothing has left yet (S26). */
export function freshPace(now: number, most = MOST_PER_SECOND): Pace {
  return { most, perSecond: most, since: now, due: now, heldUntil: now }
}

/** Requests a second that are allowed now: won back slowly since the last 429 (S26). */
export function perSecondNow(pace: Pace, now: number): number {
  const wonBack = (Math.max(0, now - pace.since) / 1000) * RECOVERY_PER_SECOND
  return Math.min(pace.most, pace.perSecond + wonBack)
}

/** In how many whole ms the next request may leave; 0: now (S26). */
export function waitForTurn(pace: Pace, now: number): number {
  // Whole, for a fraction too small to be added to a clock would never pass.
  return Math.max(0, Math.ceil(Math.max(pace.heldUntil - now, pace.due - now - (BURST - 1) * gap(pace, now))))
}

/** The pace after a request has left at `now` (S26). */
export function afterTurn(pace: Pace, now: number, random: Random): Pace {
  const spread = 1 - JITTER + 2 * JITTER * random()
  return { ...pace, due: Math.max(pace.due, now) + gap(pace, now) * spread }
}

/**
 * The pace after a 429: half, and nothing leaves for `pauseMs`; no burst follows. A request that had left before the
 * last halving says nothing new: what is in flight together is halved once (S26).
 */
export function afterLimit(pace: Pace, now: number, leftAt: number, pauseMs: number): Pace {
  const known = leftAt < pace.since
  const perSecond = known ? pace.perSecond : Math.max(LEAST_PER_SECOND, perSecondNow(pace, now) / 2)
  const heldUntil = Math.max(pace.heldUntil, now + pauseMs)
  const slowed = { most: pace.most, perSecond, since: known ? pace.since : now, due: 0, heldUntil }
  return { ...slowed, due: heldUntil + (BURST - 1) * gap(slowed, heldUntil) }
}

/** Who waits for a turn: somebody at the counter, what waits to be sent, the directory. */
export const URGENCIES = ['person', 'push', 'pull'] as const
export type Urgency = (typeof URGENCIES)[number]

/** Five turns where all wait: a directory that is read without end keeps a third of the pace, what waits to be sent two. */
const ROUND: readonly Urgency[] = ['person', 'push', 'person', 'push', 'pull']
/** A place in the round of turns. */
export interface Place {
  readonly urgency: Urgency
  readonly at: number
}
export const BEFORE_THE_FIRST: Place = { urgency: 'pull', at: ROUND.length - 1 }

/** Whose turn it is after `last`: nobody is passed over for more than a round (S26). Null: nobody waits. */
export function whoseTurn(waits: (urgency: Urgency) => boolean, last: Place): Place | null {
  for (let step = 1; step <= ROUND.length; step++) {
    const at = (last.at + step) % ROUND.length
    const urgency = ROUND[at]!
    if (waits(urgency)) return { urgency, at }
  }
  return null
}

/** While changes wait to be sent, the directory looks at Square this often because of those that were. */
export const LOOK_AFTER_SENT_MS = 60_000

/**
 * Is the directory to look at Square because something was sent (S26)? At once where nothing waits any more; else
 * `sinceLastLook` (ms, monotonic; null: it has not been told to look yet) decides, for each look takes turns from what waits.
 */
export function looksAfterSent(waits: boolean, sinceLastLook: number | null): boolean {
  return !waits || sinceLastLook === null || sinceLastLook >= LOOK_AFTER_SENT_MS
}

function gap(pace: Pace, now: number): number {
  return 1000 / perSecondNow(pace, now)
}
