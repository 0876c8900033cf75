import { expect, it } from 'vitest'
import type { Joined } from '#renderer/book.ts'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import { cardWhere, edit, idOf, newProfile, openBook, pulled } from './book-fixture.ts'

const ana = remoteOf('SQ1', { givenName: 'Ana', familyName: 'Ruiz', note: 'Oat milk' })
const anna = remoteOf('SQ2', { givenName: 'Anna', familyName: 'Lopez' })
const both = remoteOf('SQ9', { givenName: 'Anna', familyName: 'Lopez', note: 'Oat milk' })
const merge = (fromSquareId: string) =>
  ({ kind: 'alias', fromSquareId, toSquareId: 'SQ9', remote: both }) as const

async function twoCustomers() {
  const main = await startFakeMain({ square: [ana, anna] })
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  await pulled(book)
  const heard: Joined[] = []
  book.watchJoined((joined) => heard.push(joined))
  return {
    main,
    profile,
    book,
    heard,
    anaId: await idOf(book, 'Ana Ruiz'),
    annaId: await idOf(book, 'Anna Lopez'),
  }
}

it('S10: tells of a merge in Square, who became whom, and whether something was saved here for them', async () => {
  const { main, book, heard, anaId, annaId } = await twoCustomers()
  await edit(book, anaId, { nickname: 'Annie' })
  await main.record(merge('SQ1'))
  await expect.poll(() => heard.length).toBe(1)
  expect(heard[0]).toMatchObject({
    localIds: [anaId],
    was: { givenName: 'Ana', familyName: 'Ruiz', nickname: 'Annie' },
    now: { givenName: 'Anna', familyName: 'Lopez' },
    edited: true,
  })
  // No more than what they are called by.
  expect(JSON.stringify(heard[0])).not.toContain('Oat milk')

  await main.record(merge('SQ2'))
  await expect.poll(() => heard.length).toBe(2)
  expect(heard[1]!.localIds).toEqual(expect.arrayContaining([anaId, annaId]))
})

it('says nothing was saved where nothing was, and tells each merge once', async () => {
  const { main, book, heard, anaId } = await twoCustomers()
  await main.record(merge('SQ1'))
  await main.record(merge('SQ1'))
  await cardWhere(book, anaId, (card) => card?.row.squareId === 'SQ9')
  await expect.poll(() => heard.length).toBe(1)
  expect(heard[0]).toMatchObject({ edited: false })
})

it('keeps it in the history of the one that stays, for both local ids, also after a restart', async () => {
  const { main, profile, book, anaId, annaId } = await twoCustomers()
  await main.record(merge('SQ1'))
  await main.record(merge('SQ2'))
  const joined = (card: { history: readonly { kind: string; was?: unknown }[] } | null) =>
    card?.history.filter(({ kind }) => kind === 'joined') ?? []
  await cardWhere(book, annaId, (card) => joined(card).length === 2)
  await book.close()
  const again = await openBook(main, profile)
  const card = await cardWhere(again.book, anaId, (one) => joined(one).length === 2)
  expect(joined(card)).toMatchObject([{ was: { familyName: 'Lopez' } }, { was: { familyName: 'Ruiz' } }])
})

it('does not tell of merges again when the log is given from its beginning', async () => {
  const { main, heard } = await twoCustomers()
  await main.record(merge('SQ1'))
  await expect.poll(() => heard.length).toBe(1)
  const other = await openBook(main, newProfile())
  const anew: Joined[] = []
  other.book.watchJoined((joined) => anew.push(joined))
  await pulled(other.book)
  expect(anew).toEqual([])
})
