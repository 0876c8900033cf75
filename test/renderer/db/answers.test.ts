import { expect, it } from 'vitest'
import type { UpdateOperation } from '#shared/outbox/operation.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import { decideUpdate } from '#shared/sync/decide.ts'
import type { CustomerBook } from '#renderer/book.ts'
import { fieldsOf, remoteOf } from '../../support/customers.ts'
import { startFakeMain, type FakeMain } from '../../support/fake-bridge.ts'
import {
  add,
  cardOf,
  cardWhere,
  edit,
  idOf,
  openBook,
  openEntry,
  openIds,
  pulled,
  send,
  settle,
  summaryWhere,
  titles,
} from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0100' }, { version: '3' })
const theirs = remoteOf('SQ1', { givenName: 'Anna', phoneNumber: '555-0999', note: 'vip' }, { version: '7' })

async function bookWithAna() {
  const main = await startFakeMain({ square: [ana] })
  const { book } = await openBook(main)
  await pulled(book)
  return { main, book, localId: await idOf(book, 'Ana') }
}
async function ask(main: FakeMain, opId: string, question: QuestionBody): Promise<void> {
  await main.record({ kind: 'asks', opId, question: { id: crypto.randomUUID(), ...question } })
}
async function askedCard(book: CustomerBook, localId: string) {
  return (await cardWhere(book, localId, (card) => card?.question != null))!
}
/** The first operation was sent, Square said CONFLICT, and it asks; a second edit waits behind it. */
async function inConflict() {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '555-0101' })
  const [first] = openIds(main)
  await send(main, first!)
  await settle(main, first!, { kind: 'conflict' })
  await edit(book, localId, { nickname: 'Annie' })
  await ask(main, first!, { kind: 'conflict', remote: theirs, why: 'overlap' })
  return { main, book, localId, card: await askedCard(book, localId) }
}

it('shows the question with everything that is open', async () => {
  const { main, book, localId, card } = await inConflict()
  expect(card.row.status).toBe('needs-you')
  expect(card.question).toMatchObject({
    opId: openIds(main)[0],
    shown: openIds(main),
    patch: { phoneNumber: { base: '555-0100', local: '555-0101' }, nickname: { base: null, local: 'Annie' } },
    hasDelete: false,
    seen: null,
  })
  expect(await summaryWhere(book, () => true)).toMatchObject({ waiting: 0, needYou: 1, questions: [localId] })
})

it('S12: a resolution replaces all that is open, against the remote that was shown', async () => {
  const { main, book, localId, card } = await inConflict()
  const fields = { ...theirs.fields, phoneNumber: '555-0101', nickname: 'Annie' }
  expect(await book.answer(card, { kind: 'resolve', fields })).toMatchObject({ kind: 'saved' })
  const [only] = openIds(main)
  expect(openIds(main)).toHaveLength(1)
  expect(openEntry(main, only!).op).toMatchObject({
    kind: 'update',
    squareId: 'SQ1',
    basis: { version: '7' },
    patch: { phoneNumber: { base: '555-0999', local: '555-0101' }, nickname: { base: null, local: 'Annie' } },
  })
  expect((await cardOf(book, localId)).row).toMatchObject({
    status: 'saved-here',
    local: { givenName: 'Anna', note: 'vip' },
  })
})

it('records the permission that came with a corrected card', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '1' })
  const [first] = openIds(main)
  await ask(main, first!, {
    kind: 'refused',
    refusal: { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: null },
  })
  const card = await askedCard(book, localId)
  const fields = { ...card.row.local, phoneNumber: '555-0102' }
  const consent = { given: true, wording: 'w' }
  expect(await book.answer(card, { kind: 'correct', fields, consent })).toMatchObject({ kind: 'saved' })
  expect((await cardOf(book, localId)).consent).toMatchObject({ given: true })
})

it('S12: all of Square is a withdrawal', async () => {
  const { main, book, localId, card } = await inConflict()
  await book.answer(card, { kind: 'resolve', fields: theirs.fields })
  expect(openIds(main)).toEqual([])
  expect(main.logFile.records.at(-1)).toMatchObject({ kind: 'withdrawn', why: 'keep-square' })
  const after = await cardOf(book, localId)
  expect(after.row).toMatchObject({ status: 'in-square', local: { phoneNumber: '555-0999' } })
  expect(after.history.map((item) => item.kind)).toEqual(['kept-square', 'kept-square'])
})

it('S12: an answer to a card that has moved is refused and shown again with what moved', async () => {
  const { book, localId, card } = await inConflict()
  const form = (await book.openForm(localId))!
  await book.save(form, { ...form.shown, note: 'more' }, null)
  expect(await book.answer(card, { kind: 'keep-square' })).toEqual({
    kind: 'refused',
    refusal: 'operations-moved',
  })
  const again = await askedCard(book, localId)
  expect(again.question!.patch.note?.local).toBe('more')
  expect(await book.answer(again, { kind: 'keep-square' })).toMatchObject({ kind: 'saved' })
})

it('S12: an answer given twice counts once', async () => {
  const { main, book, card } = await inConflict()
  const fields = { ...theirs.fields, phoneNumber: '555-0101' }
  const [first, second] = await Promise.all([
    book.answer(card, { kind: 'resolve', fields }),
    book.answer(card, { kind: 'resolve', fields }),
  ])
  expect([first.kind, second.kind].sort()).toEqual(['refused', 'saved'])
  expect(openIds(main)).toHaveLength(1)
})

it('gone: leave deleted, or add again as a new customer from what is shown', async () => {
  for (const kind of ['accept-deletion', 'add-again'] as const) {
    const { main, book, localId } = await bookWithAna()
    await edit(book, localId, { note: 'x' })
    const [opId] = openIds(main)
    await ask(main, opId!, { kind: 'gone' })
    expect(await book.answer(await askedCard(book, localId), { kind })).toMatchObject({ kind: 'saved' })
    if (kind === 'accept-deletion') {
      expect(openIds(main)).toEqual([])
      expect(await titles(book)).toEqual([])
    } else {
      expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
        kind: 'create',
        recreates: 'SQ1',
        patch: { givenName: { base: null, local: 'Ana' }, note: { base: null, local: 'x' } },
      })
      expect(await titles(book)).toEqual(['Ana'])
      expect((await cardOf(book, localId)).row).toMatchObject({ squareId: null, status: 'saved-here' })
    }
  }
})

it('delete-changed: delete what is shown now, or keep', async () => {
  for (const kind of ['delete-anyway', 'keep-square'] as const) {
    const { main, book, localId } = await bookWithAna()
    await book.remove(await cardOf(book, localId))
    await ask(main, openIds(main)[0]!, { kind: 'delete-changed', remote: theirs, why: 'changed' })
    const card = await askedCard(book, localId)
    expect(await titles(book)).toEqual(['Anna'])
    expect(card.question?.seen?.fields).toMatchObject({
      givenName: 'Ana',
      phoneNumber: '555-0100',
      note: null,
    })
    await book.answer(card, { kind })
    if (kind === 'keep-square') expect(openIds(main)).toEqual([])
    else {
      expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
        kind: 'delete',
        squareId: 'SQ1',
        basis: { version: '7' },
        seen: { fields: theirs.fields, groupIds: [], creationSource: 'DIRECTORY' },
      })
    }
    expect(await titles(book)).toEqual(kind === 'keep-square' ? ['Anna'] : [])
  }
})

it('merged-delete: the row is the one they were merged into, and the question still knows who was confirmed', async () => {
  const { main, book, localId } = await bookWithAna()
  await book.remove(await cardOf(book, localId))
  const remote = remoteOf('SQ2', { givenName: 'Ben' }, { version: '9' })
  await main.record({ kind: 'alias', fromSquareId: 'SQ1', toSquareId: 'SQ2', remote })
  await ask(main, openIds(main)[0]!, { kind: 'merged-delete', remote })
  const card = await askedCard(book, localId)
  expect(card.row.local.givenName).toBe('Ben')
  expect(card.question?.seen?.fields.givenName).toBe('Ana')
})

async function duplicate(kind: 'create-duplicate' | 'create-unknown') {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë', phoneNumber: '555-0111', note: 'new' })
  const [create] = openIds(main)
  if (kind === 'create-unknown') await send(main, create!)
  const candidate = remoteOf('SQ5', { givenName: 'Zoë', phoneNumber: '5550111' }, { version: '2' })
  await ask(main, create!, { kind, candidates: [candidate] })
  return { main, book, localId, create: create!, candidate, card: await askedCard(book, localId) }
}

it.each(['create-duplicate', 'create-unknown'] as const)(
  '%s: use the existing one, filling in what it lacks',
  async (kind) => {
    const { main, book, localId, candidate, card } = await duplicate(kind)
    expect(await book.answer(card, { kind: 'use-existing', candidate })).toMatchObject({ kind: 'saved' })
    const [only] = openIds(main)
    expect(openIds(main)).toHaveLength(1)
    const { op } = openEntry(main, only!)
    expect(op).toMatchObject({ kind: 'update', squareId: 'SQ5', basis: { version: '2' } })
    expect(op.kind === 'update' && op.patch).toEqual({ note: { base: null, local: 'new' } })
    expect((await cardOf(book, localId)).row).toMatchObject({
      squareId: 'SQ5',
      status: 'saved-here',
      local: { givenName: 'Zoë', phoneNumber: '5550111', note: 'new' },
    })
  },
)

it.each(['create-duplicate', 'create-unknown'] as const)(
  '%s: nothing that was typed is lost in the one that is chosen: notes are put together, what differs is asked',
  async (kind) => {
    const { main, book, localId, card } = await duplicate(kind)
    await book.save((await book.openForm(localId))!, { ...card.row.local, companyName: 'Park Co' }, null)
    const theo = remoteOf('SQ5', { givenName: 'Theo', phoneNumber: '5550111', note: 'VIP' })
    await ask(main, card.question!.opId, { kind, candidates: [theo] })
    const again = (await cardWhere(
      book,
      localId,
      (of) => of?.question?.question.id !== card.question!.question.id,
    ))!
    await book.answer(again, { kind: 'use-existing', candidate: theo })
    const { op } = openEntry(main, openIds(main)[0]!)
    expect(openIds(main)).toHaveLength(1)
    expect(op.kind === 'update' && op.patch).toEqual({
      givenName: { base: null, local: 'Zoë' },
      companyName: { base: null, local: 'Park Co' },
      note: { base: null, local: 'new' },
    })
    const merge = { country: 'US' }
    const context = { merge, fresh: true, showEveryConflict: false, previous: null }
    const entry = openEntry(main, op.id)
    expect(
      decideUpdate(entry, op as UpdateOperation, { kind: 'present', remote: theo }, context),
    ).toMatchObject({
      kind: 'ask',
      question: { kind: 'conflict', why: 'overlap' },
    })
    expect((await cardOf(book, localId)).row.local).toMatchObject({ givenName: 'Zoë', note: 'new' })
  },
)

it('use existing of one whose deletion was confirmed here writes nothing into the other one', async () => {
  const { main, book, localId, card, candidate } = await duplicate('create-unknown')
  await book.remove(card)
  const again = (await cardWhere(book, localId, (of) => of?.question?.hasDelete === true))!
  expect(await book.answer(again, { kind: 'use-existing', candidate })).toMatchObject({ opId: null })
  expect(openIds(main)).toEqual([])
})

it('use existing where nothing is lacking makes no promise of its own', async () => {
  const { main, book, localId, card } = await duplicate('create-duplicate')
  const full = remoteOf('SQ5', { givenName: 'Zoë', phoneNumber: '5550111', note: 'old\nnew' })
  // The candidate handed in is found by its id among those that were shown.
  expect(await book.answer(card, { kind: 'use-existing', candidate: remoteOf('OTHER', {}) })).toMatchObject({
    kind: 'refused',
  })
  await ask(main, card.question!.opId, { kind: 'create-duplicate', candidates: [full] })
  const again = (await cardWhere(
    book,
    localId,
    (of) => of?.question?.question.id !== card.question!.question.id,
  ))!
  expect(await book.answer(again, { kind: 'use-existing', candidate: full })).toEqual({
    kind: 'saved',
    localId,
    opId: null,
  })
  expect(openIds(main)).toEqual([])
  expect((await cardOf(book, localId)).row).toMatchObject({ squareId: 'SQ5', status: 'in-square' })
})

it('create-duplicate: create separately lets the same operation go', async () => {
  const { main, book, localId, create, card } = await duplicate('create-duplicate')
  expect(await book.answer(card, { kind: 'create-separately' })).toEqual({
    kind: 'saved',
    localId,
    opId: create,
  })
  expect(openEntry(main, create)).toMatchObject({ question: null, createSeparately: true })
  // A later edit does not take that answer away.
  await edit(book, localId, { note: 'more' })
  expect(openIds(main)).toHaveLength(2)
})

it('create-unknown: create again is a new operation with a new key', async () => {
  const { main, book, create, card } = await duplicate('create-unknown')
  await book.answer(card, { kind: 'create-separately' })
  expect(openIds(main)).toHaveLength(1)
  expect(openIds(main)).not.toContain(create)
  expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
    kind: 'create',
    patch: { note: { local: 'new' } },
  })
})

it('refused: corrected, sent without the field, or given up', async () => {
  for (const way of ['correct', 'without', 'discard'] as const) {
    const { main, book, localId } = await bookWithAna()
    await edit(book, localId, { phoneNumber: 'bad', note: 'x' })
    const [opId] = openIds(main)
    await send(main, opId!)
    const refusal = { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: null } as const
    await settle(main, opId!, { kind: 'refused', refusal })
    await ask(main, opId!, { kind: 'refused', refusal })
    const card = await askedCard(book, localId)
    const corrected = { ...card.row.local, phoneNumber: way === 'correct' ? '555-0102' : '555-0100' }
    await book.answer(card, way === 'discard' ? { kind: 'discard' } : { kind: 'correct', fields: corrected })
    if (way === 'discard') {
      expect(openIds(main)).toEqual([])
      continue
    }
    const { op } = openEntry(main, openIds(main)[0]!)
    const note = { base: null, local: 'x' }
    expect(op.kind === 'update' && op.patch).toEqual(
      way === 'correct' ? { phoneNumber: { base: '555-0100', local: '555-0102' }, note } : { note },
    )
  }
})

it('refused creation: the corrected one is a new operation of the same customer', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë', emailAddress: 'bad@' })
  const [opId] = openIds(main)
  const refusal = { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null } as const
  await send(main, opId!)
  await settle(main, opId!, { kind: 'refused', refusal })
  await ask(main, opId!, { kind: 'refused', refusal })
  await book.answer(await askedCard(book, localId), {
    kind: 'correct',
    fields: fieldsOf({ givenName: 'Zoë' }),
  })
  expect(openIds(main)).not.toContain(opId)
  expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
    kind: 'create',
    localId,
    patch: { givenName: { local: 'Zoë' } },
  })
  expect(await titles(book)).toEqual(['Zoë'])
})

it('an answer that does not fit its question is refused and writes nothing', async () => {
  const { main, book, card } = await inConflict()
  const before = main.logFile.records.length
  expect(await book.answer(card, { kind: 'create-separately' })).toMatchObject({ kind: 'refused' })
  expect(main.logFile.records).toHaveLength(before)
})

it('S20 what another PC may have sent is promised anew from here: all that waits, in one fresh operation', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { phoneNumber: '555-0101' })
  const copied = openIds(main)[0]!
  await main.record({ kind: 'copied', opIds: [copied] })
  await ask(main, copied, { kind: 'copied' })
  await edit(book, localId, { nickname: 'Annie' })
  const before = openIds(main)
  const result = await book.answer(await askedCard(book, localId), { kind: 'promise-again' })
  expect(result.kind).toBe('saved')
  const [fresh, ...others] = openIds(main)
  expect(others).toEqual([])
  expect(before).not.toContain(fresh)
  expect(openEntry(main, fresh!)).toMatchObject({
    copied: false,
    question: null,
    op: {
      kind: 'update',
      squareId: 'SQ1',
      basis: { squareId: 'SQ1', version: '3' },
      patch: {
        phoneNumber: { base: '555-0100', local: '555-0101' },
        nickname: { base: null, local: 'Annie' },
      },
    },
  })
  expect((await cardOf(book, localId)).row.local).toMatchObject({
    phoneNumber: '555-0101',
    nickname: 'Annie',
  })
})

it('S20 a new customer from another PC is added anew under a key of its own', async () => {
  const { main, book } = await bookWithAna()
  const localId = await add(book, { givenName: 'Zoë', phoneNumber: '555-0177' })
  const copied = openIds(main)[0]!
  await send(main, copied)
  await main.record({ kind: 'copied' })
  await ask(main, copied, { kind: 'copied' })
  expect((await book.answer(await askedCard(book, localId), { kind: 'promise-again' })).kind).toBe('saved')
  const [fresh] = openIds(main)
  expect(fresh).not.toBe(copied)
  expect(openEntry(main, fresh!).op).toMatchObject({
    kind: 'create',
    localId,
    patch: { givenName: { base: null, local: 'Zoë' }, phoneNumber: { base: null, local: '555-0177' } },
  })
  expect(await titles(book)).toContain('Zoë')
})

it('S20 a deletion from another PC is not promised anew unseen, and no other question is answered so', async () => {
  const { main, book, localId } = await bookWithAna()
  await book.remove(await cardOf(book, localId))
  const copied = openIds(main)[0]!
  await ask(main, copied, { kind: 'copied' })
  const card = await askedCard(book, localId)
  expect(await book.answer(card, { kind: 'promise-again' })).toEqual({
    kind: 'refused',
    refusal: 'question-moved',
  })
  expect(openIds(main)).toEqual([copied])
  const other = await inConflict()
  expect(await other.book.answer(other.card, { kind: 'promise-again' })).toEqual({
    kind: 'refused',
    refusal: 'question-moved',
  })
})
