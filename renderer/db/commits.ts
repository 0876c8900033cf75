import type { CustomerRow } from '#shared/directory/row.ts'
import type { CalledBy } from '../book.ts'
import type { LogMirror } from './log-mirror.ts'
import type { Step } from './mirror-mark.ts'

/** What a transaction changed in the directory. */
export interface Commit {
  /** Rows as they are now. */
  readonly put: readonly CustomerRow[]
  readonly removed: readonly string[]
  /** Local ids whose card may read otherwise although the row is the same: attempts, history, consent. */
  readonly concerned: readonly string[]
  /** What it made of which rows; absent where it changed none, and where it tells of rows that others wrote. */
  readonly step?: Step
  /** Customers that were merged into another one; absent: none. */
  readonly joined?: readonly { readonly localId: string; readonly was: CalledBy }[]
}

/** Told before whoever waits for the change goes on; `mirror` is that after it. */
export type CommitListener = (commit: Commit, mirror: LogMirror) => void

/** Tells listeners of this window what was committed, or is just being written: who reads waits for it (S1). */
export interface Commits {
  announce: CommitListener
  onCommit(listener: CommitListener): () => void
}

/** Nobody listens yet. */
export function createCommits(): Commits {
  const listeners = new Set<CommitListener>()
  return {
    announce: (commit, mirror) => listeners.forEach((listener) => listener(commit, mirror)),
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
