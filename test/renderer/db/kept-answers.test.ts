import { expect, it } from 'vitest'
import type { QuestionBody } from '#shared/outbox/record.ts'
import type { AnswerDraft, CustomerBook } from '#renderer/book.ts'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { isStoredAnswer } from '#renderer/db/parse.ts'
import { directoryName, openDirectory } from '#renderer/db/database.ts'
import { fieldsOf, remoteOf } from '../../support/customers.ts'
import { startFakeMain, TEST_STORE } from '../../support/fake-bridge.ts'
import { cardWhere, edit, idOf, newProfile, openBook, openIds, pulled } from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0100' }, { version: '3' })
const theirs = remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '555-0999' }, { version: '7' })
const conflict: QuestionBody = { kind: 'conflict', remote: theirs, why: 'overlap' }
const half = (opId: string): AnswerDraft => ({
  kind: 'conflict',
  opId,
  keptAt: '2026-03-02T10:00:00.000Z',
  fields: [{ field: 'phoneNumber', choice: 'own', value: '555-0155', triple: '[]' }],
})

/** An edit of Ana that asks, in a profile that can be opened again. */
async function asking() {
  const main = await startFakeMain({ square: [ana] })
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  await pulled(book)
  const localId = await idOf(book, 'Ana')
  await edit(book, localId, { phoneNumber: '555-0101' })
  const opId = openIds(main)[0]!
  const ask = (question: QuestionBody) =>
    main.record({ kind: 'asks', opId, question: { id: crypto.randomUUID(), ...question } })
  await ask(conflict)
  const card = (await cardWhere(book, localId, (one) => one?.question != null))!
  return { main, profile, book, localId, opId, card, ask }
}
const kept = (book: CustomerBook) => book.answerDrafts()

it('S12: a half-given answer outlives the window, also where Square moves and the question is asked anew', async () => {
  const { main, profile, book, opId, ask } = await asking()
  await book.keepAnswer(half(opId))
  await book.close()
  await ask({
    ...conflict,
    remote: remoteOf('SQ1', { givenName: 'Ana', phoneNumber: '1' }, { version: '8' }),
  })
  const again = await openBook(main, profile)
  expect(await kept(again.book)).toEqual([half(opId)])
})

it('is forgotten once the question is answered, in this window and on disk', async () => {
  const { main, profile, book, localId, opId, card } = await asking()
  await book.keepAnswer(half(opId))
  const answer = { kind: 'resolve', fields: fieldsOf({ givenName: 'Ana', phoneNumber: '555-0155' }) } as const
  expect(await book.answer(card, answer)).toMatchObject({ kind: 'saved' })
  await cardWhere(book, localId, (one) => one?.question === null)
  await expect.poll(() => stored(profile)).toEqual([])
  // Kept too late, by a screen that is still there: of no use to anybody.
  await book.keepAnswer(half(opId))
  await book.close()
  expect(await kept((await openBook(main, profile)).book)).toEqual([])
})

it('is forgotten where the question goes without it: discarded elsewhere, or another question in its place', async () => {
  const { profile, book, opId, ask } = await asking()
  await book.keepAnswer(half(opId))
  await ask({ kind: 'gone' })
  await expect.poll(() => stored(profile)).toEqual([])

  await ask(conflict)
  await expect.poll(async () => (await book.keepAnswer(half(opId)), (await kept(book)).length)).toBe(1)
  const [waiting] = (await book.waiting(5)).customers
  expect(await book.discard(waiting!, { code: 'mistake', words: null })).toMatchObject({ kind: 'discarded' })
  await expect.poll(() => stored(profile)).toEqual([])
})

it('is forgotten at the next start where the question went while nobody looked', async () => {
  const { main, profile, book, opId, ask } = await asking()
  await book.keepAnswer(half(opId))
  await book.close()
  await ask({ kind: 'gone' })
  const again = await openBook(main, profile)
  expect(await kept(again.book)).toEqual([])
  await expect.poll(() => stored(profile)).toEqual([])
})

it('S15: what is no half-given answer is left where it is and not offered', () => {
  const conflicted = { opId: 'op-1', draft: half('op-1') }
  expect(isStoredAnswer(conflicted)).toBe(true)
  expect(isStoredAnswer({ ...conflicted, opId: 'op-2' })).toBe(false)
  const withField = (more: object) => ({
    opId: 'op-1',
    draft: { ...half('op-1'), fields: [{ field: 'note', choice: 'both', value: 'a', triple: '', ...more }] },
  })
  expect(isStoredAnswer(withField({}))).toBe(true)
  expect(isStoredAnswer(withField({ choice: 'maybe' }))).toBe(false)
  expect(isStoredAnswer(withField({ field: 'shoeSize' }))).toBe(false)
  expect(isStoredAnswer(withField({ value: 7 }))).toBe(false)
  const refused = (more: object) => ({
    opId: 'op-1',
    draft: { kind: 'refused', opId: 'op-1', keptAt: '', questionId: 'q', fields: EMPTY_FIELDS, ...more },
  })
  expect(isStoredAnswer(refused({}))).toBe(true)
  expect(isStoredAnswer(refused({ consent: 'yes' }))).toBe(false)
  expect(isStoredAnswer(refused({ fields: {} }))).toBe(false)
})

it('S16: a directory of an earlier version is opened and gets a place for half-given answers', async () => {
  const { database } = newProfile()
  const old = await new Promise<IDBDatabase>((resolve) => {
    const request = database.indexedDB.open(directoryName(TEST_STORE), 10)
    request.onupgradeneeded = () =>
      request.result.createObjectStore('drafts', { keyPath: 'opId' }).put({ opId: 'kept' })
    request.onsuccess = () => resolve(request.result)
  })
  old.close()
  const opened = await openDirectory(TEST_STORE, database, {
    sleep: () => Promise.resolve(),
    retryAfterMs: [],
  })
  if (opened.kind !== 'opened') throw new Error('not opened')
  expect(await opened.db.drafts.get('kept')).toEqual({ opId: 'kept' })
  expect(await opened.db.answers.count()).toBe(0)
  opened.db.close()
})

/** What lies on disk, seen by another window. */
async function stored({ database }: ReturnType<typeof newProfile>): Promise<unknown[]> {
  const opened = await openDirectory(TEST_STORE, database, {
    sleep: () => Promise.resolve(),
    retryAfterMs: [],
  })
  if (opened.kind !== 'opened') throw new Error('not opened')
  const all = await opened.db.answers.toArray()
  opened.db.close()
  return all
}
