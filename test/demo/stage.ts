import type { Page } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { launchApp, newProfile, type RunningApp } from '../e2e/support/app.ts'
import { bookPage, type BookPage } from '../e2e/support/book.ts'
import { ROOT } from '../e2e/support/runtime.ts'
import type { TestSquare } from '../e2e/support/square.ts'

/** Something went otherwise than promised; the message says what, in one line. */
export class Deviation extends Error {}

/** What a step of the demo works with. */
export interface Stage {
  readonly square: TestSquare
  /** The running app; `restart` makes it another one. */
  page(): Page
  book(): BookPage
  /** kill -9, then whatever should happen meanwhile, then a new start on the same data. */
  killAndStart(meanwhile: () => void): Promise<void>
  /** Prints a fact that was just found true on screen. */
  app(fact: string): void
  /** Compares with Square's own books; prints the fact or ends the demo. */
  atSquare(fact: string, found: unknown, expected: unknown): void
  /** Ends the demo with that line unless it holds. */
  demand(holds: boolean, otherwise: string): void
  photo(name: string): Promise<void>
}

/** Where the screenshots go: the ignored folder demo/, unless a test wants to keep it as it is. */
export const PHOTOS = process.env['COUNTERFOIL_DEMO_PHOTOS'] ?? join(ROOT, 'demo')

/** Starts the app on a fresh profile for that Square. */
export async function openStage(square: TestSquare, tell: (line: string) => void): Promise<Stage> {
  mkdirSync(PHOTOS, { recursive: true })
  const profile = newProfile()
  const start = () => launchApp({ profile, squareUrl: square.url })
  let running: RunningApp = await start()
  let photos = 0
  const demand = (holds: boolean, otherwise: string) => {
    if (!holds) throw new Deviation(otherwise)
  }
  return {
    square,
    page: () => running.page,
    book: () => bookPage(running.page),
    async killAndStart(meanwhile) {
      await running.kill()
      meanwhile()
      running = await start()
    },
    app: (fact) => tell(`   ✓ app     ${fact}`),
    atSquare(fact, found, expected) {
      demand(
        isDeepStrictEqual(found, expected),
        `at Square: ${fact}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
      )
      tell(`   ✓ Square  ${fact}`)
    },
    demand,
    async photo(name) {
      photos += 1
      const path = join(PHOTOS, `${String(photos).padStart(2, '0')}-${name}.png`)
      await running.page.screenshot({ path })
    },
  }
}
