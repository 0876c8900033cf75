import { afterEach, expect, it } from 'vitest'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

let screen: Screen
afterEach(() => screen.wrapper.unmount())

/** A book whose form is on its way until `comes` is called. */
function slowBook(): { book: FakeBook; comes: () => void } {
  const book = createFakeBook({ customers: [{ givenName: 'Ana', familyName: 'Ruiz' }] })
  let comes = () => {}
  const wait = new Promise<void>((resolve) => (comes = resolve))
  const openForm = book.openForm.bind(book)
  return {
    book: Object.assign(book, { openForm: (id: string | null) => wait.then(() => openForm(id)) }),
    comes,
  }
}
/** A key where the focus is; true where the page left it to the browser, which would write it there. */
const press = (key: string, more: KeyboardEventInit = {}) =>
  document.activeElement!.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  )
const search = () => document.querySelector<HTMLInputElement>('input[type="search"]')!

it('what is typed before the form is here stands in the form, and nothing in the search', async () => {
  const { book, comes } = slowBook()
  screen = await mountScreen('/customers', book)
  expect(document.activeElement).toBe(search())
  await screen.click('New customer')
  const left = ['Z', 'o', 'x', 'Backspace', 'e', 'Tab', 'Q', 'Enter'].filter((key) => press(key))
  expect(left).toEqual([])
  comes()
  await screen.settle()
  expect(screen.field('First name').value).toBe('Zoe')
  expect(screen.field('Last name').value).toBe('Q')
  expect(document.activeElement).toBe(screen.field('Last name'))
  expect(search().value).toBe('')
  expect(screen.path()).toContain('/customers/new')
  expect(press('u')).toBe(true)
})

it('a key that is no text is left alone, and Esc gives the keys back', async () => {
  const { book } = slowBook()
  screen = await mountScreen('/customers', book)
  await screen.click('New customer')
  expect(press('f', { ctrlKey: true })).toBe(true)
  expect(press('Z')).toBe(false)
  press('Escape')
  await screen.settle()
  expect(screen.path()).toBe('/customers')
  expect(press('Z')).toBe(true)
})
