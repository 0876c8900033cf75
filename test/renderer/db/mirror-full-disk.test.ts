import { expect, it, onTestFinished, vi } from 'vitest'
import { remoteOf } from '../../support/customers.ts'
import { startFakeMain } from '../../support/fake-bridge.ts'
import { add, databaseOnDisk, idOf, newProfile, openBook, openIds, pulled, titles } from './book-fixture.ts'

/** A browser whose disk is full when the test says so: reading works, nothing can be put. */
function databaseOnFullDisk() {
  const disk = { full: false, refused: 0 }
  const database = databaseOnDisk(
    () => disk.full,
    () => (disk.refused += 1),
  )
  return { disk, profile: newProfile(database) }
}

it('S1 a full disk while staff save: what the log has is saved, the list says that it is behind, and catches up', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  const { disk, profile } = databaseOnFullDisk()
  const main = await startFakeMain({ square: [remoteOf('SQ1', { givenName: 'Ana' })] })
  const { book, timers, faults } = await openBook(main, profile)
  await pulled(book)
  const told: (boolean | undefined)[] = []
  book.watchSummary(({ behind }) => told.push(behind))
  const form = (await book.openForm(null))!
  const typed = { ...form.shown, givenName: 'Zoë' }
  disk.full = true
  expect((await book.save(form, typed, null)).kind).toBe('saved')
  await expect.poll(() => told.at(-1)).toBe(true)
  expect(disk.refused).toBeGreaterThan(0)
  expect(faults.some(([where]) => where === 'book.project')).toBe(true)
  expect(openIds(main)).toEqual([form.opId])
  // Nobody is shown whom the directory does not have; reading goes on.
  expect(await titles(book)).toEqual(['Ana'])
  expect((await book.save(form, typed, null)).kind).toBe('saved')
  disk.full = false
  timers.fire()
  await expect.poll(() => titles(book)).toEqual(['Ana', 'Zoë'])
  await expect.poll(() => told.at(-1)).not.toBe(true)
  expect(openIds(main)).toEqual([form.opId])
})

it('a full disk at the start: the book opens as it was, and catches up by itself when there is room', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  const { disk, profile } = databaseOnFullDisk()
  const main = await startFakeMain({ square: [remoteOf('SQ1', { givenName: 'Ana' })] })
  const first = await openBook(main, profile)
  await pulled(first.book)
  await add(first.book, { givenName: 'Bob' })
  await first.book.close()
  const bob = openIds(main)[0]!
  await main.record({ kind: 'asks', opId: bob, question: { kind: 'copied', id: 'q' } })

  disk.full = true
  const { book, timers, faults } = await openBook(main, profile)
  expect(await titles(book)).toEqual(['Ana', 'Bob'])
  expect(faults.some(([where]) => where === 'book.project')).toBe(true)
  disk.full = false
  timers.fire()
  await expect
    .poll(async () => (await book.search('Bob', { offset: 0, limit: 1 })).rows[0]?.status)
    .toBe('needs-you')
  expect(await idOf(book, 'Bob')).toBeTruthy()
})
