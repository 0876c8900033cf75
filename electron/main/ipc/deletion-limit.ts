import type { LogState } from '#shared/outbox/log-state.ts'
import type { Draft } from '#shared/outbox/record.ts'
import type { Clock } from '#shared/ports.ts'

/** So many customers may be deleted within a minute before a person is asked: more than anybody deletes at a counter. */
export const DELETIONS_A_MINUTE = 20
const MINUTE_MS = 60_000

/** A wall against a page that has been taken over: it cannot empty a seller's directory unseen. */
export interface DeletionLimit {
  /**
   * May so many more customers be deleted now? Beyond the limit a person says so, in main's own dialog, for exactly
   * these. One question at a time, and a no holds for a minute: nobody is worn down by questions.
   */
  allows(count: number): Promise<boolean>
}

/** A limit that has counted nothing yet; `confirm` asks the person about so many within a minute. */
export function createDeletionLimit(options: {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly confirm: (count: number) => Promise<boolean>
}): DeletionLimit {
  const { clock, confirm } = options
  let recent: number[] = []
  let asking = false
  let refusedUntil = Number.NEGATIVE_INFINITY

  return {
    async allows(count) {
      const now = clock.monotonic()
      recent = recent.filter((at) => now - at < MINUTE_MS)
      if (recent.length + count <= DELETIONS_A_MINUTE) {
        recent.push(...Array.from({ length: count }, () => now))
        return true
      }
      if (asking || now < refusedUntil) return false
      asking = true
      const confirmed = await confirm(recent.length + count).catch(() => false)
      asking = false
      if (confirmed) recent = []
      else refusedUntil = clock.monotonic() + MINUTE_MS
      return confirmed
    },
  }
}

/** How many deletions these drafts would add to the log; one that is saved again is none (S4). */
export function newDeletions({ entries, closed }: LogState, drafts: readonly Draft[]): number {
  return drafts.filter(
    (draft) =>
      draft.kind === 'queue' &&
      draft.op.kind === 'delete' &&
      !entries.has(draft.op.id) &&
      !closed.has(draft.op.id),
  ).length
}
