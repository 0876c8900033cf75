import {
  CUSTOMER_FIELDS,
  type CustomerField,
  type CustomerFields,
  type Patch,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import type { Basis, Operation } from '#shared/outbox/operation.ts'
import type { AnswerCheck, Draft, Question } from '#shared/outbox/record.ts'
import type { CustomerRow } from '#shared/directory/row.ts'
import { combineNew, combinePatches, diffFields } from '#shared/customer/patch.ts'
import { withdrawableTail } from '#shared/outbox/queue.ts'
import { patchesOf } from '#shared/directory/view.ts'
import { adoptionPatch } from '#shared/merge/adoption.ts'
import { resolutionPatch } from '#shared/merge/resolution.ts'
import { assertNever } from '#shared/exhaustive.ts'
import { pick } from './random.ts'
import { wishesIn, wishesOf, type Wishes } from './reference.ts'
import { STORE, type SimPc } from './sim-pc.ts'

/** What people write in which field. */
export type Values = { readonly [F in CustomerField]?: readonly CustomerFields[F][] }
/** Few values, so that people collide and revert. `BAD_PHONE` is one that Square refuses. */
export const VALUES = {
  givenName: ['Ann', 'Bob', 'Cy'],
  phoneNumber: ['212-555-0101', '(212) 555-0102', '+12125550103', null],
  note: ['x', 'y', null],
} as const satisfies Values
/** Fields with parts, of which one value may hold the other's change, and one more that people are found by. */
export const MORE_VALUES: Values = {
  ...VALUES,
  emailAddress: ['ann@example.com', 'bob@example.com', null],
  address: [
    { addressLine1: '1 Elm St' },
    { addressLine1: '1 Elm St', locality: 'Seattle' },
    { addressLine1: '2 Oak Ave', locality: 'Seattle' },
    { locality: 'Seattle' },
    null,
  ],
  birthday: ['0000-05-06', '1990-05-06', '1990-07-08', null],
}
export const BAD_PHONE = '12'

export interface Form {
  readonly localId: string
  readonly squareId: string | null
  readonly shown: CustomerFields
  readonly basis: Basis | null
  readonly groupIds?: readonly string[]
  readonly creationSource?: string
}
export interface Screen {
  readonly localId: string
  readonly head: Operation
  readonly question: Question
  readonly shownOps: readonly string[]
  readonly patch: Patch
  readonly seen: CustomerFields
  readonly squareId: string | null
  readonly basis: Basis | null
  readonly hasDelete: boolean
}

/** What one thing that staff do draws from, and the ids it gives out: another thing less changes neither. */
export interface Hand {
  readonly random: () => number
  /** Something was saved, or tried to be. */
  saved: boolean
  newId(pc: SimPc, kind: string): string
}

/** A hand of its own for the `name`d thing staff do. */
export function handOf(random: () => number, name: string): Hand {
  let ids = 0
  return { random, saved: false, newId: (pc, kind) => `${pc.name}.${kind}${name}${ids++ ? `-${ids}` : ''}` }
}

/** A person at the till: sees the mirror, types, saves, answers what the screen showed. */
export class SimStaff {
  readonly #pc: SimPc
  lastUpdate: Extract<Operation, { kind: 'update' }> | null = null

  constructor(pc: SimPc) {
    this.#pc = pc
  }

  /** Draws from what the world's staff draw from. Its ids are no others': a promise with a known id is taken for saved. */
  hand(): Hand {
    return { random: this.#pc.world.streams.staff, saved: false, newId: (pc, kind) => pc.newId(`${kind}-`) }
  }

  create(fields: Partial<CustomerFields>, hand = this.hand()): void {
    const pc = this.#pc
    const op: Operation = {
      id: hand.newId(pc, 'op'),
      kind: 'create',
      localId: hand.newId(pc, 'c'),
      store: STORE,
      patch: newPatch(fields),
    }
    this.#wants(op.id, wishesOf({}, fields))
    void this.#save(hand, [queue(op)])
  }

  form(row: CustomerRow): Form {
    const { remote } = row
    return {
      localId: row.localId,
      squareId: row.squareId,
      shown: row.local,
      basis: remote && {
        squareId: remote.id,
        version: remote.version,
        fields: remote.fields,
        groupIds: remote.groupIds,
        creationSource: remote.creationSource,
      },
      ...(remote ? { groupIds: remote.groupIds, creationSource: remote.creationSource } : {}),
    }
  }

  async edit(
    form: Form,
    values: Partial<CustomerFields>,
    squash = this.#pc.world.streams.staff() < 0.5,
    hand = this.hand(),
  ): Promise<void> {
    const pc = this.#pc
    const patch = diffFields(form.shown, { ...form.shown, ...values })
    const wishes = wishesOf(form.shown, { ...form.shown, ...values })
    if (Object.keys(patch).length === 0) return
    const row = pc.row(form.localId)
    if (!row || row.deleted) return
    const plain = (): Draft => {
      const squareId = row.squareId ?? form.squareId
      const op: Operation = {
        id: hand.newId(pc, 'op'),
        kind: 'update',
        localId: form.localId,
        store: STORE,
        squareId,
        patch,
        basis: form.basis,
      }
      this.lastUpdate = op
      this.#wants(op.id, wishes)
      return queue(op)
    }
    const tail = withdrawableTail(pc.open(row))
    if (squash && tail.length > 0 && tail.every(({ op }) => op.kind !== 'delete')) {
      const first = tail[0]!.op
      const combined = combinePatches([...patchesOf(tail), patch])
      if (first.kind === 'create' || Object.keys(combined).length > 0) {
        pc.world.count('squash')
        if (tail.some(({ attempts }) => attempts.size > 0)) pc.world.count('squash of what never arrived')
        const id = hand.newId(pc, 'op')
        const op: Operation =
          first.kind === 'create'
            ? { ...first, id, patch: combineNew([...patchesOf(tail), patch]) }
            : ({ ...first, id, patch: combined } as Operation)
        if (op.kind === 'update') this.lastUpdate = op
        const over = tail.map((entry) => entry.op.id)
        this.#wants(op.id, wishes, over)
        const result = await this.#save(hand, [queue(op, over)])
        if (result?.kind !== 'refused') return
      }
    }
    void this.#save(hand, [plain()])
  }

  async remove(row: CustomerRow, hand = this.hand()): Promise<void> {
    const pc = this.#pc
    const form = this.form(row)
    const open = pc.open(row)
    if (open.length > 0 && open[0]!.op.kind === 'create' && withdrawableTail(open).length === open.length) {
      pc.world.count('create and delete, never sent')
      const result = await this.#save(hand, [
        { kind: 'withdraw', opIds: open.map(({ op }) => op.id), why: 'never-sent' },
      ])
      if (result?.kind !== 'refused') return
    }
    const { groupIds, creationSource } = form
    const seen = {
      fields: form.shown,
      ...(groupIds ? { groupIds } : {}),
      ...(creationSource ? { creationSource } : {}),
    }
    const op: Operation = {
      id: hand.newId(pc, 'op'),
      kind: 'delete',
      localId: row.localId,
      store: STORE,
      squareId: row.squareId,
      basis: form.basis,
      seen,
    }
    void this.#save(hand, [queue(op)])
  }

  async undo(hand = this.hand()): Promise<void> {
    const pc = this.#pc
    const op = this.lastUpdate
    this.lastUpdate = null
    const row = op && pc.row(op.localId)
    if (!op || !row || row.hidden || row.status === 'loading') return
    if (pc.open(row).some((entry) => entry.op.kind === 'delete')) return
    const entry = pc.mirror.state.entries.get(op.id)
    if (entry) {
      pc.world.count('undo of something unsent')
      const result = await this.#save(hand, [{ kind: 'withdraw', opIds: [op.id], why: 'undo' }])
      if (result?.kind !== 'refused') return
    }
    const still = (Object.keys(op.patch) as CustomerField[]).filter(
      (f) => row.local[f] === op.patch[f]!.local && row.local[f] !== BAD_PHONE,
    )
    const back = Object.fromEntries(still.map((f) => [f, op.patch[f]!.base])) as Partial<CustomerFields>
    pc.world.count('undo by a counter-edit')
    await this.edit(this.form(row), back, false, hand)
  }

  /** The question of this row as it stands on the screen now. */
  screen(row: CustomerRow): Screen | null {
    const open = this.#pc.open(row)
    const asked = open.find((entry) => entry.question)
    if (!asked?.question) return null
    return {
      localId: row.localId,
      head: asked.op,
      question: asked.question,
      shownOps: open.map(({ op }) => op.id),
      patch: (open[0]?.op.kind === 'create' ? combineNew : combinePatches)(patchesOf(open)),
      seen: row.local,
      squareId: row.squareId,
      basis: this.form(row).basis ?? (asked.op.kind === 'update' ? asked.op.basis : null),
      hasDelete: open.some(({ op }) => op.kind === 'delete'),
    }
  }

  /** Answers it; `choice` in [0, 1) picks among the answers, `field` per field between ours (< 0.5) and Square's. */
  answer(
    screen: Screen,
    choice = this.#pc.world.streams.staff(),
    field = this.#pc.world.streams.staff,
    hand = this.hand(),
  ): void {
    const pc = this.#pc
    const { question, head, shownOps } = screen
    pc.world.count(`answer: ${question.kind}`)
    pc.world.oracle.reference.asksAbout(shownOps, screen.patch)
    if ('remote' in question) {
      const now = pc.world.square.model.retrieve(question.remote.id)
      if (now.kind === 'ok' && String(now.value.version) !== question.remote.version)
        pc.world.count('answered while Square has moved on')
    }
    const answering: AnswerCheck = { opId: head.id, questionId: question.id, shown: shownOps }
    const withdraw = (why: Extract<Draft, { kind: 'withdraw' }>['why']) =>
      void this.#save(hand, [{ kind: 'withdraw', opIds: shownOps, why, answering }])
    const replace = (op: Operation) =>
      void this.#save(hand, [{ kind: 'queue', op, replaces: shownOps, answering }])
    const id = hand.newId(pc, 'op')
    const localId = pc.row(head.localId)?.localId ?? head.localId
    const createAnew = (recreates?: string) => {
      const fields = { ...screen.seen, ...mended(screen.seen) }
      this.#wants(id, wishesOf({}, fields))
      replace({
        id,
        kind: 'create',
        localId,
        store: STORE,
        patch: newPatch(fields),
        ...(recreates ? { recreates } : {}),
      })
    }
    // As the window does it: what was typed goes on as an edit, what waited behind the create goes with it.
    const useExisting = (candidate: RemoteCustomer) => {
      const rest = shownOps.filter((opId) => opId !== head.id)
      const patch = screen.hasDelete ? {} : adoptionPatch(screen.seen, candidate.fields, { country: 'US' })
      const adopt: Draft = { kind: 'adopt', opId: head.id, localId: head.localId, candidate, answering }
      const { id: squareId, version, fields, groupIds, creationSource } = candidate
      const basis: Basis = { squareId, version, fields, groupIds, creationSource }
      const shared = { id, localId: head.localId, store: STORE, squareId, basis }
      this.#wants(id, wishesIn(patch))
      if (!screen.hasDelete) pc.world.oracle.reference.adopts(shownOps, candidate.fields, wishesIn(patch))
      const first: Draft[] =
        Object.keys(patch).length > 0
          ? [{ kind: 'queue', op: { ...shared, kind: 'update', patch }, replaces: rest }]
          : rest.length > 0
            ? [{ kind: 'withdraw', opIds: rest, why: 'keep-square' }]
            : []
      void this.#save(hand, [...first, adopt])
    }
    switch (question.kind) {
      case 'conflict':
      case 'delete-changed':
      case 'merged-delete': {
        const { remote } = question
        const basis: Basis = {
          squareId: remote.id,
          version: remote.version,
          fields: remote.fields,
          groupIds: remote.groupIds,
          creationSource: remote.creationSource,
        }
        const shared = { id, localId, store: STORE, squareId: remote.id, basis }
        if (screen.hasDelete) {
          if (choice >= 0.6) return withdraw('keep-square')
          const seen = {
            fields: remote.fields,
            groupIds: remote.groupIds,
            creationSource: remote.creationSource,
          }
          return replace({ ...shared, kind: 'delete', seen })
        }
        const chosen: Record<string, unknown> = { ...remote.fields }
        for (const f of Object.keys(screen.patch) as CustomerField[]) {
          const ours = screen.patch[f]!.local
          if (field() < 0.5 && ours !== BAD_PHONE) chosen[f] = ours
        }
        const patch = resolutionPatch(remote.fields, chosen)
        this.#wants(id, wishesOf(remote.fields, chosen))
        return Object.keys(patch).length === 0
          ? withdraw('keep-square')
          : replace({ ...shared, kind: 'update', patch })
      }
      case 'gone':
        if (screen.hasDelete || choice < 0.5) return withdraw('accept-deletion')
        pc.world.oracle.addAgain(id)
        return createAnew(screen.squareId ?? undefined)
      case 'create-unknown': {
        const candidate = question.candidates[0]
        if (candidate && choice < 0.7) return useExisting(candidate)
        if (screen.hasDelete || choice > 0.9) return withdraw('discard')
        pc.world.oracle.createAgain(pc, { id, localId }, head, question.candidates)
        return createAnew()
      }
      case 'create-duplicate': {
        const candidate = question.candidates[0]
        if (candidate && choice < 0.4) return useExisting(candidate)
        if (choice > 0.9) return withdraw('discard')
        pc.world.oracle.createSeparately(head, question.candidates)
        return void this.#save(hand, [{ kind: 'create-separately', opId: head.id, answering }])
      }
      case 'refused': {
        if (screen.hasDelete) return withdraw('discard')
        if (head.kind === 'create') return createAnew()
        const patch = Object.fromEntries(
          // Nor without a name: Square takes nobody by whom there is nothing to tell them.
          Object.entries(screen.patch).filter(
            ([field, { local }]) => local !== BAD_PHONE && !(field === 'givenName' && local === null),
          ),
        ) as Patch
        if (Object.keys(patch).length === 0 || head.kind !== 'update') return withdraw('discard')
        this.#wants(id, wishesIn(patch))
        return replace({ ...head, id, patch })
      }
      case 'copied': {
        // "Send it from this PC": one fresh promise that says what all of them said; never with a deletion among it.
        if (screen.hasDelete || choice < 0.5) return withdraw('copied')
        pc.world.count('copied: sent from this PC')
        if (screen.squareId === null) {
          pc.world.oracle.promisesAgain(pc, localId, shownOps)
          return createAnew()
        }
        const { squareId, patch } = screen
        this.#wants(id, wishesIn(patch))
        return replace({ id, kind: 'update', localId, store: STORE, squareId, patch, basis: screen.basis })
      }
      case 'orphan':
        return withdraw('discard')
      default:
        return assertNever(question)
    }
  }

  randomValues(random: () => number): Partial<CustomerFields> {
    const all = this.#pc.world.values
    const values: Record<string, unknown> = {}
    for (let i = random() < 0.3 ? 2 : 1; i > 0; i--) {
      const field = pick(random, Object.keys(all) as CustomerField[])
      values[field] =
        field === 'phoneNumber' && random() < 0.02 ? BAD_PHONE : pick<unknown>(random, all[field]!)
    }
    return values
  }

  /** What a person has in mind, for whoever watches: said before it is saved. */
  #wants(opId: string, wishes: Wishes, over: readonly string[] = []): void {
    this.#pc.world.oracle.reference.wants(opId, wishes, over)
  }

  #save(hand: Hand, drafts: readonly Draft[]) {
    hand.saved = true
    return this.#pc.save(drafts)
  }
}

function queue(op: Operation, replaces: readonly string[] = []): Draft {
  return { kind: 'queue', op, replaces }
}

/** A new customer has no before: every base is null, unset fields are left out. */
function newPatch(fields: Partial<CustomerFields>): Patch {
  return Object.fromEntries(
    CUSTOMER_FIELDS.flatMap((f) => (fields[f] == null ? [] : [[f, { base: null, local: fields[f] }]])),
  )
}

/** What a person does about a number Square refused: leaves it out; and a customer needs a name. */
function mended(fields: CustomerFields): Partial<CustomerFields> {
  const phoneNumber = fields.phoneNumber === BAD_PHONE ? null : fields.phoneNumber
  return { phoneNumber, givenName: fields.givenName ?? 'Ann' }
}
