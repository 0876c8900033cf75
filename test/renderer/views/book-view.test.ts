import { afterEach, describe, expect, it, vi } from 'vitest'
import { BookRefused } from '#renderer/book.ts'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const people = () =>
  createFakeBook({
    customers: [
      { givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '+1 212-555-0100' },
      { givenName: 'Ben', familyName: 'Okafor' },
    ],
  })
let screen: Screen
afterEach(() => screen.wrapper.unmount())

const key = (target: Element, name: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }))
/** Alt with a letter as a person presses it: no other key close by. */
async function alt(target: Element, letter: string, more: KeyboardEventInit = {}) {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 40))
  await pause()
  key(target, letter, { altKey: true, ...more })
  await pause()
  await screen.settle()
}
const options = () =>
  [...document.querySelectorAll('[role="option"]')].map((row) => row.textContent.replace(/\s+/g, ' ').trim())
const search = () => document.querySelector<HTMLInputElement>('input[type="search"]')!

describe('the daily window', () => {
  it('lists everybody and says nothing about those in Square', async () => {
    screen = await mountScreen('/customers', people())
    expect(options()).toEqual(['Ana Ruiz+1 212-555-0100', 'Ben Okafor'])
    expect(screen.text()).toContain('2 customers')
  })

  it('tells by a word which row waits, is being sent and needs a person', async () => {
    const book = people()
    book.edit(ANA, { nickname: 'Annie' })
    screen = await mountScreen('/customers', book)
    expect(options()[0]).toContain('Saved here')
    screen.bridge.setSync({ sending: [book.get(ANA).open[0]!.id] })
    await screen.settle()
    expect(options()[0]).toContain('Sending')
    book.ask(ANA, { kind: 'gone' })
    screen.bridge.setSync({ sending: [] })
    await screen.settle()
    expect(options()[0]).toContain('Needs you')
  })

  it('searches, moves with the arrow keys from the search and opens with Enter', async () => {
    screen = await mountScreen('/customers', people())
    search().value = 'o'
    search().dispatchEvent(new Event('input', { bubbles: true }))
    await screen.settle()
    key(search(), 'Enter')
    await screen.settle()
    expect(screen.path()).toContain('/customers/0000')
    expect(screen.text()).toContain('Ben Okafor')
  })

  it('offers to add a name nobody has, and fills it in', async () => {
    screen = await mountScreen('/customers', people())
    search().value = 'Zoe Quist'
    search().dispatchEvent(new Event('input', { bubbles: true }))
    await screen.settle()
    expect(screen.text()).toContain('Nobody here matches “Zoe Quist”')
    key(search(), 'Enter')
    await screen.settle()
    expect(screen.field('First name').value).toBe('Zoe')
    expect(screen.field('Last name').value).toBe('Quist')
  })

  it.each([
    [{ kind: 'loading', got: 100, of: 400 }, true],
    [{ kind: 'stale', asOf: null, why: 'offline', first: { got: 100, of: 400 } }, true],
    [{ kind: 'stale', asOf: null, why: 'offline' }, true],
    [{ kind: 'never' }, true],
    [{ kind: 'stale', asOf: '2026-11-20T09:00:00Z', why: 'offline' }, false],
    [{ kind: 'current', asOf: '2026-11-20T09:00:00Z' }, false],
  ] as const)(
    'says with a name nobody has that not everybody is here yet, where that is so: %j',
    async (pull, yet) => {
      const book = people()
      book.setPull(pull)
      screen = await mountScreen('/customers', book)
      search().value = 'Zoe Quist'
      search().dispatchEvent(new Event('input', { bubbles: true }))
      await screen.settle()
      expect(screen.text()).toContain('Nobody here matches “Zoe Quist”')
      expect(screen.text().includes('Not everybody is here yet')).toBe(yet)
    },
  )

  it('edits with Alt+E and goes back with Esc from the card', async () => {
    screen = await mountScreen(`/customers/${ANA}`, people())
    const heading = document.querySelector('article h1')!
    expect(document.activeElement).toBe(heading)
    await alt(heading, 'e')
    expect(screen.path()).toBe(`/customers/${ANA}/edit`)
    key(document.body, 'Escape')
    await screen.settle()
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it.each(['e', 'n', 'b', 'd', 'x', '2'])(
    'takes a bare %s on the card as the beginning of the next name, in place of the last search',
    async (letter) => {
      screen = await mountScreen('/customers', people())
      search().value = 'ana'
      search().dispatchEvent(new Event('input', { bubbles: true }))
      await screen.settle()
      key(search(), 'Enter')
      await screen.settle()
      const heading = document.querySelector('article h1')!
      expect(document.activeElement).toBe(heading)
      expect(key(heading, letter)).toBe(true) // not prevented: the letter itself lands in the box
      await screen.settle()
      expect(screen.path()).toBe(`/customers/${ANA}`)
      expect(document.activeElement).toBe(search())
      expect([search().selectionStart, search().selectionEnd]).toEqual([0, 3])
    },
  )

  it('takes the key that leads to the search, pressed there once more, for no name', async () => {
    screen = await mountScreen('/customers', people())
    expect(document.activeElement).toBe(search())
    expect(key(search(), '/')).toBe(false)
    await screen.type('Search customers', '1')
    search().setSelectionRange(1, 1)
    expect(key(search(), '/')).toBe(true)
    search().select()
    expect(key(search(), '/')).toBe(false)
  })

  it('keeps the caret where it is while somebody types in the search', async () => {
    screen = await mountScreen('/customers', people())
    search().value = 'an'
    search().setSelectionRange(2, 2)
    await screen.go('/customers?again=1')
    expect([search().selectionStart, search().selectionEnd]).toEqual([2, 2])
  })

  it('begins a new customer with Alt+N also while something is typed in the search', async () => {
    screen = await mountScreen('/customers', people())
    await alt(search(), 'n')
    expect(screen.path()).toBe('/customers/new')
    expect(document.activeElement).toBe(screen.field('First name'))
  })

  it('knows the key of a button also where Alt makes a character of its own, but not inside a text', async () => {
    screen = await mountScreen(`/customers/${ANA}`, people())
    const dead = { code: 'KeyE' }
    await alt(search(), 'Dead', dead)
    expect(screen.path()).toBe(`/customers/${ANA}`)
    await alt(document.querySelector('article h1')!, 'Dead', dead)
    expect(screen.path()).toBe(`/customers/${ANA}/edit`)
  })

  it.each([
    ['w', 'waiting'],
    ['o', 'settings'],
  ])('presses the button whose tooltip shows Alt+%s', async (letter, path) => {
    screen = await mountScreen('/customers', people())
    await alt(search(), letter)
    await vi.dynamicImportSettled()
    await screen.settle()
    expect(screen.path()).toBe(`/${path}`)
  })

  it('presses nothing with AltGr, which types, and nothing that no button shows', async () => {
    screen = await mountScreen('/customers', people())
    expect(key(search(), 'n', { altKey: true, ctrlKey: true })).toBe(true)
    expect(key(search(), 'z', { altKey: true })).toBe(true)
    await screen.settle()
    expect(screen.path()).toBe('/customers')
  })

  it('teaches one thing when there is nobody yet, and says so while the first load runs', async () => {
    const book = createFakeBook()
    screen = await mountScreen('/customers', book)
    expect(screen.text()).toContain('No customers yet - type a name to add the first')
    book.setPull({ kind: 'loading', got: 1200, of: 10_000 })
    await screen.settle()
    expect(screen.text()).toContain('Fetching customers: 1200 of 10000')
    expect(screen.text()).toContain('on their way')
  })

  it('tells calmly whom Square merged: where something was saved, or who is on screen, until it is put aside', async () => {
    const book = people()
    screen = await mountScreen('/customers', book)
    book.joined(ANA, { givenName: 'Anna' }, false)
    await screen.settle()
    expect(screen.text()).not.toContain('Square merged')
    book.joined(ANA, { givenName: 'Anna' }, true)
    await screen.settle()
    expect(screen.text()).toContain('Square merged Anna into Ana Ruiz. What you saved goes to Ana Ruiz.')
    await screen.click('Open Ana Ruiz')
    expect(screen.path()).toBe(`/customers/${ANA}`)
    expect(screen.text()).toContain('Square merged Anna into this customer')
    await screen.click('Close this message')
    expect(screen.text()).not.toContain('What you saved goes to')

    book.joined(ANA, { givenName: 'Ana', familyName: 'Ruiz' }, false)
    await screen.settle()
    expect(screen.text()).toContain('Square merged Ana Ruiz with another customer.')
    await screen.go('/customers')
    expect(screen.text()).toContain('Square merged Ana Ruiz with another customer.')
  })

  it('S15: says that customers were damaged and are fetched again, also where that is found later', async () => {
    const book = people()
    screen = await mountScreen('/customers', book)
    expect(screen.text()).not.toContain('were damaged')
    book.foundDamaged(2)
    await screen.settle()
    expect(screen.text()).toContain('The details of some customers on this PC were damaged.')
    await screen.click('Close this message')
    screen.wrapper.unmount()

    const opening = people()
    screen = await mountScreen('/customers', {
      ...opening,
      open: () => Promise.resolve({ notice: null, setAside: 1 }),
    })
    expect(screen.text()).toContain('The details of some customers on this PC were damaged.')
  })

  it('S21: says that the list was behind where the log said so only later', async () => {
    const book = people()
    screen = await mountScreen('/customers', book)
    expect(screen.text()).not.toContain('was behind')
    book.foundLater('behind')
    await screen.settle()
    expect(screen.text()).toContain('The list on this PC was behind and has caught up.')
  })

  it('goes through the questions from the bar', async () => {
    const book = people()
    book.edit(ANA, { nickname: 'Annie' })
    book.ask(ANA, { kind: 'gone' })
    screen = await mountScreen('/customers', book)
    await screen.click('1 needs you')
    expect(screen.path()).toBe(`/customers/${ANA}/question`)
  })

  it('offers to continue what was being typed, and to discard it', async () => {
    const book = people()
    const form = (await book.openForm(ANA))!
    await book.keepDraft({
      form,
      fields: { ...form.shown, nickname: 'Annie' },
      keptAt: '2026-11-20T13:55:00Z',
    })
    screen = await mountScreen('/customers', book)
    expect(screen.text()).toContain('You were typing Ana Ruiz')
    await screen.click('Continue where you left off')
    expect(screen.field('Nickname').value).toBe('Annie')
  })

  it.each([
    ['newer', /newer Counterfoil.*Install the newer version/],
    ['unreadable', /cannot be read.*Nothing was deleted/],
  ] as const)('says why the book refuses to open: %s', async (reason, words) => {
    const book = people()
    book.open = () => Promise.reject(new BookRefused(reason))
    screen = await mountScreen('/customers', book)
    expect(screen.text()).toMatch(words)
  })

  it('says that the book cannot be opened, and tries again', async () => {
    const book = people()
    let broken = true
    const open = book.open.bind(book)
    book.open = () => (broken ? Promise.reject(new Error('no')) : open())
    screen = await mountScreen('/customers', book)
    expect(screen.text()).toContain('could not be opened')
    broken = false
    await screen.click('Try again')
    expect(screen.text()).toContain('Ana Ruiz')
  })
})
