import { expect, test } from '@playwright/test'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanUp, launchApp, newProfile, startAgain, type RunningApp } from './support/app.ts'
import { bookPage, connect } from './support/book.ts'
import { appRuntime } from './support/runtime.ts'
import { startSquare, type TestSquare } from './support/square.ts'

let square: TestSquare
let folder: string
/** The app ends where it would start again: this test starts it. */
const HELD = { STANDIN_RELAUNCH: '0' }
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-files-'))
  square = await startSquare([{ given_name: 'Yara', phone_number: '+12065550301' }])
})
test.afterEach(async () => {
  await cleanUp()
  await square.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The person chooses that file, whatever is asked. */
const choose = ({ app }: RunningApp, file: string) =>
  app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
  }, file)

async function inSettings(one: RunningApp, button: string): Promise<void> {
  await one.page.getByRole('button', { name: 'Settings' }).click()
  await one.page.getByRole('button', { name: button }).click()
}

test('unsent work goes to another PC as a file: there it asks and is not sent, and arrives once (S20)', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await square.setLine(false)
  await book.syncNow()
  await book.expectOffline()
  await book.add({ 'First name': 'Aino', 'Phone number': '+12065550311' })
  await book.edit('Yara', { Note: 'Gluten free' })
  const file = join(folder, 'unsent.json')
  await choose(first, file)
  await inSettings(first, 'Save what is not sent to a file')
  await expect(first.page.getByText('2 changes were saved to the file')).toBeVisible()
  await first.kill()

  await square.setLine(true)
  const second = await launchApp({ profile: newProfile(), squareUrl: square.url })
  const other = await connect(second.page, square)
  await choose(second, file)
  await inSettings(second, 'Take in a file of unsent work')
  await expect(second.page.getByText('2 changes were taken in')).toBeVisible()
  await second.page.getByRole('button', { name: 'Back to the customers' }).click()
  await other.needYou(2)
  await expect(other.row('Aino')).toBeVisible()
  await other.syncNow()
  await other.openQuestion('Aino')
  await expect(
    second.page.getByRole('heading', { name: 'Was what waits for Aino sent already?' }),
  ).toBeVisible()
  expect(square.effects().filter(({ by }) => by === 'api')).toEqual([])
  await second.close()

  const again = await launchApp({ profile, squareUrl: square.url })
  await bookPage(again.page).allIn()
  expect(square.named('Aino')).toHaveLength(1)
  expect(square.named('Yara')).toMatchObject([{ note: 'Gluten free' }])
})

test('three starts that end badly: safe mode looks up and saves nothing; started normally all goes on (S24)', async () => {
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  await connect(first.page, square)
  await first.kill()
  for (let start = 2; start <= 3; start++) {
    const one = await launchApp({ profile, squareUrl: square.url })
    await expect(bookPage(one.page).row('Yara')).toBeVisible()
    await one.kill()
  }

  const safe = await launchApp({ profile, squareUrl: square.url, env: HELD })
  const book = bookPage(safe.page)
  await expect(safe.page.getByText('Counterfoil ended unexpectedly three times')).toBeVisible()
  await expect(book.sentence).toContainText('Safe mode')
  await expect(book.row('Yara')).toBeVisible()
  await book.button('New customer').click()
  await book.fill({ 'First name': 'Nobody', 'Phone number': '+12065550377' })
  await book.button('Save', book.form).click()
  await expect(safe.page.getByText('Not saved: Counterfoil is in safe mode')).toBeVisible()
  const ended = safe.app.waitForEvent('close')
  await book.button('Start normally').click()
  await ended

  const after = await launchApp({ profile, squareUrl: square.url })
  await bookPage(after.page).allIn()
  await expect(after.page.getByText('Safe mode')).toBeHidden()
  expect(square.named('Nobody')).toEqual([])
})

test('a directory that does not open: started again, then put aside and built anew; nothing is lost (S25)', async () => {
  test.skip(
    (await appRuntime()).kind === 'electron',
    'Electron starts itself again, out of this test’s hands',
  )
  const profile = newProfile()
  const first = await launchApp({ profile, squareUrl: square.url })
  const book = await connect(first.page, square)
  await square.setLine(false)
  await book.syncNow()
  await book.expectOffline()
  await book.add({ 'First name': 'Dario', 'Phone number': '+12065550331' })
  await first.kill()
  const databases = spoilDatabases(profile)

  // Twice it ends by itself: to start again, and to start again with the databases put aside.
  const env = { ...HELD, COUNTERFOIL_SANDBOX_URL: square.url }
  for (let start = 1; start <= 2; start++) expect(await startAgain(profile, env)).toBe(0)
  const healed = await launchApp({ profile, squareUrl: square.url, env: HELD })
  const again = bookPage(healed.page)
  await expect(again.row('Dario')).toBeVisible({ timeout: 30_000 })
  expect(existsSync(`${databases}.set-aside-1`)).toBe(true)
  await square.setLine(true)
  await again.syncNow()
  await again.allIn()
  await expect(again.row('Yara')).toBeVisible()
  expect(square.named('Dario')).toHaveLength(1)
})

/** Puts a file where the browser has its databases: it can open none. Answers where that is. */
function spoilDatabases(profile: string): string {
  const found = readdirSync(profile, { recursive: true, withFileTypes: true }).find(
    (entry) => entry.isDirectory() && entry.name === 'IndexedDB',
  )
  if (!found) throw new Error('no databases were found')
  const path = join(found.parentPath, found.name)
  renameSync(path, join(found.parentPath, 'taken-away'))
  writeFileSync(path, 'not a folder')
  return path
}
