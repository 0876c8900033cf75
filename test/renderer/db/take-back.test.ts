import { expect, it } from 'vitest'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import {
  add,
  apply,
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
  titles,
} from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0100' }, { version: '3', groupIds: ['G1'] })

async function bookWithAna() {
  const main = await startFakeMain({ square: [ana] })
  const { book } = await openBook(main)
  await pulled(book)
  return { main, book, localId: await idOf(book, 'Ana') }
}
const savedOpId = (result: Awaited<ReturnType<typeof edit>>) => (result.kind === 'saved' ? result.opId! : '')

it('S3: a deletion carries the card as it was shown, and leaves the list at once', async () => {
  const { main, book, localId } = await bookWithAna()
  await edit(book, localId, { note: 'x' })
  const card = await cardOf(book, localId)
  expect(await book.remove(card)).toMatchObject({ kind: 'saved' })
  expect(openEntry(main, openIds(main)[1]!).op).toMatchObject({
    kind: 'delete',
    squareId: 'SQ1',
    basis: { version: '3' },
    seen: { fields: { givenName: 'Ana', note: 'x' }, groupIds: ['G1'], creationSource: 'DIRECTORY' },
  })
  expect(await titles(book)).toEqual([])
  expect(await book.openForm(localId)).toBeNull()
})

it('deletes once when clicked twice', async () => {
  const { main, book, localId } = await bookWithAna()
  const card = await cardOf(book, localId)
  await Promise.all([book.remove(card), book.remove(card)])
  await book.remove(card)
  expect(openIds(main)).toHaveLength(1)
})

it('a customer that never left this PC vanishes without a trace at Square', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë' })
  await book.remove(await cardOf(book, localId))
  expect(openIds(main)).toEqual([])
  expect(main.logFile.records.at(-1)).toMatchObject({ kind: 'withdrawn', why: 'never-sent' })
  expect(await titles(book)).toEqual([])
  expect(await cardWhere(book, localId)).toBeNull()
})

it('S4: a customer that is sent at the moment of deletion is deleted at Square', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë' })
  const card = await cardOf(book, localId)
  main.override('outbox:append', async (request, original) => {
    if (openEntry(main, openIds(main)[0]!).attempts.size === 0) await send(main, openIds(main)[0]!)
    return original(request)
  })
  expect(await book.remove(card)).toMatchObject({ kind: 'saved' })
  expect(openIds(main).map((id) => openEntry(main, id).op.kind)).toEqual(['create', 'delete'])
})

it('hides a deleted customer for good once Square has deleted it', async () => {
  const { main, book, localId } = await bookWithAna()
  await book.remove(await cardOf(book, localId))
  await apply(main, openIds(main)[0]!, null)
  expect(await cardWhere(book, localId, (card) => card === null)).toBeNull()
  expect(await titles(book)).toEqual([])
})

it('undo of a waiting deletion brings the customer back', async () => {
  const { main, book, localId } = await bookWithAna()
  const opId = savedOpId(await book.remove(await cardOf(book, localId)))
  expect(await book.undo(localId, opId)).toMatchObject({ kind: 'saved' })
  expect(openIds(main)).toEqual([])
  expect(await titles(book)).toEqual(['Ana'])
})

it('S4: undo withdraws the last change while it was never sent', async () => {
  const { main, book, localId } = await bookWithAna()
  const opId = savedOpId(await edit(book, localId, { phoneNumber: '555-0101' }))
  await book.undo(localId, opId)
  expect(openIds(main)).toEqual([])
  const card = await cardOf(book, localId)
  expect(card.row.local.phoneNumber).toBe('555-0100')
  expect(card.history).toMatchObject([{ opId, kind: 'undone', undoable: false }])
})

it('S4, S7: undo of what Square has is an edit of the fields that still hold our value', async () => {
  const { main, book, localId } = await bookWithAna()
  const opId = savedOpId(await edit(book, localId, { phoneNumber: '555-0101', note: 'ours' }))
  await send(main, opId)
  await settle(main, opId, {
    kind: 'applied',
    remote: remoteOf(
      'SQ1',
      { givenName: 'Anna', phoneNumber: '(555) 0101', note: 'theirs' },
      { version: '5' },
    ),
    how: 'sent',
    combined: ['givenName'],
  })
  const card = await cardWhere(book, localId, (of) => of?.row.status === 'in-square')
  expect(card?.history).toMatchObject([
    { opId, kind: 'merged', fields: ['phoneNumber', 'note'], combined: ['givenName'], undoable: true },
  ])
  await book.undo(localId, opId)
  const op = openEntry(main, openIds(main)[0]!).op
  expect(op).toMatchObject({ kind: 'update', squareId: 'SQ1', basis: { version: '5' } })
  expect(op.kind === 'update' && op.patch).toEqual({ phoneNumber: { base: '(555) 0101', local: '555-0100' } })
})

it('offers no undo where nothing of it is left, and does nothing then', async () => {
  const { main, book, localId } = await bookWithAna()
  const opId = savedOpId(await edit(book, localId, { note: 'ours' }))
  await apply(main, opId, remoteOf('SQ1', { givenName: 'Ana', note: 'theirs' }, { version: '5' }))
  const card = await cardWhere(book, localId, (of) => of?.row.status === 'in-square')
  expect(card?.history).toMatchObject([{ undoable: false }])
  expect(await book.undo(localId, opId)).toEqual({ kind: 'saved', localId, opId: null })
})

it('undo of a creation under way is refused: it may exist by now', async () => {
  const main = await startFakeMain()
  const { book } = await openBook(main)
  const localId = await add(book, { givenName: 'Zoë' })
  const [opId] = openIds(main)
  await send(main, opId!)
  expect(await book.undo(localId, opId!)).toEqual({ kind: 'refused', refusal: 'already-sent' })
})

it('S4: undo of an edit with another behind it is a counter-edit, not a withdrawal', async () => {
  const { main, book, localId } = await bookWithAna()
  const first = savedOpId(await edit(book, localId, { note: 'a' }))
  await send(main, first)
  const second = savedOpId(await edit(book, localId, { phoneNumber: '555-0101' }))
  await book.undo(localId, first)
  expect(openIds(main).slice(0, 2)).toEqual([first, second])
  expect(openEntry(main, openIds(main)[2]!).op).toMatchObject({ patch: { note: { base: 'a', local: null } } })
})

it('keeps the newest twenty lines of history', async () => {
  const { main, book, localId } = await bookWithAna()
  for (let i = 0; i < 23; i++) {
    const opId = savedOpId(await edit(book, localId, { note: `n${i}` }))
    await apply(main, opId, remoteOf('SQ1', { givenName: 'Ana', note: `n${i}` }, { version: String(10 + i) }))
    await cardWhere(book, localId, (card) => card?.row.status === 'in-square')
  }
  const { history } = await cardOf(book, localId)
  expect(history).toHaveLength(20)
  expect(history.map((item) => item.undoable).indexOf(true)).toBe(0)
})
