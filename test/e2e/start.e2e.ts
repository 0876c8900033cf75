import { expect, test } from '@playwright/test'
import { cleanUp, launchApp, newProfile } from './support/app.ts'
import { bookPage, connect } from './support/book.ts'
import { startSquare, type TestSquare } from './support/square.ts'

let square: TestSquare
test.beforeEach(async () => {
  square = await startSquare([{ given_name: 'Ana', family_name: 'Gómez', phone_number: '+12065550100' }])
})
test.afterEach(async () => {
  await cleanUp()
  await square.close()
})

test('a wrong token says so and stays in the box; the right one opens the book, also after a restart', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const { page } = first
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'The customer book that works when the line is down',
  )
  await page.getByRole('button', { name: 'Connect to Square' }).click()
  await expect(page.getByRole('alert')).toHaveText('Paste the access token first.')
  await page.getByRole('radio', { name: /Sandbox/ }).check()
  await page.getByLabel('Access token').fill('not-the-token')
  await page.getByRole('button', { name: 'Connect to Square' }).click()
  await expect(page.getByRole('alert')).toContainText('Square does not accept this token.')
  await expect(page.getByLabel('Access token')).toHaveValue('not-the-token')

  const book = await connect(page, square)
  await expect(book.row('Ana Gómez')).toContainText('+1')
  await expect(page.getByText('Corner Practice Store')).toBeVisible()
  await first.close()

  const second = await launchApp({ profile, squareUrl: square.url })
  const again = bookPage(second.page)
  await expect(again.row('Ana Gómez')).toBeVisible()
  await again.allIn()
})

test('Square out of reach at the first sign-in is said, and nothing typed is lost', async () => {
  await square.setLine(false)
  const { page } = await launchApp({ profile: newProfile(), squareUrl: square.url })
  await page.getByRole('radio', { name: /Sandbox/ }).check()
  await page.getByLabel('Access token').fill(square.token)
  await page.getByRole('button', { name: 'Connect to Square' }).click()
  await expect(page.getByRole('alert')).toContainText('Square cannot be reached.')
  await square.setLine(true)
  await page.getByRole('button', { name: 'Connect to Square' }).click()
  await expect(bookPage(page).row('Ana Gómez')).toBeVisible()
})

test('the practice store opens with sixty made-up customers and reaches no Square', async () => {
  const { page } = await launchApp({ profile: newProfile(), squareUrl: square.url })
  await page.getByRole('button', { name: 'Try it with a practice store' }).click()
  const book = bookPage(page)
  await book.allIn()
  await expect(page.getByText('60 customers')).toBeVisible()
  await expect(page.getByRole('banner').getByText('Practice store', { exact: true })).toBeVisible()
  expect(square.requests()).toEqual([])
})
