import { expect, test, type Page } from '@playwright/test'
import { setTimeout as wait } from 'node:timers/promises'
import { BURST_MS } from '#renderer/composables/burst-guard.ts'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp()

/** Presses Tab (or Shift+Tab) until that control has the focus; fails when it cannot be reached. */
async function tabTo(page: Page, role: 'button' | 'textbox' | 'radio', name: string, key = 'Tab') {
  const wanted = page.getByRole(role, { name, exact: true })
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${role} "${name}" cannot be reached with ${key}`)
}

/** Presses that key no sooner after the one before than a person does: it is not taken for a scanner's. */
async function pressLater(page: Page, key: string): Promise<void> {
  await wait(2 * BURST_MS)
  await page.keyboard.press(key)
}

test('a whole customer without a mouse: add, find, edit, answer a conflict, delete', async () => {
  const { square, book, page } = shared
  const keys = page.keyboard

  // Add: the search that finds nobody offers the name.
  await expect(book.search).toBeFocused()
  await keys.type('Ingrid Solberg')
  await expect(page.getByText('Nobody here matches “Ingrid Solberg”.')).toBeVisible()
  await keys.press('Enter')
  await expect(book.form.getByLabel('First name')).toBeFocused()
  await expect(book.form.getByLabel('First name')).toHaveValue('Ingrid')
  await tabTo(page, 'textbox', 'Phone number')
  await keys.type('+12065550501')
  await keys.press('Control+Enter')
  await expect(book.card.getByRole('heading', { level: 1 })).toBeFocused()
  await expect
    .poll(() => square.named('Ingrid'))
    .toMatchObject([{ family_name: 'Solberg', phone_number: '+12065550501' }])
  await book.allIn()

  // Find: a letter anywhere begins a search; arrows move, Enter opens.
  await keys.press('/')
  await expect(book.search).toBeFocused()
  await keys.type('Ingr')
  await expect(book.row('Ingrid Solberg')).toBeVisible()
  await keys.press('ArrowDown')
  await keys.press('Enter')
  await expect(book.card.getByRole('heading', { level: 1 })).toBeFocused()

  // Edit: Alt+E, then the field. The same field changes in Square.
  const [ingrid] = square.named('Ingrid')
  if (!ingrid) throw new Error('Ingrid is not in Square')
  await square.setLine(false)
  await pressLater(page, 'Alt+e')
  await expect(book.form.getByLabel('First name')).toBeFocused()
  await tabTo(page, 'textbox', 'Phone number')
  await keys.press('ControlOrMeta+a')
  await keys.type('+12065550502')
  await keys.press('Control+Enter')
  await expect(book.card.getByRole('heading', { level: 1 })).toBeFocused()
  await book.expectOffline()
  square.edits(ingrid, { phone_number: '+12065550503' })
  await square.setLine(true)
  await tabTo(page, 'button', 'Sync now', 'Shift+Tab')
  await keys.press('Enter')
  await book.needYou(1)

  // The conflict: from the bar into the question, 1 is what this PC has.
  await tabTo(page, 'button', '1 needs you', 'Shift+Tab')
  await keys.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /changed in two places/ })).toBeFocused()
  await keys.press('b')
  const choices = page.getByRole('radiogroup', { name: 'Phone number' })
  await expect(choices.getByRole('radio')).toHaveCount(3)
  while (
    !(await choices
      .getByRole('radio')
      .first()
      .evaluate((one) => one === document.activeElement))
  )
    await keys.press('Tab')
  await pressLater(page, '1')
  const save = book.button('Save this for Ingrid Solberg')
  await expect(choices.getByRole('radio', { name: /On this PC/ })).toBeChecked()
  await expect(save).toBeFocused()
  await keys.press('Enter')
  await book.allIn()
  expect(square.now(ingrid)).toMatchObject({ phone_number: '+12065550502' })

  // Delete: Del on the card, the dialog holds the focus and Esc keeps.
  await expect(book.card.getByRole('heading', { level: 1 })).toBeFocused()
  await keys.press('Delete')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await keys.press('Escape')
  await expect(dialog).toBeHidden()
  await keys.press('Delete')
  await tabTo(page, 'button', 'Delete Ingrid Solberg')
  await keys.press('Enter')
  await expect(dialog).toBeHidden()
  await expect.poll(() => square.named('Ingrid')).toEqual([])
  await book.allIn()
  await expect(book.search).toBeFocused()
})

test('the keys of a barcode scanner answer no conflict', async () => {
  const { square, book, page } = shared
  const jens = await shared.arrives({ given_name: 'Jens', phone_number: '+12065550511' })
  await square.setLine(false)
  await book.edit('Jens', { 'Phone number': '+12065550512' })
  square.edits(jens, { phone_number: '+12065550513' })
  await square.setLine(true)
  await book.syncNow()
  await book.needYou(1)
  await book.openQuestion('Jens')
  const choices = page.getByRole('radiogroup', { name: 'Phone number' })
  await choices.getByRole('radio').first().focus()
  // All keys in one go, as a scanner has them, with the moment each was pressed.
  await page.evaluate(() => {
    for (const key of [...'2121212', 'Enter']) {
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      )
    }
  })
  await expect(choices.getByRole('radio', { checked: true })).toHaveCount(0)
  await expect(book.button('Save this for Jens')).toBeDisabled()
  // A press too soon after the burst counts as part of it: a person presses again.
  await expect(async () => {
    await page.keyboard.press('2')
    await expect(choices.getByRole('radio', { name: /In Square now/ })).toBeChecked({ timeout: 500 })
  }).toPass()
  await book.button('Save this for Jens').click()
  await book.allIn()
  expect(square.now(jens)).toMatchObject({ phone_number: '+12065550513' })
})

test('typed right after Alt+N while the window is still starting: it stands in the form', async () => {
  const { book, page } = shared
  await page.goto(page.url().replace(/#.*/, '#/customers'))
  await page.reload()
  await expect(book.search).toBeFocused()
  await page.keyboard.press('Alt+n')
  await page.waitForURL('**/customers/new') // the key has acted; the form's chunk may still be on its way
  await page.keyboard.type('Zora')
  await expect(book.form.getByLabel('First name')).toHaveValue('Zora')
  await expect(book.search).toHaveValue('')
})
