import { expect, test } from '@playwright/test'
import { draftsIn } from './support/drafts.ts'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp()

/** What the API of Square changed since then, as words. */
const changed = (since: number) =>
  shared.square
    .effects(since)
    .filter(({ by }) => by === 'api')
    .map(({ kind }) => kind)

test('Save clicked twice, Enter pressed twice, saved while saving: one promise, one effect', async () => {
  const { square, book, page } = shared
  const before = square.requests().length
  await book.button('New customer').click()
  await book.fill({ 'First name': 'Dora', 'Phone number': '+12065550501' })
  await book.button('Save', book.form).dblclick()
  await expect(book.form).toBeHidden()
  await book.button('New customer').click()
  await book.fill({ 'First name': 'Egon' })
  await book.form.getByLabel('First name', { exact: true }).press('Control+Enter')
  await page.keyboard.press('Control+Enter')
  await expect(book.form).toBeHidden()
  await book.allIn()
  expect(changed(before)).toEqual(['create', 'create'])
  expect(square.named('Dora')).toHaveLength(1)
  expect(square.named('Egon')).toHaveLength(1)
})

test('the page is loaded again in the middle of a save: saved once, or still typed in, never twice', async () => {
  const { square, book, page } = shared
  const finn = await shared.arrives({ given_name: 'Finn', phone_number: '+12065550511' })
  const before = square.requests().length
  await book.startEdit('Finn')
  await book.fill({ Note: 'Half past nine' })
  await expect.poll(() => draftsIn(page)).toContain('Half past nine')
  await page.evaluate(() => {
    const save = [...document.querySelectorAll<HTMLButtonElement>('form button')].find(
      ({ textContent }) => textContent.trim() === 'Save',
    )
    if (!save) throw new Error('there is no Save')
    save.click()
    location.reload()
  })
  // Where the page died before it knew of its save, what was typed stands in the form again: saved again, it is the same.
  const typed = book.form.getByLabel('Note', { exact: true })
  const isTyped = async () => (await typed.count()) === 1 && (await typed.inputValue()) === 'Half past nine'
  const isSaved = () => square.now(finn)?.note === 'Half past nine'
  await expect.poll(async () => isSaved() || (await isTyped()), { timeout: 30_000 }).toBe(true)
  if (await isTyped()) await book.save()
  await book.allIn()
  expect(isSaved()).toBe(true)
  expect(changed(before)).toEqual(['update'])
})

test('the browser keeps the directory for good: it is not thrown away when the disk gets full', async () => {
  expect(await shared.page.evaluate(() => navigator.storage.persisted())).toBe(true)
})

// The last one: the driver does not get over a page that crashed.
test('the page crashes while somebody types: it comes back with what was typed, and main never stopped', async () => {
  const { square, book, page, running } = shared
  const gerd = await shared.arrives({ given_name: 'Gerd', phone_number: '+12065550521' })
  await square.setLine(false)
  await book.edit('Gerd', { Note: 'saved before the crash' })
  await book.startEdit('Gerd')
  await book.fill({ Nickname: 'typed before the crash' })
  await expect.poll(() => draftsIn(page)).toContain('typed before the crash')
  await running.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
  const typedIn = () =>
    running.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      try {
        return (await contents?.executeJavaScript(
          '[...document.querySelectorAll("input")].map((input) => input.value).join()',
        )) as string
      } catch {
        return ''
      }
    })
  await expect.poll(typedIn, { timeout: 30_000 }).toContain('typed before the crash')
  await square.setLine(true)
  await expect.poll(() => square.now(gerd)?.note, { timeout: 60_000 }).toBe('saved before the crash')
  expect(square.now(gerd)?.nickname).toBeUndefined()
})
