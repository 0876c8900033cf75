import { expect, test } from '@playwright/test'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { dataPaths } from '#main/config.ts'
import { isFull } from '../storage/how-long.ts'
import { createDisk, limits, type Disk } from '../storage/machine.ts'
import { cleanUp, launchApp, newProfile, type RunningApp } from './support/app.ts'
import { bookPage, connect, type BookPage } from './support/book.ts'
import { draftsIn } from './support/drafts.ts'
import { startSquare, type TestSquare } from './support/square.ts'

const KILLS = isFull ? 15 : 2
const CUTS = isFull ? 6 : 1
/** Room enough for promises: the app makes none below 200 MiB of free space. */
const DISK_MB = 700

let square: TestSquare
const disks: Disk[] = []
test.beforeEach(async () => {
  square = await startSquare([{ given_name: 'Yara', phone_number: '+12065550301' }])
})
test.afterEach(async () => {
  await cleanUp()
  for (const disk of disks.splice(0)) disk.remove()
  await square.close()
})

interface Saving {
  /** Those called "Saved here", in order. */
  readonly saved: readonly string[]
  /** Resolves after the last one, or when the app is gone. */
  end(): Promise<void>
}
/** Saves customers of that round, one after the other. */
function keepSaving(book: BookPage, round: number): Saving {
  const saved: string[] = []
  let goesOn = true
  const run = async () => {
    for (let n = 0; goesOn; n++) {
      const name = `R${round}N${n}`
      await book.add({ 'First name': name, Note: 'x'.repeat((n * 311) % 2_000) })
      saved.push(name)
    }
  }
  const over = run().catch(() => {})
  return { saved, end: () => ((goesOn = false), over) }
}

/** All of them are on this PC, and beside them at most what was being saved when it happened. */
async function expectHere(book: BookPage, saved: readonly string[], rounds: number): Promise<void> {
  await expect(book.sentence).toContainText('saved here', { timeout: 30_000 })
  const count = Number(/(\d+) saved here/.exec((await book.sentence.textContent()) ?? '')?.[1])
  expect(count).toBeGreaterThanOrEqual(saved.length)
  expect(count).toBeLessThanOrEqual(saved.length + rounds)
  for (const name of saved.slice(-3)) {
    await book.search.fill(name)
    await expect(book.row(name).first()).toBeVisible()
  }
  await book.search.fill('')
}

async function expectOnceInSquare(book: BookPage, saved: readonly string[]): Promise<void> {
  await square.setLine(true)
  await book.syncNow()
  await book.allIn()
  for (const name of saved) expect(square.named(name), name).toHaveLength(1)
  expect(square.duplicateKeys()).toEqual([])
}

test('kill -9 while somebody saves, again and again on the same data: all that was called saved is there after each, and arrives once (S1)', async () => {
  test.setTimeout(60_000 + KILLS * 30_000)
  const profile = newProfile()
  let running: RunningApp = await launchApp({ profile, squareUrl: square.url })
  let book = await connect(running.page, square)
  await square.setLine(false)
  const saved: string[] = []
  for (let round = 0; round < KILLS; round++) {
    const saving = keepSaving(book, round)
    await expect.poll(() => saving.saved.length).toBeGreaterThan(1)
    await wait((round * 137) % 700)
    await running.kill()
    await saving.end()
    saved.push(...saving.saved)
    // That a third start which ends so soon would be followed by safe mode is another test's (S24).
    rmSync(dataPaths(profile).starts, { force: true })
    running = await launchApp({ profile, squareUrl: square.url })
    book = bookPage(running.page)
    await expectHere(book, saved, round + 1)
  }
  await expectOnceInSquare(book, saved)
})

for (let round = 0; round < CUTS; round++)
  test(`power cut ${round}, the app and its directory on the disk that is cut: all that was called saved is there, and what somebody typed (S1)`, async () => {
    test.skip(limits.images !== null, limits.images ?? '')
    test.setTimeout(120_000)
    const disk = createDisk(DISK_MB)
    disks.push(disk)
    const running = await launchApp({ profile: join(disk.folder, 'profile'), squareUrl: square.url })
    const book = await connect(running.page, square)
    await expect(book.row('Yara')).toBeVisible()
    await square.setLine(false)
    const first = keepSaving(book, round)
    await expect.poll(() => first.saved.length).toBeGreaterThan(2 + round)
    await first.end()
    await book.startEdit('Yara')
    await book.fill({ Note: `Typed in round ${round}` })
    await expect.poll(() => draftsIn(running.page)).toContain(`Typed in round ${round}`)

    const frozen = processesOn(disk.folder)
    expect(frozen.length).toBeGreaterThan(1)
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    const cut = disk.copy()
    disks.unshift(cut)
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
    await running.kill()

    const after = await launchApp({ profile: join(cut.folder, 'profile'), squareUrl: square.url })
    const found = bookPage(after.page)
    await expectHere(found, first.saved, 1)
    await expect(after.page.getByText(/You were typing Yara at/)).toBeVisible()
    await expectOnceInSquare(found, first.saved)
    await after.kill()
  })

/** Everything that was started for that folder: main, its browser, and whatever those started. */
function processesOn(folder: string): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        // The name of the program is in brackets and may hold anything; the parent is the second word behind it.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return [{ pid: Number(pid), parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }]
      } catch {
        return []
      }
    })
  const found = new Set(all.filter(({ command }) => command.includes(folder)).map(({ pid }) => pid))
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}
