import { expect, test, type Page } from '@playwright/test'
import { cleanUp, launchApp, newProfile } from './support/app.ts'
import { COLOURS, violationsOf, WCAG_TAGS, type AxeRules } from './support/axe.ts'
import { bookPage, connect, type BookPage } from './support/book.ts'
import { smallTargets } from './support/small-targets.ts'
import { startSquare, type TestSquare } from './support/square.ts'

const EVERYTHING: AxeRules = { type: 'tag', values: WCAG_TAGS }
const found: string[] = []

/** Looks at the screen in light and in dark, and at the size of all that can be pressed; what is wrong is collected, so that one run names everything. */
async function inspect(page: Page, screen: string): Promise<void> {
  for (const small of await page.evaluate(smallTargets)) found.push(`${screen}: small for a finger: ${small}`)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveClass(new RegExp(`(^|\\s)${colorScheme}(\\s|$)`))
    for (const { rule, nodes } of await violationsOf(page, colorScheme === 'light' ? EVERYTHING : COLOURS)) {
      for (const { target, failureSummary } of nodes)
        found.push(`${screen}, ${colorScheme}: ${rule} at ${target.join(' ')}\n  ${failureSummary ?? ''}`)
    }
  }
}

let square: TestSquare
let page: Page
let book: BookPage

test.beforeAll(async () => {
  square = await startSquare([
    {
      given_name: 'Liv',
      family_name: 'Amundsen',
      phone_number: '+12065550701',
      note: 'Tall',
      birthday: '0000-02-29',
    },
    { given_name: 'Max', phone_number: '+12065550702' },
    { company_name: 'Ōtautahi Bakery', email_address: 'hello@otautahi.example' },
  ])
  ;({ page } = await launchApp({ profile: newProfile(), squareUrl: square.url }))
  book = await connect(page, square)
})
test.afterAll(async () => {
  await cleanUp()
  await square.close()
})
test.beforeEach(() => void (found.length = 0))
test.afterEach(() => expect(found.join('\n')).toBe(''))

test('the list, the card, the delete dialog, a search without a match', async () => {
  await inspect(page, 'list')
  await book.open('Liv')
  await inspect(page, 'card')
  await book.button('Delete', book.card).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await inspect(page, 'delete dialog')
  await page.keyboard.press('Escape')
  await book.search.fill('nobody at all')
  await expect(page.getByText('Nobody here matches')).toBeVisible()
  await inspect(page, 'no match')
  await book.search.fill('')
})

test('the form, with errors and with a hint at somebody alike', async () => {
  await book.button('New customer').click()
  await book.fill({ 'Phone number': '+12065550701', 'E-mail': 'no' })
  await book.button('More address lines', book.form).click()
  await book.button('Save', book.form).click()
  await expect(book.form.getByText('This is not a complete e-mail')).toBeVisible()
  await expect(book.form.getByText('Already here?')).toBeVisible()
  await inspect(page, 'form with errors')
  await page.keyboard.press('Escape')
  await expect(page.getByText('You were adding')).toBeVisible()
  await inspect(page, 'draft offered')
  await book.button('Discard', page.getByRole('region', { name: 'Messages' })).click()
})

test('the pages of settings and of what waits, offline', async () => {
  await book.button('Settings').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await inspect(page, 'settings')
  await page.keyboard.press('Escape')
  await square.setLine(false)
  await book.edit('Max', { Note: 'Comes on Fridays' })
  await book.expectOffline()
  await inspect(page, 'offline')
  await book.button('What waits here').click()
  await expect(page.getByText('1 change waits here')).toBeVisible()
  await inspect(page, 'what waits')
  await page.keyboard.press('Escape')
  await square.setLine(true)
  await book.syncNow()
  await book.allIn()
})

test('every kind of question', async () => {
  const adds = (given_name: string, phone_number: string) =>
    square.adds({ given_name, phone_number, note: 'Old' })
  const conflict = adds('Conflict', '+12065550711')
  const gone = adds('Gone', '+12065550712')
  const changed = adds('Changed', '+12065550713')
  const refused = adds('Refused', '+12065550714')
  await book.syncNow()
  await book.open('Refused')
  await square.setLine(false)
  await book.edit('Conflict', {
    'Phone number': '+12065550721',
    Note: 'Old\nHere',
    'E-mail': 'c@example.com',
  })
  await book.edit('Gone', { Note: 'New' })
  await book.remove('Changed')
  await book.edit('Refused', { 'E-mail': 'r@example.com', Note: 'New' })
  await book.add({ 'First name': 'Twin', 'Phone number': '+12065550715' })
  square.edits(conflict, { phone_number: '+12065550731', note: 'Old\nThere', company_name: 'There Ltd' })
  square.removes(gone)
  square.edits(changed, { note: 'New' })
  square.adds({ given_name: 'Twin', family_name: 'Square', phone_number: '+12065550715' })
  square.fault({
    kind: 'answer',
    method: 'PUT',
    path: `/v2/customers/${refused.id}`,
    status: 400,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify({
      errors: [
        {
          category: 'INVALID_REQUEST_ERROR',
          code: 'INVALID_EMAIL_ADDRESS',
          detail: 'no',
          field: 'email_address',
        },
      ],
    }),
  })
  await square.setLine(true)
  await book.syncNow()
  await book.needYou(5)
  for (const name of ['Conflict', 'Gone', 'Changed', 'Refused', 'Twin']) {
    await book.openQuestion(name)
    await expect(
      page
        .getByRole('heading', { level: 1, name: new RegExp(name) })
        .or(page.getByRole('heading', { level: 1, name: /e-mail/ })),
    ).toBeVisible()
    if (name === 'Conflict') {
      await book.button('Show what it was before').click()
      await page.getByRole('radiogroup', { name: 'Phone number' }).getByRole('radio').first().click()
      await book.button('Write something else').last().click()
      await page.getByRole('button', { name: /combined/ }).click()
    }
    await inspect(page, `question ${name}`)
    await page.keyboard.press('Escape')
  }
  await inspect(page, 'list with questions')
  await book.button('What waits here').click()
  await inspect(page, 'what waits, with questions')
  await book.button('Discard').first().click()
  await inspect(page, 'discarding')
  await page.keyboard.press('Escape')
  await book.button('What happened with Square lately').click()
  await expect(page.getByRole('table')).toContainText('Square answers')
  await inspect(page, 'what happened with Square')
})

test('the start, also with an error, and the practice controls', async () => {
  const other = (await launchApp({ profile: newProfile() })).page
  await inspect(other, 'start')
  await other.getByRole('button', { name: 'Connect to Square' }).click()
  await expect(other.getByRole('alert')).toBeVisible()
  await inspect(other, 'start with an error')
  await other.getByRole('button', { name: 'Try it with a practice store' }).click()
  const practice = bookPage(other)
  await practice.allIn()
  await practice.open('42 North Architects')
  await practice.button('Practice controls').click()
  await expect(other.getByRole('heading', { name: 'Practice controls' })).toBeVisible()
  await inspect(other, 'practice controls')
})
