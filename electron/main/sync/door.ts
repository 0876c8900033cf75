import type { Urgency } from '#shared/sync/pace.ts'
import { aroundGateway } from '../square/around-gateway.ts'
import type { Reply, SquareGateway } from '../square/square-gateway.ts'
import type { Turnstile } from './turnstile.ts'

/** The way out for writes. What waits here has written no `sent` yet: once inside, it leaves without further delay. */
export interface Door {
  /** Resolves when this one may write; null: nothing may leave now. */
  enter(): Promise<Writer | null>
}
export interface Writer extends Pick<SquareGateway, 'create' | 'update' | 'remove'> {
  /** Nothing (more) will be written. Always called, once. */
  leave(): void
}

/** One request for one operation. */
export function singleDoor(
  gateway: SquareGateway,
  turnstile: Pick<Turnstile, 'enter'>,
  urgency: Urgency,
): Door {
  return {
    async enter() {
      const turn = await turnstile.enter(urgency)
      if (!turn) return null
      return {
        create: (key, body) => gateway.create(key, body),
        update: (id, version, body) => gateway.update(id, version, body),
        remove: (id, version) => gateway.remove(id, version),
        leave: turn.over,
      }
    },
  }
}

/** The gateway whose requests wait for their turn; where there is none, not a byte leaves. */
export function pacedGateway(
  gateway: SquareGateway,
  turnstile: Pick<Turnstile, 'enter'>,
  urgency: Urgency,
): SquareGateway {
  return aroundGateway(gateway, async (send) => {
    const turn = await turnstile.enter(urgency)
    if (!turn) return NOT_SENT
    try {
      return await send()
    } finally {
      turn.over()
    }
  })
}

/** Not a byte left. */
export const NOT_SENT: Reply<never> = {
  kind: 'failed',
  failure: { kind: 'not-sent', reason: 'offline' },
  squareTime: null,
}
