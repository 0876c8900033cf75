import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EMPTY_FIELDS } from '#shared/customer/customer.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const BEN = '00000000-0000-4000-8000-000000000002'
const NOTICE = 'Continue where you left off'
let screen: Screen
let book: FakeBook

beforeEach(() => {
  book = createFakeBook({
    customers: [
      { givenName: 'Ana', familyName: 'Ruiz' },
      { givenName: 'Ben', familyName: 'Okafor' },
    ],
  })
})
afterEach(() => screen.wrapper.unmount())

const search = () => document.querySelector<HTMLInputElement>('input[type="search"]')!
async function searchAndEnter(text: string) {
  search().focus()
  search().value = text
  search().dispatchEvent(new Event('input', { bubbles: true }))
  await screen.settle()
  search().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  await screen.settle()
}
async function escape() {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  await screen.settle()
}
/** Longer than the pause after which a form keeps what was typed. */
async function pause() {
  await new Promise((resolve) => setTimeout(resolve, 450))
  await screen.settle()
}
const name = () => [screen.field('First name').value, screen.field('Last name').value]

describe('the next customer while a new one is being typed', () => {
  it('has a form of its own, with the focus; what was typed is offered', async () => {
    screen = await mountScreen('/customers', book)
    await searchAndEnter('Zoe Quist')
    await screen.type('Note', 'window seat')
    await searchAndEnter('Ivo Brand')
    expect(name()).toEqual(['Ivo', 'Brand'])
    expect(screen.field('Note').value).toBe('')
    expect(document.activeElement).toBe(screen.field('First name'))
    expect(screen.text()).toContain('You were adding Zoe Quist')
    await screen.click(NOTICE)
    expect(name()).toEqual(['Zoe', 'Quist'])
    expect(screen.field('Note').value).toBe('window seat')
  })

  it('also where it is asked for by the button, without a name', async () => {
    screen = await mountScreen('/customers/new', book)
    await screen.type('First name', 'Zoe')
    search().focus()
    await screen.click('New customer')
    expect(name()).toEqual(['', ''])
    expect(document.activeElement).toBe(screen.field('First name'))
    expect(screen.text()).toContain('You were adding Zoe')
  })

  it('also where the same name is asked for again', async () => {
    screen = await mountScreen('/customers', book)
    await searchAndEnter('Zoe Quist')
    await screen.type('Note', 'window seat')
    await searchAndEnter('Zoe Quist')
    expect(screen.field('Note').value).toBe('')
    expect(screen.text()).toContain('You were adding Zoe Quist')
  })
})

describe('the notice of what was being typed', () => {
  it('comes as soon as another customer is opened', async () => {
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    await screen.type('Nickname', 'Annie')
    await searchAndEnter('Ben')
    expect(screen.path()).toBe(`/customers/${BEN}`)
    expect(screen.text()).toContain('You were typing Ana Ruiz')
  })

  it('stands for no form that is on screen', async () => {
    screen = await mountScreen('/customers/new', book)
    await screen.type('First name', 'Zoe')
    await pause()
    expect(await book.drafts()).toHaveLength(1)
    expect(screen.text()).not.toContain(NOTICE)
  })

  it.each([
    ['Discard changes', () => screen.click('Discard changes')],
    ['one’s own undoing and Esc', () => screen.type('Nickname', '').then(escape)],
  ])('goes with what was typed: %s', async (_, leave) => {
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    await screen.type('Nickname', 'Annie')
    await pause()
    await searchAndEnter('Ben')
    expect(screen.text()).toContain(NOTICE)
    await screen.click(NOTICE)
    await leave()
    expect(screen.path()).toBe(`/customers/${ANA}`)
    expect(screen.text()).not.toContain(NOTICE)
    expect(await book.drafts()).toEqual([])
  })

  it('comes back where the draft could not be forgotten', async () => {
    screen = await mountScreen('/customers', book)
    await searchAndEnter('Zoe Quist')
    await screen.type('Note', 'window seat')
    await screen.go('/customers')
    const { discardDraft } = book
    book.discardDraft = () => Promise.reject(new Error('the disk is full'))
    const reported = screen.wrapper.vm.$.appContext.config
    reported.errorHandler = () => {}
    await screen.click('Discard')
    expect(screen.text()).toContain('You were adding Zoe Quist')
    book.discardDraft = discardDraft
    await screen.click('Discard')
    expect(screen.text()).not.toContain(NOTICE)
  })

  it('does not come for a name that was only filled in', async () => {
    screen = await mountScreen('/customers', book)
    await searchAndEnter('Zoe Quist')
    await pause()
    await screen.go('/customers')
    expect(screen.text()).not.toContain(NOTICE)
    expect(await book.drafts()).toEqual([])
  })

  it('comes for what was typed for somebody who is gone, as soon as it is to become a new customer', async () => {
    book.setRefusal('customer-gone')
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    await screen.type('Nickname', 'Annie')
    screen.button('Save').click()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await screen.settle()
    await screen.click('Save as a new customer')
    await screen.go('/customers')
    expect(screen.text()).toContain('You were adding Ana Ruiz')
  })
})

describe('a form that goes on from a draft', () => {
  /** Ana's nickname half typed, then this becomes of her in Square. */
  async function leftMeanwhile(changed: object) {
    const form = (await book.openForm(ANA))!
    const fields = { ...form.shown, nickname: 'Annie', birthday: '0000--07' }
    await book.keepDraft({ form, fields, keptAt: '2026-11-20T13:55:00Z' })
    const remote = { ...EMPTY_FIELDS, givenName: 'Ana', familyName: 'Ruiz', ...changed }
    book.touch(ANA, { remote: book.remoteOf('SQ1', remote, '2') })
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    return form
  }

  it('says since when, and shows what nobody touched as it is now', async () => {
    const form = await leftMeanwhile({ phoneNumber: '+12125550199' })
    expect(screen.text()).toMatch(/Typed at [\d: APM]+, not saved yet\./)
    expect(screen.text()).toContain('Changed since, here or in Square: phone number. Shown as it is now.')
    expect(screen.text()).not.toContain('Also changed')
    expect(screen.field('Phone number').value).toBe('+12125550199')
    expect(screen.field('Nickname').value).toBe('Annie')
    expect(screen.field('Day').value).toBe('7')
    await screen.type('Day', '')
    let saved: Parameters<FakeBook['save']> | undefined
    book.save = (...args) => {
      saved = args
      return Promise.resolve({ kind: 'refused', refusal: 'unexpected' } as never)
    }
    screen.button('Save').click()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await screen.settle()
    expect(saved?.[0]).toMatchObject({ opId: form.opId, basis: form.basis, shown: { nickname: null } })
    expect(saved?.[1]).toMatchObject({ nickname: 'Annie', phoneNumber: '+12125550199' })
    expect(saved?.[0].shown.phoneNumber).toBe('+12125550199')
  })

  it('keeps what was typed over what changed, with what was shown when it was typed (S3)', async () => {
    await leftMeanwhile({ nickname: 'Nan' })
    expect(screen.text()).toContain('Also changed since: nickname. Shown as you typed it.')
    expect(screen.field('Nickname').value).toBe('Annie')
    await screen.type('Nickname', 'Anni')
    await pause()
    expect((await book.drafts())[0]).toMatchObject({
      form: { shown: { nickname: null } },
      fields: { nickname: 'Anni' },
    })
  })

  it('says no more than the time where nothing else came of them', async () => {
    await leftMeanwhile({ nickname: 'Annie' })
    expect(screen.text()).toContain('not saved yet.')
    expect(screen.text()).not.toMatch(/[Cc]hanged since/)
  })
})
