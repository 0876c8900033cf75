import type { Clock } from '#shared/ports.ts'
import type { BookParts } from './book-parts.ts'

/** Keeps an open directory up with the log. */
export interface LogFollower {
  /** Applies what the log has, up to `seq` or all of it, that this window has not; tried again until the log is whole and here. */
  follow(seq?: number): Promise<void>
  /** The log has moved and this window could not follow: what is counted here may be old (S29). */
  isBehind(): boolean
  /** Nothing is tried again any more. */
  end(): void
}

export interface LogFollowerParts extends Pick<BookParts, 'projector' | 'answers'> {
  readonly schedule: Clock['schedule']
  readonly onFault: (where: string, error: unknown) => void
  /** `isBehind` says something else now. */
  readonly onBehind: () => void
}

const RETRY_MS = 2_000
/** The mirror gives back all it has each time: not more often than a disk is made room on (S20). */
const RETRY_RESTORE_MS = 30_000
/** What the log said so long ago and is not in the directory yet: the counts are not true any more (S29). */
const LATE_MS = 900

/** A follower that has not been asked to follow yet, and is not behind. */
export function createLogFollower(parts: LogFollowerParts): LogFollower {
  const { projector, answers, schedule, onFault, onBehind } = parts
  let cancelRetry: (() => void) | null = null
  let behind = false
  let ended = false

  function setBehind(now: boolean): void {
    if (behind === now) return
    behind = now
    onBehind()
  }

  function tryAgain(ms: number): void {
    if (ended) return
    cancelRetry?.() // what was tried last says when it is worth trying again
    cancelRetry = schedule(ms, () => {
      cancelRetry = null
      void follow()
    })
  }

  async function follow(seq = Infinity): Promise<void> {
    const inTime = schedule(LATE_MS, () => setBehind(true))
    try {
      const isWhole = await projector.follow(seq)
      setBehind(false)
      if (!isWhole) tryAgain(RETRY_RESTORE_MS)
    } catch (error) {
      setBehind(true)
      onFault('book.project', error)
      tryAgain(RETRY_MS)
    } finally {
      inTime()
    }
    // Not within that time: the counts are true already. Half answers that stay too long are forgotten at the next start.
    await settleAnswers().catch((error: unknown) => onFault('book.answers', error))
  }

  /** What waits for an answer, and is answered half, may be settled by what just came. */
  async function settleAnswers(): Promise<void> {
    if (!ended) await projector.read((mirror) => answers.settle(mirror))
  }

  return {
    follow,
    isBehind: () => behind,
    end() {
      ended = true
      cancelRetry?.()
    },
  }
}
