import {
  CUSTOMER_FIELDS,
  type CustomerField,
  type CustomerFields,
  type FieldValue,
  type Patch,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import type { Operation } from '#shared/outbox/operation.ts'
import type { Answer } from '#shared/outbox/record.ts'
import type { Effect } from '#practice/options.ts'
import { wireToRemote } from './wire.ts'

type Value = FieldValue<CustomerField>
/** What a person wants of one field: what the screen showed, and what they chose instead. */
interface Wish {
  readonly from: Value
  readonly to: Value
}
export type Wishes = Partial<Record<CustomerField, Wish>>

/** The fields in which a person chose something else than was shown. */
export function wishesOf(shown: Partial<CustomerFields>, chosen: Partial<CustomerFields>): Wishes {
  const wishes: Wishes = {}
  for (const field of CUSTOMER_FIELDS) {
    const [from, to] = [shown[field] ?? null, chosen[field] ?? null]
    if (!identical(from, to)) wishes[field] = { from, to }
  }
  return wishes
}

/**
 * What each field of each customer may hold, from three things alone: what people at the tills wanted, when Square took
 * an operation of theirs, and what a colleague wrote. It shares nothing with the code that makes patches, compares or
 * merges, so that what those lose is missed here.
 */
export class Reference {
  readonly #bad: (what: string) => void
  readonly #wishes = new Map<string, Wishes>()
  readonly #creates = new Set<string>()
  /** Operations that Square has taken. */
  readonly #taken = new Set<string>()
  readonly #customers = new Map<string, CustomerFields>()
  /** What was held, by id and version. */
  readonly #versions = new Map<string, CustomerFields>()
  /** What Square held when an operation was promised, as far as it had the customer. */
  readonly #formed = new Map<string, CustomerFields>()

  constructor(bad: (what: string) => void) {
    this.#bad = (what) => bad(`reference: ${what}`)
  }

  /** A person saves; `over`: unsent operations that this one takes along, oldest first. */
  wants(opId: string, wishes: Wishes, over: readonly string[] = []): void {
    this.#wishes.set(opId, this.#together(over, wishes))
  }

  /** An operation is promised. Of one that nobody was seen to want, its own word is taken; a deletion wishes no field. */
  promised(op: Operation): void {
    if (op.kind === 'create') this.#creates.add(op.id)
    if (!this.#wishes.has(op.id)) this.#wishes.set(op.id, op.kind === 'delete' ? {} : wishesIn(op.patch))
    if (op.kind === 'create') return
    const { basis } = op
    // Whom a world begins with was never seen to change.
    const held = basis && (this.#versions.get(`${basis.squareId}v${basis.version}`) ?? basis.fields)
    const known = held ?? (op.kind === 'delete' ? op.seen.fields : null)
    if (known) this.#formed.set(op.id, known)
  }

  /**
   * A card with open operations on it, as staff see it: their last word of each field, else what Square held, else what
   * it held when the newest of them was promised, but of a new customer nothing.
   */
  shows(who: string, opIds: readonly string[], remote: CustomerFields | null, shown: CustomerFields): void {
    const wishes = opIds.map((id) => this.#wishes.get(id) ?? {})
    const isNew = opIds.some((id) => this.#creates.has(id))
    const formed = isNew ? undefined : opIds.map((id) => this.#formed.get(id)).findLast((held) => held)
    const held = remote ?? formed ?? null
    for (const field of CUSTOMER_FIELDS) {
      const word = wishes.findLast((wish) => wish[field])?.[field]
      const expected = word ? word.to : (held?.[field] ?? null)
      if (!identical(expected, shown[field]))
        this.#bad(`${who} shows ${field} ${text(shown[field])}, not ${text(expected)}`)
    }
  }

  /** A question names what these operations want, all of it and nothing else. */
  asksAbout(opIds: readonly string[], patch: Patch): void {
    const wishes = this.#together(opIds, {})
    const named = wishesIn(patch)
    for (const field of CUSTOMER_FIELDS)
      if (!identical(wishes[field]?.to ?? null, named[field]?.to ?? null))
        this.#bad(`a question about ${opIds.join()} names ${field} ${text(named[field]?.to ?? null)}`)
  }

  /** Staff take a customer of Square's for these operations: what they typed is there already, or is promised on. */
  adopts(opIds: readonly string[], held: CustomerFields, promised: Wishes): void {
    for (const [field, { to }] of Object.entries(this.#together(opIds, {})) as [CustomerField, Wish][]) {
      const wish: Wish = { from: null, to }
      if (!holds(field, held[field], wish) && !holds(field, promised[field]?.to ?? null, wish))
        this.#bad(`${field} ${text(to)} of ${opIds.join()} is lost in the one that was chosen`)
    }
  }

  /**
   * Something happened at Square. `opId`: whose operation it was; null: not ours, or nobody's we know. `followed`: it was
   * sent for one who has become this one meanwhile, so that what it meets was seen by nobody.
   */
  happened(effect: Effect, opId: string | null, followed = false): void {
    const { id } = effect
    const [before, after] = [fieldsOf(effect.before), fieldsOf(effect.after)]
    if (effect.by === 'api') {
      const wishes = opId === null ? null : this.#wishes.get(opId)
      if (!wishes) return this.#bad(`${effect.kind} of ${id} that nobody wanted`)
      this.#taken.add(opId!)
      if (after) this.#landed(`${effect.kind} ${opId}`, wishes, before, after, followed)
    }
    const known = this.#customers.get(id) ?? null
    if (
      effect.kind !== 'create' &&
      before &&
      known &&
      !CUSTOMER_FIELDS.every((f) => identical(known[f], before[f]))
    )
      this.#bad(`${id} changed unnoticed before ${effect.kind}`)
    if (!after) return void this.#customers.delete(id)
    this.#customers.set(id, after)
    this.#versions.set(`${id}v${effect.after!.version}`, after)
  }

  /** The log says that this is done. What Square has not taken, it must have held already. */
  done(opId: string, answer: Extract<Answer, { kind: 'applied' }>): void {
    const { how, remote } = answer
    // Chosen by a person: what the chosen customer holds counts, and the rest of what they typed is a promise of its own.
    if (!remote || this.#taken.has(opId) || how === 'chosen') return
    const held = this.#versions.get(`${remote.id}v${remote.version}`)
    const wishes = this.#wishes.get(opId) ?? {}
    for (const field of CUSTOMER_FIELDS) {
      const wish = wishes[field]
      const fits = wish
        ? holds(field, held?.[field] ?? null, wish)
        : how !== 'adopted' || same(field, held?.[field] ?? null, null)
      if (!fits) this.#bad(`${opId} is done (${how}), but ${field} was ${text(held?.[field] ?? null)}`)
    }
  }

  /** After the calm: Square holds these customers, each field with the last word anybody had. */
  end(customers: readonly RemoteCustomer[]): void {
    for (const { id, fields } of customers) {
      const expected = this.#customers.get(id)
      if (!expected) this.#bad(`nobody made ${id}`)
      else
        for (const field of CUSTOMER_FIELDS)
          if (!identical(fields[field], expected[field]))
            this.#bad(`${id} ends with ${field} ${text(fields[field])}, not ${text(expected[field])}`)
    }
    const there = new Set(customers.map(({ id }) => id))
    for (const id of this.#customers.keys())
      if (!there.has(id)) this.#bad(`${id} is gone, and nobody deleted it`)
  }

  /**
   * Wishes one after the other, from what the first saw to what the last chose; what came back to its beginning is none.
   * A new customer begins with nothing, whatever a form of a while ago showed.
   */
  #together(opIds: readonly string[], last: Wishes): Wishes {
    const isNew = opIds[0] !== undefined && this.#creates.has(opIds[0])
    const first = new Map<CustomerField, Value>()
    const final = new Map<CustomerField, Value>()
    for (const wishes of [...opIds.map((id) => this.#wishes.get(id) ?? {}), last])
      for (const [field, { from, to }] of Object.entries(wishes) as [CustomerField, Wish][]) {
        if (!first.has(field)) first.set(field, isNew ? null : from)
        final.set(field, to)
      }
    return wishesOf(Object.fromEntries(first), Object.fromEntries(final))
  }

  #landed(
    what: string,
    wishes: Wishes,
    before: CustomerFields | null,
    after: CustomerFields,
    followed: boolean,
  ): void {
    for (const field of CUSTOMER_FIELDS) {
      const [was, is] = [before?.[field] ?? null, after[field]]
      const wish = wishes[field]
      // A new customer has no before, whatever the form showed that an edit of it came from.
      const fits = !wish
        ? identical(was, is)
        : before
          ? followed || mayBecome(field, was, is, wish)
          : identical(is, wish.to)
      if (!fits)
        this.#bad(`${what} made ${field} ${text(is)} of ${text(was)}, wanted was ${text(wish?.to ?? was)}`)
    }
  }
}

/** May a field that held `was` hold `is` once the wish is granted? */
function mayBecome(field: CustomerField, was: Value, is: Value, wish: Wish): boolean {
  const { from, to } = wish
  if (identical(is, was)) return holds(field, was, wish)
  if (identical(is, to) && (same(field, was, from) || same(field, was, to))) return true
  if (hasParts(field)) return partsOf(field, was, is, from, to).every(partMayBecome)
  // Both sides wrote a note: what either added is in it, and nothing that neither wrote.
  if (field !== 'note' || to === null || was === null) return false
  const [base, ours, theirs, made] = [words(from), words(to), words(was), words(is)]
  // Ours alone, where it holds all that they added, but not what they took out.
  const takenOut = base.filter((word) => !theirs.includes(word))
  if (identical(is, to) && takenOut.some((word) => made.includes(word))) return false
  const added = [...ours, ...theirs].filter((word) => !base.includes(word))
  return (
    added.every((word) => made.includes(word)) &&
    made.every((word) => [...base, ...ours, ...theirs].includes(word))
  )
}

/** Nothing of the wish is missing in what is held. */
export function holds(field: CustomerField, held: Value, { from, to }: Wish): boolean {
  // A change of spelling alone gives way to whatever is there.
  if (same(field, held, to) || same(field, from, to)) return true
  if (hasParts(field))
    return partsOf(field, held, held, from, to).every(({ was, from, to }) => from === to || was === to)
  if (field !== 'note' || to === null) return false
  return words(to).every((word) => words(from).includes(word) || words(held).includes(word))
}

/** Fields that are one decision, of which one side's change may hold the other's. */
export function hasParts(field: CustomerField): boolean {
  return field === 'address' || field === 'birthday'
}

interface Part {
  readonly was: string
  readonly is: string
  readonly from: string
  readonly to: string
}

/** Each part of a field as it was, is, and was wanted to become; nothing is the empty text. */
export function partsOf(field: CustomerField, was: Value, is: Value, from: Value, to: Value): Part[] {
  const [a, b, c, d] = [was, is, from, to].map((value) => takenApart(field, value))
  const names = new Set([a, b, c, d].flatMap((parts) => Object.keys(parts!)))
  return [...names].map((name) => ({
    was: a![name] ?? '',
    is: b![name] ?? '',
    from: c![name] ?? '',
    to: d![name] ?? '',
  }))
}

/** What was changed was seen by whoever wished it, and what is wished is there. */
export function partMayBecome({ was, is, from, to }: Part): boolean {
  return (is === was || was === from || was === to) && (from === to ? is === was : is === to)
}

function takenApart(field: CustomerField, value: Value): Record<string, string> {
  if (value === null) return {}
  if (typeof value === 'object') return value
  const [year = '', ...day] = field === 'birthday' ? value.split('-') : []
  return { day: day.join('-'), ...(year === '0000' ? {} : { year }) }
}

/** A patch that was on the screen, as wishes. */
export function wishesIn(patch: Patch): Wishes {
  const wishes: Wishes = {}
  for (const field of CUSTOMER_FIELDS) {
    const change = patch[field]
    if (change && !identical(change.base, change.local))
      wishes[field] = { from: change.base, to: change.local }
  }
  return wishes
}

function fieldsOf(wire: Effect['after']): CustomerFields | null {
  return wire && wireToRemote(wire).fields
}

/** The same text; blanks around it are taken off where a form is saved. */
function identical(a: Value, b: Value): boolean {
  return a === b || text(a) === text(b)
}

/** The same to a person: a phone number by its digits, text without the blanks around it. */
function same(field: CustomerField, a: Value, b: Value): boolean {
  const key = (value: Value) => {
    if (typeof value !== 'string') return value === null ? '' : JSON.stringify(value)
    return field === 'phoneNumber'
      ? value.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '')
      : words(value).join(' ')
  }
  return key(a) === key(b)
}

function words(value: Value): string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : []
}

function text(value: Value): string {
  return JSON.stringify(typeof value === 'string' ? value.trim() : value)
}
