import { expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { applyPatch } from '#shared/customer/patch.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import { fieldsOf, remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import {
  cardOf,
  edit,
  idOf,
  newProfile,
  openBook,
  openEntry,
  openIds,
  pulled,
  summaryWhere,
  titles,
} from './book-fixture.ts'

const held = { givenName: 'Ana', phoneNumber: '555-0100', note: 'likes tea' }
const ana = remoteOf('SQ1', held, { version: '3' })

/** An edit of Ana asks, Square has her no more, and the directory was built anew meanwhile. */
async function rebuilt(question: QuestionBody) {
  const main = await startFakeMain({ square: [ana, remoteOf('SQ2', { givenName: 'Bob' })] })
  const { book: before } = await openBook(main)
  await pulled(before)
  await edit(before, await idOf(before, 'Ana'), { phoneNumber: '555-0101' })
  await before.close()
  main.square.splice(0, 1)
  const { book } = await openBook(main, newProfile())
  await pulled(book)
  await main.record({ kind: 'asks', opId: openIds(main)[0]!, question: { id: 'q', ...question } })
  const { questions } = await summaryWhere(book, ({ needYou }) => needYou === 1)
  return { main, book, card: await cardOf(book, questions[0]!) }
}

it('S2: whom a question is about is found by name, also where only the log knows them', async () => {
  const { book, card } = await rebuilt({ kind: 'gone' })
  expect(card.row).toMatchObject({ remote: null, local: { ...held, phoneNumber: '555-0101' } })
  expect(await titles(book)).toEqual(['Ana', 'Bob'])
  expect(await titles(book, 'ana')).toEqual(['Ana'])
  expect((await book.waiting(1)).customers[0]?.fields).toMatchObject({ givenName: 'Ana' })
  // That is no remote: nothing of it can be edited.
  expect(await book.openForm(card.row.localId)).toBeNull()
})

it('S2: "Add again" of one whom only the log knows loses nothing of them', async () => {
  const { main, book, card } = await rebuilt({ kind: 'gone' })
  expect(await book.answer(card, { kind: 'add-again' })).toMatchObject({ kind: 'saved' })
  const { op } = openEntry(main, openIds(main)[0]!)
  expect(op).toMatchObject({ kind: 'create', recreates: 'SQ1' })
  const promised = op.kind === 'create' ? applyPatch(EMPTY_FIELDS, op.patch) : null
  expect(promised).toEqual(fieldsOf({ ...held, phoneNumber: '555-0101' }))
  expect(await titles(book)).toEqual(['Ana', 'Bob'])
})

it('S2: a correction for one whom only the log knows changes what was corrected and nothing else', async () => {
  const refusal = { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: null } as const
  const { main, book, card } = await rebuilt({ kind: 'refused', refusal })
  await book.answer(card, { kind: 'correct', fields: fieldsOf({ ...held, phoneNumber: '555-0102' }) })
  const { op } = openEntry(main, openIds(main)[0]!)
  expect(op.kind === 'update' && op.patch).toEqual({ phoneNumber: { base: '555-0100', local: '555-0102' } })
})
