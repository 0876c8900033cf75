import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const people = () =>
  createFakeBook({ customers: [{ givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '212-555-0100' }] })
let screen: Screen
afterEach(() => screen.wrapper.unmount())

describe('the customer card', () => {
  it('deletes after one question that says what Square does and cannot do', async () => {
    const book = people()
    screen = await mountScreen(`/customers/${ANA}`, book)
    await screen.click('Delete')
    expect(screen.text()).toContain('unlinks any card on file')
    expect(screen.text()).toContain('Neither Square nor Counterfoil can bring the customer back')
    await screen.click('Keep Ana Ruiz')
    expect(book.get(ANA).open).toEqual([])
    await screen.click('Delete')
    await screen.click('Delete Ana Ruiz')
    expect(book.get(ANA).open.map((op) => op.kind)).toEqual(['delete'])
    expect(screen.path()).toBe('/customers')
  })

  it('tells two of one name apart before it deletes one, and keeps a long name off the buttons', async () => {
    const names = { givenName: 'Maximiliane', familyName: 'Freifrau von Hohenstein-Waldeck' }
    const book = createFakeBook({
      customers: [
        { ...names, phoneNumber: '2125550100', emailAddress: 'max@example.com' },
        { ...names, companyName: 'Hohenstein' },
        { phoneNumber: '+12125550177', nickname: 'The one who calls' },
      ],
    })
    const said = async (nth: number) => {
      screen = await mountScreen(`/customers/${ANA.slice(0, -1)}${nth}`, book)
      await screen.click('Delete')
      const dialog = document.querySelector('[role="dialog"]')!
      return [...dialog.querySelectorAll('[id*="title"], [id*="description"], button')].map((one) =>
        one.textContent.trim(),
      )
    }
    const [title, words, ...buttons] = await said(1)
    expect(title).toBe('Delete Maximiliane Freifrau von Hohenstein-Waldeck?')
    expect(words).toMatch(/^212 555 0100 · max@example\.com\nSquare removes Maximiliane/)
    expect(buttons).toEqual([
      'Keep Maximiliane Freifrau von Hohens…',
      'Delete Maximiliane Freifrau von Hohens…',
    ])
    screen.wrapper.unmount()
    expect((await said(2))[1]).toMatch(/^Hohenstein\n/)
    screen.wrapper.unmount()
    expect((await said(3))[1]).toMatch(/^The one who calls\nSquare removes \+12125550177/)
  })

  it('says sending only while a request is under way, and nothing jumps to another place', async () => {
    const book = people()
    book.edit(ANA, { nickname: 'Annie' })
    screen = await mountScreen(`/customers/${ANA}`, book)
    const mark = () => document.querySelector('article [data-status]')!.textContent.trim()
    expect(mark()).toBe('Saved here')
    screen.bridge.setSync({ sending: [book.get(ANA).open[0]!.id] })
    await screen.settle()
    expect(mark()).toBe('Sending')
    screen.bridge.setSync({ sending: [] })
    book.arrive()
    await screen.settle()
    expect(mark()).toBe('In Square')
  })

  it('takes back a change that waits, in one step', async () => {
    const book = people()
    book.edit(ANA, { nickname: 'Annie' })
    screen = await mountScreen(`/customers/${ANA}`, book)
    expect(screen.text()).toContain('Changed nickname')
    await screen.click('Undo')
    expect(book.get(ANA).open).toEqual([])
  })

  it('shows a change combined with a colleague’s as merged, with undo (S7)', async () => {
    const book = people()
    book.merged(ANA, ['nickname'], ['phoneNumber'])
    screen = await mountScreen(`/customers/${ANA}`, book)
    expect(screen.text()).toContain('Changed nickname, combined with a colleague’s change of phone number')
    expect(screen.text()).toContain('Shown as merged')
    expect(screen.button('Undo')).toBeTruthy()
  })

  it('says why an undo is not possible any more', async () => {
    const book = people()
    book.edit(ANA, { nickname: 'Annie' })
    screen = await mountScreen(`/customers/${ANA}`, book)
    book.setRefusal('already-sent')
    await screen.click('Undo')
    expect(screen.text()).toContain('already on its way to Square')
  })

  it('is not editable while its content is being fetched (S2)', async () => {
    const book = people()
    book.touch(ANA, { loading: true })
    screen = await mountScreen(`/customers/${ANA}`, book)
    expect((screen.button('Edit') as HTMLButtonElement).disabled).toBe(true)
    expect(screen.text()).toContain('being fetched from Square')
  })

  it('says why a customer with a question cannot be deleted', async () => {
    const book = people()
    book.edit(ANA, { nickname: 'Annie' })
    book.ask(ANA, { kind: 'gone' })
    screen = await mountScreen(`/customers/${ANA}`, book)
    const button = screen.button('Delete')
    expect(button.getAttribute('aria-disabled')).toBe('true')
    expect(button.getAttribute('aria-description')).toBe('Answer the question first')
    await screen.click('Delete')
    expect(document.querySelector('[role="dialog"]')).toBeNull()
  })

  it('shows a phone number in groups, and copies it as it is stored', async () => {
    const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    const book = createFakeBook({ customers: [{ phoneNumber: '+12065550111' }] })
    screen = await mountScreen(`/customers/${ANA}`, book)
    const line = [...document.querySelectorAll('article p')].find(
      (p) => p.textContent.trim() === '+12065550111',
    )
    expect([...line!.querySelectorAll('span')].map((one) => one.textContent)).toEqual([
      '+1',
      '206',
      '555',
      '0111',
    ])
    await screen.click('Copy Phone number')
    expect(copied).toHaveBeenCalledExactlyOnceWith('+12065550111')
  })

  it('folds what is not asked for daily, names it, and keeps it open for the next customer', async () => {
    const rest = { companyName: 'Ruiz & Daughters', referenceId: 'R-1001' }
    const book = createFakeBook({
      customers: [
        { givenName: 'Ana', note: 'Oat milk', birthday: '0000-03-07', ...rest },
        { givenName: 'Ben', nickname: 'Benny' },
      ],
    })
    screen = await mountScreen(`/customers/${ANA}`, book)
    const seen = (text: string) =>
      [...document.querySelectorAll('article dd')].find((one) => one.textContent === text)?.checkVisibility()
    expect([seen('Oat milk'), seen('March 7'), seen('R-1001')]).toEqual([true, true, false])
    const fold = screen.button('More: company and reference')
    expect(fold.getAttribute('aria-expanded')).toBe('false')
    const folded = document.getElementById(fold.getAttribute('aria-controls') ?? '')
    expect(folded?.textContent).toContain('Ruiz & Daughters')
    fold.click()
    await screen.settle()
    expect([seen('R-1001'), fold.getAttribute('aria-expanded')]).toEqual([true, 'true'])
    await screen.go('/customers/00000000-0000-4000-8000-000000000002')
    expect(seen('Benny')).toBe(true)
    await screen.click('Less')
    expect(seen('Benny')).toBe(false)
  })

  it('says that a customer is no longer there', async () => {
    screen = await mountScreen('/customers/unknown', people())
    expect(screen.text()).toContain('This customer is no longer in the book')
  })

  it('says who went while the card was on screen, and the focus goes to the search', async () => {
    const book = people()
    screen = await mountScreen(`/customers/${ANA}`, book)
    expect(document.activeElement?.tagName).toBe('H1')
    book.touch(ANA, { deleted: true })
    await screen.settle()
    expect(screen.text()).toContain('Ana Ruiz is no longer in the book: deleted in Square')
    expect(document.activeElement).toBe(document.querySelector('input[type="search"]'))
  })
})
