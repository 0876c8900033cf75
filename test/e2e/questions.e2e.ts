import { expect, test } from '@playwright/test'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp()
test.afterEach(() => expect(shared.square.duplicateKeys()).toEqual([]))

/** Cuts the line and waits until the app knows. */
async function goOffline() {
  await shared.square.setLine(false)
  await shared.book.syncNow()
  await shared.book.expectOffline()
}
async function goOnline() {
  await shared.square.setLine(true)
  await shared.book.syncNow()
}

test('the same field on both sides: asked, nothing preselected, the answer is what Square holds (S6, S7, S12)', async () => {
  const { square, book, page } = shared
  const iris = await shared.arrives({ given_name: 'Iris', family_name: 'Vale', phone_number: '+12065550110' })
  await goOffline()
  await book.edit('Iris', { 'Phone number': '+12065550111', Note: 'Call after five' })
  square.edits(iris, { phone_number: '+12065550112', company_name: 'Vale & Co' })
  await goOnline()
  await book.needYou(1)
  await expect(book.status('Needs you')).toBeVisible()
  await book.button('Answer it', book.card).click()

  const question = page.getByRole('region', { name: 'Iris Vale was changed in two places' })
  await expect(question.getByRole('heading', { level: 1 })).toBeFocused()
  const choice = question.getByRole('radiogroup', { name: 'Phone number' })
  await expect(choice.getByRole('radio')).toHaveCount(2)
  await expect(choice.getByRole('radio', { checked: true })).toHaveCount(0)
  const confirm = book.button('Save this for Iris Vale', question)
  await expect(confirm).toBeDisabled()
  await expect(question.getByText('1 question left')).toBeVisible()
  await book.button('Show what it was before', question).click()
  await expect(choice.getByRole('radio', { name: /^Before/ })).toContainText('+12065550110')
  await expect(choice.getByRole('radio', { name: /In Square now/ })).toContainText('+12065550112')

  const preview = question.getByRole('region', { name: 'How Iris Vale will look' })
  await expect(preview).toContainText('not answered yet')
  await choice.getByRole('radio', { name: /On this PC/ }).click()
  await expect(preview).toContainText('+12065550111')
  await expect(preview).toContainText('Call after five')
  await expect(preview).toContainText('Vale & Co')
  await confirm.click()
  await book.allIn()
  expect(square.now(iris)).toMatchObject({
    phone_number: '+12065550111',
    company_name: 'Vale & Co',
    note: 'Call after five',
  })
  await expect(book.card).toContainText('Vale & Co')
})

test('Square moves while the answer is given: only what moved is asked again (S12)', async () => {
  const { square, book, page } = shared
  const jun = await shared.arrives({
    given_name: 'Jun',
    phone_number: '+12065550120',
    email_address: 'jun@example.com',
  })
  await goOffline()
  await book.edit('Jun', { 'Phone number': '+12065550121', 'E-mail': 'jun.here@example.com' })
  square.edits(jun, { phone_number: '+12065550122', email_address: 'jun.square@example.com' })
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Jun')
  const phone = page.getByRole('radiogroup', { name: 'Phone number' })
  const email = page.getByRole('radiogroup', { name: 'E-mail' })
  await phone.getByRole('radio', { name: /On this PC/ }).click()
  await email.getByRole('radio', { name: /In Square now/ }).click()
  square.edits(jun, { phone_number: '+12065550129' })
  await book.button('Save this for Jun').click()
  await expect(phone).toHaveCount(0)
  // Until the answer has been to Square the question on the card may still be the one that was answered.
  await expect(async () => {
    await book.needYou(1)
    await book.openQuestion('Jun')
    const now = phone.getByRole('radio', { name: /In Square now/ })
    await expect(now).toContainText('+12065550129', { timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await expect(email).toHaveCount(0)
  await phone.getByRole('radio', { name: /In Square now/ }).click()
  await book.button('Save this for Jun').click()
  await book.allIn()
  expect(square.now(jun)).toMatchObject({
    phone_number: '+12065550129',
    email_address: 'jun.square@example.com',
  })
})

test('Square moves while a question stands: shown as it is now, what was answered is kept, and taken back it asks nobody (S12)', async () => {
  const { square, book, page } = shared
  const ola = await shared.arrives({
    given_name: 'Ola',
    phone_number: '+12065550170',
    email_address: 'ola@example.com',
  })
  await goOffline()
  await book.edit('Ola', { 'Phone number': '+12065550171', 'E-mail': 'ola.here@example.com' })
  square.edits(ola, { phone_number: '+12065550172', email_address: 'ola.square@example.com' })
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Ola')
  const phone = page.getByRole('radiogroup', { name: 'Phone number' })
  const email = page.getByRole('radiogroup', { name: 'E-mail' })
  await email.getByRole('radio', { name: /On this PC/ }).click()
  square.edits(ola, { phone_number: '+12065550179' })
  await book.syncNow()
  await expect(phone.getByRole('radio', { name: /In Square now/ })).toContainText('+12065550179')
  await expect(email.getByRole('radio', { name: /On this PC/ })).toBeChecked()
  // Both as they were before: nothing is left to decide.
  square.edits(ola, { phone_number: '+12065550170', email_address: 'ola@example.com' })
  await book.syncNow()
  await expect(page.getByText('No question is open for Ola any more.')).toBeVisible()
  await book.allIn()
  expect(square.now(ola)).toMatchObject({
    phone_number: '+12065550171',
    email_address: 'ola.here@example.com',
  })
  await book.button('Open Ola').click()
  await expect(book.card).toContainText('ola.here@example.com')
})

test('while a question is open, more can be edited, nothing is called being sent, and a deletion waits its turn', async () => {
  const { square, book, page } = shared
  const kai = await shared.arrives({ given_name: 'Kai', phone_number: '+12065550125' })
  await goOffline()
  await book.edit('Kai', { 'Phone number': '+12065550126' })
  square.edits(kai, { phone_number: '+12065550127' })
  await goOnline()
  await book.needYou(1)
  await book.edit('Kai', { Note: 'Asked for the manager' })
  await expect(book.card).toContainText('Asked for the manager')
  await expect(book.sentence).not.toContainText('being sent')
  await expect(book.button('Delete', book.card)).toBeDisabled()
  await book.openQuestion('Kai')
  await page.getByRole('radio', { name: /On this PC/ }).click()
  await book.button('Save this for Kai').click()
  await book.allIn()
  expect(square.now(kai)).toMatchObject({ phone_number: '+12065550126', note: 'Asked for the manager' })
  await book.remove('Kai')
  await expect.poll(() => square.now(kai)).toBeUndefined()
})

test('an own value can be written instead, and is checked like any other', async () => {
  const { square, book, page } = shared
  const kofi = await shared.arrives({ given_name: 'Kofi', phone_number: '+12065550130' })
  await goOffline()
  await book.edit('Kofi', { 'Phone number': '+12065550131' })
  square.edits(kofi, { phone_number: '+12065550132' })
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Kofi')
  await book.button('Write something else').click()
  const own = page.getByLabel('Your own: Phone number')
  await own.fill('12')
  await book.button('Save this for Kofi').click()
  await expect(page.getByRole('alert')).toContainText('This is not a phone number.')
  await own.fill('+12065550139')
  await book.button('Save this for Kofi').click()
  await book.allIn()
  expect(square.now(kofi)).toMatchObject({ phone_number: '+12065550139' })
})

test('different fields: merged without a question, shown as merged, taken back in one step (S7)', async () => {
  const { square, book } = shared
  const lena = await shared.arrives({ given_name: 'Lena', phone_number: '+12065550140' })
  await goOffline()
  await book.edit('Lena', { Note: 'Allergic to nuts' })
  square.edits(lena, { email_address: 'lena@example.com' })
  await goOnline()
  await book.allIn()
  expect(square.now(lena)).toMatchObject({ note: 'Allergic to nuts', email_address: 'lena@example.com' })
  await expect(book.card).toContainText('lena@example.com')
  await expect(book.card).toContainText('Shown as merged')
  await book.button('Undo', book.card).click()
  await book.allIn()
  await expect.poll(() => square.now(lena)?.note).toBeUndefined()
  expect(square.now(lena)).toMatchObject({ email_address: 'lena@example.com' })
})

test('deleted here, changed in Square: asked with the consequence; kept, then deleted anyway (S7)', async () => {
  const { square, book, page } = shared
  const miro = await shared.arrives({ given_name: 'Miro', phone_number: '+12065550150' })
  await goOffline()
  await book.remove('Miro')
  square.edits(miro, { note: 'Paid a deposit' })
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Miro')
  await expect(
    page.getByRole('heading', { level: 1, name: 'Delete Miro, although they changed?' }),
  ).toBeVisible()
  const different = page.getByRole('region', { name: 'What is different now' })
  await expect(different.getByRole('term')).toHaveText(['Note'])
  await expect(different.getByRole('definition')).toHaveText([
    /Before\s*empty/,
    /In Square now\s*Paid a deposit/,
  ])
  await expect(page.getByText('Deleting unlinks any card on file')).toBeVisible()
  await book.button('Keep Miro').click()
  await book.allIn()
  expect(square.now(miro)).toMatchObject({ note: 'Paid a deposit' })

  await goOffline()
  await book.remove('Miro')
  square.edits(miro, { note: 'Paid all of it' })
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Miro')
  await book.button('Delete Miro anyway').click()
  await book.allIn()
  expect(square.now(miro)).toBeUndefined()
})

test('changed here, deleted in Square: add again makes one new customer, leaving it makes none (S10)', async () => {
  const { square, book, page } = shared
  const nils = await shared.arrives({ given_name: 'Nils', phone_number: '+12065550160' })
  const olga = await shared.arrives({ given_name: 'Olga', phone_number: '+12065550161' })
  await goOffline()
  await book.edit('Nils', { Note: 'Prefers mornings' })
  await book.edit('Olga', { Note: 'Prefers evenings' })
  square.removes(nils)
  square.removes(olga)
  await goOnline()
  await book.needYou(2)
  await book.openQuestion('Nils')
  await expect(page.getByRole('heading', { level: 1, name: 'Nils was deleted in Square' })).toBeVisible()
  await expect(page.getByText('Prefers mornings')).toBeVisible()
  await book.button('Add Nils again').click()
  await book.needYou(1)
  await book.openQuestion('Olga')
  await book.button('Leave Olga deleted').click()
  await book.allIn()
  expect(square.named('Nils')).toMatchObject([{ phone_number: '+12065550160', note: 'Prefers mornings' }])
  expect(square.named('Olga')).toEqual([])
  await book.search.fill('Olga')
  await expect(page.getByText('Nobody here matches “Olga”.')).toBeVisible()
})

test('both delete: done without a question', async () => {
  const { square, book, page } = shared
  const petra = await shared.arrives({ given_name: 'Petra', phone_number: '+12065550170' })
  await goOffline()
  await book.remove('Petra')
  square.removes(petra)
  await goOnline()
  await book.allIn()
  await book.search.fill('Petra')
  await expect(page.getByText('Nobody here matches “Petra”.')).toBeVisible()
})

test('somebody like that is in Square already: asked before anything is added', async () => {
  const { square, book, page } = shared
  await goOffline()
  await book.add({ 'First name': 'Quentin', 'Phone number': '+12065550180' })
  const there = square.adds({ given_name: 'Quentin', family_name: 'Moss', phone_number: '+1 206 555 0180' })
  const before = square.requests().length
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Quentin')
  await expect(page.getByRole('heading', { level: 1, name: 'Is Quentin already in Square?' })).toBeVisible()
  const candidates = page.getByRole('list', { name: 'Customers in Square that could be the same person' })
  await expect(candidates.getByRole('listitem')).toContainText('Same phone number')
  await book.button('This is Quentin Moss', candidates).click()
  await book.allIn()
  expect(square.effects(before).filter(({ kind, by }) => kind === 'create' && by === 'api')).toEqual([])
  expect(square.named('Quentin')).toMatchObject([{ id: there.id, family_name: 'Moss' }])
  await book.search.fill('Quentin')
  await expect(book.row('Quentin')).toHaveCount(1)
})

test('what was typed is not lost in the one who is there: said before, put together, asked where both differ', async () => {
  const { square, book, page } = shared
  const theo = square.adds({
    given_name: 'Theo',
    family_name: 'Park',
    phone_number: '+12065557001',
    note: 'VIP',
  })
  await goOffline()
  await book.add({
    'First name': 'Theodore',
    'Last name': 'Park',
    'Phone number': '206 555 7001',
    Company: 'Park Co',
    Note: 'Allergic to nuts',
  })
  await goOnline()
  await book.needYou(1)
  await book.openQuestion('Theodore')
  const candidates = page.getByRole('list', { name: 'Customers in Square that could be the same person' })
  await expect(candidates).toContainText('First name: Theodore here, Theo in Square - you choose next')
  await expect(candidates).toContainText('Note: VIP and Allergic to nuts are both kept')
  await book.button('This is Theo Park', candidates).click()
  await book.needYou(1)
  await book.openQuestion('Theodore')
  await page.getByRole('radio', { name: /On this PC/ }).click()
  await book.button('Save this for Theodore Park').click()
  await book.allIn()
  expect(square.now(theo)).toMatchObject({
    given_name: 'Theodore',
    company_name: 'Park Co',
    note: 'VIP\nAllergic to nuts',
  })
})

test('two customers merged in Square: what waits for both goes to the one, and one row is left (S10)', async () => {
  const { square, book, page } = shared
  const one = await shared.arrives({ given_name: 'Rosa', family_name: 'Lind', phone_number: '+12065550190' })
  const two = await shared.arrives({
    given_name: 'Rosa',
    family_name: 'Lindh',
    email_address: 'rosa@example.com',
  })
  await goOffline()
  await book.edit('Rosa Lindh', { Nickname: 'Rosie' })
  await book.search.fill('')
  await book.open('Rosa Lind')
  await expect(book.card).toContainText('+12065550190')
  await book.button('Edit', book.card).click()
  await book.fill({ Company: 'Lind Flowers' })
  await book.save()
  const merged = square.merges([one, two])
  await goOnline()
  await book.allIn()
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    /Square merged Rosa Lindh? into Rosa/,
  )
  expect(square.now(merged)).toMatchObject({ nickname: 'Rosie', company_name: 'Lind Flowers' })
  await book.search.fill('Rosa')
  await expect(book.row('Rosa')).toHaveCount(1)
  await book.open('Rosa')
  await expect(book.card).toContainText('+12065550190')
  await expect(book.card).toContainText('rosa@example.com')
  await expect(book.card).toContainText('Square merged Rosa Lindh into this customer')
})
