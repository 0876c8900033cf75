import { expect, test } from '@playwright/test'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cleanUp, launchApp, newProfile, startAgain } from './support/app.ts'
import { bookPage, connect } from './support/book.ts'
import { draftsIn } from './support/drafts.ts'
import { startSquare, type TestSquare } from './support/square.ts'

let square: TestSquare
test.beforeEach(async () => {
  square = await startSquare([
    { given_name: 'Yara', phone_number: '+12065550301' },
    { given_name: 'Zeno', phone_number: '+12065550302' },
  ])
})
test.afterEach(async () => {
  await cleanUp()
  await square.close()
})

/** Resolves once Square has been asked that. */
const asked = (method: string) =>
  expect.poll(() => square.requests().filter((one) => one.method === method).length).toBeGreaterThan(0)

test('kill -9 while Square is answering: nothing is lost and everything arrives exactly once (S1, S4, S8, S9)', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await square.setLine(false)
  await book.syncNow()
  await book.expectOffline()
  await book.add({ 'First name': 'Aino', 'Phone number': '+12065550311' })
  await book.edit('Yara', { Note: 'Gluten free' })
  await book.edit('Zeno', { 'Phone number': '+12065550399' })
  await book.add({ 'First name': 'Bram', 'E-mail': 'bram@example.com' })

  // Square does what it is asked and takes its time with the answers: the app dies waiting for them.
  square.fault(
    { kind: 'delay', ms: 60_000, method: 'POST', path: '/v2/customers', skip: 1, times: 9 },
    { kind: 'delay', ms: 60_000, method: 'PUT', times: 9 },
  )
  await square.setLine(true)
  await book.syncNow()
  await asked('PUT')
  await first.kill()
  square.clearFaults()

  const second = await launchApp({ profile, squareUrl: square.url })
  const again = bookPage(second.page)
  await again.allIn()
  expect(square.named('Aino')).toHaveLength(1)
  expect(square.named('Bram')).toHaveLength(1)
  expect(square.named('Yara')).toMatchObject([{ note: 'Gluten free' }])
  expect(square.named('Zeno')).toMatchObject([{ phone_number: '+12065550399' }])
  expect(square.duplicateKeys()).toEqual([])
  const writes = square.effects().filter(({ by }) => by === 'api')
  expect(writes.map(({ kind }) => kind).sort()).toEqual(['create', 'create', 'update', 'update'])
})

test('kill -9 right after "Saved here", with the line down: it is all there after the start (S1)', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await square.setLine(false)
  await book.add({ 'First name': 'Cleo', 'Phone number': '+12065550321' })
  await expect(book.status('Saved here').or(book.status('Sending'))).toBeVisible()
  await first.kill()

  const second = await launchApp({ profile, squareUrl: square.url })
  const again = bookPage(second.page)
  await expect(again.row('Cleo')).toBeVisible()
  await expect(again.sentence).toContainText('1 saved here')
  await square.setLine(true)
  await again.syncNow()
  await again.allIn()
  expect(square.named('Cleo')).toHaveLength(1)
})

test('kill -9 while somebody types: continued where they left off, saved once', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await book.startEdit('Yara')
  await book.fill({ Note: 'Wants the blue one', 'Phone number': '+1206' })
  // A draft is kept a moment after the last key: seen where the app keeps it.
  await expect
    .poll(() => draftsIn(first.page), { message: 'the draft reaches the disk of this PC' })
    .toContain('Wants the blue one')
  await first.kill()

  const second = await launchApp({ profile, squareUrl: square.url })
  const again = bookPage(second.page)
  await expect(second.page.getByText(/You were typing Yara at/)).toBeVisible()
  await again.button('Continue where you left off').click()
  await expect(again.form.getByLabel('Note', { exact: true })).toHaveValue('Wants the blue one')
  await expect(again.form.getByLabel('Phone number')).toHaveValue('+1206')
  await again.fill({ 'Phone number': '+12065550309' })
  await again.save()
  await expect
    .poll(() => square.named('Yara'))
    .toMatchObject([{ note: 'Wants the blue one', phone_number: '+12065550309' }])
  await expect(second.page.getByText(/You were typing/)).toBeHidden()
})

test('kill -9 over a question that is answered half: the answers are there again, only what Square moved is asked anew (S12)', async () => {
  const zeno = square.named('Zeno')[0]!
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await square.setLine(false)
  await book.syncNow()
  await book.expectOffline()
  await book.edit('Zeno', { 'Phone number': '+12065550341', 'E-mail': 'zeno@here.example', Company: 'Here' })
  square.edits(zeno, {
    phone_number: '+12065550342',
    email_address: 'zeno@square.example',
    company_name: 'In Square',
  })
  await square.setLine(true)
  await book.syncNow()
  await book.needYou(1)
  await book.openQuestion('Zeno')
  const choice = (page: typeof first.page, field: string) => page.getByRole('radiogroup', { name: field })
  await choice(first.page, 'Phone number')
    .getByRole('radio', { name: /On this PC/ })
    .click()
  const email = first.page.getByRole('region', { name: 'E-mail', exact: true })
  await book.button('Write something else', email).click()
  await email.getByLabel('Your own: E-mail').fill('zeno@third.example')
  await expect
    .poll(() => draftsIn(first.page, 'answers'), { message: 'the answers reach the disk of this PC' })
    .toContain('zeno@third.example')
  await first.kill()
  // While the app is away a colleague changes one of the two that were answered.
  square.edits(zeno, { phone_number: '+12065550343' })

  const second = await launchApp({ profile, squareUrl: square.url })
  const again = bookPage(second.page)
  await again.needYou(1)
  await again.openQuestion('Zeno')
  await expect(second.page.getByLabel('Your own: E-mail')).toHaveValue('zeno@third.example')
  await choice(second.page, 'Company')
    .getByRole('radio', { name: /In Square now/ })
    .click()
  const phone = choice(second.page, 'Phone number')
  const confirm = again.button('Save this for Zeno')
  // Where the newest change is known already the phone is asked at once, else after what was answered has been to Square.
  if ((await phone.getByRole('radio', { checked: true }).count()) === 0)
    await phone.getByRole('radio', { name: /In Square now/ }).click()
  await confirm.click()
  await expect(async () => {
    const all = square.named('Zeno')[0]!
    if (all.email_address !== 'zeno@third.example' && (await again.button('1 needs you').isVisible())) {
      await again.openQuestion('Zeno')
      // Replaced in the very second in which it was answered, it was not: then all that was answered still stands there.
      if ((await choice(second.page, 'E-mail').count()) > 0)
        await expect(second.page.getByLabel('Your own: E-mail')).toHaveValue('zeno@third.example', {
          timeout: 1_000,
        })
      await phone.getByRole('radio', { name: /In Square now/ }).click({ timeout: 1_000 })
      await confirm.click({ timeout: 1_000 })
    }
    expect(square.named('Zeno')).toMatchObject([
      { phone_number: '+12065550343', email_address: 'zeno@third.example', company_name: 'In Square' },
    ])
  }).toPass({ timeout: 30_000 })
  await again.allIn()
  expect(await draftsIn(second.page, 'answers')).not.toContain('zeno@third.example')
})

test('the list on this PC is gone: built again, what waits is still there, and one line says so (S15, S20)', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await square.setLine(false)
  await book.syncNow()
  await book.expectOffline()
  await book.add({ 'First name': 'Dario', 'Phone number': '+12065550331' })
  await book.edit('Zeno', { Note: 'Pays at the end of the month' })
  await first.kill()
  wipeDirectories(profile)

  const second = await launchApp({ profile, squareUrl: square.url })
  const again = bookPage(second.page)
  await expect(again.row('Dario')).toBeVisible()
  await expect(second.page.getByText('Nothing you saved is lost.')).toHaveCount(1)
  await expect(again.sentence).toContainText('2 saved here')
  await square.setLine(true)
  await again.syncNow()
  await again.allIn()
  await expect(again.row('Yara')).toBeVisible()
  expect(square.named('Dario')).toHaveLength(1)
  expect(square.named('Zeno')).toMatchObject([{ note: 'Pays at the end of the month' }])
})

test('a second start shows the first window and ends; one app is left', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  await connect(first.page, square)
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  expect(await startAgain(profile)).toBe(0)
  await expect
    .poll(() => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true)
  await expect(bookPage(first.page).row('Yara')).toBeVisible()
})

/** Removes every IndexedDB below a profile, as a cleaning tool or a broken disk would. */
function wipeDirectories(profile: string): void {
  const folders = readdirSync(profile, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name === 'IndexedDB',
  )
  if (folders.length === 0) throw new Error('no IndexedDB was found to remove')
  for (const { parentPath, name } of folders) rmSync(join(parentPath, name), { recursive: true, force: true })
}
