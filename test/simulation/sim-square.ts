import type { CustomerFields, RemoteCustomer } from '#shared/customer/customer.ts'
import { CREATED_BY_APPS } from '#shared/sync/creation-sources.ts'
import type { BulkItems, Result } from '#shared/sync/bulk.ts'
import type { Failure } from '#shared/sync/failure.ts'
import type { Reply, SquareGateway } from '#main/square/square-gateway.ts'
import { createPracticeModel, type PracticeModel } from '#practice/model.ts'
import type { Effect, PracticeFlags } from '#practice/options.ts'
import type { Outcome } from '#practice/outcome.ts'
import type { WireCustomer, WireError } from '#practice/wire.ts'
import { fieldsToWire, wireToRemote } from './wire.ts'
import type { Life, Scheduler } from './scheduler.ts'
import { hashOf, randomStream, type Streams } from './random.ts'

/** S5: requests of one PC that may be under way together. */
const AT_ONCE = 4

/** Square's clock at virtual time 0. */
export const EPOCH = Date.UTC(2026, 0, 5, 9, 0, 0)

/** Probabilities per request; all zero in the calm. */
export interface NetFaults {
  /** Not a byte left, and we know it. */
  dropKnown: number
  /** Lost on the way there. */
  drop: number
  /** 5xx, nothing done. */
  serverError: number
  /** Done, and the answer is no JSON of Square's (S13). */
  unreadable: number
  rateLimit: number
  tokenDies: number
  /** The permission is missing, for now. */
  forbidden: number
  /** A create whose key Square knows is told that the key was used for something else. */
  reused: number
  /** A cursor is not known any more. */
  cursorDies: number
  /** Applied after the client gave up. */
  late: number
  /** Delivered twice. */
  twice: number
  /** Applied, the answer lost. */
  lost: number
  /** A bulk request breaks off after some items. */
  partial: number
  /** An item of a bulk request is done and not in the answer. */
  itemMissing: number
  /** The store PC dies around this request. */
  crash: number
  timeoutMs: number
}
export const NO_FAULTS: NetFaults = {
  dropKnown: 0,
  drop: 0,
  serverError: 0,
  unreadable: 0,
  rateLimit: 0,
  tokenDies: 0,
  forbidden: 0,
  reused: 0,
  cursorDies: 0,
  late: 0,
  twice: 0,
  lost: 0,
  partial: 0,
  itemMissing: 0,
  crash: 0,
  timeoutMs: 8000,
}

export type Request =
  | { readonly kind: 'create'; readonly key: string; readonly body: Partial<CustomerFields> }
  | {
      readonly kind: 'update'
      readonly id: string
      readonly version: string
      readonly body: Partial<CustomerFields>
    }
  | { readonly kind: 'remove'; readonly id: string; readonly version: string }
  | { readonly kind: 'bulk'; readonly size: number }
  | { readonly kind: 'read'; readonly name: keyof SquareGateway }
type Write = Extract<Request, { kind: 'create' | 'update' }>

/** `partial` and `missing` are for bulk requests: broken off after the first item, or the first is missing in the answer, done or not. */
export type Fate =
  | 'lost'
  | 'drop'
  | 'lost-and-crash'
  | 'drop-and-crash'
  | 'partial'
  | 'missing'
  | 'skipped'
  | 'late' // done half a minute after nobody waits for it any more
  | 'limited'

/** What happens to one request of a scripted history; `null`: nothing special. */
export type Script = (pc: Caller, request: Request) => Fate | null

interface Token {
  dead: boolean
}

/** The store PC a request comes from. */
export interface Caller {
  readonly name: string
  readonly life: Life
  readonly offline: boolean
  /** The id of the operation this request is about, as the PC's own log says. */
  operationOf(request: Exclude<Request, { kind: 'read' | 'bulk' }>): string
  crash(): void
}

export interface SimSquareOptions {
  readonly scheduler: Scheduler
  readonly streams: Streams
  readonly flags: Partial<PracticeFlags>
  readonly maxIndexLagMs: number
  /** False: Square's search finds no possible duplicates (keeps most seeds free of that question). */
  readonly duplicatesFound: boolean
  /** A situation that was reached. */
  readonly count: (what: string) => void
  readonly onEffect: (effect: Effect) => void
  /** A PC is told whom Square's search knows of those created lately. */
  readonly onLook: (pc: string) => void
  readonly bad: (what: string) => void
}

/** The practice model behind a bad network, in virtual time, as a gateway per store PC. */
export class SimSquare {
  readonly model: PracticeModel
  readonly faults: NetFaults = { ...NO_FAULTS }
  script: Script | null = null
  /** So many requests a second from all PCs together, and so many at once; null: no limit. */
  limit: { readonly perSecond: number; readonly burst: number } | null = null
  /** Customers on a page of the list. */
  pageSize = 100
  /** Virtual time of the newest change. */
  changedAt = 0
  /** Ids that were deleted or merged away. */
  readonly gone = new Set<string>()
  /** When the next request would be due if all came evenly. */
  #limitDue = 0
  readonly #o: SimSquareOptions
  #ids = 0
  readonly #seed: number
  /** How often each PC asked about what. */
  readonly #asked = new Map<string, number>()
  /** Writes under way, by the life of their PC. */
  readonly #busy = new WeakMap<Life, number>()
  /** Keys of creates that were done. */
  readonly #keys = new Set<string>()
  /** Of the bulk request that lands next. */
  #bulkFate: 'partial' | 'missing' | 'skipped' | null = null

  constructor(options: SimSquareOptions) {
    this.#o = options
    this.#seed = Math.floor(options.streams.net() * 2 ** 32)
    this.model = createPracticeModel({
      newId: () => `SQ${++this.#ids}`,
      flags: options.flags,
      indexLag: () => options.streams.square() * options.maxIndexLagMs,
      onEffect: (effect) => {
        this.changedAt = options.scheduler.now
        if (!effect.after) this.gone.add(effect.id)
        options.onEffect(effect)
      },
    })
  }

  now(): number {
    return EPOCH + this.#o.scheduler.now
  }

  call(tag: string | null = null) {
    return { now: this.now(), tag }
  }

  gateway(pc: Caller): SquareGateway {
    // A token dies once and for all; signing in again makes another gateway with another token.
    const token: Token = { dead: false }
    const request = <T>(what: Request, about: string, apply: () => Outcome<T>) =>
      this.#request(pc, token, what, about, apply)
    const read = <T>(name: keyof SquareGateway, answer: () => Outcome<T>) =>
      request({ kind: 'read', name }, name, answer)
    const one = (outcome: Outcome<WireCustomer>) => map(outcome, wireToRemote)
    const { model } = this
    const options = this.#o
    const write = (what: Write) => {
      const tag = pc.operationOf(what)
      return request(what, tag, () => this.#write(what, tag))
    }
    const bulk = (writes: readonly (readonly [string, Write])[]) => {
      const tags = new Map(writes.map(([id, what]) => [id, pc.operationOf(what)]))
      const items = writes.map(([id, what]) => {
        const tag = tags.get(id)!
        // Nobody says that both ways of creating share their memory for keys: here they do not.
        const apart = what.kind === 'create' ? { ...what, key: `bulk ${what.key}` } : what
        return [id, () => this.#write(apart, tag)] as const
      })
      const about = `bulk ${[...tags.values()].join()}`
      return request({ kind: 'bulk', size: items.length }, about, () =>
        this.#inBulk(items, this.#fatesOf(pc, about)),
      )
    }
    return {
      retrieve: (id) => read('retrieve', () => one(model.retrieve(id))),
      seller: () =>
        read('seller', () => ({ kind: 'ok', value: { merchantId: 'M', name: 'Sim', country: 'US' } })),
      list: (cursor) =>
        read(
          'list',
          () =>
            this.#cursorDies(cursor) ??
            map(
              model.list({ limit: String(this.pageSize), ...(cursor ? { cursor } : {}) }, this.call()),
              toPage,
            ),
        ),
      changedSince: (since, cursor) =>
        read('changedSince', () => {
          const query = { filter: { updated_at: { start_at: since } } }
          const { pageSize: limit } = this
          return (
            this.#cursorDies(cursor) ??
            map(model.search({ query, limit, ...(cursor ? { cursor } : {}) }, this.call()), toPage)
          )
        }),
      createdSince: (since, cursor) =>
        read('createdSince', () => {
          this.#o.onLook(pc.name)
          const filter = {
            created_at: { start_at: since },
            creation_source: { values: [...CREATED_BY_APPS], rule: 'INCLUDE' },
          }
          const { pageSize: limit } = this
          return (
            this.#cursorDies(cursor) ??
            map(
              model.search({ query: { filter }, limit, ...(cursor ? { cursor } : {}) }, this.call()),
              toPage,
            )
          )
        }),
      findExact: (keys) =>
        read('findExact', () => {
          if (!this.#o.duplicatesFound) return { kind: 'ok', value: [] }
          const found = new Map<string, RemoteCustomer>()
          const wanted = [
            ['phone_number', keys.phoneE164],
            ['email_address', keys.emailAddress],
          ] as const
          for (const [field, exact] of wanted) {
            if (!exact) continue
            const page = model.search({ query: { filter: { [field]: { exact } } } }, this.call())
            if (page.kind === 'ok')
              for (const c of page.value.customers ?? []) found.set(c.id, wireToRemote(c))
          }
          return { kind: 'ok', value: [...found.values()] }
        }),
      bulkRetrieve: (ids) =>
        read('bulkRetrieve', () =>
          this.#inBulk(
            ids.map((id) => [id, () => one(model.retrieve(id))] as const),
            options.streams.net,
          ),
        ),
      create: (key, body) => write({ kind: 'create', key, body }),
      update: (id, version, body) => write({ kind: 'update', id, version, body }),
      bulkCreate: (bodies) =>
        bulk([...bodies].map(([key, body]) => [key, { kind: 'create', key, body }] as const)),
      bulkUpdate: (changes) =>
        bulk([...changes].map(([id, change]) => [id, { kind: 'update', id, ...change }] as const)),
      remove: (id, version) => {
        const what = { kind: 'remove', id, version } as const
        const tag = pc.operationOf(what)
        return request(what, tag, () => map(model.remove(id, version ?? null, this.call(tag)), () => null))
      },
    }
  }

  #cursorDies(cursor: string | null): Outcome<never> | null {
    if (!cursor || this.#o.streams.square() >= this.faults.cursorDies) return null
    this.#o.count('fault: cursor expired')
    return refused('INVALID_REQUEST_ERROR', 'INVALID_CURSOR')
  }

  #overLimit(): boolean {
    if (!this.limit) return false
    const { perSecond, burst } = this.limit
    const { now } = this.#o.scheduler
    if (this.#limitDue - now > ((burst - 1) * 1000) / perSecond) {
      this.#o.count('429')
      return true
    }
    this.#limitDue = Math.max(this.#limitDue, now) + 1000 / perSecond
    return false
  }

  #write(write: Write, tag: string): Outcome<RemoteCustomer> {
    const call = this.call(tag)
    if (write.kind === 'create') {
      this.#keys.add(write.key)
      const wire = fieldsToWire(write.body, 'create')
      return map(this.model.create({ idempotency_key: write.key, ...wire }, call), wireToRemote)
    }
    const blind = write.version === undefined // only a mutant leaves it out
    const version = blind ? {} : { version: Number(write.version) }
    const wire = { ...fieldsToWire(write.body, 'update'), ...version }
    return map(this.model.update(write.id, wire, call), wireToRemote)
  }

  /** Item by item, in no order one could rely on; it may break off, and an item may be missing in the answer. */
  #inBulk(
    items: readonly (readonly [string, () => Outcome<RemoteCustomer>])[],
    r: () => number,
  ): Outcome<BulkItems<RemoteCustomer>> {
    const { faults } = this
    const { count } = this.#o
    const fate = this.#bulkFate
    this.#bulkFate = null
    count(items.length > 1 ? 'bulk: several' : 'bulk: one')
    const breaksOff = r() < faults.partial ? Math.floor(r() * items.length) : items.length
    const most = fate === 'partial' ? 1 : breaksOff
    const order = fate ? items : items.toSorted(() => r() - 0.5)
    const done = fate === 'skipped' ? order.slice(1) : order.slice(0, most)
    const answers = done.map(([id, run]) => [id, run()] as const)
    if (most < items.length) {
      count('bulk: broke off')
      return refused('RATE_LIMIT_ERROR', 'RATE_LIMITED')
    }
    const told = answers.filter((_, i) => r() >= faults.itemMissing && !(fate === 'missing' && i === 0))
    if (told.length < answers.length) count('bulk: item missing in the answer')
    return { kind: 'ok', value: new Map(told.map(([id, outcome]) => [id, toResult(outcome)])) }
  }

  /** Chance of its own for the n-th request of this PC about this: one request less leaves the others what they were. */
  #fatesOf(pc: Caller, about: string): () => number {
    const name = `${pc.name} ${about}`
    const n = (this.#asked.get(name) ?? 0) + 1
    this.#asked.set(name, n)
    return randomStream(hashOf(`${name} ${n}`, this.#seed))
  }

  #request<T>(
    pc: Caller,
    token: Token,
    request: Request,
    about: string,
    apply: () => Outcome<T>,
  ): Promise<Reply<T>> {
    const { scheduler, count } = this.#o
    const { faults } = this
    const { life } = pc
    const r = this.#fatesOf(pc, about)
    const isWrite = request.kind !== 'read'
    const travel = 2 + r() * 150
    return new Promise((resolve) => {
      const busy = (by: 1 | -1) => {
        if (isWrite) this.#busy.set(life, (this.#busy.get(life) ?? 0) + by)
      }
      busy(1)
      if ((this.#busy.get(life) ?? 0) > AT_ONCE)
        this.#o.bad(`${pc.name} has more than ${AT_ONCE} writes under way`)
      const answer = (ms: number, reply: Reply<T>) =>
        scheduler.at(
          ms,
          () => {
            busy(-1)
            resolve(reply)
          },
          life,
        )
      const land = () => toReply(apply(), this.now())
      const scripted = this.script?.(pc, request)
      if (scripted) {
        scheduler.at(10, () => {
          if (scripted === 'partial' || scripted === 'missing' || scripted === 'skipped') {
            this.#bulkFate = scripted
            return answer(20, land())
          }
          if (scripted === 'limited') return answer(20, failed({ kind: 'rate-limited', retryAfterMs: null }))
          if (scripted === 'late') scheduler.at(30_000, () => apply())
          if (scripted.startsWith('lost')) apply()
          if (scripted.endsWith('crash')) pc.crash()
          else answer(20, UNKNOWN)
        })
        return
      }
      if (r() < faults.crash) scheduler.at(r() * 400, () => pc.crash(), life)
      if (pc.offline) return answer(travel, NOT_SENT)
      let draw = r()
      const hit = (name: Exclude<keyof NetFaults, 'timeoutMs'>) => {
        draw -= faults[name]
        if (draw >= 0) return false
        draw = 2 // one fault a request
        if (isWrite) count(`fault: ${name}`)
        return true
      }
      if (hit('dropKnown')) return answer(travel, NOT_SENT)
      if (hit('drop')) return answer(faults.timeoutMs * (0.1 + r()), UNKNOWN)
      if (hit('serverError')) return answer(travel * 2, failed({ kind: 'unknown', reason: 'server-error' }))
      if (hit('rateLimit'))
        return answer(travel * 2, failed({ kind: 'rate-limited', retryAfterMs: retryAfter(r) }))
      if (this.#overLimit()) return answer(travel * 2, failed({ kind: 'rate-limited', retryAfterMs: null }))
      if (hit('tokenDies')) token.dead = true
      if (token.dead) return answer(travel * 2, failed({ kind: 'signed-out', code: 'UNAUTHORIZED' }))
      if (hit('forbidden'))
        return answer(travel * 2, failed({ kind: 'forbidden', code: 'INSUFFICIENT_SCOPES' }))
      if (request.kind === 'create' && this.#keys.has(request.key) && hit('reused'))
        return answer(travel * 2, failed({ kind: 'key-reused' }))
      if (isWrite) {
        if (hit('late')) {
          // A create is not that late: nothing cures one that lands after it was looked for (S9).
          const most = request.kind === 'update' || request.kind === 'remove' ? 600_000 : 60_000
          scheduler.at(faults.timeoutMs + r() * most, () => apply())
          return answer(faults.timeoutMs, UNKNOWN)
        }
        if (hit('twice')) {
          scheduler.at(travel, () => {
            answer(20, land())
            scheduler.at(50 + r() * 8000, () => apply())
          })
          return
        }
      }
      const unreadable = hit('unreadable')
      scheduler.at(travel, () => {
        const reply = land()
        if (unreadable) answer(20, failed({ kind: 'unknown', reason: 'unreadable' }))
        else if (r() < faults.lost) {
          if (isWrite) count('fault: lost')
          answer(r() < 0.5 ? 20 : faults.timeoutMs, UNKNOWN)
        } else answer(2 + r() * 150, reply)
      })
    })
  }
}

/** As Square may say it: not at all, soon, or absurd (S26 keeps it within bounds). */
function retryAfter(r: () => number): number | null {
  const what = r()
  return what < 0.6 ? null : what < 0.9 ? r() * 10_000 : 86_400_000
}

const NOT_SENT: Reply<never> = {
  kind: 'failed',
  failure: { kind: 'not-sent', reason: 'offline' },
  squareTime: null,
}
const UNKNOWN: Reply<never> = {
  kind: 'failed',
  failure: { kind: 'unknown', reason: 'timeout' },
  squareTime: null,
}

function failed(failure: Failure): Reply<never> {
  return { kind: 'failed', failure, squareTime: null }
}

function refused(category: string, code: string): Outcome<never> {
  return { kind: 'refused', status: 429, errors: [{ category, code, detail: '' }] }
}

function map<A, B>(outcome: Outcome<A>, change: (value: A) => B): Outcome<B> {
  return outcome.kind === 'ok' ? { kind: 'ok', value: change(outcome.value) } : outcome
}

function toPage(page: { customers?: readonly WireCustomer[]; cursor?: string; count?: number }) {
  return {
    customers: (page.customers ?? []).map(wireToRemote),
    cursor: page.cursor ?? null,
    count: page.count ?? null,
  }
}

function toReply<T>(outcome: Outcome<T>, squareTime: number): Reply<T> {
  return { ...toResult(outcome), squareTime }
}

function toResult<T>(outcome: Outcome<T>): Result<T> {
  if (outcome.kind === 'ok') return { kind: 'ok', value: outcome.value }
  return { kind: 'failed', failure: toFailure(outcome.errors[0]!) }
}

function toFailure(error: WireError): Failure {
  switch (error.code) {
    case 'CONFLICT':
      return { kind: 'conflict' }
    case 'NOT_FOUND':
      return { kind: 'not-found' }
    case 'IDEMPOTENCY_KEY_REUSED':
      return { kind: 'key-reused' }
    case 'RATE_LIMITED':
      return { kind: 'rate-limited', retryAfterMs: null }
    default:
      return { kind: 'refused', refusal: { code: error.code, field: null, detail: error.detail ?? null } }
  }
}
