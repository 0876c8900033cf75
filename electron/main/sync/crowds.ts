import type { Random } from '#shared/ports.ts'
import type { Entry } from '#shared/outbox/log-state.ts'
import { BULK_FROM, BULK_MOST } from '#shared/outbox/queue.ts'
import { spoilsTheWhole, type Result } from '#shared/sync/bulk.ts'
import type { Outbox } from '../outbox/outbox-port.ts'
import type { SquareGateway } from '../square/square-gateway.ts'
import { createCrowd } from './crowd.ts'
import { pacedGateway, singleDoor } from './door.ts'
import type { PushContext } from './push-operation.ts'
import type { Turnstile } from './turnstile.ts'

/** How one operation gets to Square: by itself or with others. */
export interface OnTheWay extends Pick<PushContext, 'together' | 'door'> {
  readonly reads: PushContext['gateway']
  /** Who changed since then (ISO, Square's time); null: to be looked for one by one. */
  readonly changedSince: (since: string) => ReturnType<PushContext['changed']>
  /** For the wait before it is tried again: those who travel together wait together. */
  readonly chance: Random
  /** Its push is over. */
  readonly leave: () => void
}

type Kind = 'create' | 'update'

/** Who travels together, and who by themselves (S22). One crowd of each kind at a time. */
export interface Crowds {
  /** Starts the crowds there may be, the oldest first; answers with those who go by themselves, oldest first. */
  gather(due: readonly Entry[], gateway: SquareGateway): Entry[]
  /** Is any on its way? */
  some(): boolean
}

export function createCrowds(options: {
  readonly outbox: Pick<Outbox, 'state'>
  readonly random: Random
  readonly turnstile: Turnstile
  readonly watch: (gateway: SquareGateway) => SquareGateway
  readonly begin: (opId: string, way: OnTheWay) => void
  readonly bulkFrom?: number
}): Crowds {
  const { outbox, random, turnstile, begin, bulkFrom = BULK_FROM } = options
  /** Who waited when the crowd of that kind left: they wait for the next one. Who came after need not. */
  const behind = new Map<Kind, ReadonlySet<string>>()
  /** A request they were in was refused as a whole: each goes alone until it is settled. */
  const loners = new Set<string>()
  let most = BULK_MOST

  function gather(due: readonly Entry[], gateway: SquareGateway): Entry[] {
    for (const opId of loners) if (!outbox.state().entries.has(opId)) loners.delete(opId)
    const left = new Set<Entry>(due)
    for (const kind of ['update', 'create'] as const) {
      const crowd = due.filter(({ op }) => op.kind === kind && !loners.has(op.id))
      if (!behind.has(kind) && crowd.length >= bulkFrom) {
        behind.set(kind, new Set(outbox.state().entries.keys()))
        for (const entry of setOut(kind, crowd.slice(0, most), gateway)) left.delete(entry)
      }
      for (const entry of crowd) if (behind.get(kind)?.has(entry.op.id)) left.delete(entry)
    }
    return [...left]
  }

  function setOut(kind: Kind, entries: readonly Entry[], gateway: SquareGateway): readonly Entry[] {
    const members = entries.map(({ op }) => op.id)
    const watched = options.watch(gateway)
    const crowd = createCrowd({
      members,
      gateway: watched,
      turnstile,
      onWritten: (whole) => learn(members, whole),
    })
    const paced = pacedGateway(watched, turnstile, 'push')
    const chance = random()
    let onTheWay = members.length
    for (const opId of members) {
      let stays = true
      begin(opId, {
        together: true,
        chance: () => chance,
        reads: {
          ...paced,
          retrieve: (squareId) => (stays ? crowd.retrieve(opId, squareId) : paced.retrieve(squareId)),
        },
        changedSince: (since) => crowd.changedSince(opId, since),
        door(how) {
          if (how === 'bulk' && stays) return crowd.door(opId)
          stays = false
          crowd.leave(opId)
          return singleDoor(watched, turnstile, 'push')
        },
        leave() {
          crowd.leave(opId)
          onTheWay -= 1
          if (onTheWay === 0) behind.delete(kind)
        },
      })
    }
    return entries
  }

  /** What a lost or broken-off request leaves in doubt, a smaller one leaves less of. */
  function learn(members: readonly string[], whole: Result<unknown>): void {
    if (whole.kind === 'ok') most = BULK_MOST
    else if (spoilsTheWhole(whole)) for (const opId of members) loners.add(opId)
    else most = Math.max(2, Math.floor(most / 2))
  }

  return { gather, some: () => behind.size > 0 }
}
