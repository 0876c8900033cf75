import AxeBuilder from '@axe-core/playwright'
import { chromium, type Browser, type Page } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { findBrowser, mustRunWithoutSandbox } from '../../../build/browser.mjs'
import { servePreview } from './serve.ts'
import { SHOTS, type Shot } from './shots.ts'

/**
 * Looks at every screen: `tsx test/renderer/preview/look.ts <folder> [part of a name]` takes the screenshots, runs axe
 * on each, light and dark, and ends non-zero on a violation, a console error or a blocked style.
 */
const [folder = 'test-results/screens', only = ''] = process.argv.slice(2)

const SIZES = {
  till: { viewport: { width: 1366, height: 768 } },
  office: { viewport: { width: 1180, height: 768 } },
  touch: { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true },
  narrow: { viewport: { width: 820, height: 1000 } },
  zoom: { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 },
} as const

type AxeRules = NonNullable<Parameters<AxeBuilder['options']>[0]['runOnly']>

// Light and dark are one document in two sets of colours: what has nothing to do with colour is looked at once.
const EVERYTHING: AxeRules = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
const COLOURS: AxeRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** Opens the screen once, and looks at it in each of its modes. */
async function look(browser: Browser, url: string, shot: Shot): Promise<readonly string[]> {
  const size = shot.size ?? 'till'
  const modes = shot.modes ?? (['light', 'dark'] as const)
  const context = await browser.newContext({
    ...SIZES[size],
    colorScheme: modes[0] ?? null,
    reducedMotion: 'reduce',
  })
  const page: Page = await context.newPage()
  const found: string[] = []
  let at = shot.name
  const note = (what: string) => found.push(`${at}: ${what}`)
  page.on('console', (message) => {
    if (message.type() === 'error' || /Vue warn/.test(message.text())) note(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => note(`page: ${error.message}`))
  await page.goto(`${url}?scene=${shot.scene}#${shot.path ?? '/customers'}`)
  await page.locator('h1, [role="search"]').first().waitFor()
  try {
    await shot.act?.(page)
  } catch (error) {
    note(`act: ${error instanceof Error ? error.message : String(error)}`)
  }
  for (const mode of modes) {
    at = `${shot.name} (${mode})`
    await page.emulateMedia({ colorScheme: mode })
    await page.locator(`html.${mode}`).waitFor()
    await page.waitForTimeout(150)
    await page.screenshot({ path: `${folder}/${shot.name}-${mode}.png` })
    await noteBar(page, size, shot.name)
    for (const wide of await page.evaluate(tooWide)) note(`wider than its place: ${wide}`)
    for (const violation of await violationsOf(page, mode === modes[0] ? EVERYTHING : COLOURS))
      note(violation)
    looked += 1
  }
  await context.close()
  return found
}

async function violationsOf(page: Page, rules: AxeRules): Promise<readonly string[]> {
  // Legacy mode runs axe in the page itself; the other one opens a page more for each screen, for frames we do not have.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ runOnly: rules, resultTypes: ['violations'] })
    .analyze()
  return violations.map(({ id, nodes }) => {
    const where = nodes
      .slice(0, 3)
      .map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`)
    return `axe ${id}: ${where.join(' | ')}`
  })
}

/** What can be scrolled sideways, or would be cut off. */
function tooWide(): readonly string[] {
  return [...document.querySelectorAll<HTMLElement>('html, body, main, section, article, header, dl')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map((one) => `${one.tagName} ${one.className} ${one.scrollWidth} > ${one.clientWidth}`)
}

/** Where search and "New customer" are, by size of the window: the same in every scene, whatever the bar says. */
const barAt = new Map<string, string>()
const moved: string[] = []
async function noteBar(page: Page, size: string, shot: string): Promise<void> {
  const boxes = await page.evaluate(() =>
    [...document.querySelectorAll('header input[type="search"], header [aria-keyshortcuts="Alt+N"]')].map(
      (one) => {
        const { x, y, width } = one.getBoundingClientRect()
        return [x, y + scrollY, width].map(Math.round).join(' ')
      },
    ),
  )
  if (boxes.length < 2) return // a page of its own has no bar
  const now = boxes.join(', ')
  const before = barAt.get(size)
  if (before === undefined) barAt.set(size, now)
  else if (before !== now) moved.push(`${shot}: the bar moved from ${before} to ${now}`)
}

await mkdir(folder, { recursive: true })
const server = await servePreview()
const chosen = await findBrowser({ root: join(import.meta.dirname, '../../..') })
if (chosen.kind === 'none') throw new Error(chosen.message)
const browser = await chromium.launch({
  executablePath: chosen.path,
  env: { ...process.env, ...chosen.env },
  args: mustRunWithoutSandbox() ? ['--no-sandbox'] : [],
})
const found: string[] = []
let looked = 0
const todo = SHOTS.filter(({ name }) => name.includes(only))
/** As many screens at once as there are cores: each is a page of its own. */
async function lookOn(): Promise<void> {
  for (let next = todo.shift(); next; next = todo.shift()) {
    found.push(...(await look(browser, server.url, next)))
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, lookOn))
await browser.close()
await server.close()
found.push(...moved)
for (const line of found) console.log(line)
console.log(`${looked} screens looked at, ${found.length} findings`)
process.exitCode = found.length === 0 ? 0 : 1
