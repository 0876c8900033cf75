import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const BEN = '00000000-0000-4000-8000-000000000002'
let screen: Screen
const width = (px: number) =>
  (
    window as unknown as { happyDOM: { setViewport(size: { width: number; height: number }): void } }
  ).happyDOM.setViewport({
    width: px,
    height: 768,
  })
beforeEach(() => width(1366))
afterEach(() => {
  screen.wrapper.unmount()
  width(1024)
})

function people() {
  const book = createFakeBook({
    customers: [
      { givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '212-555-0100' },
      { givenName: 'Ben', familyName: 'Okafor' },
    ],
  })
  book.edit(ANA, { phoneNumber: '212-555-0177' })
  const remote = book.get(ANA).remote!
  book.ask(ANA, {
    kind: 'conflict',
    why: 'overlap',
    remote: book.remoteOf('SQ1', { ...remote.fields, phoneNumber: '212-555-0199' }, '2'),
  })
  return book
}
async function open(path: string) {
  screen = await mountScreen(path, people())
  await vi.dynamicImportSettled()
  await screen.settle()
}
const search = () => document.querySelector<HTMLInputElement>('input[type="search"]')!
async function typed(text: string) {
  search().value = text
  search().dispatchEvent(new Event('input', { bubbles: true }))
  await screen.settle()
}
async function key(target: Element, name: string, more: KeyboardEventInit = {}) {
  target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }))
  await screen.settle()
}
const seen = (selector: string) =>
  document.querySelector(selector)!.closest<HTMLElement>('[style*="display: none"]') === null
const listSeen = () => seen('#customer-list')
const paneSeen = () => seen('[data-pane]')

describe('a search where there is no room for list and question', () => {
  it('shows the list while something is typed, and the question as it was left when the search is cleared', async () => {
    await open(`/customers/${ANA}/question`)
    expect([listSeen(), paneSeen()]).toEqual([false, true])
    await screen.click(/^On this PC/)
    await typed('be')
    expect([listSeen(), paneSeen()]).toEqual([true, false])
    await key(search(), 'Escape')
    expect([listSeen(), paneSeen()]).toEqual([false, true])
    expect(screen.path()).toBe(`/customers/${ANA}/question`)
    expect(screen.button(/^On this PC/).getAttribute('aria-checked')).toBe('true')
  })

  it('comes back to the question also by its button and by Esc in the list', async () => {
    await open(`/customers/${ANA}/question`)
    await typed('be')
    await screen.click('Back to the question')
    expect([listSeen(), paneSeen(), search().value]).toEqual([false, true, ''])
    await typed('be')
    await key(document.querySelector('#customer-list')!, 'Escape')
    expect(paneSeen()).toBe(true)
    expect(screen.path()).toBe(`/customers/${ANA}/question`)
  })

  it('opens with Enter only what is seen', async () => {
    await open(`/customers/${ANA}/question`)
    await typed('ben')
    await key(search(), 'Enter')
    expect(screen.path()).toBe(`/customers/${BEN}`)
    await screen.go(`/customers/${ANA}/question`)
    expect(listSeen()).toBe(false)
    await key(search(), 'Enter') // “ben” is still in the box
    expect(screen.path()).toBe(`/customers/${ANA}/question`)
    expect(listSeen()).toBe(true)
  })

  it('confirms no answer that is not seen', async () => {
    await open(`/customers/${ANA}/question`)
    await screen.click(/^On this PC/)
    await typed('be')
    await key(document.body, 'Enter', { ctrlKey: true })
    expect(screen.book.get(ANA).question).not.toBeNull()
  })

  it('does the same for a card at 1024 px', async () => {
    width(1024)
    await open(`/customers/${BEN}`)
    expect([listSeen(), paneSeen()]).toEqual([false, true])
    await typed('ana')
    expect([listSeen(), paneSeen()]).toEqual([true, false])
    await screen.click('Back to the customer')
    expect([listSeen(), paneSeen()]).toEqual([false, true])
  })

  it('changes nothing where both have room', async () => {
    width(1600)
    await open(`/customers/${ANA}/question`)
    await typed('be')
    expect([listSeen(), paneSeen()]).toEqual([true, true])
  })

  it('waits with Enter for the matches of what was typed', async () => {
    await open('/customers')
    search().value = 'ben'
    search().dispatchEvent(new Event('input', { bubbles: true }))
    await key(search(), 'Enter')
    expect(screen.path()).toBe(`/customers/${BEN}`)
  })
})
