import { chromium, type Browser, type Page } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { availableParallelism, constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { findBrowser, mustRunWithoutSandbox } from '../../../build/browser.mjs'
import { COLOURS, violationsOf, WCAG_TAGS, type AxeRules, type Violation } from '../../e2e/support/axe.ts'
import type { Preview } from './preview.ts'
import { servePreview } from './serve.ts'
import { SHOTS, type Shot } from './shots.ts'

/**
 * Looks at every screen: `tsx test/renderer/preview/look.ts [folder] [part of a name]` runs axe on each, light and dark,
 * puts pictures of them into the folder if one is named, and ends non-zero on a violation, a console error or a blocked
 * style.
 */
const [folder, only = ''] = process.argv.slice(2)

const SIZES = {
  till: { viewport: { width: 1366, height: 768 } },
  office: { viewport: { width: 1180, height: 768 } },
  touch: { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true },
  narrow: { viewport: { width: 820, height: 1000 } },
  small: { viewport: { width: 800, height: 600 } },
  zoom: { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 },
} as const
type Size = keyof typeof SIZES

/** In the page. */
declare const preview: Preview

const EVERYTHING: AxeRules = { type: 'tag', values: [...WCAG_TAGS, 'best-practice'] }

/** A page of each size, for one screen after the other: a new one for each costs more than all that is asked of it. */
function openPages(browser: Browser): (size: Size) => Promise<Page> {
  const open = new Map<Size, Page>()
  return async (size) => {
    const page = open.get(size) ?? (await (await browser.newContext(SIZES[size])).newPage())
    open.set(size, page)
    page.removeAllListeners()
    return page
  }
}

/** Opens the screen once, looks at it in each of its modes, and closes it. */
async function look(page: Page, url: string, shot: Shot): Promise<readonly string[]> {
  const modes = shot.modes ?? (['light', 'dark'] as const)
  const found: string[] = []
  let at = shot.name
  const note = (what: string) => found.push(`${at}: ${what}`)
  page.on('console', (message) => {
    if (message.type() === 'error' || /Vue warn/.test(message.text())) note(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => note(`page: ${error.message}`))
  await page.emulateMedia({ colorScheme: modes[0] ?? null, reducedMotion: 'reduce' })
  const { scene, path = '/customers' } = shot
  if (page.url() === 'about:blank') await page.goto(`${url}?scene=${scene}#${path}`)
  else await page.evaluate(([scene, path]) => preview.open(scene, path), [scene, path] as const)
  await page.locator('h1, [role="search"]').first().waitFor()
  try {
    await shot.act?.(page)
  } catch (error) {
    note(`act: ${error instanceof Error ? error.message : String(error)}`)
  }
  // What comes late is there: answers to what was typed, parts in chunks of their own.
  await page.waitForTimeout(150)
  for (const mode of modes) {
    at = `${shot.name} (${mode})`
    await page.emulateMedia({ colorScheme: mode })
    await page.locator(`html.${mode}`).waitFor()
    if (folder) await page.screenshot({ path: `${folder}/${shot.name}-${mode}.png` })
    await noteBar(page, shot)
    for (const wide of await page.evaluate(tooWide)) note(`wider than its place: ${wide}`)
    for (const dialog of await page.evaluate(hiddenDialogs)) note(`lies under something: ${dialog}`)
    for (const lost of await page.evaluate(outOfReach)) note(`cannot be scrolled to: ${lost}`)
    for (const violation of await violationsOf(page, mode === modes[0] ? EVERYTHING : COLOURS))
      note(inWords(violation))
    looked += 1
  }
  at = `${shot.name} (closed)`
  await page.mouse.move(-1, -1) // else it would rest on what the next screen has there
  const left = await page.evaluate(() => preview.close())
  if (left) note(`the next screen would find: ${left.replace(/\s+/g, ' ')}`)
  return found
}

function inWords({ rule, nodes }: Violation): string {
  const where = nodes
    .slice(0, 3)
    .map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`)
  return `axe ${rule}: ${where.join(' | ')}`
}

/** What can be scrolled sideways, or would be cut off. */
function tooWide(): readonly string[] {
  return [...document.querySelectorAll<HTMLElement>('html, body, main, section, article, header, dl')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map((one) => `${one.tagName} ${one.className} ${one.scrollWidth} > ${one.clientWidth}`)
}

/** Buttons that are not wholly in the window, with nothing around them that scrolls there. */
function outOfReach(): readonly string[] {
  const { scrollHeight, clientHeight } = document.documentElement
  if (scrollHeight > clientHeight && getComputedStyle(document.body).overflowY !== 'hidden') return []
  const scrolling = [...document.querySelectorAll('*')].filter(
    (one) => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight,
  )
  return [...document.querySelectorAll<HTMLElement>('button')]
    .filter(
      (one) =>
        one.checkVisibility() &&
        !one.closest('[aria-hidden="true"]') &&
        !scrolling.some((around) => around.contains(one)),
    )
    .flatMap((one) => {
      const { top, bottom } = one.getBoundingClientRect()
      const name = one.getAttribute('aria-label') ?? one.innerText
      return top < -1 || bottom > innerHeight + 1 ? [`${name} ${top} to ${bottom} of ${innerHeight}`] : []
    })
}

/** Dialogs that something else is drawn over: that takes no press while they are open, but it is all that is seen. */
function hiddenDialogs(): readonly string[] {
  const { pointerEvents } = document.body.style
  document.body.style.pointerEvents = 'auto'
  const hidden = [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].filter((dialog) => {
    const { left, top, width, height } = dialog.getBoundingClientRect()
    return !dialog.contains(document.elementFromPoint(left + width / 2, top + height / 2))
  })
  document.body.style.pointerEvents = pointerEvents
  return hidden.map((dialog) => dialog.innerText)
}

/** Where search and "New customer" are, by size of the window: the same in every scene, whatever the bar says. */
const barAt = new Map<Size, string>()
const moved: string[] = []
async function noteBar(page: Page, { name, size = 'till' }: Shot): Promise<void> {
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
  else if (before !== now) moved.push(`${name}: the bar moved from ${before} to ${now}`)
}

if (folder) await mkdir(folder, { recursive: true })
// `npm test` looks while others drive the app, and those have clocks; the browser takes this over.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
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
/** As many screens at once as there are cores. */
async function lookOn(): Promise<void> {
  const pageOf = openPages(browser)
  for (let next = todo.shift(); next; next = todo.shift()) {
    found.push(...(await look(await pageOf(next.size ?? 'till'), server.url, next)))
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, lookOn))
await browser.close()
await server.close()
found.push(...moved)
for (const line of found) console.log(line)
console.log(`${looked} screens looked at, ${found.length} findings`)
process.exitCode = found.length === 0 ? 0 : 1
