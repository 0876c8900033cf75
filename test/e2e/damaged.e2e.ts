import { expect, test } from '@playwright/test'
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isFull } from '../storage/how-long.ts'
import { cleanUp, launchApp, newProfile } from './support/app.ts'
import { bookPage, connect } from './support/book.ts'
import { startSquare, type TestSquare } from './support/square.ts'

/** What a broken disk, a cleaning tool or a power cut makes of the browser's files. */
const DAMAGES: Readonly<Record<string, (folder: string) => void>> = {
  'a byte of its log is another one': (folder) =>
    change(folder, /\.log$/, (bytes) => {
      const at = Math.floor(bytes.length / 2)
      bytes[at]! ^= 0xff
      return bytes
    }),
  'its list of files is empty': (folder) => change(folder, /^MANIFEST-/, () => Buffer.alloc(0)),
  'its log is cut in the middle': (folder) =>
    change(folder, /\.log$/, (bytes) => bytes.subarray(0, bytes.length / 2)),
  'the end of its log is zeros': (folder) =>
    change(folder, /\.log$/, (bytes) => bytes.fill(0, Math.floor(bytes.length * 0.6))),
  'the name of its list of files is gone': (folder) => change(folder, /^CURRENT$/, () => Buffer.alloc(0)),
  'its log is gone': (folder) => each(folder, /\.log$/, (path) => rmSync(path)),
  'its log is nonsense': (folder) =>
    change(folder, /\.log$/, (bytes) => Buffer.from(bytes.map((byte, at) => byte ^ ((at * 31) & 0xff)))),
}
const CASES = Object.keys(DAMAGES).slice(0, isFull ? undefined : 2)

let square: TestSquare
let sound: string
test.beforeAll(async () => {
  test.setTimeout(120_000)
  square = await startSquare([
    { given_name: 'Yara', phone_number: '+12065550301' },
    { given_name: 'Zeno', phone_number: '+12065550302' },
  ])
  sound = newProfile()
  const { page, close } = await launchApp({ profile: sound, squareUrl: square.url })
  const book = await connect(page, square)
  await square.setLine(false)
  await book.add({ 'First name': 'Dario', 'Phone number': '+12065550331' })
  await book.add({ 'First name': 'Edda', Note: 'Blue, not green. '.repeat(100) })
  await book.edit('Zeno', { Note: 'Pays at the end of the month' })
  await close()
})
test.afterAll(async () => {
  await cleanUp()
  await square.close()
})

for (const name of CASES)
  test(`the browser’s files are damaged, ${name}: all that was saved is there, and the list is built again (S15, S20, S25)`, async () => {
    const profile = newProfile()
    cpSync(sound, profile, { recursive: true })
    const folders = levelFolders(profile)
    expect(folders.length).toBeGreaterThan(0)
    for (const folder of folders) DAMAGES[name]!(folder)

    const { page, kill } = await launchApp({ profile, squareUrl: square.url })
    const book = bookPage(page)
    await expect(book.sentence).toContainText('3 saved here', { timeout: 60_000 })
    for (const saved of ['Dario', 'Edda']) await expect(book.row(saved)).toBeVisible()
    // Everybody else comes again from Square, which takes nothing as yet: the next copy has the same to send.
    square.fault(
      { kind: 'storm', method: 'POST', path: '/v2/customers$' },
      { kind: 'storm', method: 'PUT', path: '/v2/customers/' },
    )
    await square.setLine(true)
    await book.syncNow()
    await expect(book.row('Yara')).toBeVisible({ timeout: 30_000 })
    await square.setLine(false)
    await kill()
    square.clearFaults()
    expect(square.effects().filter(({ by }) => by === 'api')).toEqual([])
  })

test('what was saved arrives once, whichever of the damaged copies sends it', async () => {
  const profile = newProfile()
  cpSync(sound, profile, { recursive: true })
  for (const folder of levelFolders(profile)) DAMAGES[CASES[0]!]!(folder)
  await square.setLine(true)
  const { page } = await launchApp({ profile, squareUrl: square.url })
  await bookPage(page).allIn()
  for (const saved of ['Dario', 'Edda', 'Zeno']) expect(square.named(saved), saved).toHaveLength(1)
  expect(square.named('Zeno')).toMatchObject([{ note: 'Pays at the end of the month' }])
})

function levelFolders(profile: string): string[] {
  return readdirSync(profile, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.endsWith('.indexeddb.leveldb'))
    .map(({ parentPath, name }) => join(parentPath, name))
}
function each(folder: string, names: RegExp, damage: (path: string) => void): void {
  const found = readdirSync(folder).filter((name) => names.test(name))
  if (found.length === 0) throw new Error(`no ${names} among ${readdirSync(folder).join(', ')}`)
  for (const name of found) damage(join(folder, name))
}
function change(folder: string, names: RegExp, into: (bytes: Buffer) => Buffer): void {
  each(folder, names, (path) => {
    const bytes = into(readFileSync(path))
    truncateSync(path)
    writeFileSync(path, bytes)
  })
}
