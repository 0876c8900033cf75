import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CUSTOMER_FIELDS } from '#shared/customer/customer.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
let screen: Screen
let book: FakeBook
let saving: ReturnType<typeof vi.fn<FakeBook['save']>>
const saves = () => saving.mock.calls

beforeEach(() => {
  book = createFakeBook({
    customers: [
      {
        givenName: 'Ana',
        familyName: 'Ruiz',
        phoneNumber: '212-555-0100',
        birthday: '0000-03-07',
        address: { locality: 'Cork', country: 'IE' },
      },
    ],
  })
  saving = vi.fn(book.save.bind(book))
  book.save = saving
})
afterEach(() => screen.wrapper.unmount())
async function leave(label: string) {
  screen.field(label).dispatchEvent(new FocusEvent('blur'))
  screen.field(label).dispatchEvent(new FocusEvent('focusout', { bubbles: true }))
  await new Promise((resolve) => setTimeout(resolve, 20))
  await screen.settle()
}
async function save() {
  screen.button('Save').click()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await screen.settle()
}

describe('the customer form', () => {
  it('shows what the card shows, and saves only once however often it is clicked', async () => {
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    expect(screen.field('First name').value).toBe('Ana')
    expect(screen.field('Day').value).toBe('7')
    expect(screen.field('Country').value).toBe('IE')
    await screen.type('Nickname', 'Annie')
    screen.button('Save').click()
    screen.button('Save').click()
    await save().catch(() => undefined)
    expect(saves()).toHaveLength(1)
    expect(saves()[0]![1]).toMatchObject({
      nickname: 'Annie',
      birthday: '0000-03-07',
      address: { locality: 'Cork', country: 'IE' },
    })
    expect(screen.path()).toBe(`/customers/${ANA}`)
    expect(screen.text()).toContain('Saved here')
  })

  it('has a box for every field an app may write', async () => {
    const id = book.seed({ companyName: 'Tailors', euVat: 'IE3426675K' })
    screen = await mountScreen(`/customers/${id}/edit`, book)
    const names = [...document.querySelectorAll('form [name]')].map((box) => box.getAttribute('name') ?? '')
    for (const field of CUSTOMER_FIELDS)
      expect(names.some((name) => name === field || name.startsWith(`${field}.`)) && field).toBe(field)
    expect(names.filter((name) => name.startsWith('address.')).length).toBeGreaterThan(5)
  })

  it('offers the seller’s country first, then the others by name', async () => {
    screen = await mountScreen('/customers/new', book)
    const names = [...screen.field('Country').querySelectorAll('option')].map((one) => one.textContent.trim())
    expect(names.slice(0, 3)).toEqual(['No country', 'United States', 'Afghanistan'])
    expect(new Set(names).size).toBe(names.length)
  })

  it('says what is wrong next to the field when it is left, and takes it back as it is mended', async () => {
    screen = await mountScreen('/customers/new', book)
    await screen.type('E-mail', 'nobody')
    expect(screen.text()).not.toContain('not a complete e-mail')
    await leave('E-mail')
    const input = screen.field('E-mail')
    expect(screen.text()).toContain('This is not a complete e-mail address, like ana@example.com.')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toContain(
      'e-mail',
    )
    await screen.type('E-mail', 'nobody@example.com')
    await leave('E-mail')
    expect(screen.field('E-mail').getAttribute('aria-invalid')).toBe('false')
  })

  it('goes to the first field that needs a look, and loses nothing', async () => {
    screen = await mountScreen('/customers/new', book)
    await screen.type('Nickname', 'Annie')
    await screen.type('Phone number', '12')
    await save()
    expect(saves()).toHaveLength(0)
    expect(document.activeElement).toBe(screen.field('Phone number'))
    expect(screen.field('Nickname').value).toBe('Annie')
  })

  it('wants a name, a company, an e-mail or a phone number, but says so only when it is saved', async () => {
    screen = await mountScreen('/customers/new', book)
    await leave('First name')
    expect(screen.text()).not.toContain('Give at least')
    expect(screen.text()).not.toContain('needs a look')
    await screen.type('Note', 'tall')
    await save()
    expect(screen.text()).toContain('Give at least a name, a company, an e-mail or a phone number.')
    expect(document.activeElement).toBe(screen.field('First name'))
  })

  it.each([
    ['disk-full', /disk of this PC is full/],
    ['disk-low', /nearly full/],
    ['read-only', /does not let Counterfoil write/],
    ['io', /could not write its file.*Save again; if it stays, write it down/],
    ['damaged', /is damaged and could not be mended yet.*Save again; if it stays, write it down/],
    ['no-store', /no store is open/],
  ] as const)(
    'keeps everything when the log cannot be written (%s), and says why (S1)',
    async (reason, words) => {
      book.setUnwritable(reason)
      screen = await mountScreen('/customers/new', book)
      await screen.type('First name', 'Zoe')
      await save()
      expect(screen.text()).toMatch(words)
      expect(screen.field('First name').value).toBe('Zoe')
      book.setUnwritable(null)
      await save()
      expect(saves()).toHaveLength(2)
      expect(saves()[0]![0].opId).toBe(saves()[1]![0].opId)
      expect(screen.text()).toContain('Zoe')
    },
  )

  it('offers to save as a new customer what was typed for one who is gone', async () => {
    book.setRefusal('customer-gone')
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    await screen.type('Nickname', 'Annie')
    await save()
    expect(screen.text()).toContain('Someone deleted this customer meanwhile')
    await screen.click('Save as a new customer')
    expect(screen.field('Nickname').value).toBe('Annie')
    expect(screen.path()).toContain('/customers/new')
  })

  it('keeps a draft with the id of the operation, and a save after a reload is the same promise (S1)', async () => {
    screen = await mountScreen('/customers/new', book)
    await screen.type('First name', 'Zoe')
    screen.wrapper.unmount()
    const [draft] = await book.drafts()
    expect(draft).toMatchObject({ fields: { givenName: 'Zoe' }, form: { isNew: true } })
    screen = await mountScreen('/customers', book)
    await screen.click('Continue where you left off')
    expect(screen.field('First name').value).toBe('Zoe')
    await save()
    expect(saves()[0]![0].opId).toBe(draft!.form.opId)
    expect(await book.drafts()).toEqual([])
  })

  it('shows the saved customer at once: the draft is forgotten behind it, or offered again where it could not be', async () => {
    book.discardDraft = () => Promise.reject(new Error('the disk is full'))
    screen = await mountScreen('/customers/new', book)
    await screen.type('First name', 'Zoe')
    await save()
    expect(saves()).toHaveLength(1)
    expect(screen.path()).toBe(`/customers/${saves()[0]![0].localId}`)
    expect(screen.text()).toContain('Saved here')
  })

  it('offers the draft of a new customer also where the reload lands in the form', async () => {
    const form = (await book.openForm(null))!
    await book.keepDraft({
      form,
      fields: { ...form.shown, givenName: 'Zoe' },
      keptAt: '2026-11-20T13:55:00Z',
    })
    screen = await mountScreen('/customers/new', book)
    expect(screen.field('First name').value).toBe('')
    await screen.click('Continue where you left off')
    expect(screen.field('First name').value).toBe('Zoe')
    expect(screen.text()).not.toContain('Continue where you left off')
  })

  it('records the permission only when the box is ticked', async () => {
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    await screen.type('Nickname', 'Annie')
    screen.field('They agreed').click()
    await save()
    expect(saves()[0]![2]).toEqual({ given: true, wording: 'They agreed that we keep these details' })
    expect(screen.text()).toContain('Permission to keep these details: given on')
  })

  it('keeps the tick over a reload, also where nothing else was changed', async () => {
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    screen.field('They agreed').click()
    await screen.settle()
    screen.wrapper.unmount()
    expect(await book.drafts()).toMatchObject([{ consent: true }])
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    expect(screen.field('They agreed').checked).toBe(true)
    await save()
    expect(saves()[0]![2]).toMatchObject({ given: true })
  })

  it('hints at the same person on this PC while a new one is typed', async () => {
    screen = await mountScreen('/customers/new', book)
    await screen.type('Phone number', '+1 212 555 0100')
    await vi.waitFor(() => expect(screen.text()).toContain('Already here?'), { timeout: 2000 })
    expect(screen.text()).toContain('Ana Ruiz · 212-555-0100')
    await screen.click('Open Ana Ruiz')
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it('offers the VAT number only to sellers who can keep one at Square', async () => {
    screen = await mountScreen('/customers/new', book)
    expect(() => screen.field('EU VAT number')).toThrow()
    screen.wrapper.unmount()
    screen = await mountScreen('/customers/new', book, {
      session: {
        kind: 'connected',
        store: { merchantId: 'M', environment: 'production' },
        seller: { name: 'Café', country: 'IE' },
        token: 'stored',
      },
    })
    expect(screen.field('EU VAT number')).toBeTruthy()
  })

  it('clears a birthday, and saves one without its year', async () => {
    screen = await mountScreen(`/customers/${ANA}/edit`, book)
    await screen.type('Day', '')
    const month = screen.field('Month')
    month.value = ''
    month.dispatchEvent(new Event('change', { bubbles: true }))
    await save()
    expect(saves()[0]![1].birthday).toBeNull()
  })
})
