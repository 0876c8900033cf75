import { expect, test } from '@playwright/test'
import type { WireCustomer } from '#practice/wire.ts'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp()
test.afterEach(() => expect(shared.square.duplicateKeys()).toEqual([]))

/** Square says no to the next change of that customer's e-mail. */
function refuseEmail({ id }: WireCustomer) {
  shared.square.fault({
    kind: 'answer',
    method: 'PUT',
    path: `/v2/customers/${id}`,
    status: 400,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify({
      errors: [
        {
          category: 'INVALID_REQUEST_ERROR',
          code: 'INVALID_EMAIL_ADDRESS',
          detail: 'Expected email_address to be a valid e-mail',
          field: 'email_address',
        },
      ],
    }),
  })
}

test('a refused field: said in words, mended at its place; discarded with a reason, and taken up again (S27)', async () => {
  const { square, book, page } = shared
  const nora = await shared.arrives({ given_name: 'Nora', phone_number: '+12065550801' })
  refuseEmail(nora)
  await book.edit('Nora', { 'E-mail': 'nora@example.com', Note: 'Window seat' })
  await book.needYou(1)
  const before = square.requests().length
  await book.button('What waits here').click()
  const item = page.getByRole('article', { name: 'Nora' })
  await expect(item).toContainText('Changed e-mail and note')
  await expect(item).toContainText('tried once')
  await expect(item).toContainText('Square doesn’t accept the e-mail.')
  await expect(item).toContainText('Square says: Expected email_address to be a valid e-mail')

  // By keyboard: the form opens at the field, and nothing is lost when it is left.
  await item.getByRole('link').focus()
  await page.keyboard.press('Alt+e')
  await expect(book.form.getByLabel('E-mail', { exact: true })).toBeFocused()
  await expect(book.form.getByLabel('E-mail', { exact: true })).toHaveValue('nora@example.com')
  await book.button('Close', book.form).click()
  await page.keyboard.press('Escape')
  await book.button('What waits here').click()

  await item.getByRole('link').focus()
  await page.keyboard.press('Delete')
  const dialog = page.getByRole('dialog', { name: 'Discard what waits for Nora?' })
  await dialog.getByRole('radio', { name: 'Another reason' }).check()
  await dialog.getByLabel('In your own words (optional)').fill('She will call again')
  await book.button('Discard it', dialog).click()
  await expect(page.getByText('Nothing waits. Everything is in Square.')).toBeVisible()
  await expect(book.button('Take it up again')).toBeFocused()
  expect(square.effects(before)).toEqual([])

  await page.keyboard.press('Enter')
  await expect
    .poll(() => square.now(nora))
    .toMatchObject({ email_address: 'nora@example.com', note: 'Window seat' })
  await page.keyboard.press('Escape')
  await book.allIn()
  expect(square.effects(before)).toHaveLength(1)
  await book.open('Nora')
  await expect(book.card).toContainText('Discarded, not sent: e-mail and note')
  await expect(book.card).toContainText('Another reason: She will call again')
})

test('the log for people who help tells what happened, and names nobody (S28)', async () => {
  const { book, page } = shared
  await shared.arrives({ given_name: 'Zenobia', phone_number: '+12065550802' })
  await book.edit('Zenobia', { Note: 'Secret of Zenobia' })
  await book.allIn()
  await book.button('What waits here').click()
  await book.button('What happened with Square lately').click()
  const table = page.getByRole('table')
  await expect(table).toContainText('Saved here: a change')
  await expect(table).toContainText('On its way, try 1')
  await expect(table).toContainText('Changed a customer: done')
  await expect(table).toContainText('In Square')
  await expect(table).toContainText('Square does not accept it (emailAddress, INVALID_EMAIL_ADDRESS)')
  const text = await table.textContent()
  expect(text).not.toMatch(/Zenobia|Nora|Secret|5550801|5550802|example\.com|She will call/)
})
