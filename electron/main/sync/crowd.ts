import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import { itemRead, itemWritten, type BulkItems, type Result } from '#shared/sync/bulk.ts'
import type { BulkChange, CustomerPage, Reply, SquareGateway } from '../square/square-gateway.ts'
import { NOT_SENT, type Door, type Writer } from './door.ts'
import type { Turnstile } from './turnstile.ts'

type OneReply = Reply<RemoteCustomer>
type Changed = Result<readonly RemoteCustomer[]>
type Settle = (reply: OneReply) => void

/** Operations of different customers that travel together. Each decides for itself; only their requests are shared. */
export interface Crowd {
  readonly size: number
  /** Of this member: where it waits until all the others are there, too, or have left. */
  door(opId: string): Door
  /** Reads with the others, under the same rule. */
  retrieve(opId: string, squareId: string): Promise<OneReply>
  /**
   * Who changed since then (ISO, Square's time), read once for all who ask, when nobody does anything else. Null: there are
   * more pages than members, or somebody on them cannot be read; then each is looked for by itself.
   */
  changedSince(opId: string, since: string): Promise<Changed | null>
  /** It waits for nobody and nobody for it. Harmless when repeated. */
  leave(opId: string): void
}

export interface CrowdOptions {
  readonly members: readonly string[]
  /** Watched, not paced: the crowd takes its turns itself. */
  readonly gateway: SquareGateway
  readonly turnstile: Pick<Turnstile, 'enter'>
  /** Hears how each bulk write ended as a whole. */
  readonly onWritten?: (whole: Result<BulkItems<RemoteCustomer>>) => void
}

/**
 * Brings the requests of several operations together (S22). Whoever has something to ask waits until every other member
 * waits as well; then all reads leave as one request, then who has changed is read for all, else all writers are let in at once, write their `sent`, and
 * leave as one request.
 */
export function createCrowd({ members, gateway, turnstile, onWritten }: CrowdOptions): Crowd {
  const here = new Set(members)
  const reading = new Map<string, { readonly squareId: string; readonly settle: Settle }>()
  const waiting = new Map<string, (writer: Writer | null) => void>()
  const comparing = new Map<
    string,
    { readonly since: string; readonly settle: (changed: Changed | null) => void }
  >()
  let round: Round | null = null

  function moveOn(): void {
    if (round || here.size === 0) return
    if (reading.size + comparing.size + waiting.size < here.size) return
    if (reading.size > 0) void readTogether()
    else if (comparing.size > 0) void compareTogether()
    else void writeTogether()
  }

  async function readTogether(): Promise<void> {
    const asked = [...reading.values()]
    reading.clear()
    const ids = [...new Set(asked.map(({ squareId }) => squareId))]
    const turn = await turnstile.enter('push')
    if (!turn) return asked.forEach(({ settle }) => settle(NOT_SENT))
    const whole = await gateway.bulkRetrieve(ids)
    turn.over()
    for (const { squareId, settle } of asked)
      settle({ ...itemRead(whole, squareId), squareTime: whole.squareTime })
  }

  async function compareTogether(): Promise<void> {
    const asked = [...comparing.values()]
    comparing.clear()
    const since = asked.map((one) => one.since).toSorted()[0]!
    const changed = await readChanged(since, asked.length)
    for (const { settle } of asked) settle(changed)
  }

  async function readChanged(since: string, mostPages: number): Promise<Changed | null> {
    const customers: RemoteCustomer[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < mostPages; pages++) {
      const turn = await turnstile.enter('push')
      if (!turn) return NOT_SENT
      const page: Reply<CustomerPage> = await gateway.changedSince(since, cursor)
      turn.over()
      if (page.kind === 'failed') return page
      if (page.value.unreadable) return null
      customers.push(...page.value.customers)
      cursor = page.value.cursor
      if (cursor === null) return { kind: 'ok', value: customers }
    }
    return null
  }

  async function writeTogether(): Promise<void> {
    const writers = [...waiting]
    waiting.clear()
    const now: Round = {
      writing: new Set(writers.map(([opId]) => opId)),
      creates: new Map(),
      updates: new Map(),
    }
    round = now
    const turn = await turnstile.enter('push')
    if (!turn) {
      round = null
      for (const [, letIn] of writers) letIn(null)
      return
    }
    const complete = new Promise<void>((resolve) => {
      const settled = (opId: string) => {
        now.writing.delete(opId)
        if (now.writing.size === 0) resolve()
      }
      for (const [opId, letIn] of writers) letIn(writerOf(now, opId, settled))
    })
    await complete
    round = null
    await send(now)
    turn.over()
    moveOn()
  }

  function writerOf(now: Round, opId: string, settled: (opId: string) => void): Writer {
    const write = <W>(into: Map<string, Waiting<W>>, id: string, what: W): Promise<OneReply> => {
      // Two operations for one id cannot be in one request; lanes see to it that there are none.
      if (into.has(id)) return Promise.resolve(NOT_SENT)
      return new Promise((settle) => {
        into.set(id, { what, settle })
        settled(opId)
      })
    }
    return {
      create: (key, body) => write(now.creates, key, body),
      update: (id, version, body) => write(now.updates, id, { version, body }),
      remove: () => Promise.resolve(NOT_SENT), // never in bulk: it takes no version there (S6)
      leave: () => settled(opId),
    }
  }

  async function send({ creates, updates }: Round): Promise<void> {
    if (creates.size > 0) answer(creates, await gateway.bulkCreate(whats(creates)))
    if (updates.size > 0) answer(updates, await gateway.bulkUpdate(whats(updates)))
  }

  function answer(
    asked: ReadonlyMap<string, Waiting<unknown>>,
    whole: Reply<BulkItems<RemoteCustomer>>,
  ): void {
    onWritten?.(whole)
    for (const [id, { settle }] of asked)
      settle({ ...itemWritten(whole, id, asked.size), squareTime: whole.squareTime })
  }

  return {
    size: members.length,
    door: (opId) => ({
      enter: () =>
        new Promise((letIn) => {
          waiting.set(opId, letIn)
          moveOn()
        }),
    }),
    retrieve: (opId, squareId) =>
      new Promise((settle) => {
        reading.set(opId, { squareId, settle })
        moveOn()
      }),
    changedSince: (opId, since) =>
      new Promise((settle) => {
        comparing.set(opId, { since, settle })
        moveOn()
      }),
    leave(opId) {
      if (here.delete(opId)) moveOn()
    },
  }
}

interface Waiting<W> {
  readonly what: W
  readonly settle: Settle
}
interface Round {
  /** Let in, and neither written nor left yet. */
  readonly writing: Set<string>
  readonly creates: Map<string, Waiting<Partial<CustomerFields>>>
  readonly updates: Map<string, Waiting<BulkChange>>
}

function whats<W>(asked: ReadonlyMap<string, Waiting<W>>): Map<string, W> {
  return new Map([...asked].map(([id, { what }]) => [id, what]))
}
