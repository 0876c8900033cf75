import { describe, expect, it } from 'vitest'
import type { CustomerBook, DiscardedChange, WaitingCustomer } from '#renderer/book.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import { remoteOf } from '../../support/customers.ts'
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
const ben = remoteOf('SQ2', { givenName: 'Ben' }, { version: '5' })
const MISTAKE = { code: 'mistake', words: null } as const
const REFUSED: QuestionBody = {
  kind: 'refused',
  refusal: { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: 'no number' },
}

async function bookOfTwo() {
  const main = await startFakeMain({ square: [ana, ben] })
  const { book } = await openBook(main)
  await pulled(book)
  return { main, book, anaId: await idOf(book, 'Ana'), benId: await idOf(book, 'Ben') }
}
async function ask(main: FakeMain, book: CustomerBook, opId: string, body: QuestionBody) {
  const { needYou } = await summaryWhere(book, () => true)
  await main.record({ kind: 'asks', opId, question: { ...body, id: `question-${opId}` } })
  await summaryWhere(book, (summary) => summary.needYou === needYou + 1)
}
async function waitingOf(book: CustomerBook, localId: string): Promise<WaitingCustomer> {
  const found = (await book.waiting(100)).customers.find((one) => one.localId === localId)
  if (!found) throw new Error('does not wait')
  return found
}
async function discarded(book: CustomerBook, localId: string): Promise<DiscardedChange> {
  const result = await book.discard(await waitingOf(book, localId), MISTAKE)
  if (result.kind !== 'discarded') throw new Error(JSON.stringify(result))
  return result.change
}

it('a deletion that never arrived can be taken back, one that may have arrived cannot (S4)', async () => {
  const { main, book, anaId } = await bookOfTwo()
  await book.remove(await cardOf(book, anaId))
  const [opId] = openIds(main)
  await send(main, opId!)
  expect((await waitingOf(book, anaId)).discardable).toEqual([])
  await settle(main, opId!, { kind: 'not-sent' })
  const waiting = await waitingOf(book, anaId)
  expect(waiting.discardable).toEqual([opId])
  expect(await book.discard(waiting, MISTAKE)).toMatchObject({ kind: 'discarded' })
  expect(openIds(main)).toEqual([])
  expect(await titles(book)).toContain('Ana')
})

describe('what waits', () => {
  it('is told per customer: those with a question first, with attempts and what came of the last one', async () => {
    const { main, book, anaId, benId } = await bookOfTwo()
    await edit(book, anaId, { note: 'x' })
    await edit(book, benId, { phoneNumber: '1' })
    const [first, second] = openIds(main)
    await send(main, first!)
    await settle(main, first!, { kind: 'not-sent' })
    await send(main, first!)
    await send(main, second!)
    await settle(main, second!, { kind: 'refused', refusal: REFUSED.refusal })
    await ask(main, book, second!, REFUSED)
    const { customers, total } = await book.waiting(100)
    expect(total).toBe(2)
    expect(customers).toMatchObject([
      {
        localId: benId,
        fields: { givenName: 'Ben', phoneNumber: '1' },
        question: { kind: 'refused', refusal: { field: 'phoneNumber', detail: 'no number' } },
        open: [{ attempts: 1, lastAnswer: 'refused', fields: ['phoneNumber'] }],
        discardable: [second],
      },
      {
        localId: anaId,
        question: null,
        open: [{ attempts: 2, lastAnswer: 'lost', at: '2026-03-02T10:15:00.000Z' }],
        discardable: [],
      },
    ])
    expect((await book.waiting(1)).customers.map(({ localId }) => localId)).toEqual([benId])
    expect((await book.waiting(1)).total).toBe(2)
  })

  it('names a customer whose deletion waits, though the list has them no more', async () => {
    const { book, anaId } = await bookOfTwo()
    await book.remove(await cardOf(book, anaId))
    expect(await waitingOf(book, anaId)).toMatchObject({
      fields: { givenName: 'Ana' },
      open: [{ kind: 'delete', attempts: 0, lastAnswer: null, fields: [] }],
    })
  })
})

describe('S27 discarding', () => {
  it('takes the never-sent tail back, and leaves what was sent', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { note: 'sent' })
    await send(main, openIds(main)[0]!)
    await edit(book, anaId, { nickname: 'never sent' })
    const [sent, tail] = openIds(main)
    expect(await waitingOf(book, anaId)).toMatchObject({ discardable: [tail] })
    await discarded(book, anaId)
    expect(openIds(main)).toEqual([sent])
  })

  it('writes the reason into the record and the history', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { note: 'x' })
    const reason = { code: 'other', words: 'she came back' } as const
    expect(await book.discard(await waitingOf(book, anaId), reason)).toMatchObject({ kind: 'discarded' })
    expect(main.logFile.records.at(-1)).toMatchObject({ kind: 'withdrawn', why: 'discard', reason })
    const card = await cardWhere(book, anaId, (one) => one?.history.length === 1)
    expect(card).toMatchObject({
      open: [],
      row: { local: { note: null } },
      history: [{ kind: 'discarded', fields: ['note'], reason, undoable: false }],
    })
  })

  it('is the answer to a question, and refused where that has moved', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { phoneNumber: '1' })
    const opId = openIds(main)[0]!
    await ask(main, book, opId, REFUSED)
    const shown = await waitingOf(book, anaId)
    await main.record({ kind: 'asks', opId, question: { ...REFUSED, id: 'another' } })
    expect(await book.discard(shown, MISTAKE)).toEqual({ kind: 'refused', refusal: 'question-moved' })
    expect(openIds(main)).toEqual([opId])
    await discarded(book, anaId)
    expect(openIds(main)).toEqual([])
    expect(await book.discard(shown, MISTAKE)).toEqual({ kind: 'refused', refusal: 'already-closed' })
  })

  it.each([
    ['gone', { kind: 'gone' }],
    ['merged-delete', { kind: 'merged-delete', remote: ben }],
    ['delete-changed', { kind: 'delete-changed', remote: ana, why: 'changed' }],
  ] as const)('is not offered where the screen of the question says what follows: %s', async (_, body) => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { note: 'x' })
    await ask(main, book, openIds(main)[0]!, body)
    const shown = await waitingOf(book, anaId)
    expect(shown.discardable).toEqual([])
    expect(await book.discard(shown, MISTAKE)).toMatchObject({ kind: 'refused' })
    expect(openIds(main)).toHaveLength(1)
  })
})

describe('S27 taking up again', () => {
  it('promises the same patch under a new id against the newest remote, once', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { phoneNumber: '1', note: 'x' })
    const opId = openIds(main)[0]!
    const before = openEntry(main, opId).op
    await send(main, opId)
    await settle(main, opId, { kind: 'refused', refusal: REFUSED.refusal })
    await ask(main, book, opId, REFUSED)
    const change = await discarded(book, anaId)
    // A colleague was there in between: the basis is the newest, the bases stay what the form showed.
    main.square[0] = { ...ana, version: '9', fields: { ...ana.fields, note: 'by a colleague' } }
    main.square[0] = { ...main.square[0], updatedAt: main.squareTime }
    main.emit('directory:wake', { reason: 'asked' })
    await cardWhere(book, anaId, (card) => card?.row.remote?.version === '9')
    expect(await book.takeUp(change)).toMatchObject({ kind: 'saved', localId: anaId })
    expect(await book.takeUp(change)).toMatchObject({ kind: 'saved' })
    expect(openIds(main)).toHaveLength(1)
    expect(openIds(main)[0]).not.toBe(opId)
    expect(openEntry(main, openIds(main)[0]!)).toMatchObject({
      op: {
        kind: 'update',
        patch: before.kind === 'update' ? before.patch : null,
        squareId: 'SQ1',
        basis: { squareId: 'SQ1', version: '9' },
      },
      question: null,
    })
    expect(openEntry(main, openIds(main)[0]!).attempts.size).toBe(0)
  })

  it('adds a customer again that was never in Square, with the edit behind it', async () => {
    const main = await startFakeMain()
    const { book } = await openBook(main)
    const localId = await add(book, { givenName: 'Zoë' })
    await ask(main, book, openIds(main)[0]!, { kind: 'create-duplicate', candidates: [ben] })
    await edit(book, localId, { nickname: 'Zo' })
    expect(openIds(main)).toHaveLength(2)
    const change = await discarded(book, localId)
    expect(await cardWhere(book, localId, (card) => card === null)).toBeNull()
    await book.takeUp(change)
    expect(await cardOf(book, localId)).toMatchObject({
      row: { local: { givenName: 'Zoë', nickname: 'Zo' } },
      open: [{ kind: 'create', fields: ['givenName', 'nickname'] }],
    })
  })

  it('deletes the card that was shown, and no other', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await book.remove(await cardOf(book, anaId))
    const change = await discarded(book, anaId)
    expect((await cardOf(book, anaId)).row.hidden).toBe(false)
    await book.takeUp(change)
    expect(openEntry(main, openIds(main)[0]!).op).toMatchObject({
      kind: 'delete',
      squareId: 'SQ1',
      seen: { fields: { givenName: 'Ana' } },
      basis: { version: '3' },
    })
  })

  it('is not offered for what was in doubt: a colleague may have undone it (S8)', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { note: 'x' })
    await send(main, openIds(main)[0]!)
    await ask(main, book, openIds(main)[0]!, { kind: 'conflict', remote: ana, why: 'in-doubt' })
    const change = await discarded(book, anaId)
    expect(change.again).toEqual([])
    expect(await book.takeUp(change)).toEqual({ kind: 'refused', refusal: 'already-sent' })
    expect(openIds(main)).toEqual([])
  })

  it('is not offered for what came from another PC: that one may have sent it (S20)', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { note: 'x' })
    await main.record({ kind: 'copied', opIds: openIds(main) })
    await ask(main, book, openIds(main)[0]!, { kind: 'copied' })
    expect((await discarded(book, anaId)).again).toEqual([])
    expect(main.logFile.records.at(-1)).toMatchObject({ kind: 'withdrawn', why: 'copied', reason: MISTAKE })
  })

  it('is refused where the customer was deleted in Square meanwhile', async () => {
    const { main, book, anaId } = await bookOfTwo()
    await edit(book, anaId, { note: 'x' })
    const change = await discarded(book, anaId)
    await book.remove(await cardOf(book, anaId))
    const opId = openIds(main)[0]!
    await send(main, opId)
    await settle(main, opId, { kind: 'applied', remote: null, how: 'sent' })
    await cardWhere(book, anaId, (card) => card === null)
    expect(await book.takeUp(change)).toEqual({ kind: 'refused', refusal: 'customer-gone' })
  })
})
