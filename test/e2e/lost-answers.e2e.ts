import { expect, test } from '@playwright/test'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp()

/** What was to go wrong has gone wrong: from here on the app has something to mend. */
const wentWrong = () => expect.poll(() => shared.square.pendingFaults(), { timeout: 30_000 }).toEqual([])

test('the answer to a create is lost: sent again under the same key, one customer (S4, S9)', async () => {
  const { square, book } = shared
  square.fault({ kind: 'lose-answer', method: 'POST', path: '/v2/customers', skip: 0 })
  const before = square.requests().length
  await book.add({ 'First name': 'Selma', 'Last name': 'Dahl' })
  await wentWrong()
  await book.syncNow()
  await book.allIn()
  expect(square.named('Selma')).toHaveLength(1)
  expect(square.duplicateKeys()).toEqual([])
  const posts = square
    .requests()
    .slice(before)
    .filter(({ path, method }) => method === 'POST' && path === '/v2/customers')
  expect(posts.length).toBeGreaterThan(1)
  expect(new Set(posts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
})

test('the answer to an update is lost: seen as done, no second write (S8)', async () => {
  const { square, book } = shared
  const tove = await shared.arrives({ given_name: 'Tove', phone_number: '+12065550210' })
  const before = square.requests().length
  square.fault({ kind: 'lose-answer', method: 'PUT' })
  await book.edit('Tove', { Note: 'Back on Tuesday' })
  await wentWrong()
  await book.syncNow()
  await book.allIn()
  expect(square.now(tove)).toMatchObject({ note: 'Back on Tuesday' })
  expect(square.effects(before)).toMatchObject([{ kind: 'update' }])
})

test('the answer to a delete is lost: done, nobody is asked', async () => {
  const { square, book } = shared
  const ulla = await shared.arrives({ given_name: 'Ulla', phone_number: '+12065550220' })
  const before = square.requests().length
  square.fault({ kind: 'lose-answer', method: 'DELETE' })
  await book.remove('Ulla')
  await wentWrong()
  await book.syncNow()
  await book.allIn()
  expect(square.now(ulla)).toBeUndefined()
  expect(square.effects(before)).toMatchObject([{ kind: 'delete' }])
})

test('the answer is lost and a colleague changed the same field: asked, never overwritten (S8)', async () => {
  const { square, book, page } = shared
  const vera = await shared.arrives({ given_name: 'Vera', phone_number: '+12065550230' })
  square.fault(
    { kind: 'lose-answer', method: 'PUT' },
    {
      kind: 'colleague-edits',
      method: 'GET',
      path: `/v2/customers/${vera.id}`,
      changes: { phone_number: '+12065550239' },
    },
  )
  await book.edit('Vera', { 'Phone number': '+12065550231' })
  await wentWrong()
  await book.syncNow()
  await book.needYou(1)
  await book.openQuestion('Vera')
  await expect(page.getByText('the answer got lost')).toBeVisible()
  expect(square.now(vera)).toMatchObject({ phone_number: '+12065550239' })
  await book.button('Keep everything as it is in Square').click()
  await book.allIn()
  expect(square.now(vera)).toMatchObject({ phone_number: '+12065550239' })
})

test('a page of a guest network instead of Square: neither applied nor refused, sent again later (S13)', async () => {
  const { square, book } = shared
  const wim = await shared.arrives({ given_name: 'Wim', phone_number: '+12065550240' })
  const before = square.requests().length
  square.fault({
    kind: 'answer',
    method: 'PUT',
    status: 200,
    headers: { 'content-type': 'text/html' },
    text: '<!doctype html><title>Welcome to Café WiFi</title>',
  })
  await book.edit('Wim', { Note: 'Owes two coffees' })
  await wentWrong()
  await book.allIn()
  expect(square.now(wim)).toMatchObject({ note: 'Owes two coffees' })
  expect(square.effects(before)).toMatchObject([{ kind: 'update' }])
})

test('Square no longer takes the token: nothing is lost, signing in again sends it (S14)', async () => {
  const { square, book, page } = shared
  const xena = await shared.arrives({ given_name: 'Xena', phone_number: '+12065550250' })
  square.fault({ kind: 'expired-token', times: 50 })
  await book.edit('Xena', { Note: 'Window table' })
  await expect(book.sentence).toContainText('Signed out of Square', { timeout: 30_000 })
  await expect(book.status('Saved here')).toBeVisible()
  square.clearFaults()
  await book.button('Sign in').click()
  await page.getByRole('radio', { name: /Sandbox/ }).check()
  await page.getByLabel('Access token').fill(square.token)
  await book.button('Connect to Square').click()
  await expect.poll(() => square.now(xena)?.note, { timeout: 30_000 }).toBe('Window table')
  await book.allIn()
})
