// `npm run screenshots`: the pictures of the README, and with `--look` a set to look through in demo/look/.
import type { Page } from '@playwright/test'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale } from '../../build/build-app.mjs'
import { cleanUp, launchApp, newProfile } from './support/app.ts'
import { connect, type BookPage } from './support/book.ts'
import { refuse, ROOT, runtimeFor } from './support/runtime.ts'
import { startSquare, type TestSquare } from './support/square.ts'

const COMMAND = 'npm run screenshots'
const LOOK = process.argv.includes('--look')
const README = join(ROOT, 'docs', 'screenshots')
const LOOK_FOLDER = join(ROOT, 'demo', 'look')
const SIZE = { width: 1280, height: 800 }

async function main(): Promise<void> {
  await runtimeFor(COMMAND)
  if (process.env['COUNTERFOIL_APP'] === undefined) {
    const built = await buildIfStale(ROOT, console.log)
    if (built.kind === 'failed') refuse(COMMAND, `the app could not be built.\n${built.output.trimEnd()}`)
  }
  mkdirSync(README, { recursive: true })
  const square = await startSquare('sixty')
  try {
    const { page } = await launchApp({ profile: newProfile(), squareUrl: square.url })
    await page.setViewportSize(SIZE)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    if (LOOK) {
      rmSync(LOOK_FOLDER, { recursive: true, force: true })
      mkdirSync(LOOK_FOLDER, { recursive: true })
      await look(page, 'start')
    }
    const book = await connect(page, square)
    await readmePictures(page, book, square)
    if (LOOK) await lookThrough(page, book, square)
  } finally {
    await cleanUp()
    await square.close()
  }
}

async function readmePictures(page: Page, book: BookPage, square: TestSquare): Promise<void> {
  const shoot = (name: string) => page.screenshot({ path: join(README, `${name}.png`) })
  const eleanor = byName(square, 'Eleanor')
  await book.search.fill('whit')
  await book.row('Eleanor Whitfield').click()
  await shoot('list-and-card')

  await goDark(page)
  await shoot('dark')
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })

  await square.setLine(false)
  await book.add({ 'First name': 'Ines', 'Last name': 'Whitfield', 'Phone number': '+12065550171' })
  await book.edit('Eleanor', {
    'Phone number': '+12065550191',
    Note: 'Orders by phone on Fridays.\nCall back if the line drops.\nLeave it with Marcus.\n\nPrefers paper receipts.',
  })
  await book.edit('Benjamin', { Nickname: 'Ben' })
  await book.expectOffline()
  await book.search.fill('')
  await book.open('Ines')
  await book.search.fill('whit')
  await shoot('offline')

  square.edits(eleanor, {
    phone_number: '+12065550192',
    email_address: 'eleanor@example.com',
    note: 'Orders by phone on Fridays and Tuesdays.\nCall back if the line drops.\n\nPrefers paper receipts.',
  })
  await square.setLine(true)
  await book.syncNow()
  await book.needYou(1)
  await book.openQuestion('Eleanor')
  await page.getByRole('radiogroup', { name: 'Phone number' }).getByRole('radio').first().click()
  await shoot('conflict')
}

async function lookThrough(page: Page, book: BookPage, square: TestSquare): Promise<void> {
  await looks(page, 'conflict')
  await book.button('Show what it was before').click()
  await look(page, 'conflict-before')
  await page.setViewportSize({ width: 1366, height: 768 })
  await look(page, 'conflict-1366')
  await page.setViewportSize({ width: 1024, height: 768 })
  await look(page, 'conflict-1024')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await look(page, 'conflict-1920')
  await page.setViewportSize(SIZE)
  await page.keyboard.press('Escape')
  await look(page, 'card-with-question')
  await book.search.fill('')
  await page.keyboard.press('Escape')
  await looks(page, 'list')

  await book.button('New customer').click()
  await book.fill({ 'First name': 'Max', 'Phone number': '12', 'E-mail': 'no' })
  await book.button('Save', book.form).click()
  await looks(page, 'form-with-errors')
  await page.keyboard.press('Escape')
  await look(page, 'draft-offered')
  await book.button('Discard', page.getByRole('region', { name: 'Messages' })).click()
  await book.button('Settings').click()
  await looks(page, 'settings')
  await page.keyboard.press('Escape')
  await book.button('What waits here').click()
  await looks(page, 'waiting')
  await page.keyboard.press('Escape')

  await book.open('Eleanor')
  await book.button('Delete', book.card).click()
  await looks(page, 'delete')
  await page.keyboard.press('Escape')

  const long = square.adds({
    given_name: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley',
    family_name:
      'Adolph Blaine Charles David Earl Frederick Gerald Hubert Irvin John Kenneth Lloyd Martin Nero',
    company_name:
      'Vereinigung der Freundinnen und Freunde der Donaudampfschifffahrtsgesellschaft in Niederösterreich',
    email_address: `${'a-very-long-mailbox-name.'.repeat(6)}x@example.com`,
    note: 'x'.repeat(400),
  })
  square.adds({
    given_name: 'محمد',
    family_name: 'الفارسي',
    phone_number: '+966555550199',
    note: 'يفضل الشاي',
  })
  await book.syncNow()
  await book.search.fill('Wolfe')
  await book.row('Wolfe').click()
  await looks(page, 'long-name')
  await book.button('Edit', book.card).click()
  await look(page, 'long-name-form')
  await page.keyboard.press('Escape')
  await square.setLine(false)
  await book.edit('Wolfe', { Note: 'y'.repeat(300) })
  square.edits(long, { note: 'z'.repeat(300) })
  await square.setLine(true)
  await book.syncNow()
  await book.needYou(2)
  await book.openQuestion('Wolfe')
  await look(page, 'long-name-conflict')
  await page.keyboard.press('Escape')
  await book.search.fill('الفارسي')
  await book.row('الفارسي').click()
  await look(page, 'arabic')
  await book.search.fill('')
  await book.search.focus()
  for (let row = 0; row < 45; row += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await look(page, 'other-scripts')

  await book.open('Eleanor')
  await page.setViewportSize({ width: 1366, height: 768 })
  await looks(page, 'card-1366')
  await page.setViewportSize({ width: 1024, height: 768 })
  await look(page, 'card-1024')
  await page.setViewportSize({ width: 800, height: 600 })
  await look(page, 'card-800')
  await page.keyboard.press('Escape')
  await look(page, 'list-800')
  await touch(page, true)
  await page.setViewportSize({ width: 1024, height: 768 })
  await book.open('Eleanor')
  await look(page, 'card-1024-touch')
  await touch(page, false)
  // 200 % zoom of 1366 x 768 leaves half of it in each direction.
  await page.setViewportSize({ width: 683, height: 384 })
  await look(page, 'card-zoom-200')
  await book.button('Edit', book.card).click()
  await look(page, 'form-zoom-200')
  await page.keyboard.press('Escape')
  await book.button('Answer it', book.card).click()
  await look(page, 'conflict-zoom-200')
}

const look = (page: Page, name: string) => page.screenshot({ path: join(LOOK_FOLDER, `${name}.png`) })

/** A picture taken while the colours change shows half of each. */
async function goDark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.locator('html.dark').waitFor()
  await page.waitForTimeout(300)
}

/** The same in light and in dark. */
async function looks(page: Page, name: string): Promise<void> {
  await look(page, name)
  await goDark(page)
  await look(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

/** A finger instead of a mouse, as far as the page can tell. */
async function touch(page: Page, on: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: on, maxTouchPoints: 1 })
}

function byName(square: TestSquare, givenName: string) {
  const [customer] = square.named(givenName)
  if (!customer) throw new Error(`nobody is called ${givenName}`)
  return customer
}

let code = 0
try {
  await main()
} catch (error) {
  console.error(error)
  code = 1
}
process.exit(code)
