import { expect, test, type Page } from '@playwright/test'
import type { WireChanges, WireCustomer, WireFields } from '#practice/wire.ts'
import { cleanUp, launchApp, newProfile, type RunningApp } from './app.ts'
import { bookPage, connect, type BookPage } from './book.ts'
import { startSquare, type TestSquare } from './square.ts'

export interface SharedApp {
  readonly square: TestSquare
  readonly page: Page
  readonly book: BookPage
  readonly running: RunningApp
  /** A colleague adds somebody, and the app has heard of it. */
  arrives(fields: WireChanges): Promise<WireCustomer>
}

/**
 * One app, signed in to one Square, for all tests of a file. Each test makes customers of its own; before each the line
 * is up, no fault waits and the list is on screen.
 */
export function shareApp(people: readonly WireFields[] = []): SharedApp {
  let square: TestSquare | undefined
  let running: RunningApp | undefined

  test.beforeAll(async () => {
    square = await startSquare(people)
    running = await launchApp({ profile: newProfile(), squareUrl: square.url })
    await connect(running.page, square)
  })
  test.beforeEach(async () => {
    square?.clearFaults()
    await square?.setLine(true)
    if (!running) return
    await running.page.goto(`${running.page.url().split('#')[0]}#/customers`)
    await bookPage(running.page).search.fill('')
  })
  test.afterAll(async () => {
    await cleanUp()
    await square?.close()
  })

  return {
    get square() {
      return started(square)
    },
    get running() {
      return started(running)
    },
    get page() {
      return started(running).page
    },
    get book() {
      return bookPage(started(running).page)
    },
    async arrives(fields) {
      const customer = started(square).adds(fields)
      const book = bookPage(started(running).page)
      await book.syncNow()
      const name = [fields.given_name, fields.family_name].filter(Boolean).join(' ')
      await book.search.fill(name)
      await expect(book.row(name).first()).toBeVisible()
      return customer
    },
  }
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the shared app is started before the first test')
  return value
}
