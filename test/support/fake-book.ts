import { canonicalEquals } from '#shared/customer/canonical.ts'
import {
  EMPTY_FIELDS,
  type CustomerField,
  type CustomerFields,
  type Patch,
  type RemoteCustomer,
} from '#shared/customer/customer.ts'
import { combinePatches, diffFields, projectFields, touchedFields } from '#shared/customer/patch.ts'
import {
  EMPTY_PATCH,
  type FakeCustomer,
  type FakeOperation,
  type FakeBook,
  type FakeBookOptions,
} from './fake-book-types.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import type {
  BookSummary,
  CustomerCard,
  DiscardedChange,
  AnswerDraft,
  FormDraft,
  Joined,
  Notice,
  FormStart,
  HistoryItem,
  ListRow,
  PersonAnswer,
  SaveResult,
  WaitingCustomer,
} from '#renderer/book.ts'
import { nameOf } from '#renderer/composables/customer-text.ts'
import { seenOf } from '#renderer/db/forms.ts'
import { calledBy } from '#renderer/db/history.ts'

export type { FakeBook } from './fake-book-types.ts'

/** Their own screens say what follows: they are not discarded from afar. */
const ASKS_ON_ITS_SCREEN: ReadonlySet<string> = new Set(['gone', 'delete-changed', 'merged-delete'])

/**
 * A `CustomerBook` in memory for component tests and the preview: real saves, undo, drafts, questions and answers, no
 * log, no Square. `arrive()` plays Square taking everything that waits.
 */
export function createFakeBook(options: FakeBookOptions = {}): FakeBook {
  const customers = new Map<string, FakeCustomer>()
  const drafts = new Map<string, FormDraft>()
  const joinedListeners = new Set<(joined: Joined) => void>()
  const answerDrafts = new Map<string, AnswerDraft>()
  const cardListeners = new Map<string, Set<(card: CustomerCard | null) => void>>()
  const setAsideListeners = new Set<(count: number) => void>()
  const noticeListeners = new Set<(notice: Notice) => void>()
  const summaryListeners = new Set<(summary: BookSummary) => void>()
  const saved = new Set<string>()
  let count = 0
  let unwritable: Extract<SaveResult, { kind: 'unwritable' }>['reason'] | null = null
  let refusal: Extract<SaveResult, { kind: 'refused' }>['refusal'] | null = null
  let pull: BookSummary['pull'] = options.pull ?? {
    kind: 'current',
    asOf: options.now ?? '2026-11-20T14:02:00Z',
  }
  const now = options.now ?? '2026-11-20T14:02:00Z'
  const newId = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  for (const fields of options.customers ?? []) seed(fields)

  function seed(fields: Partial<CustomerFields>): string {
    const localId = newId()
    customers.set(localId, {
      localId,
      remote: remoteOf(`SQ${count}`, { ...EMPTY_FIELDS, ...fields }),
      open: [],
      question: null,
      history: [],
      consent: null,
      loading: false,
      deleted: false,
    })
    return localId
  }
  function remoteOf(id: string, fields: CustomerFields, version = '1'): RemoteCustomer {
    return {
      id,
      version,
      fields,
      groupIds: [],
      creationSource: 'THIRD_PARTY',
      createdAt: now,
      updatedAt: now,
    }
  }
  const patchOf = (customer: FakeCustomer): Patch => combinePatches(customer.open.map((op) => op.patch))
  const localOf = (customer: FakeCustomer) =>
    projectFields(
      customer.remote?.fields ?? null,
      customer.open.map((op) => op.patch),
    )
  const isHidden = (customer: FakeCustomer) =>
    customer.deleted || (customer.open.some((op) => op.kind === 'delete') && customer.question === null)

  function statusOf(customer: FakeCustomer): ListRow['status'] {
    if (customer.loading) return 'loading'
    if (customer.question) return 'needs-you'
    return customer.open.length > 0 ? 'saved-here' : 'in-square'
  }
  function rowOf(customer: FakeCustomer): ListRow {
    const fields = localOf(customer)
    const title = nameOf(fields) ?? '-'
    return {
      localId: customer.localId,
      title,
      subtitle: fields.companyName && fields.companyName !== title ? fields.companyName : '',
      phone: fields.phoneNumber,
      email: fields.emailAddress,
      status: statusOf(customer),
      openOpIds: customer.open.map((op) => op.id),
    }
  }
  function cardOf(customer: FakeCustomer): CustomerCard {
    return {
      row: {
        localId: customer.localId,
        squareId: customer.remote?.id ?? null,
        remote: customer.remote,
        local: localOf(customer),
        openOps: customer.open.length,
        status: statusOf(customer),
        deleted: customer.deleted,
        hidden: isHidden(customer),
      },
      open: customer.open.map((op) => ({
        id: op.id,
        kind: op.kind,
        fields: touchedFields(op.patch),
        everSent: op.everSent,
        at: op.at,
        attempts: op.attempts,
        lastAnswer: op.lastAnswer,
      })),
      question: customer.question && {
        opId: customer.open[0]?.id ?? '',
        question: customer.question,
        shown: customer.open.map((op) => op.id),
        patch: patchOf(customer),
        hasDelete: customer.open.some((op) => op.kind === 'delete'),
        seen: customer.seen ?? null,
      },
      history: customer.history,
      consent: customer.consent,
    }
  }
  function waitingOf(customer: FakeCustomer): WaitingCustomer {
    const { question } = customer
    const { open } = cardOf(customer)
    const ends = question === null || !ASKS_ON_ITS_SCREEN.has(question.kind)
    const discardable = open.filter((op) => ends && (question !== null || !op.everSent)).map((op) => op.id)
    return {
      localId: customer.localId,
      fields: localOf(customer),
      open,
      question: question && {
        id: question.id,
        opId: customer.open[0]?.id ?? '',
        kind: question.kind,
        refusal: question.kind === 'refused' ? question.refusal : null,
      },
      discardable,
    }
  }
  let showEveryConflict = false
  let unreadable = false
  let behind = false
  function summary(): BookSummary {
    const all = [...customers.values()]
    const asking = all.filter((customer) => customer.question)
    return {
      total: all.filter((customer) => !isHidden(customer)).length,
      waiting: all.reduce((sum, customer) => sum + (customer.question ? 0 : customer.open.length), 0),
      needYou: asking.length,
      questions: asking.map((customer) => customer.localId),
      pull,
      showEveryConflict,
      ...(behind && { behind }),
    }
  }
  function changed(customer?: FakeCustomer): void {
    if (customer)
      cardListeners.get(customer.localId)?.forEach((tell) => tell(customer.deleted ? null : cardOf(customer)))
    const counts = summary()
    summaryListeners.forEach((tell) => tell(counts))
  }
  function stopped(): SaveResult | null {
    if (unwritable) return { kind: 'unwritable', reason: unwritable }
    return refusal ? { kind: 'refused', refusal } : null
  }
  function open(
    customer: FakeCustomer,
    op: Partial<FakeOperation> & Pick<FakeOperation, 'kind'>,
  ): FakeOperation {
    const full: FakeOperation = {
      id: newId(),
      patch: EMPTY_PATCH,
      everSent: false,
      at: now,
      attempts: 0,
      lastAnswer: null,
      ...op,
    }
    customer.open = [...customer.open, full]
    return full
  }
  function get(localId: string): FakeCustomer {
    const customer = customers.get(localId)
    if (!customer) throw new Error(`no such customer: ${localId}`)
    return customer
  }
  function record(customer: FakeCustomer, item: Partial<HistoryItem> & Pick<HistoryItem, 'kind'>): void {
    customer.history = [
      { opId: newId(), at: now, fields: [], combined: [], undoable: false, ...item },
      ...customer.history,
    ]
  }

  /** Square takes what waits; a create gets its id. */
  function arrive(localId?: string): void {
    for (const customer of customers.values()) {
      if (
        (localId !== undefined && customer.localId !== localId) ||
        customer.question ||
        customer.open.length === 0
      )
        continue
      const fields = localOf(customer)
      if (customer.open.some((op) => op.kind === 'delete')) customer.deleted = true
      for (const op of customer.open) {
        const kind = op.kind === 'create' ? 'created' : op.kind === 'delete' ? 'deleted' : 'updated'
        record(customer, {
          opId: op.id,
          kind,
          fields: touchedFields(op.patch),
          undoable: op.kind === 'update',
        })
        customer.undo = { opId: op.id, patch: op.patch }
      }
      customer.remote = remoteOf(
        customer.remote?.id ?? `SQ${++count}`,
        fields,
        String(Number(customer.remote?.version ?? 0) + 1),
      )
      customer.open = []
      changed(customer)
    }
  }

  function answerWith(customer: FakeCustomer, answer: PersonAnswer): string {
    const local = localOf(customer)
    const kinds = customer.open.map((op) => op.kind)
    const question = customer.question
    const remote = question && 'remote' in question ? question.remote : customer.remote
    customer.question = null
    delete customer.seen
    customer.open = []
    switch (answer.kind) {
      case 'resolve':
      case 'correct': {
        const isCreate = kinds.includes('create')
        if (!isCreate) customer.remote = remote
        const patch = diffFields(customer.remote?.fields ?? EMPTY_FIELDS, answer.fields)
        if (touchedFields(patch).length > 0) open(customer, { kind: isCreate ? 'create' : 'update', patch })
        return customer.localId
      }
      case 'keep-square':
        customer.remote = remote
        record(customer, { kind: 'kept-square', fields: [] })
        return customer.localId
      case 'delete-anyway':
        open(customer, { kind: 'delete' })
        return customer.localId
      case 'add-again':
      case 'create-separately':
        customer.remote = null
        open(customer, { kind: 'create', patch: diffFields(EMPTY_FIELDS, local) })
        return customer.localId
      case 'use-existing':
        customer.remote = answer.candidate
        return customer.localId
      case 'accept-deletion':
        customer.deleted = true
        return customer.localId
      case 'promise-again': {
        const patch = diffFields(customer.remote?.fields ?? EMPTY_FIELDS, local)
        open(customer, { kind: customer.remote ? 'update' : 'create', patch })
        return customer.localId
      }
      case 'discard':
        if (customer.remote === null) customer.deleted = true
        return customer.localId
    }
  }

  return {
    seed,
    arrive,
    get,
    setUnwritable: (reason) => (unwritable = reason),
    setRefusal: (kind) => (refusal = kind),
    setPull(next) {
      pull = next
      changed()
    },
    setBehind(on) {
      behind = on
      changed()
    },
    ask(localId, body: QuestionBody) {
      const customer = get(localId)
      customer.question = { ...body, id: newId() }
      if (body.kind === 'delete-changed' || body.kind === 'merged-delete') {
        customer.seen ??= seenOf(cardOf(customer).row)
        customer.remote = body.remote
      }
      changed(customer)
    },
    edit(localId, fields) {
      const customer = get(localId)
      open(customer, {
        kind: 'update',
        patch: diffFields(localOf(customer), { ...localOf(customer), ...fields }),
      })
      changed(customer)
    },
    touch(localId, change) {
      const customer = get(localId)
      Object.assign(customer, change)
      changed(customer)
    },
    merged(localId, mine: readonly CustomerField[], theirs: readonly CustomerField[]) {
      const customer = get(localId)
      record(customer, { kind: 'merged', fields: mine, combined: theirs, undoable: true })
      changed(customer)
    },
    joined(localId, was, edited) {
      const customer = get(localId)
      record(customer, { kind: 'joined', fields: [], was: calledBy({ ...EMPTY_FIELDS, ...was }) })
      const now = calledBy(localOf(customer))
      joinedListeners.forEach((tell) =>
        tell({ localIds: [localId], was: calledBy({ ...EMPTY_FIELDS, ...was }), now, edited }),
      )
      changed(customer)
    },
    tried(localId, attempts, lastAnswer) {
      const customer = get(localId)
      customer.open = customer.open.map((op, at) =>
        at === customer.open.length - 1 ? { ...op, attempts, lastAnswer, everSent: attempts > 0 } : op,
      )
      changed(customer)
    },
    setUnreadable: (on) => (unreadable = on),
    remoteOf,

    async waiting(limit) {
      if (unreadable) throw new Error('the directory cannot be read')
      const open = [...customers.values()].filter((customer) => customer.open.length > 0)
      const inOrder = [
        ...open.filter(({ question }) => question),
        ...open.filter(({ question }) => !question),
      ]
      return { customers: inOrder.slice(0, limit).map(waitingOf), total: open.length }
    },
    async discard(shown, reason) {
      const stop = stopped()
      if (stop && stop.kind !== 'saved') return stop
      const customer = get(shown.localId)
      const taken = customer.open.filter((op) => shown.discardable.includes(op.id))
      customer.open = customer.open.filter((op) => !taken.includes(op))
      customer.question = null
      customer.deleted = customer.remote === null && customer.open.length === 0
      for (const op of taken) record(customer, { kind: 'discarded', fields: touchedFields(op.patch), reason })
      changed(customer)
      const inDoubt = taken.some((op) => op.lastAnswer === 'lost')
      const again = inDoubt ? [] : (taken as unknown as DiscardedChange['again'])
      return { kind: 'discarded', change: { localId: shown.localId, again } }
    },
    async takeUp({ localId, again }) {
      const stop = stopped()
      if (stop) return stop
      const customer = get(localId)
      customer.deleted = false
      for (const op of again as unknown as readonly FakeOperation[])
        open(customer, { kind: op.kind, patch: op.patch, at: op.at })
      changed(customer)
      return { kind: 'saved', localId, opId: customer.open.at(-1)?.id ?? null }
    },

    open: async () => ({ notice: options.notice ?? null }),
    close: async () => undefined,
    async search(text, { offset, limit }) {
      const words = text.toLowerCase().trim().split(/\s+/).filter(Boolean)
      const rows = [...customers.values()]
        .filter((customer) => !isHidden(customer))
        .filter((customer) => {
          const all = Object.values(localOf(customer))
            .filter((value) => typeof value === 'string')
            .join(' ')
            .toLowerCase()
          return words.every((word) => all.includes(word))
        })
        .map(rowOf)
        .sort((a, b) => a.title.localeCompare(b.title))
      return { total: rows.length, rows: rows.slice(offset, offset + limit) }
    },
    async alike(fields, exceptLocalId) {
      return [...customers.values()]
        .filter((customer) => customer.localId !== exceptLocalId && !isHidden(customer))
        .filter((customer) => {
          const card = localOf(customer)
          const same = (field: CustomerField) =>
            card[field] !== null &&
            canonicalEquals<CustomerField>(field, card[field], fields[field] ?? null, { country: 'US' })
          return same('phoneNumber') || same('emailAddress') || (same('givenName') && same('familyName'))
        })
        .slice(0, 5)
        .map(rowOf)
    },
    watchCard(localId, listener) {
      const listeners = cardListeners.get(localId) ?? new Set()
      cardListeners.set(localId, listeners.add(listener))
      const customer = customers.get(localId)
      listener(customer && !customer.deleted ? cardOf(customer) : null)
      return () => listeners.delete(listener)
    },
    foundLater: (notice) => noticeListeners.forEach((tell) => tell(notice)),
    watchNotice(listener) {
      noticeListeners.add(listener)
      return () => noticeListeners.delete(listener)
    },
    foundDamaged: (count) => setAsideListeners.forEach((tell) => tell(count)),
    watchSetAside(listener) {
      setAsideListeners.add(listener)
      return () => setAsideListeners.delete(listener)
    },
    watchSummary(listener) {
      summaryListeners.add(listener)
      listener(summary())
      return () => summaryListeners.delete(listener)
    },
    async openForm(localId) {
      const customer = localId === null ? null : customers.get(localId)
      if (localId !== null && (!customer || customer.loading || customer.deleted)) return null
      const shown = customer ? localOf(customer) : EMPTY_FIELDS
      return {
        opId: newId(),
        localId: localId ?? newId(),
        isNew: localId === null,
        shown,
        squareId: customer?.remote?.id ?? null,
        basis: null,
        seen: { fields: shown },
      } satisfies FormStart
    },
    async save(form, fields, consent) {
      const stop = stopped()
      if (stop) return stop
      if (saved.has(form.opId)) return { kind: 'saved', localId: form.localId, opId: form.opId }
      const patch = diffFields(form.shown, fields)
      const customer = customers.get(form.localId) ?? {
        localId: form.localId,
        remote: null,
        open: [],
        question: null,
        history: [],
        consent: null,
        loading: false,
        deleted: false,
      }
      customers.set(form.localId, customer)
      if (consent) customer.consent = { given: consent.given, at: now }
      if (touchedFields(patch).length === 0) return { kind: 'saved', localId: form.localId, opId: null }
      saved.add(form.opId)
      open(customer, { id: form.opId, kind: form.isNew ? 'create' : 'update', patch })
      changed(customer)
      return { kind: 'saved', localId: form.localId, opId: form.opId }
    },
    async remove(card) {
      const stop = stopped()
      if (stop) return stop
      const customer = get(card.row.localId)
      if (customer.remote === null) customer.deleted = true
      else open(customer, { kind: 'delete' })
      changed(customer)
      return { kind: 'saved', localId: card.row.localId, opId: customer.open.at(-1)?.id ?? null }
    },
    async setShowEveryConflict(on) {
      const stop = stopped()
      if (stop) return stop
      showEveryConflict = on
      changed()
      return { kind: 'saved', localId: '', opId: null }
    },
    async undo(localId, opId) {
      const stop = stopped()
      if (stop) return stop
      const customer = get(localId)
      const waiting = customer.open.find((op) => op.id === opId)
      if (waiting) customer.open = customer.open.filter((op) => op !== waiting)
      else if (customer.undo?.opId === opId) {
        const back = Object.fromEntries(
          touchedFields(customer.undo.patch).map((field) => [
            field,
            customer.undo?.patch[field]?.base ?? null,
          ]),
        )
        open(customer, {
          kind: 'update',
          patch: diffFields(localOf(customer), { ...localOf(customer), ...back }),
        })
      }
      customer.history = customer.history.map((item) =>
        item.opId === opId ? { ...item, undoable: false } : item,
      )
      record(customer, { kind: 'undone', fields: waiting ? touchedFields(waiting.patch) : [] })
      changed(customer)
      return { kind: 'saved', localId, opId }
    },
    async answer(card, answer) {
      const stop = stopped()
      if (stop) return stop
      const customer = get(card.row.localId)
      if (customer.question?.id !== card.question?.question.id)
        return { kind: 'refused', refusal: 'question-moved' }
      const localId = answerWith(customer, answer)
      changed(customer)
      return { kind: 'saved', localId, opId: customer.open.at(-1)?.id ?? null }
    },
    async keepDraft(draft) {
      drafts.set(draft.form.opId, structuredClone(draft))
    },
    async discardDraft(opId) {
      drafts.delete(opId)
    },
    drafts: async () => [...drafts.values()],
    watchJoined(listener) {
      joinedListeners.add(listener)
      return () => joinedListeners.delete(listener)
    },
    async keepAnswer(draft) {
      answerDrafts.set(draft.opId, structuredClone(draft))
    },
    async discardAnswer(opId) {
      answerDrafts.delete(opId)
    },
    answerDrafts: async () => [...answerDrafts.values()],
  }
}
