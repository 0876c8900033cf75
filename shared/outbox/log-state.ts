import type { CustomerFields, RemoteCustomer } from '../customer/customer.ts'
import type { Operation } from './operation.ts'
import type { AnswerKind, Question } from './record.ts'

/** What the log says now. Built only by `foldLog`/`applyRecord`; main and the mirror hold the same. */
export interface LogState {
  /** Open operations in the order they were promised. */
  readonly entries: Map<string, Entry>
  /** Ids of closed operations and of facts (the newest 10,000): a draft saved again is recognised. */
  readonly closed: Map<string, ClosedAs>
  /** Square id -> the id it became (chains are followed by `resolveSquareId`). */
  readonly aliases: Map<string, string>
  /** Local id -> Square id; null while the customer is being created anew. */
  readonly bindings: Map<string, string | null>
  /** Local id -> local id that took its place ("Add again" moves every row of the old customer). */
  readonly moved: Map<string, string>
  /** Square id -> local id whose create made it: such a customer is nobody else's match (S9). */
  readonly made: Map<string, string>
  /** Newest content of a Square id the log has seen, for ids with open operations. */
  readonly remotes: Map<string, RemoteCustomer>
  /** S19. */
  showEveryConflict: boolean
}
export type ClosedAs = 'done' | 'withdrawn' | 'replaced'

export interface Entry {
  readonly op: Operation
  readonly attempts: Map<number, Attempt>
  closed: ClosedAs | null
  question: Question | null
  /**
   * What was known of the customer before the first question about this operation: nobody here has seen what changed
   * since, also once that is lifted (S12). Null: not asked, or not known.
   */
  known: CustomerFields | null
  /** From another machine's log, or from before a lost tail: in doubt for ever (S20). */
  copied: boolean
  /** CONFLICT answers so far (S7: after three, a person). */
  conflicts: number
  /** Staff saw the possible duplicates and said: create separately. */
  createSeparately: boolean
  /** Square ids of those they saw then. */
  shownApart: readonly string[]
}
export interface Attempt {
  readonly squareId: string | null
  readonly version: string | null
  readonly body: Partial<CustomerFields>
  readonly squareTime: number | null
  readonly bulk?: boolean
  answer: AnswerKind | null
}

/** `LogState` as plain JSON (S21). */
export interface LogSnapshot {
  readonly entries: readonly EntrySnapshot[]
  readonly closed: readonly (readonly [string, ClosedAs])[]
  readonly aliases: readonly (readonly [string, string])[]
  readonly bindings: readonly (readonly [string, string | null])[]
  readonly moved: readonly (readonly [string, string])[]
  readonly made: readonly (readonly [string, string])[]
  readonly remotes: readonly RemoteCustomer[]
  readonly showEveryConflict: boolean
}
export interface EntrySnapshot {
  readonly op: Operation
  readonly attempts: readonly (readonly [number, Attempt])[]
  readonly question: Question | null
  /** Absent: null. */
  readonly known?: CustomerFields
  readonly copied: boolean
  readonly conflicts: number
  readonly createSeparately: boolean
  /** Absent: nobody. */
  readonly shownApart?: readonly string[]
}
