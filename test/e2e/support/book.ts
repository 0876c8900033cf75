import { expect, type Locator, type Page } from '@playwright/test'
import type { TestSquare } from './square.ts'

/** The labels of the form that are filled by typing. */
export type FormLabel =
  | 'First name'
  | 'Last name'
  | 'Phone number'
  | 'E-mail'
  | 'Company'
  | 'Nickname'
  | 'Note'
  | 'Street and number'
  | 'Postcode'
  | 'Town'
  | 'Reference'
export type Typed = Readonly<Partial<Record<FormLabel, string>>>
export type StatusWord = 'Saved here' | 'Sending' | 'In Square' | 'Needs you'

/** The screens in the words that stand on them. */
export function bookPage(page: Page) {
  const search = page.getByRole('searchbox', { name: 'Search customers' })
  const sentence = page.getByRole('banner').getByRole('status')
  const card = page.getByRole('article', { name: 'Customer card' })
  const form = page.getByRole('form')
  const row = (name: string) => page.getByRole('option').filter({ hasText: name })
  const button = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole('button', { name, exact: typeof name === 'string' })

  async function open(name: string): Promise<void> {
    if (await page.getByRole('button', { name: 'Back to the customers' }).isVisible())
      await button('Back to the customers').click()
    await search.fill(name)
    await row(name).first().click()
    await expect(card.getByRole('heading', { level: 1 })).toContainText(name)
  }
  async function fill(typed: Typed): Promise<void> {
    for (const [label, text] of Object.entries(typed))
      await form.getByLabel(label, { exact: true }).fill(text)
  }
  async function save(): Promise<void> {
    await button('Save', form).click()
    await expect(form).toBeHidden()
  }
  return {
    page,
    search,
    sentence,
    card,
    form,
    row,
    button,
    open,
    fill,
    save,
    /** Types a new customer and saves; the card is then open. */
    async add(typed: Typed): Promise<void> {
      await button('New customer').click()
      await fill(typed)
      await save()
    },
    async startEdit(name: string): Promise<void> {
      await open(name)
      await button('Edit', card).click()
      await expect(form).toBeVisible()
    },
    async edit(name: string, typed: Typed): Promise<void> {
      await open(name)
      await button('Edit', card).click()
      await fill(typed)
      await save()
    },
    async remove(name: string): Promise<void> {
      await open(name)
      await button('Delete', card).click()
      await button(new RegExp(`^Delete .*${name}`), page.getByRole('dialog')).click()
      await expect(page.getByRole('dialog')).toBeHidden()
    },
    syncNow: () => button('Sync now').click(),
    /** The status on the open card. */
    status: (word: StatusWord) => card.locator('[data-status]').filter({ hasText: word }),
    /** Waits until nothing is left to send. */
    allIn: () => expect(sentence).toContainText('everything is in Square', { timeout: 30_000 }),
    /** Waits for the bar to say so many questions are open. */
    needYou: (n: number) =>
      expect(button(n === 1 ? '1 needs you' : `${n} need you`)).toBeVisible({ timeout: 30_000 }),
    /** Opens the question of that customer. */
    async openQuestion(name: string): Promise<void> {
      await open(name)
      await button('Answer it', card).click()
    },
    async expectOffline(): Promise<void> {
      await expect(sentence).toContainText('Offline', { timeout: 30_000 })
    },
  }
}
export type BookPage = ReturnType<typeof bookPage>

/** Signs in to that Square as the sandbox, with a pasted token, and waits for the list. */
export async function connect(page: Page, square: TestSquare): Promise<BookPage> {
  await page.getByRole('radio', { name: /Sandbox/ }).check()
  await page.getByLabel('Access token').fill(square.token)
  await page.getByRole('button', { name: 'Connect to Square' }).click()
  const book = bookPage(page)
  await book.allIn()
  return book
}
