/**
 * What pure code may not reach for itself: time, waiting, chance and identity. Product code gets the real ones from
 * the composition root, the simulation a virtual clock and seeded streams.
 */

/** Time. `monotonic` never jumps and is the only clock for waits (S17); `wallIso` is a label for people, never a reason. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number
  /** The PC's own idea of now as ISO 8601, for display only. */
  wallIso(): string
  /** Resolves after `ms` milliseconds. Never rejects. */
  sleep(ms: number): Promise<void>
  /** Calls back once after `ms` milliseconds unless the returned function is called before. */
  schedule(ms: number, callback: () => void): () => void
}

/** A number in [0, 1). */
export type Random = () => number

/** A new unique id (UUID v4 in the product). */
export type NewId = () => string

/** What may be written to the technical log: codes, counts and ids made by us. Never a customer's data. */
export interface Log {
  info(event: string, facts?: LogFacts): void
  warn(event: string, facts?: LogFacts): void
  error(event: string, facts?: LogFacts): void
}
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>
