import { expect, test } from '@playwright/test'
import { HOSTILE_TEXTS } from './hostile-texts.ts'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp()

test('what Square would refuse is said at the field; nothing typed is lost, nothing is sent', async () => {
  const { square, book } = shared
  const before = square.requests().length
  await book.button('New customer').click()
  const field = (label: string) => book.form.getByLabel(label, { exact: true })
  await book.fill({
    'First name': 'x'.repeat(301),
    'Phone number': '12',
    'E-mail': 'nobody@nowhere',
    Note: 'Keep this',
  })
  await book.button('Save', book.form).click()
  await expect(field('First name')).toBeFocused()
  for (const [label, words] of [
    ['First name', 'At most 300 characters; this has 301.'],
    ['Phone number', 'This is not a phone number. It has 9 to 16 digits, with or without +.'],
    ['E-mail', 'This is not a complete e-mail address, like ana@example.com.'],
  ] as const) {
    await expect(field(label)).toHaveAttribute('aria-invalid', 'true')
    await expect(field(label)).toHaveAccessibleDescription(words)
  }
  await expect(field('Note')).toHaveValue('Keep this')
  await expect(field('First name')).toHaveValue('x'.repeat(301))

  await book.fill({ 'First name': 'Emre', 'Phone number': '+12065550401', 'E-mail': 'emre@example.com' })
  await expect(field('Phone number')).not.toHaveAttribute('aria-invalid', 'true')
  await book.save()
  await expect.poll(() => square.named('Emre')).toMatchObject([{ note: 'Keep this' }])
  await book.allIn()
  expect(square.effects(before)).toHaveLength(1)
})

test('a card nobody could be found by again is refused in words', async () => {
  const { book } = shared
  await book.button('New customer').click()
  await book.fill({ Note: 'Nameless' })
  await book.button('Save', book.form).click()
  await expect(
    book.form.getByText('Give at least a name, a company, an e-mail or a phone number.'),
  ).toBeVisible()
  await expect(book.form.getByLabel('First name')).toBeFocused()
  await expect(book.form.getByLabel('Note', { exact: true })).toHaveValue('Nameless')
  await book.button('Discard changes', book.form).click()
})

test('a form left halfway is kept and offered again', async () => {
  const { book, page } = shared
  await book.button('New customer').click()
  await book.fill({ 'First name': 'Halfdan', Note: 'Only half of it' })
  await page.keyboard.press('Escape')
  await expect(page.getByText(/You were adding Halfdan at/)).toBeVisible()
  await book.button('Continue where you left off').click()
  await expect(book.form.getByLabel('Note', { exact: true })).toHaveValue('Only half of it')
  await book.button('Discard changes', book.form).click()
  await expect(page.getByText(/You were adding/)).toBeHidden()
})

test('Square refuses one field: only that customer waits, the field is mended where it is asked', async () => {
  const { square, book, page } = shared
  const fay = await shared.arrives({ given_name: 'Fay', phone_number: '+12065550411' })
  const gus = await shared.arrives({ given_name: 'Gus', phone_number: '+12065550412' })
  square.fault({
    kind: 'answer',
    method: 'PUT',
    path: `/v2/customers/${fay.id}`,
    status: 400,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify({
      errors: [
        {
          category: 'INVALID_REQUEST_ERROR',
          code: 'INVALID_EMAIL_ADDRESS',
          detail: 'Expected email_address to be a valid email address',
          field: 'email_address',
        },
      ],
    }),
  })
  await book.edit('Fay', { 'E-mail': 'fay@example.test', Note: 'Two seats' })
  await book.edit('Gus', { Note: 'One seat' })
  await book.needYou(1)
  await expect.poll(() => square.now(gus)?.note).toBe('One seat')
  expect(square.now(fay)?.note).toBeUndefined()

  await book.openQuestion('Fay')
  await expect(
    page.getByRole('heading', { level: 1, name: 'Square does not accept the e-mail of Fay' }),
  ).toBeVisible()
  const mended = page.getByRole('textbox', { name: 'E-mail' })
  await expect(mended).toHaveValue('fay@example.test')
  await expect(mended).toBeFocused()
  await mended.fill('fay@example.com')
  await book.button('Save the corrected e-mail').click()
  await book.allIn()
  expect(square.now(fay)).toMatchObject({ email_address: 'fay@example.com', note: 'Two seats' })
})

test('whatever a customer is called, it is text: on the list, the card and the conflict', async () => {
  const { square, book, page } = shared
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  for (const [at, text] of HOSTILE_TEXTS.entries()) {
    square.adds({ given_name: text, family_name: `Hostile-${at}.`, note: text })
  }
  await book.syncNow()
  for (const [at, text] of HOSTILE_TEXTS.entries()) {
    await book.open(`Hostile-${at}.`)
    await expect(book.row(`Hostile-${at}.`)).toContainText(text)
    await expect(book.card.getByRole('heading', { level: 1 })).toContainText(text)
    await expect(book.card.getByText(text).last()).toBeVisible()
  }
  const strangers = await page.evaluate(
    () =>
      document.querySelectorAll(
        '#app script, #app iframe, #app base, #app meta, #app form[action], #app a[href^="javascript"], #app img',
      ).length,
  )
  expect(strangers).toBe(0)
  expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
  expect(dialogs).toEqual([])

  const [text = ''] = HOSTILE_TEXTS
  const [victim] = square.named(text)
  if (!victim) throw new Error('the first hostile customer is gone')
  await square.setLine(false)
  await book.edit('Hostile-0.', { Note: `${text} here` })
  square.edits(victim, { note: `${text} there` })
  await square.setLine(true)
  await book.syncNow()
  await book.needYou(1)
  await book.openQuestion('Hostile-0.')
  await expect(page.getByRole('radio', { name: /On this PC/ })).toContainText(text)
  await book.button('Keep both').click()
  await expect(page.getByRole('region', { name: /will look/ })).toContainText(`${text} there`)
  await book.button(/^Save this for/).click()
  await book.allIn()
})
