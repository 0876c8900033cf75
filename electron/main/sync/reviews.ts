import type { RemoteCustomer } from '#shared/customer/customer.ts'
import type { MergeContext } from '#shared/merge/three-way-merge.ts'
import type { NewId } from '#shared/ports.ts'
import { overtakenQuestions } from '#shared/sync/overtaken.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { SquareGateway } from '../square/square-gateway.ts'
import { reviewQuestion } from './review-question.ts'

export interface ReviewsOptions {
  readonly outbox: Pick<Outbox, 'state' | 'write'>
  /** For reading, at the pace of pulls; null: signed out, or stopped. */
  readonly reader: () => Pick<SquareGateway, 'retrieve'> | null
  readonly merge: () => MergeContext
  readonly newId: NewId
  /** A broken rule of ours. */
  readonly onThrew: (error: unknown) => void
}

/** Keeps the questions that stand true to what pulls read of Square (S12). */
export interface Reviews {
  seen(remotes: readonly RemoteCustomer[], missing: readonly string[]): void
  /** Resolves when none is under way any more. */
  idle(): Promise<void>
}

/**
 * One question after the other; what could not be looked at is looked at after the next pull. One that a fault of ours
 * breaks off holds up no other.
 */
export function createReviews({ outbox, reader, merge, newId, onThrew }: ReviewsOptions): Reviews {
  const overtaken = new Set<string>()
  let underWay: Promise<void> | null = null

  async function reviewAll(): Promise<void> {
    for (const opId of overtaken) {
      const gateway = reader()
      if (!gateway) return
      try {
        if (await reviewQuestion(opId, { outbox, gateway, merge: merge(), newId })) overtaken.delete(opId)
      } catch (error) {
        // Not again and again: the next pull that shows it brings it back.
        overtaken.delete(opId)
        onThrew(error)
      }
    }
  }

  return {
    seen(remotes, missing) {
      for (const opId of overtakenQuestions(outbox.state(), remotes, missing)) overtaken.add(opId)
      if (overtaken.size === 0) return
      underWay ??= reviewAll().finally(() => (underWay = null))
    },
    async idle() {
      await underWay
    },
  }
}
