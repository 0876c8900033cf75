import type { Clock } from '#shared/ports.ts'
import type { BookParts } from './book-parts.ts'

/** Keeps an open directory up with the log. */
export interface LogFollower {
  /** Applies what the log has, up to `seq` or all of it, that this window has not; tried again until it succeeds. */
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

const RETRY_PROJECTION_MS = 2_000
/** What the log said so long ago and is not in the directory yet: the counts are not true any more (S29). */
const LATE_MS = 900

/** A follower that has not been asked to follow yet, and is not behind. */
export function createLogFollower(parts: LogFollowerParts): LogFollower {
  const { projector, answers, schedule, onFault, onBehind } = parts
  const retries = new Set<() => void>()
  let behind = false
  let ended = false

  function setBehind(now: boolean): void {
    if (behind === now) return
    behind = now
    onBehind()
  }

  function tryAgain(): void {
    if (ended) return
    const cancel = schedule(RETRY_PROJECTION_MS, () => {
      retries.delete(cancel)
      void follow()
    })
    retries.add(cancel)
  }

  async function follow(seq = Infinity): Promise<void> {
    const inTime = schedule(LATE_MS, () => setBehind(true))
    try {
      await projector.follow(seq)
      setBehind(false)
    } catch (error) {
      setBehind(true)
      onFault('book.project', error)
      tryAgain()
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
      for (const cancel of retries) cancel()
    },
  }
}
