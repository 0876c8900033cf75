import { expect, test } from '@playwright/test'
import { setTimeout as wait } from 'node:timers/promises'
import { BULK_FROM } from '#shared/outbox/queue.ts'
import { BURST_MS } from '#renderer/composables/burst-guard.ts'
import { cleanUp, launchApp, newProfile } from './support/app.ts'
import { bookPage } from './support/book.ts'

test.afterEach(cleanUp)

test('every button of the practice controls does what it says, by keyboard', async () => {
  const { page } = await launchApp({ profile: newProfile() })
  await page.getByRole('button', { name: 'Try it with a practice store' }).click()
  const book = bookPage(page)
  await book.allIn()
  const drawer = page.getByRole('complementary', { name: 'Practice controls' })
  const press = async (key: string) => {
    await wait(2 * BURST_MS) // a person, not a scanner
    await page.keyboard.press(key)
  }
  const syncLog = async () => {
    await press('Alt+w')
    await book.button('What happened with Square lately').click()
    const said = await page.getByRole('table').innerText()
    await press('Escape')
    await expect(page.getByRole('heading', { level: 1, name: 'What waits here' })).toBeVisible()
    await press('Escape')
    await expect(book.search).toBeVisible()
    return said
  }
  const openDrawer = async () => {
    await press('Alt+p')
    await expect(drawer.getByRole('heading', { name: 'Practice controls' })).toBeFocused()
  }

  // The line is cut, and so many wait that they travel together, but for the one that was tried: both answers are lost.
  await openDrawer()
  await press('Alt+l')
  await expect(drawer).toContainText('Line is cut')
  await press('Alt+x')
  await expect(drawer).toContainText('1 answer will be lost')
  await press('Alt+x')
  await expect(drawer).toContainText('2 answers will be lost')
  await press('Escape')
  await expect(drawer).toBeHidden()
  const names = Array.from({ length: BULK_FROM }, (_, nth) => `Practice${String.fromCharCode(65 + nth)}`)
  for (const name of names) await book.add({ 'First name': name })
  await expect(book.sentence).toContainText(`${BULK_FROM} saved here`)
  await openDrawer()
  await expect(drawer).toContainText('2 answers will be lost')
  await press('Alt+l')
  await expect(drawer).toContainText('Line is up')
  await expect(drawer).toContainText('Square does it, but the answer never arrives.', { timeout: 30_000 })
  await press('Escape')
  await book.syncNow()
  await book.allIn()
  const said = await syncLog()
  expect(said).toContain('Added a customer: no answer to rely on')
  expect(said).toContain('Added several customers: no answer to rely on')
  for (const name of names) {
    await book.search.fill(name)
    await expect(page.getByText('1 match', { exact: true })).toBeVisible()
  }

  // A colleague changes three things of the open customer and then deletes them.
  const known = '42 North Architects'
  await book.open(known)
  await openDrawer()
  for (const key of ['Alt+i', 'Alt+v', 'Alt+y']) {
    const before = await book.card.innerText()
    await press(key)
    await expect(drawer).toContainText('Done in Square. Sync now shows it.')
    await press('Alt+s')
    await expect.poll(() => book.card.innerText()).not.toBe(before)
  }
  await press('Alt+z')
  await expect(drawer).toContainText(`Here it shows when you change ${known}`)
  await drawer.getByRole('button', { name: 'Close the practice controls' }).press('Enter')
  await expect(drawer).toBeHidden()
  await book.edit(known, { Note: 'Prefers the window seat' })
  await book.needYou(1)
  await book.openQuestion(known)
  await expect(page.getByRole('heading', { level: 1, name: /deleted/ })).toBeVisible()
})
