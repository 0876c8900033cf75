import { expect, it } from 'vitest'
import { startFakeMain } from '../../support/fake-bridge.ts'
import { newProfile, openBook, summaryWhere } from './book-fixture.ts'

it('"show me every conflict" is in the log, so main acts by it and it outlives the window (S19)', async () => {
  const main = await startFakeMain()
  const profile = newProfile()
  const { book } = await openBook(main, profile)
  expect((await summaryWhere(book, () => true)).showEveryConflict).toBe(false)
  expect(await book.setShowEveryConflict(true)).toMatchObject({ kind: 'saved' })
  expect((await summaryWhere(book, () => true)).showEveryConflict).toBe(true)
  expect(main.outbox().state().showEveryConflict).toBe(true)

  const again = await openBook(main, profile)
  expect((await summaryWhere(again.book, () => true)).showEveryConflict).toBe(true)
  await again.book.setShowEveryConflict(false)
  expect(main.outbox().state().showEveryConflict).toBe(false)
})
