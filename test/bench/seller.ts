import { expect, type Page } from '@playwright/test'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createPracticeModel } from '#practice/model.ts'
import { DEFAULT_MERCHANT, PRACTICE_TOKEN } from '#practice/options.ts'
import { seedMany } from '#practice/seed.ts'
import { startPracticeServer, type PracticeServer } from '#practice/server.ts'
import { newSquareId } from '#practice/square-id.ts'

/** IndexedDB's name of the directory of the seller that is signed in here. */
export const DIRECTORY = `counterfoil-sandbox-${DEFAULT_MERCHANT.id}`

/** A Square with that many customers, the same ones each time. */
export async function startBigSquare(customers: number): Promise<PracticeServer> {
  const model = createPracticeModel({ newId: () => newSquareId(randomInt) })
  seedMany(model, customers, 1, Date.now() - 86_400_000)
  const started = await startPracticeServer({ model, now: Date.now })
  if (started.kind === 'failed') throw new Error(`no port for the practice Square: ${started.detail}`)
  return started.server
}

/** Puts our functions into the page; afterwards `inPage` can call them. */
export async function enterPage(page: Page, script: string): Promise<void> {
  await page.evaluate(`${readFileSync(script, 'utf8')}\nglobalThis.bench = bench`)
}

/** Calls a function of `page/index.ts` there; arguments and answer are JSON. */
export async function inPage<T>(page: Page, name: string, ...args: readonly unknown[]): Promise<T> {
  const call = args.map((argument) => JSON.stringify(argument)).join(', ')
  return await page.evaluate(`globalThis.bench.${name}(${call})`)
}

/** Fills the sign-in; what is left is the button that is returned. */
export async function readyToSignIn(page: Page) {
  await page.getByRole('radio', { name: /Sandbox/ }).check()
  await page.getByLabel('Access token').fill(PRACTICE_TOKEN)
  return page.getByRole('button', { name: 'Connect to Square' })
}

/** Waits until nothing is left to send. */
export async function allInSquare(page: Page): Promise<void> {
  const sentence = page.getByRole('banner').getByRole('status')
  await expect(sentence).toContainText('everything is in Square', { timeout: 300_000 })
}
