import {
  CUSTOMER_FIELDS,
  type Change,
  type CustomerField,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { Draft, LogRecord, Sent } from '#shared/outbox/record.ts'
import type { Effect } from '#practice/options.ts'
import type { WireCustomer } from '#practice/wire.ts'
import { canonicalEquals } from '#shared/customer/canonical.ts'
import { hasUnanswered, laneOf, localOf, openEntries, targetOf } from '#shared/outbox/fold-log.ts'
import { sameCard } from '#shared/sync/decide.ts'
import type { SimPc } from './sim-pc.ts'
import { hashOf } from './random.ts'
import { hasParts, holds, partMayBecome, partsOf, Reference } from './reference.ts'
import { ToldApartOracle } from './told-apart.ts'
import type { World } from './world.ts'
import { wireToRemote } from './wire.ts'

const MERGE = { country: 'US' }
/** How a promise may end, beside being kept. */
const HONEST_ENDS = /^(done|replaced|withdrawn:(undo|never-sent|keep-square|accept-deletion|discard|copied))$/

interface Promised {
  readonly op: Operation
  readonly pc: SimPc
  readonly order: number
}

interface Unseen {
  /** The creates in whose stead a customer is created again. */
  readonly creates: readonly string[]
  /** Name of the PC. */
  readonly pc: string
  readonly localId: string
  /** Whom they made is to be recognised also where a colleague has changed them. */
  readonly evenChanged: boolean
  looks: number
  isListed: boolean
}

/**
 * Watches everything from outside: what reached a disk, what took effect at Square, what staff were told, and says what
 * no shop must ever see. It knows the rules' purpose, not the code.
 */
export class Oracle {
  readonly violations: string[] = []
  readonly closed = new Map<string, string>()
  readonly acked = new Map<string, Promised>()
  /** Questions per local customer of a PC since the calm began. */
  asks = new Map<string, number>()
  readonly #world: World
  /** PC and id of the creations it was told of by a file. */
  readonly #takenIn = new Set<string>()
  readonly #promised = new Map<string, Promised>()
  readonly #effects = new Map<string, number>()
  readonly #lastEffect = new Map<string, number>()
  readonly #creates = new Map<string, number>()
  readonly #allowedCreates = new Map<string, number>()
  readonly #approved = new Set<string>()
  /**
   * Customers to be created again, by PC and local id: the one made first was brought back and was on no list of theirs, or
   * may be made by another PC at any time.
   */
  readonly #unseen = new Map<string, Unseen>()
  readonly #madeBy = new Map<string, string>()
  /** What each customer made by an operation was made with. */
  readonly #asMade = new Map<string, string>()
  /** Local ids and the customer their create in doubt was taken to have made. */
  readonly #adopted = new Map<string, string>()
  /** Customers and the local id a person chose them for: of two who are just alike nobody can tell which create made which. */
  readonly #takenFor = new Map<string, string>()
  /** Local ids whose create became a customer that a person chose. */
  readonly #chosen = new Set<string>()
  /** Attempts without an answer, by operation. */
  readonly #unanswered = new Map<string, Set<number>>()
  readonly #savedAgain = new Set<string>()
  /** Operations that ask, or did when they ended. */
  readonly #standing = new Set<string>()
  /** Asked about because the log was copied. */
  readonly #copied = new Set<string>()
  readonly #restored = new Set<string>()
  /** Merged away at Square, and into whom. */
  readonly #merged = new Map<string, string>()
  readonly #everMerged = new Map<string, readonly string[]>()
  /** What each operation was sent to. */
  readonly #sentTo = new Map<string, readonly Pick<Sent, 'squareId' | 'version'>[]>()
  /** Operations that Square did to another customer than they were sent to. */
  readonly #followed = new Set<string>()
  #newest = ''
  /** What each field may be, told from outside. */
  readonly reference = new Reference((what) => this.bad(what))
  /** By the name of the PC: what staff said at one is in no other's log. */
  readonly #apart = new Map<string, ToldApartOracle>()
  /** What Square held, by id and version. */
  readonly #held = new Map<string, string>()
  /** Of everything that became durable and everything that happened at Square. */
  hash = 0

  constructor(world: World) {
    this.#world = world
  }

  bad(what: string): void {
    this.#world.trace?.(`!!! ${what}`)
    if (this.violations.length < 20) this.violations.push(what)
  }

  /** A record survives from now on. */
  durable(pc: SimPc, record: LogRecord): void {
    this.#world.trace?.(`${pc.name} log #${record.seq} ${describe(record)}`)
    this.#mix(`${this.#world.scheduler.now} ${pc.name} ${JSON.stringify(record)}`)
    this.#situation(pc, record)
    this.#believed(record)
    this.#apartAt(pc).durable(record)
    switch (record.kind) {
      case 'queued': {
        const { op } = record
        this.reference.promised(op)
        if (!this.#promised.has(op.id)) this.#promised.set(op.id, { op, pc, order: this.#promised.size })
        for (const id of record.replaces) this.#close(id, 'replaced', pc)
        return this.#allowIfApproved(op.id, op.localId)
      }
      case 'fact':
        if (record.fact.kind === 'not-a-duplicate') this.#allowIfApproved(record.fact.opId, record.localId)
        return
      case 'withdrawn':
        for (const id of record.opIds) this.#close(id, `withdrawn:${record.why}`, pc)
        return
      case 'answered': {
        const { answer, opId } = record
        if (answer.kind !== 'applied' && answer.kind !== 'gone') return
        this.#close(opId, 'done', pc)
        if (answer.kind === 'applied') this.reference.done(opId, answer)
        const op = this.#promised.get(opId)?.op
        if (answer.kind === 'applied' && answer.how === 'sent' && !this.#effects.get(opId))
          this.bad(`done without effect: ${opId}`)
        if (answer.kind === 'gone' && op?.kind !== 'delete')
          this.bad(`${op?.kind} ${opId} ended as gone without a person`)
        if (answer.kind === 'gone' && op?.kind === 'delete' && op.squareId) {
          const now = this.#world.square.model.retrieve(op.squareId)
          // Brought back while that answer was on its way: the one that is gone, or what a merge had made of it.
          if (now.kind === 'ok' && ![op.squareId, now.value.id].some((id) => this.#restored.has(id)))
            this.bad(`delete ${opId} done, but ${op.squareId} lives on as ${now.value.id}`)
        }
        return
      }
      case 'asks': {
        const op = this.#promised.get(record.opId)?.op
        const { kind } = record.question
        if (kind === 'copied') this.#copied.add(record.opId)
        // A copied log asks about each of its operations, and one answer is for all that waits for a customer.
        const whom = op && `${op.localId} at ${pc.name}`
        const again = kind === 'copied' && whom !== undefined && this.asks.has(whom)
        if (whom && !again) this.asks.set(whom, (this.asks.get(whom) ?? 0) + 1)
        const needless =
          kind === 'conflict' || kind === 'gone' || kind === 'delete-changed' || kind === 'merged-delete'
        // Somebody who called two new customers the same one brought their histories together: she may be asked then. And
        // what was typed before a crash and is saved after it may be older than all that the log remembers (S21): where an
        // attempt of it is lost, nobody can tell whether it was done and taken back (S8).
        if (
          this.#world.solo &&
          needless &&
          this.#chosen.size === 0 &&
          !(this.#unanswered.get(record.opId)?.size && this.#savedAgain.has(record.opId))
        )
          this.bad(`needless question ${kind} for ${record.opId}: nobody else works`)
        return
      }
      case 'sent': {
        const { opId, squareId, version } = record
        if (squareId) this.#sentTo.set(opId, [...(this.#sentTo.get(opId) ?? []), { squareId, version }])
        return this.#allowIfUnlisted(pc, record)
      }
      default:
        return
    }
  }

  /** What the log says of Square was so at some time; what is called applied is in it (I2, I6, S13). */
  #believed(record: LogRecord): void {
    const said =
      record.kind === 'answered' && record.answer.kind === 'applied'
        ? record.answer.remote
        : record.kind === 'alias'
          ? record.remote
          : record.kind === 'asks' && 'remote' in record.question
            ? record.question.remote
            : null
    if (!said) return
    const held = this.#held.get(`${said.id}v${said.version}`)
    if (held !== JSON.stringify(said.fields))
      this.bad(`the log believes of ${said.id}v${said.version} what Square never held`)
    if (record.kind !== 'answered' || record.answer.kind !== 'applied') return
    const op = this.#promised.get(record.opId)?.op
    if (op?.kind === 'create' && record.answer.how === 'chosen') {
      this.#chosen.add(op.localId)
      this.#takenFor.set(said.id, op.localId)
    }
    if (op?.kind === 'create' && record.answer.how === 'adopted') {
      this.#adopted.set(op.localId, said.id)
      // Another PC made it, and a colleague made it look like ours: nobody can tell those apart.
      const maker = this.#promised.get(this.#madeBy.get(said.id) ?? '')
      const isOfAnotherPc = maker && maker.pc !== this.#promised.get(op.id)!.pc
      if (said.version !== '0' && isOfAnotherPc) this.#chosen.add(op.localId)
    }
    if (op?.kind !== 'update' || record.answer.how === 'chosen') return
    // What the customer it was sent to held already was not sent, and the one it became may lack it.
    if (this.#followed.has(op.id)) return
    for (const [field, change] of Object.entries(op.patch) as [CustomerField, Change][])
      // Notes and addresses are combined; what that may do is looked at where it takes effect. A mere change of spelling
      // gives way to whatever Square holds by then (S7).
      if (
        field !== 'note' &&
        !canonicalEquals(field, change.base, change.local, MERGE) &&
        !canonicalEquals(field, said.fields[field], change.local, MERGE) &&
        !(hasParts(field) && holds(field, said.fields[field], { from: change.base, to: change.local }))
      )
        this.bad(`done, but Square holds another ${field} than ${op.id} wants`)
  }

  /** One Square customer more for this local one, where a person said so. */
  #allowIfApproved(opId: string, localId: string): void {
    if (this.#approved.delete(opId)) this.#allow(localId)
  }

  #allow(localId: string): void {
    this.#allowedCreates.set(localId, (this.#allowedCreates.get(localId) ?? 1) + 1)
  }

  /** Names what a run of many seeds must have been through. */
  #situation(pc: SimPc, record: LogRecord): void {
    const count = (what: string) => this.#world.count(what)
    const waiting = (opId: string) => this.#unanswered.get(opId) ?? new Set<number>()
    switch (record.kind) {
      case 'sent': {
        const unanswered = waiting(record.opId)
        if (unanswered.size > 0) count('in doubt: sent again')
        this.#unanswered.set(record.opId, unanswered.add(record.attempt))
        return
      }
      case 'answered': {
        const { answer, opId } = record
        const how = answer.kind === 'applied' ? answer.how : ''
        count(
          `answered: ${answer.kind}${answer.kind === 'not-applied' ? ` ${answer.reason}` : ''} ${how}`.trim(),
        )
        const unanswered = waiting(opId)
        unanswered.delete(record.attempt)
        if (unanswered.size === 0) return
        if (answer.kind === 'gone') count('in doubt: found deleted')
        if (how === 'equal') count('in doubt: found applied')
        if (how === 'adopted') count('in doubt: found by search')
        if (how === 'sent') count('in doubt: applied at another attempt')
        return
      }
      case 'lifted':
        this.#standing.delete(record.opId)
        return count('question lifted')
      case 'asks':
        if (this.#standing.has(record.opId)) count('question asked anew')
        this.#standing.add(record.opId)
        count(`asks: ${record.question.kind}`)
        if (waiting(record.opId).size > 0 && record.question.kind !== 'copied') count('in doubt: asked')
        return
      case 'alias': {
        const state = pc.outbox.state()
        const waits = [...state.entries.values()].filter(
          ({ op }) => targetOf(state, op.localId) === record.toSquareId,
        )
        if (waits.length > 0) count('merge with waiting operations')
        if (waits.some(hasUnanswered)) count('merge with one in doubt')
        return
      }
      case 'withdrawn':
        return count(`withdrawn: ${record.why}`)
      default:
        return
    }
  }

  /** A colleague has brought a deleted customer back: that it lives on is no surprise. */
  restores(squareId: string): void {
    this.#restored.add(squareId)
  }

  #apartAt({ name }: SimPc): ToldApartOracle {
    const known = this.#apart.get(name) ?? new ToldApartOracle((what) => this.bad(what))
    this.#apart.set(name, known)
    return known
  }

  #mix(text: string): void {
    this.hash = hashOf(text, this.hash)
  }

  /** About to be sent: open, unasked, and before everything else of its customer as that stands now. */
  sends(pc: SimPc, opId: string): void {
    const state = pc.outbox.state()
    const entry = state.entries.get(opId)
    if (!entry) return this.bad(`sent although it is closed: ${opId}`)
    const promise = this.#promised.get(opId)
    if (promise && promise.pc !== pc)
      this.bad(`${pc.name} sent ${opId}, which was promised at ${promise.pc.name}`)
    if (entry.question) this.bad(`sent although a person is asked: ${opId}`)
    if (hasUnanswered(entry)) return
    const open = openEntries(state, laneOf(state, entry.op.localId))
    if (open[0] !== entry) this.bad(`sent before ${open[0]?.op.id}, which is older: ${opId}`)
    if (open.some((other) => hasUnanswered(other) && !other.question))
      this.bad(`sent beside an operation of the same customer: ${opId}`)
  }

  /** Something happened at Square. */
  effect(effect: Effect): void {
    this.#mix(`${effect.kind} ${effect.id} ${effect.tag} ${JSON.stringify(effect.after)}`)
    if (effect.after) {
      const { id, version, fields } = wireToRemote(effect.after)
      this.#held.set(`${id}v${version}`, JSON.stringify(fields))
    }
    const followed = this.#followsMerge(effect)
    this.reference.happened(effect, effect.tag, followed)
    // A merge tells of the one it made first, then of those it was made of.
    if (effect.kind === 'merge' && effect.after) this.#newest = effect.id
    else if (effect.kind === 'merge') this.#becomes(effect.id, this.#newest)
    else if (effect.kind === 'create') this.#merged.delete(effect.id) // taken apart: a customer again
    if (effect.by !== 'api' || !effect.tag) return
    const opId = effect.tag
    this.#world.trace?.(`SQUARE ${effect.kind} ${effect.id} by ${opId} -> ${short(effect.after)}`)
    const promise = this.#promised.get(opId)
    if (!promise) return this.bad(`effect before its promise was durable: ${opId}`)
    const { op, pc, order } = promise
    const times = (this.#effects.get(opId) ?? 0) + 1
    this.#effects.set(opId, times)
    if (followed) {
      this.#followed.add(opId)
      this.#world.count(`a write followed a merge: ${op.kind}`)
    } else if (times > 1) this.bad(`effect ${times} times: ${op.kind} ${opId}`)
    const end = this.closed.get(opId)
    // What may have been sent before the log was copied can land at any time, and whoever forgot it here, or promised it anew, was told so.
    const isTold = end === 'withdrawn:copied' || (end === 'replaced' && this.#copied.has(opId))
    const mayLand = followed || (isTold && (this.#unanswered.get(opId)?.size ?? 0) > 0)
    if (end && end !== 'done' && !mayLand) this.bad(`effect after ${end}: ${op.kind} ${opId}`)
    const lane = `${op.localId}@${pc.name}`
    const last = this.#lastEffect.get(lane) ?? -1
    if (order < last && !mayLand) this.bad(`order: ${opId} took effect after a later one of ${lane}`)
    this.#lastEffect.set(lane, Math.max(last, order))
    if (effect.kind === 'create' && effect.after) this.#created(op, effect.after)
    if (effect.kind === 'update' && effect.before && effect.after)
      this.#updated(op, effect.before, effect.after, followed)
    if (effect.kind === 'delete' && effect.before && !followed) this.#deleted(op, effect.before)
  }

  #created(op: Operation, after: WireCustomer): void {
    const times = (this.#creates.get(op.localId) ?? 0) + 1
    this.#creates.set(op.localId, times)
    this.#madeBy.set(after.id, op.id)
    this.#asMade.set(after.id, JSON.stringify(wireToRemote(after).fields))
    if (times > (this.#allowedCreates.get(op.localId) ?? 1))
      this.bad(`second Square customer for ${op.localId}`)
  }

  /**
   * The customer it was sent to was merged, and Square takes the write for the one it became, where both are of the same
   * version: nobody who sends can prevent that, nor see it before it is answered (SPEC.md, not cured).
   */
  #followsMerge({ by, kind, id, tag, before }: Effect): boolean {
    if (by !== 'api' || kind === 'create' || !tag) return false
    const asked = this.#sentTo.get(tag) ?? []
    const version = String(before?.version)
    // Also an earlier attempt that comes a second time, while a later one was sent to the customer it became.
    if (asked.some((sent) => sent.squareId === id && sent.version === version)) return false
    return asked.some(({ squareId }) => squareId !== id && this.#mergedInto(squareId!) === id)
  }

  #updated(op: Operation, wireBefore: WireCustomer, wireAfter: WireCustomer, followed: boolean): void {
    if (op.kind !== 'update') return this.bad(`update sent for a ${op.kind}`)
    const before = wireToRemote(wireBefore).fields
    const after = wireToRemote(wireAfter).fields
    for (const field of CUSTOMER_FIELDS) {
      if (JSON.stringify(before[field]) === JSON.stringify(after[field])) continue
      const change = op.patch[field]
      if (!change) {
        this.bad(`${op.id} changed ${field}, which it never touched`)
        continue
      }
      const seen = [change.base, change.local].some((value) =>
        canonicalEquals(field, before[field], value, MERGE),
      )
      const kept =
        (field === 'note' && keepsNote(before.note, after.note, change)) ||
        (hasParts(field) &&
          partsOf(field, before[field], after[field], change.base, change.local).every(partMayBecome))
      if (!seen && !kept && !followed) {
        this.bad(
          `overwrote unseen ${field}=${JSON.stringify(before[field])} by ${op.id} (${JSON.stringify(change)})`,
        )
      }
    }
  }

  #deleted(op: Operation, before: WireCustomer): void {
    if (op.kind !== 'delete') return this.bad(`delete sent for a ${op.kind}`)
    if (!this.#confirmed(op, before.id)) this.bad(`deleted ${before.id}, but ${op.squareId} was confirmed`)
    if (!sameCard(op.seen, wireToRemote(before), MERGE))
      this.bad(`deleted a customer that changed unseen: ${op.id}`)
  }

  /** The id that was on the screen; a customer without one yet is the one its create made. */
  #confirmed(op: Extract<Operation, { kind: 'delete' }>, squareId: string): boolean {
    if (op.squareId) return op.squareId === squareId
    const create = this.#promised.get(this.#madeBy.get(squareId) ?? '')?.op
    // Or the one that was exactly equal and was adopted for it: two PCs that entered the same person (S9).
    return create?.localId === op.localId || this.#adopted.get(op.localId) === squareId
  }

  acknowledged(pc: SimPc, drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      if (draft.kind !== 'queue') continue
      const promise = this.#promised.get(draft.op.id)
      if (!promise) this.bad(`acknowledged before it was durable: ${draft.op.id}`)
      // A known id is taken for the same draft saved again: under it another one would be lost.
      else if (contentOf(promise.op) !== contentOf(draft.op))
        this.bad(`acknowledged, but ${draft.op.id} is another promise`)
      this.acked.set(draft.op.id, promise ?? { op: draft.op, pc, order: 0 })
    }
  }

  /** Conservation: what was acknowledged is there after every start, or is just being ended by staff who were quicker. */
  atStart(pc: SimPc): void {
    const { entries, closed } = pc.outbox.state()
    for (const [id, promise] of this.acked) {
      if (promise.pc !== pc || this.closed.has(id)) continue
      if (!entries.has(id) && !closed.has(id))
        this.bad(`acknowledged operation lost at start: ${promise.op.kind} ${id}`)
    }
  }

  /** The mirror equals the log, every Square id has one row, every open operation shows on its row. */
  projected(pc: SimPc): void {
    const { mirror } = pc
    if (mirror.lastSeq !== pc.disk.quietAt()) return
    const log = [...pc.outbox.state().entries.keys()].join()
    const seen = [...mirror.state.entries.keys()].join()
    if (log !== seen) this.bad(`${pc.name}: mirror [${seen}] differs from log [${log}]`)
    const ids = new Set<string>()
    for (const row of mirror.rows.rows.values()) {
      if (row.squareId && ids.has(row.squareId)) this.bad(`${pc.name}: two rows for ${row.squareId}`)
      if (row.squareId) ids.add(row.squareId)
      else if (row.openOps === 0 && !row.deleted) this.bad(`${pc.name} shows ${row.localId}, who is nobody`)
    }
    for (const { op } of mirror.state.entries.values()) {
      const row = pc.row(op.localId)
      if (!row) this.bad(`${pc.name}: operation without a row: ${op.id}`)
      else if (!pc.open(row).some((entry) => entry.op.id === op.id))
        this.bad(`${pc.name}: ${op.id} not in the view of its row`)
      else if (row.openOps !== pc.open(row).length)
        this.bad(`${pc.name}: row ${row.localId} shows ${row.openOps} open`)
    }
    for (const row of mirror.rows.rows.values()) {
      if (row.openOps === 0) continue
      const opIds = pc.open(row).map(({ op }) => op.id)
      this.reference.shows(`${pc.name} row ${row.localId}`, opIds, row.remote?.fields ?? null, row.local)
    }
  }

  /** Staff say "create again": their own choice only if the true one was on their list or is not there any more. */
  createAgain(
    pc: SimPc,
    again: Pick<Operation, 'id' | 'localId'>,
    head: Operation,
    shown: readonly RemoteCustomer[],
  ): void {
    const made = [...this.#madeBy].find(([, opId]) => opId === head.id)?.[0]
    const isFree = made !== undefined && (this.#takenFor.get(made) ?? again.localId) === again.localId
    const lives = isFree && this.#world.square.model.customers().some((c) => c.id === made)
    if (!lives || shown.some((c) => c.id === made)) this.#approved.add(again.id)
    else if (this.#restored.has(made)) this.#watch(pc, again.localId, [head.id], true)
  }

  /** Operations of another log, out of a file: a PC that has seen a creation can look for whoever it made. */
  tookIn(pc: SimPc, operations: readonly Operation[]): void {
    for (const { kind, id } of operations) if (kind === 'create') this.#takenIn.add(`${pc.name} ${id}`)
  }

  /** Staff promise again what came from another log: whoever that one makes, alike and on a list by then, is to be asked about. */
  promisesAgain(pc: SimPc, localId: string, opIds: readonly string[]): void {
    const creates = [...this.#promised.values()].flatMap(({ op: { id, kind, localId: its } }) =>
      kind === 'create' && (opIds.includes(id) || (its === localId && this.#takenIn.has(`${pc.name} ${id}`)))
        ? [id]
        : [],
    )
    this.#watch(pc, localId, creates, false)
  }

  #watch(pc: SimPc, localId: string, creates: readonly string[], evenChanged: boolean): void {
    const unseen = { creates, pc: pc.name, localId, evenChanged, looks: 0, isListed: false }
    this.#unseen.set(`${pc.name} ${localId}`, unseen)
  }

  /** A PC is told who was created lately. Who is on a list then, it could have asked about, whatever it asked for. */
  looked(pc: string): void {
    for (const unseen of this.#unseen.values()) {
      if (unseen.pc !== pc) continue
      // Whom staff said to be somebody else they typed is nobody's match any more (S9).
      const isFree = (id: string) => (this.#takenFor.get(id) ?? unseen.localId) === unseen.localId
      const made = [...this.#madeBy].flatMap(([id, opId]) =>
        unseen.creates.includes(opId) && isFree(id) ? [id] : [],
      )
      // A list lags: who is on it and gone is nobody to be asked about.
      const lives = new Set(this.#world.square.model.customers().map(({ id }) => id))
      const listed = made.filter((id) => lives.has(id)).flatMap((id) => this.#listed(id) ?? [])
      unseen.looks++
      unseen.isListed = listed.some((customer) => unseen.evenChanged || this.#isAsMade(customer))
    }
  }

  #isAsMade(customer: WireCustomer): boolean {
    return JSON.stringify(wireToRemote(customer).fields) === this.#asMade.get(customer.id)
  }

  #listed(squareId: string): WireCustomer | null {
    const { square } = this.#world
    let cursor: string | undefined
    do {
      const page = square.model.list({ limit: '100', ...(cursor ? { cursor } : {}) }, square.call())
      if (page.kind === 'refused') throw new Error('the list of customers was refused')
      const found = page.value.customers?.find(({ id }) => id === squareId)
      if (found) return found
      cursor = page.value.cursor
    } while (cursor)
    return null
  }

  /** Looked for once more and on no list yet, for those lag behind who was brought back: nobody could have told (S9). */
  #allowIfUnlisted(pc: SimPc, { opId, attempt }: Sent): void {
    const op = this.#promised.get(opId)?.op
    if (op?.kind !== 'create' || attempt > 1) return
    const key = `${pc.name} ${op.localId}`
    const unseen = this.#unseen.get(key)
    if (unseen && unseen.looks > 0 && !unseen.isListed) this.#allow(op.localId)
    this.#unseen.delete(key)
  }

  /** Typed before a crash, and saved now that the app runs again. */
  savedAgain(drafts: readonly Draft[]): void {
    for (const draft of drafts) if (draft.kind === 'queue') this.#savedAgain.add(draft.op.id)
  }

  /** Staff say "create separately": their own choice where the one that was made for this customer was among those shown. */
  createSeparately({ id, localId }: Operation, candidates: readonly RemoteCustomer[]): void {
    const made = candidates.some(
      (c) => this.#promised.get(this.#madeBy.get(c.id) ?? '')?.op.localId === localId,
    )
    if (made) this.#approved.add(id)
  }

  addAgain(newOpId: string): void {
    this.#approved.add(newOpId)
  }

  /** After the calm: every promise kept or answered, every screen as Square. */
  async finish(): Promise<void> {
    for (const [id, { op, pc }] of this.acked) {
      const end = this.closed.get(id)
      const entry = pc.outbox.state().entries.get(id)
      if (end && !HONEST_ENDS.test(end)) this.bad(`${id} ended as ${end}`)
      if (!end && !entry) this.bad(`acknowledged operation vanished: ${op.kind} ${id}`)
      if (!end && entry)
        this.bad(`no progress: ${op.kind} ${id} ${entry.question ? `asks ${entry.question.kind}` : 'open'}`)
    }
    // A few may follow from one another: separately, then refused, then mended and alike again, chosen, and gone by then.
    for (const [whom, times] of this.asks) if (times > 6) this.bad(`question loop on ${whom}: ${times}`)
    this.reference.end(this.#world.square.model.customers().map(wireToRemote))
    for (const pc of this.#world.pcs) {
      await pc.project()
      this.#compareWithSquare(pc)
      this.noSharedCustomer(pc)
    }
  }

  #compareWithSquare(pc: SimPc): void {
    const { model } = this.#world.square
    const truth = new Map(model.customers().map((c) => [c.id, wireToRemote(c)]))
    const shown = new Set<string>()
    for (const row of pc.mirror.rows.rows.values()) {
      if (row.deleted || row.openOps > 0) {
        if (row.openOps > 0 && row.squareId) shown.add(row.squareId)
        continue
      }
      const customer = row.squareId ? truth.get(row.squareId) : undefined
      if (!customer) this.bad(`${pc.name} row ${row.localId} shown, but ${row.squareId} is not in Square`)
      else if (
        !CUSTOMER_FIELDS.every(
          (f: CustomerField) => JSON.stringify(row.local[f]) === JSON.stringify(customer.fields[f]),
        )
      ) {
        this.bad(`${pc.name} view of ${customer.id} differs from Square`)
      }
      if (row.squareId) shown.add(row.squareId)
    }
    for (const id of truth.keys()) if (!shown.has(id)) this.bad(`${pc.name} does not show ${id}`)
  }

  /** Two customers staff created must not share one of Square's unless Square merged them or staff said so. */
  noSharedCustomer(pc: SimPc): void {
    const state = pc.outbox.state()
    const owner = new Map<string, string>()
    for (const [localId, squareId] of state.bindings) {
      if (!squareId || !localId.includes('.c')) continue
      const me = localOf(state, localId)
      if (this.#chosen.has(me)) continue
      const other = owner.get(squareId)
      if (other !== undefined && other !== me && !this.#becameOne(me, other))
        this.bad(`two local customers ${other} and ${me} share ${squareId} (${laneOf(state, me)})`)
      owner.set(squareId, me)
    }
  }

  /** Each made a customer of its own, and Square made one of the two before anybody here was told of either. */
  #becameOne(localId: string, other: string): boolean {
    const madeFor = (id: string) =>
      [...this.#madeBy].flatMap(([squareId, opId]) =>
        this.#promised.get(opId)?.op.localId === id ? [...this.#everMergedInto(squareId)] : [],
      )
    const theirs = madeFor(other)
    return madeFor(localId).some((squareId) => theirs.includes(squareId))
  }

  #becomes(squareId: string, merged: string): void {
    this.#merged.set(squareId, merged)
    this.#everMerged.set(squareId, [...(this.#everMerged.get(squareId) ?? []), merged])
  }

  /** Itself, and all it has become, also where that was taken apart since: what a PC had stays where staff have seen it. */
  #everMergedInto(squareId: string, known = new Set<string>()): ReadonlySet<string> {
    if (known.has(squareId)) return known
    known.add(squareId)
    for (const next of this.#everMerged.get(squareId) ?? []) this.#everMergedInto(next, known)
    return known
  }

  #mergedInto(squareId: string): string {
    const next = this.#merged.get(squareId)
    return next === undefined ? squareId : this.#mergedInto(next)
  }

  #close(opId: string, how: string, pc: SimPc): void {
    const promise = this.#promised.get(opId)
    // What another PC has of it, by a copied profile or a file, says nothing about this promise.
    if (promise && promise.pc !== pc) return
    if (!this.closed.has(opId)) this.closed.set(opId, how)
  }
}

/** What is promised, without whom main took it to be about. */
function contentOf(op: Operation): string {
  return JSON.stringify([op.kind, op.kind === 'delete' ? op.seen : op.patch])
}

/**
 * A merged note loses nothing: all its text is there, or what a colleague added to the text we knew is; or it lost only lines
 * we had seen and took out, and none is back that a colleague took out.
 */
function keepsNote(before: string | null, after: string | null, change: Change): boolean {
  const was = words(before)
  const is = words(after)
  if (is.includes(was)) return true
  const addsAreKept = [change.base, change.local].some((value) => {
    const known = typeof value === 'string' ? words(value) : ''
    return known !== '' && was.startsWith(known) && is.includes(was.slice(known.length).trim())
  })
  const [seen, theirs, now] = [change.base, before, after].map(linesOf) as [string[], string[], string[]]
  const isLost = theirs.some((line) => !seen.includes(line) && !now.includes(line))
  const isBack = now.some((line) => seen.includes(line) && !theirs.includes(line))
  return addsAreKept || (!isLost && !isBack)
}

/** Square writes its remark about a merge behind the last line. */
function linesOf(note: Change['base']): string[] {
  return typeof note === 'string' ? note.replaceAll(' Merged on ', '\nMerged on ').split('\n') : []
}

function words(note: string | null): string {
  return (note ?? '').split(/\s+/).join(' ').trim()
}

function describe(record: LogRecord): string {
  if (record.kind === 'queued')
    return `queued ${record.op.kind} ${record.op.id} ${record.replaces.length ? `replaces ${record.replaces.join()} ` : ''}${JSON.stringify('patch' in record.op ? record.op.patch : record.op.seen.fields)} @${'squareId' in record.op ? record.op.squareId : '-'}`
  if (record.kind === 'asks')
    return `asks ${record.opId} ${record.question.kind} ${'remote' in record.question ? shortRemote(record.question.remote) : ''}`
  if (record.kind === 'answered')
    return `answered ${record.opId} #${record.attempt} ${record.answer.kind} ${record.answer.kind === 'applied' && record.answer.remote ? `${record.answer.how} ${shortRemote(record.answer.remote)}` : ''}`
  if (record.kind === 'sent')
    return `sent ${record.opId} #${record.attempt} -> ${record.squareId}v${record.version} ${JSON.stringify(record.body)}`
  if (record.kind === 'snapshot') return 'snapshot'
  return JSON.stringify(record).slice(0, 200)
}

function shortRemote(remote: RemoteCustomer): string {
  const { givenName, phoneNumber, note } = remote.fields
  return `${remote.id}v${remote.version} ${givenName}/${phoneNumber}/${note}`
}

function short(wire: WireCustomer | null): string {
  return wire ? shortRemote(wireToRemote(wire)) : 'gone'
}
