import type { Page } from '@playwright/test'
import { idOf } from './scenes.ts'

export interface Shot {
  readonly name: string
  readonly scene: string
  readonly path?: string
  readonly size?: 'till' | 'office' | 'touch' | 'narrow' | 'small' | 'zoom'
  readonly modes?: readonly ('light' | 'dark')[]
  readonly act?: (page: Page) => Promise<unknown>
}
const card = (nth: number) => `/customers/${idOf(nth)}`
const question = `${card(1)}/question`
const light = ['light'] as const

const scrollToEnd = (page: Page) =>
  page.evaluate(() =>
    document.querySelectorAll('main, [data-pane], [data-pane] *').forEach((one) => one.scrollTo(0, 1e6)),
  )
async function askToDelete(page: Page) {
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').waitFor()
}
async function typeKnownPhone(page: Page) {
  await page.getByLabel('Phone number').fill('+12125550177')
  await page.getByText('Already here?').waitFor()
}
async function askToDiscard(page: Page) {
  await page.getByRole('button', { name: 'Discard', exact: true }).first().click()
  await page.getByRole('radio', { name: 'Another reason' }).check()
  await page.getByLabel('In your own words').fill('She came back and gave us the right number')
}
async function discard(page: Page) {
  await askToDiscard(page)
  await page.getByRole('button', { name: 'Discard it' }).click()
  await page.getByRole('button', { name: 'Take it up again' }).waitFor()
}
const saveNothing = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click()
const openForm = (page: Page) => page.getByRole('button', { name: /Open the form at/ }).click()

/** Every view in its states: what is looked at before a release. */
export const SHOTS: readonly Shot[] = [
  { name: 'start', scene: 'start', path: '/start' },
  {
    name: 'start-error',
    scene: 'start',
    path: '/start',
    act: (page) => page.getByRole('button', { name: 'Connect to Square' }).click(),
  },
  { name: 'start-again', scene: 'signed-out-waiting', path: '/start?again=1' },
  { name: 'touch-delete', scene: 'day', path: card(2), size: 'touch', modes: light, act: askToDelete },
  {
    name: 'touch-start-again',
    scene: 'signed-out-waiting',
    path: '/start?again=1',
    size: 'touch',
    modes: light,
  },
  { name: 'empty', scene: 'empty' },
  { name: 'list', scene: 'day' },
  { name: 'card', scene: 'day', path: card(1) },
  { name: 'card-offline', scene: 'offline', path: card(2) },
  { name: 'card-arabic', scene: 'day', path: card(3) },
  { name: 'card-long', scene: 'day', path: card(8) },
  {
    name: 'damaged',
    scene: 'damaged',
    act: (page) => page.getByText('were damaged').waitFor(),
  },
  {
    name: 'touch-damaged',
    scene: 'damaged',
    size: 'touch',
    modes: light,
    act: (page) => page.getByText('were damaged').waitFor(),
  },
  {
    name: 'joined',
    scene: 'joined',
    path: card(2),
    act: (page) => page.getByText('Square merged Anna').first().waitFor(),
  },
  {
    name: 'touch-joined',
    scene: 'joined',
    path: card(2),
    size: 'touch',
    modes: light,
    act: (page) => page.getByText('Square merged Anna').first().waitFor(),
  },
  { name: 'card-loading', scene: 'loading', path: card(1) },
  { name: 'signed-out', scene: 'signed-out', path: card(1), modes: light },
  { name: 'bar-signed-out', scene: 'signed-out-day', size: 'touch' },
  { name: 'bar-forbidden', scene: 'forbidden', size: 'touch' },
  { name: 'bar-forbidden-till', scene: 'forbidden', modes: light },
  { name: 'bar-looking', scene: 'looking-for-square', size: 'touch', modes: light },
  { name: 'bar-short-pause', scene: 'short-pause', size: 'touch', modes: light },
  { name: 'bar-unwritable', scene: 'unwritable-day', size: 'touch' },
  { name: 'bar-unwritable-till', scene: 'unwritable-day', modes: light },
  { name: 'draft', scene: 'draft' },
  { name: 'draft-behind', scene: 'draft-behind', path: `${card(2)}/edit` },
  {
    name: 'touch-draft-behind',
    scene: 'draft-behind',
    path: `${card(2)}/edit`,
    size: 'touch',
    modes: light,
  },
  {
    name: 'no-match',
    scene: 'day',
    act: (page) => page.getByRole('searchbox').fill('Zacharias Quist'),
  },
  {
    name: 'delete',
    scene: 'day',
    path: card(2),
    act: askToDelete,
  },
  { name: 'delete-unbroken', scene: 'unbroken-name', path: card(2), act: askToDelete },
  { name: 'new', scene: 'day', path: '/customers/new' },
  {
    name: 'new-errors',
    scene: 'day',
    path: '/customers/new',
    act: async (page) => {
      await page.getByLabel('E-mail').fill('nobody')
      await page.getByLabel('Phone number').fill('12')
      await page.getByRole('button', { name: 'Save' }).click()
    },
  },
  { name: 'new-alike', scene: 'day', path: '/customers/new', act: typeKnownPhone },
  {
    name: 'edit-full-disk',
    scene: 'full',
    path: `${card(2)}/edit`,
    act: async (page) => {
      await page.getByLabel('Nickname').fill('Benny')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'conflict', scene: 'conflict', path: question },
  {
    name: 'conflict-answered',
    scene: 'conflict',
    path: question,
    act: async (page) => {
      await page.getByRole('button', { name: 'Show what it was before' }).click()
      await page
        .getByRole('radio', { name: /On this PC/ })
        .first()
        .click()
      await page
        .getByRole('radio', { name: /In Square now/ })
        .nth(1)
        .click()
    },
  },
  { name: 'card-unbroken', scene: 'unbroken', path: card(2) },
  {
    name: 'long-conflict',
    scene: 'long-conflict',
    path: `${card(8)}/question`,
    act: (page) =>
      page
        .getByRole('radio', { name: /On this PC/ })
        .first()
        .click(),
  },
  {
    name: 'conflict-keys',
    scene: 'in-doubt',
    path: question,
    modes: light,
    act: async (page) => {
      for (const radio of await page.getByRole('radio', { name: /On this PC/ }).all()) {
        await radio.focus()
        await radio.press('1')
        await page.waitForTimeout(100)
      }
      await page.waitForTimeout(600)
    },
  },
  {
    name: 'search-over-question',
    scene: 'conflict',
    path: question,
    act: (page) => page.getByRole('searchbox').fill('ma'),
  },
  {
    name: 'touch-search-over-card',
    scene: 'day',
    path: card(1),
    size: 'touch',
    modes: light,
    act: (page) => page.getByRole('searchbox').fill('ma'),
  },
  {
    name: 'conflict-note',
    scene: 'conflict',
    path: question,
    act: (page) => page.getByRole('button', { name: 'Keep both' }).scrollIntoViewIfNeeded(),
  },
  { name: 'office-list', scene: 'conflict', size: 'office', modes: light },
  { name: 'office-card', scene: 'conflict', path: card(1), size: 'office', modes: light },
  { name: 'in-doubt', scene: 'in-doubt', path: question, modes: light },
  ...[
    'gone',
    'delete-changed',
    'delete-brought-back',
    'merged-delete',
    'create-duplicate',
    'create-unknown',
    'refused',
    'copied',
    'orphan',
  ].map((scene) => ({
    name: `question-${scene}`,
    scene,
    path: question,
  })),
  {
    name: 'drawer',
    scene: 'day',
    path: card(2),
    act: (page) => page.getByRole('button', { name: 'Practice controls' }).click(),
  },
  { name: 'waiting', scene: 'waiting', path: '/waiting' },
  { name: 'waiting-end', scene: 'waiting', path: '/waiting', modes: light, act: scrollToEnd },
  { name: 'waiting-offline', scene: 'waiting-offline', path: '/waiting', act: scrollToEnd },
  { name: 'waiting-signed-out', scene: 'waiting-signed-out', path: '/waiting', modes: light },
  { name: 'waiting-retried', scene: 'retried', path: '/waiting', modes: light, act: scrollToEnd },
  {
    name: 'settings-sweeping',
    scene: 'sweeping',
    path: '/settings',
    modes: light,
    act: (page) => page.getByRole('heading', { name: 'This PC' }).scrollIntoViewIfNeeded(),
  },
  { name: 'wrong-clock', scene: 'wrong-clock', path: '/waiting' },
  { name: 'intercepted', scene: 'intercepted', path: card(1) },
  { name: 'zoom-intercepted', scene: 'intercepted', path: card(1), size: 'zoom', modes: light },
  { name: 'waiting-failed', scene: 'waiting-failed', path: '/waiting', modes: light },
  { name: 'waiting-empty', scene: 'empty', path: '/waiting', modes: light },
  { name: 'waiting-unreadable', scene: 'waiting-unreadable', path: '/waiting', size: 'touch' },
  { name: 'waiting-behind', scene: 'waiting-behind', path: '/waiting', size: 'touch' },
  { name: 'waiting-discard', scene: 'waiting', path: '/waiting', act: askToDiscard },
  { name: 'waiting-discarded', scene: 'waiting', path: '/waiting', act: discard },
  { name: 'waiting-form', scene: 'refused', path: '/waiting', modes: light, act: openForm },
  { name: 'touch-waiting', scene: 'waiting', path: '/waiting', size: 'touch', modes: light },
  {
    name: 'touch-waiting-discard',
    scene: 'waiting',
    path: '/waiting',
    size: 'touch',
    modes: light,
    act: askToDiscard,
  },
  { name: 'narrow-waiting', scene: 'waiting', path: '/waiting', size: 'narrow', modes: light },
  { name: 'zoom-waiting', scene: 'waiting', path: '/waiting', size: 'zoom', modes: light },
  {
    name: 'zoom-waiting-discard',
    scene: 'waiting',
    path: '/waiting',
    size: 'zoom',
    modes: light,
    act: askToDiscard,
  },
  { name: 'card-discarded', scene: 'discarded', path: card(2), act: scrollToEnd },
  { name: 'sync-log', scene: 'sync-log', path: '/sync-log' },
  { name: 'sync-log-empty', scene: 'day', path: '/sync-log', modes: light },
  { name: 'narrow-sync-log', scene: 'sync-log', path: '/sync-log', size: 'narrow', modes: light },
  { name: 'zoom-sync-log', scene: 'sync-log', path: '/sync-log', size: 'zoom', modes: light },
  { name: 'disk-low', scene: 'disk-low' },
  { name: 'disk-none', scene: 'disk-none' },
  { name: 'safe-mode', scene: 'safe-mode' },
  { name: 'settings', scene: 'day', path: '/settings' },
  {
    name: 'settings-this-pc',
    scene: 'day',
    path: '/settings',
    act: (page) => page.getByRole('button', { name: 'Take in a file of unsent work' }).click(),
  },
  {
    name: 'settings-keys',
    scene: 'day',
    path: '/settings',
    size: 'touch',
    act: (page) => page.getByText('A colleague deletes').scrollIntoViewIfNeeded(),
  },
  { name: 'zoom-settings', scene: 'day', path: '/settings', size: 'zoom', modes: light },
  { name: 'touch-list', scene: 'day', size: 'touch', modes: light },
  { name: 'touch-card', scene: 'day', path: card(1), size: 'touch', modes: light },
  { name: 'touch-conflict', scene: 'conflict', path: question, size: 'touch', modes: light },
  ...(['touch', 'narrow', 'small'] as const).flatMap((size): readonly Shot[] => [
    { name: `${size}-new`, scene: 'day', path: '/customers/new', size, modes: light, act: saveNothing },
    { name: `${size}-edit`, scene: 'day', path: `${card(1)}/edit`, size, modes: light },
    {
      name: `${size}-form-in-question`,
      scene: 'refused',
      path: '/waiting',
      size,
      modes: light,
      act: openForm,
    },
  ]),
  { name: 'small-card', scene: 'day', path: card(1), size: 'small', modes: light },
  { name: 'small-conflict', scene: 'conflict', path: question, size: 'small', modes: light },
  { name: 'small-duplicate', scene: 'create-duplicate', path: question, size: 'small', modes: light },
  { name: 'small-settings', scene: 'day', path: '/settings', size: 'small', modes: light },
  { name: 'small-waiting', scene: 'waiting', path: '/waiting', size: 'small', modes: light },
  {
    name: 'small-delete',
    scene: 'unbroken-name',
    path: card(2),
    size: 'small',
    modes: light,
    act: askToDelete,
  },
  ...(['touch', 'narrow', 'small', 'zoom'] as const).flatMap((size): readonly Shot[] => [
    { name: `${size}-delete-changed`, scene: 'delete-changed', path: question, size, modes: light },
    { name: `${size}-delete-long`, scene: 'delete-long', path: `${card(2)}/question`, size, modes: light },
    { name: `${size}-merged-delete`, scene: 'merged-delete', path: question, size, modes: light },
  ]),
  { name: 'question-delete-lost', scene: 'delete-lost', path: `${card(2)}/question`, modes: light },
  { name: 'question-copied-deletion', scene: 'copied-deletion', path: question, modes: light },
  { name: 'conflict-arabic', scene: 'arabic-conflict', path: `${card(3)}/question`, modes: light },
  { name: 'question-delete-arabic', scene: 'delete-arabic', path: `${card(3)}/question`, modes: light },
  { name: 'question-delete-long', scene: 'delete-long', path: `${card(2)}/question`, modes: light },
  {
    name: 'question-delete-all',
    scene: 'delete-changed',
    path: question,
    modes: light,
    act: async (page) => {
      await page.getByRole('button', { name: 'Everything Square has now - show' }).click()
      await scrollToEnd(page)
    },
  },
  { name: 'narrow-card', scene: 'offline', path: card(1), size: 'narrow', modes: light },
  { name: 'zoom-list', scene: 'day', size: 'zoom', modes: light },
  { name: 'zoom-card', scene: 'day', path: card(1), size: 'zoom', modes: light },
  { name: 'zoom-new', scene: 'day', path: '/customers/new', size: 'zoom', modes: light },
  { name: 'zoom-conflict', scene: 'conflict', path: question, size: 'zoom', modes: light },
]
