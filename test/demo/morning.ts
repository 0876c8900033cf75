import { expect } from '@playwright/test'
import type { WireCustomer } from '#practice/wire.ts'
import { connect } from '../e2e/support/book.ts'
import { type Stage } from './stage.ts'

export interface Step {
  readonly title: string
  run(stage: Stage): Promise<void>
}

/** A morning at the till, from signing in to a power cut. Each step checks what the app shows and what Square holds. */
export const MORNING: readonly Step[] = [
  {
    title: 'Sign in to Square with an access token',
    async run({ square, page, book, app, photo }) {
      await connect(page(), square)
      await expect(page().getByText('60 customers')).toBeVisible()
      await expect(book().row('Amelia Okafor')).toBeVisible()
      app('60 customers are in the list, the bar says that everything is in Square')
      await photo('signed-in')
    },
  },
  {
    title: 'The line goes down: two new customers, three edits, one delete',
    async run({ square, book, app, atSquare, photo }) {
      const before = square.requests().length
      await square.setLine(false)
      await book().add({ 'First name': 'Ines', 'Last name': 'Duarte', 'Phone number': '+12065550171' })
      await book().add({ 'First name': 'Tomasz', 'Last name': 'Wilk', 'E-mail': 'tomasz.wilk@example.com' })
      await book().edit('Amelia', { 'Phone number': '+12065550181' })
      await book().edit('Benjamin', { Note: 'Oat milk. Always oat milk. Large.' })
      await book().edit('Carla', { Company: 'Reyes Tiles' })
      await book().remove('Dmitri')
      await expect(book().sentence).toContainText(/Offline since .+ - 6 saved here, they will be sent/)
      app('each of the six was saved at once; the bar says "Offline … 6 saved here, they will be sent"')
      await book().open('Ines')
      await expect(book().status('Saved here')).toBeVisible()
      app('Ines Duarte is on her card, marked "Saved here"')
      atSquare('not one request got through', square.requests().length, before)
      await photo('offline')
    },
  },
  {
    title: 'The line is back: everything arrives exactly once',
    async run({ square, book, app, atSquare, photo }) {
      const before = square.requests().length
      await square.setLine(true)
      await book().syncNow()
      await book().allIn()
      app('the bar says that everything is in Square')
      atSquare('2 created, 3 updated, 1 deleted, nothing twice', written(square.effects(before)), {
        create: 2,
        update: 3,
        delete: 1,
      })
      atSquare('Ines has her number', numbersOf(square.named('Ines')), ['+12065550171'])
      atSquare('Amelia has the new number', numbersOf(square.named('Amelia')), ['+12065550181'])
      atSquare('Tomasz is there once', square.named('Tomasz').length, 1)
      atSquare('Dmitri is gone', square.named('Dmitri').length, 0)
      await photo('everything-arrived')
    },
  },
  {
    title: 'A colleague changes the same phone number a moment earlier: a question, not an overwrite',
    async run({ square, page, book, app, atSquare, demand, photo }) {
      const eleanor = one(square.named('Eleanor'))
      const [ours, theirs] = ['+12065550191', '+12065550192']
      square.fault({
        kind: 'colleague-edits',
        method: 'PUT',
        path: `/v2/customers/${eleanor.id}`,
        changes: { phone_number: theirs },
      })
      await book().edit('Eleanor', { 'Phone number': ours })
      const asked = book().button('1 needs you')
      await expect
        .poll(async () => (await asked.isVisible()) || square.now(eleanor)?.phone_number === ours)
        .toBe(true)
      demand(
        square.now(eleanor)?.phone_number === theirs,
        `a colleague's change was overwritten without a question: phone number of Eleanor Whitfield, ${theirs} in Square, is now ${square.now(eleanor)?.phone_number}`,
      )
      app('nothing was overwritten: "1 needs you"')
      await book().openQuestion('Eleanor')
      const choice = page().getByRole('radiogroup', { name: 'Phone number' })
      await expect(choice.getByRole('radio', { checked: true })).toHaveCount(0)
      await expect(choice.getByRole('radio', { name: /On this PC/ })).toContainText(ours)
      await expect(choice.getByRole('radio', { name: /In Square now/ })).toContainText(theirs)
      app(`the question shows both, ${ours} here and ${theirs} in Square, and nothing is chosen beforehand`)
      await photo('conflict')
      await choice.getByRole('radio', { name: /On this PC/ }).click()
      await photo('conflict-answered')
      await book().button('Save this for Eleanor Whitfield').click()
      await book().allIn()
      atSquare('holds what was chosen', square.now(eleanor)?.phone_number, ours)
    },
  },
  {
    title: 'An answer of Square gets lost: no duplicate, no second write',
    async run({ square, book, app, atSquare }) {
      const before = square.requests().length
      // The first request looks for somebody with that number, the second creates: its answer is lost.
      square.fault({ kind: 'lose-answer', method: 'POST', path: '/v2/customers', skip: 1 })
      square.fault({ kind: 'lose-answer', method: 'PUT' })
      await book().add({ 'First name': 'Odile', 'Last name': 'Perrin', 'Phone number': '+12065550172' })
      await book().edit('Poppy', { Note: 'Birthday cake on the 30th' })
      await expect.poll(() => square.pendingFaults(), { timeout: 30_000 }).toEqual([])
      await book().syncNow()
      await book().allIn()
      app('both are shown as in Square')
      const requests = square.requests().slice(before)
      atSquare(
        'two answers were lost on the way',
        requests.filter(({ outcome }) => outcome === 'lost').length,
        2,
      )
      atSquare('Odile is there once', square.named('Odile').length, 1)
      atSquare('1 created, 1 updated', written(square.effects(before)), { create: 1, update: 1 })
    },
  },
  {
    title: 'kill -9 in mid-sync, and a new start: nothing is lost',
    async run({ square, page, book, app, atSquare, killAndStart, photo }) {
      const before = square.requests().length
      await square.setLine(false)
      await book().add({ 'First name': 'Ragnar', 'Last name': 'Holt', 'E-mail': 'ragnar@example.com' })
      await book().edit('Marcus', { Note: 'Pays for the family' })
      await book().edit('Carla', { Note: 'Invoice by e-mail' })
      await expect(book().sentence).toContainText('3 saved here')
      // Square does what it is asked, and the app dies waiting to hear of it.
      square.fault({ kind: 'delay', ms: 600_000, method: 'PUT', times: 2 })
      square.fault({ kind: 'delay', ms: 600_000, method: 'POST', path: '/v2/customers', skip: 1 })
      await square.setLine(true)
      await book().syncNow()
      await expect
        .poll(
          () =>
            square
              .requests()
              .slice(before)
              .filter(({ method }) => method === 'PUT').length,
          { timeout: 30_000 },
        )
        .toBeGreaterThan(0)
      await killAndStart(() => square.clearFaults())
      app('was killed while Square was answering, and started again')
      await book().allIn()
      await book().search.fill('Ragnar')
      await expect(book().row('Ragnar Holt')).toBeVisible()
      await book().open('Marcus')
      await expect(page().getByText('Pays for the family').first()).toBeVisible()
      app('what was saved is there, and the bar says that everything is in Square')
      atSquare('1 created, 2 updated, nothing twice', written(square.effects(before)), {
        create: 1,
        update: 2,
      })
      atSquare('Ragnar is there once', square.named('Ragnar').length, 1)
      atSquare('Carla has her note', one(square.named('Carla')).note, 'Invoice by e-mail')
      await photo('after-the-power-cut')
    },
  },
  {
    title: 'The books of the morning',
    async run({ square, atSquare }) {
      atSquare('no idempotency key made two customers', square.duplicateKeys(), [])
      atSquare(
        'no update and no delete went out without a version',
        square.requests().filter(({ method, version }) => /^(PUT|DELETE)$/.test(method) && version === null)
          .length,
        0,
      )
      atSquare('60 - 1 + 2 + 1 + 1 customers', square.count(), 63)
    },
  },
]

function written(effects: readonly { readonly kind: string; readonly by: string }[]) {
  const counts: Record<string, number> = {}
  for (const { kind, by } of effects) if (by === 'api') counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
function numbersOf(customers: readonly WireCustomer[]) {
  return customers.map(({ phone_number }) => phone_number)
}
function one(customers: readonly WireCustomer[]): WireCustomer {
  const [customer] = customers
  if (!customer || customers.length > 1) throw new Error(`${customers.length} customers of that name`)
  return customer
}
