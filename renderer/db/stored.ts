import type { CustomerField, Patch } from '#shared/customer/customer.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import type { EntrySnapshot } from '#shared/outbox/log-state.ts'
import type { Discarded } from '#shared/outbox/record.ts'
import type { AnswerDraft, CalledBy, FormDraft, HistoryItem } from '../book.ts'

/** What the tables hold. All of it is plain data; what comes back from disk is parsed first: `parse.ts` (S15). */

export type StoredRow = CustomerRow
export interface StoredRedirect {
  readonly from: string
  readonly to: string
}
/** Open operations of the log; `order` is the order in which they were promised. */
export interface StoredEntry {
  readonly opId: string
  readonly order: number
  readonly entry: EntrySnapshot
}
export const LOG_MAPS = ['closed', 'aliases', 'bindings', 'moved', 'made', 'remotes'] as const
export type LogMapName = (typeof LOG_MAPS)[number]
/** One value of one of the log state's maps; `order` because the oldest of them are forgotten first. */
export interface StoredLogValue {
  readonly map: LogMapName
  readonly id: string
  readonly order: number
  readonly value: unknown
}
/** How far the mirror is, and what is one value for the whole store. */
export interface StoredMeta {
  readonly key: 'position'
  readonly generation: number
  readonly lastSeq: number
  /** How many times rows were written without the log, so that another window's copy of them is known to be old. */
  readonly pages: number
  /** Of the rows as they are: a new one with every write that changes any. Absent: no row has been changed since it is kept. */
  readonly stamp?: string
  readonly showEveryConflict: boolean
  /** Something of the mirror was set aside and has not come again from the log. */
  readonly partial?: true
}

export interface StoredHistory {
  readonly opId: string
  readonly localId: string
  readonly seq: number
  readonly kind: HistoryItem['kind']
  readonly at: string
  readonly fields: readonly CustomerField[]
  readonly combined: readonly CustomerField[]
  /** Of a merge (S10). */
  readonly was?: CalledBy
  /** Of a discarded change (S27). */
  readonly reason?: Discarded
  /** What was changed, for undo; null where there is nothing to undo. */
  readonly patch: Patch | null
}
export interface StoredFact {
  readonly localId: string
  readonly seq: number
  readonly consent: { readonly given: boolean; readonly at: string }
}
export interface StoredDraft {
  readonly opId: string
  readonly draft: FormDraft
}
/** A half-given answer; `opId` is that of the operation that asks. */
export interface StoredAnswer {
  readonly opId: string
  readonly draft: AnswerDraft
}
/** Something on disk that could not be read, kept as it was (S15). */
export interface SetAside {
  readonly n?: number
  readonly table: string
  readonly value: unknown
}
