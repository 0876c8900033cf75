import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CustomerFields } from '#shared/customer/customer.ts'
import type { PersonAnswer } from '#renderer/book.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
let screen: Screen
let book: FakeBook
let answers: PersonAnswer[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  book = createFakeBook({
    customers: [
      { givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '212-555-0100', nickname: 'A.', note: 'Oat milk' },
    ],
  })
  book.edit(ANA, { phoneNumber: '212-555-0177', note: 'Soy milk', nickname: 'Annie' })
  answers = []
  const answer = book.answer.bind(book)
  book.answer = (card, given) => {
    answers.push(given)
    return answer(card, given)
  }
})
afterEach(() => {
  screen.wrapper.unmount()
  vi.useRealTimers()
})

const inSquare = (fields: Partial<CustomerFields>, version = '2') =>
  book.remoteOf('SQ1', { ...book.get(ANA).remote!.fields, ...fields }, version)
const ask = (fields: Partial<CustomerFields>, version?: string) =>
  book.ask(ANA, { kind: 'conflict', why: 'overlap', remote: inSquare(fields, version) })
async function open(fields: Partial<CustomerFields> = { phoneNumber: '212-555-0199', note: 'No milk' }) {
  ask(fields)
  screen = await mountScreen(`/customers/${ANA}/question`, book)
  // The question's screens come in a chunk of their own.
  await vi.dynamicImportSettled()
  await screen.settle()
}
const radios = () => [...document.querySelectorAll<HTMLElement>('[role="radio"]')]
const chosen = () => radios().map((radio) => radio.getAttribute('aria-checked') === 'true')
const confirm = () => screen.button('Save this for Ana Ruiz') as HTMLButtonElement
function press(target: HTMLElement, key: string, at: number, more: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  Object.defineProperty(event, 'timeStamp', { value: at })
  target.dispatchEvent(event)
}
/** Lifted, and long enough ago that the screen says so. */
async function wentAway() {
  book.touch(ANA, { question: null })
  await screen.settle()
  vi.advanceTimersByTime(600)
  await screen.settle()
  expect(screen.text()).toContain('No question is open for Ana Ruiz any more')
}
async function wait() {
  vi.advanceTimersByTime(50)
  await screen.settle()
}

describe('the conflict screen', () => {
  it('asks field by field with nothing chosen beforehand, and folds what needs no person', async () => {
    await open()
    expect(screen.text()).toContain('Phone number - you and someone in Square both changed it.')
    expect(chosen()).toEqual([false, false, false, false])
    expect(confirm().disabled).toBe(true)
    expect(screen.text()).toContain('2 questions left')
    expect(screen.text()).toContain('1 other change was combined - show')
    expect(screen.text()).not.toContain('Nickname: yours')
    await screen.click(/1 other change was combined/)
    expect(screen.text()).toContain('Nickname: yours - Annie')
  })

  it('does not say that anybody changed what was not there before', async () => {
    book.edit(ANA, { companyName: 'Ruiz & Daughters' })
    await open({ companyName: 'Ruiz Ltd' })
    expect(screen.text()).toContain('Ana Ruiz is not the same here and in Square')
    expect(screen.text()).toContain('You typed one thing for the company, and Square has another.')
    expect(screen.text()).toContain('Company - it is not the same here and in Square.')
    expect(screen.text()).not.toContain('both changed')
  })

  it('shows the card as it will be while it is answered, and gives the whole result', async () => {
    await open()
    const preview = () => document.querySelector('[aria-label="How Ana Ruiz will look"]')!.textContent
    expect(preview()).toContain('not answered yet')
    radios()[0]!.click()
    await screen.settle()
    radios()[3]!.click()
    await screen.settle()
    expect(preview()).toContain('212-555-0177')
    expect(preview()).toContain('No milk')
    expect(preview()).not.toContain('not answered yet')
    press(document.body, 'Enter', 5000, { ctrlKey: true })
    await screen.settle()
    expect(answers).toMatchObject([
      { kind: 'resolve', fields: { phoneNumber: '212-555-0177', note: 'No milk', nickname: 'Annie' } },
    ])
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it('does nothing on Ctrl+Enter while a field waits for its answer', async () => {
    await open()
    radios()[0]!.click()
    await screen.settle()
    press(document.body, 'Enter', 5000, { ctrlKey: true })
    await screen.settle()
    expect(answers).toEqual([])
  })

  it('takes number keys on a focused choice, and opens Before with B', async () => {
    await open()
    press(radios()[0]!, '2', 1000)
    await wait()
    expect(chosen()).toEqual([false, true, false, false])
    press(radios()[0]!, 'b', 2000)
    await wait()
    expect(screen.text()).toContain('Hide what it was before')
    press(radios()[3]!, '3', 3000)
    await wait()
    expect(chosen()).toEqual([false, true, false, false, false, true])
  })

  it('ignores number keys anywhere else and a scanner that types into a choice, Enter included', async () => {
    await open()
    press(document.body, '1', 1000)
    await wait()
    expect(chosen()).not.toContain(true)
    '4006381'.split('').forEach((digit, at) => press(radios()[0]!, digit, 2000 + at * 8))
    const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
    Object.defineProperty(enter, 'timeStamp', { value: 2060 })
    radios()[0]!.dispatchEvent(enter)
    await wait()
    expect(enter.defaultPrevented).toBe(true)
    expect(chosen()).not.toContain(true)
  })

  it('takes a value of the person’s own, and judges it before it is saved', async () => {
    await open({ phoneNumber: '212-555-0199' })
    await screen.click('Write something else')
    await screen.type('Your own: Phone number', '12')
    confirm().click()
    await screen.settle()
    expect(screen.text()).toContain('This is not a phone number')
    expect(answers).toEqual([])
    const box = screen.field('Your own: Phone number')
    expect(box.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(box.getAttribute('aria-describedby')!)?.textContent).toContain(
      'This is not a phone number',
    )
    expect(screen.text()).toContain('One field needs a look.')
    expect(screen.text()).not.toContain('All answered')
    await screen.type('Your own: Phone number', '212-555-0155')
    confirm().click()
    await screen.settle()
    expect(answers).toMatchObject([{ kind: 'resolve', fields: { phoneNumber: '212-555-0155' } }])
  })

  it('goes to the box that is wrong where Ctrl+Enter is refused, so that nobody types into another answer', async () => {
    await open()
    await screen.click('Write something else')
    await screen.type('Your own: Phone number', '12')
    radios()[3]!.click()
    await screen.settle()
    expect(document.activeElement).not.toBe(screen.field('Your own: Phone number'))
    press(document.body, 'Enter', 5000, { ctrlKey: true })
    await screen.settle()
    expect(answers).toEqual([])
    expect(document.activeElement).toBe(screen.field('Your own: Phone number'))
  })

  it('takes a birthday of the person’s own in its three boxes, the year left out', async () => {
    book.edit(ANA, { birthday: '1980-03-07' })
    await open({ birthday: '1980-03-08' })
    await screen.click('Write something else')
    expect(screen.field('Day').value).toBe('7')
    await screen.type('Day', '9')
    await screen.type('Year', '')
    expect(screen.text()).toContain('March 9')
    confirm().click()
    await screen.settle()
    expect(answers).toMatchObject([{ kind: 'resolve', fields: { birthday: '0000-03-09' } }])
  })

  it('keeps both notes, Square’s first', async () => {
    await open({ note: 'No milk' })
    await screen.click('Keep both')
    confirm().click()
    await screen.settle()
    expect(answers).toMatchObject([{ kind: 'resolve', fields: { note: 'No milk\nSoy milk' } }])
  })

  it('keeps both notes by the key 4, which is no answer of any other field', async () => {
    await open()
    press(radios()[0]!, '4', 1000)
    await wait()
    expect(screen.button('Keep both').getAttribute('aria-pressed')).toBe('false')
    press(radios()[2]!, '4', 2000)
    await wait()
    expect(screen.button('Keep both').getAttribute('aria-pressed')).toBe('true')
    expect(chosen()).toEqual([false, false, false, false])
  })

  it('keeps answers whose values did not move when Square changes meanwhile, and asks the others again (S12)', async () => {
    await open()
    radios()[0]!.click()
    await screen.settle()
    radios()[2]!.click()
    await screen.settle()
    expect(chosen()).toEqual([true, false, true, false])
    ask({ phoneNumber: '212-555-0199', note: 'Almond milk' }, '3')
    await screen.settle()
    expect(chosen()).toEqual([true, false, false, false])
    expect(screen.text()).toContain('Only what is different now is asked once more.')
    expect(screen.text()).toContain('Changed in Square since you answered')
    expect(confirm().disabled).toBe(true)
  })

  it('says that another question took its place, also where no answer moved; none counts before it can be read (S12)', async () => {
    await open()
    radios()[0]!.click()
    await screen.settle()
    radios()[3]!.click()
    await screen.settle()
    expect(screen.text()).not.toContain('Square changed while you were here')
    const now = vi.spyOn(performance, 'now')
    now.mockReturnValue(10_000)
    ask({ phoneNumber: '212-555-0199', note: 'No milk', givenName: 'Bob', familyName: 'Stone' }, '3')
    await screen.settle()
    expect(chosen()).toEqual([true, false, false, true])
    expect(screen.text()).toContain('Square changed while you were here')
    now.mockReturnValue(10_900)
    press(document.body, 'Enter', 5000, { ctrlKey: true })
    await screen.settle()
    await screen.click('Keep everything as it is in Square')
    expect(answers).toEqual([])
    now.mockReturnValue(11_000)
    press(document.body, 'Enter', 6000, { ctrlKey: true })
    await screen.settle()
    expect(answers).toMatchObject([{ kind: 'resolve', fields: { givenName: 'Bob' } }])
    now.mockRestore()
  })

  it('says so where the question before was another one, and where that had gone meanwhile (S12)', async () => {
    for (const meanwhile of [() => Promise.resolve(), wentAway]) {
      book.ask(ANA, { kind: 'gone' })
      screen = await mountScreen(`/customers/${ANA}/question`, book)
      await vi.dynamicImportSettled()
      await screen.settle()
      await meanwhile()
      ask({ phoneNumber: '212-555-0199' }, '3')
      await screen.settle()
      expect(screen.text()).toContain('Square changed while you were here')
      await screen.click('Keep everything as it is in Square')
      expect(answers).toEqual([])
      screen.wrapper.unmount()
    }
    await open()
  })

  it('keeps what was answered and written when a customer comes in between, and asks again what moved (S12)', async () => {
    await open()
    radios()[3]!.click()
    await screen.settle()
    await screen.click('Write something else')
    await screen.type('Your own: Phone number', '212-555-0155')
    await screen.click('Later')
    expect(screen.path()).toBe(`/customers/${ANA}`)
    await screen.click('Answer it')
    await screen.settle()
    expect(chosen()).toEqual([false, false, false, true])
    expect(screen.field('Your own: Phone number').value).toBe('212-555-0155')
    expect(screen.text()).toContain('All answered')

    await screen.click('Later')
    ask({ phoneNumber: '212-555-0199', note: 'Almond milk' }, '3')
    await screen.click('Answer it')
    await screen.settle()
    expect(screen.text()).toContain('1 question left')
    radios()[3]!.click()
    await screen.settle()
    confirm().click()
    await screen.settle()
    expect(answers).toMatchObject([
      { kind: 'resolve', fields: { phoneNumber: '212-555-0155', note: 'Almond milk' } },
    ])

    // It was given: the next question of the same customer begins anew.
    book.edit(ANA, { phoneNumber: '212-555-0122', note: 'Soy milk' })
    ask({ phoneNumber: '212-555-0133', note: 'Rice milk' }, '4')
    await screen.go(`/customers/${ANA}/question`)
    expect(chosen()).not.toContain(true)
  })

  it('has what was answered and typed again after a reload or a crash, and asks anew only what Square moved (S12)', async () => {
    await open()
    radios()[3]!.click()
    await screen.settle()
    await screen.click('Write something else')
    await screen.type('Your own: Phone number', '212-555-0155')
    screen.wrapper.unmount() // the window and all it holds is gone
    screen = await mountScreen(`/customers/${ANA}/question`, book)
    await vi.dynamicImportSettled()
    await screen.settle()
    expect(chosen()).toEqual([false, false, false, true])
    expect(screen.field('Your own: Phone number').value).toBe('212-555-0155')
    expect(screen.text()).toContain('All answered')

    screen.wrapper.unmount()
    ask({ phoneNumber: '212-555-0188', note: 'No milk' }, '3')
    screen = await mountScreen(`/customers/${ANA}/question`, book)
    await vi.dynamicImportSettled()
    await screen.settle()
    expect(chosen()).toEqual([false, false, false, true])
    expect(screen.text()).toContain('1 question left')
    expect(screen.text()).toContain('Changed in Square since you answered')
    // What was typed is no answer to the new question, but nobody types it twice.
    expect(screen.field('Your own: Phone number').value).toBe('212-555-0155')
    await screen.click('Use what I wrote')
    confirm().click()
    await screen.settle()
    expect(answers).toMatchObject([
      { kind: 'resolve', fields: { phoneNumber: '212-555-0155', note: 'No milk' } },
    ])
    expect(await book.answerDrafts()).toEqual([])
  })

  it('shows what it was before with B, on the question only: elsewhere a B begins a search', async () => {
    await open()
    const heading = document.querySelector<HTMLElement>('h1[tabindex="-1"]')!
    expect(document.activeElement).toBe(heading)
    press(heading, 'b', 1000)
    await wait()
    expect(document.activeElement).toBe(heading)
    expect(screen.text()).toContain('Hide what it was before')
    press(document.body, 'b', 2000)
    await wait()
    expect(screen.text()).toContain('Hide what it was before')
    expect(document.activeElement).toBe(document.querySelector('input[type="search"]'))
  })

  it('keeps every answer when the book refuses because the question moved (S12)', async () => {
    await open({ phoneNumber: '212-555-0199' })
    radios()[0]!.click()
    await screen.settle()
    book.setRefusal('question-moved')
    confirm().click()
    await screen.settle()
    expect(screen.text()).toContain('Something changed meanwhile')
    expect(chosen()).toEqual([true, false])
  })

  it('can take everything from Square in one go', async () => {
    await open()
    await screen.click('Keep everything as it is in Square')
    expect(answers).toEqual([{ kind: 'keep-square' }])
  })

  it('shows an address as one decision with its parts', async () => {
    book.edit(ANA, { address: { addressLine1: '8 Chapel Lane', locality: 'Cork' } })
    await open({ address: { addressLine1: '9 Mill Road', postalCode: 'T12', locality: 'Cork' } })
    const group = document.querySelector('[role="radiogroup"][aria-label="Address"]')!
    expect(group.querySelectorAll('[role="radio"]')).toHaveLength(2)
    expect(group.textContent).toContain('Street and number')
    expect(group.textContent).toContain('Postcode')
  })

  it('marks in a phone number the digits that differ, and shows a note as it would be before what is gone', async () => {
    await open()
    const marks = (at: number, tag: string) =>
      [...radios()[at]!.querySelectorAll(tag)].map((one) => one.textContent)
    expect([marks(0, 'ins'), marks(1, 'ins')]).toEqual([['77'], ['99']])
    expect([marks(2, 'ins'), marks(2, 'del')]).toEqual([['Soy'], ['Oat']])
    expect(radios()[2]!.textContent).toMatch(/Soy milk.*Not in it any more:.*Oat/s)
  })

  it('says the whole name on a button that shows only its beginning', async () => {
    const name = 'Gesellschaft zur Förderung handwerklich gerösteter Kaffeespezialitäten mbH'
    book.edit(ANA, { givenName: name, familyName: null })
    await open()
    expect(screen.button(`Save this for ${name}`)).toBeTruthy()
  })

  it('marks customer text as text, never as markup', async () => {
    book.edit(ANA, { note: '<b>bold</b> milk' })
    await open({ note: '<img src=x> milk' })
    expect(document.querySelector('[role="radiogroup"] b, [role="radiogroup"] img')).toBeNull()
    expect(screen.text()).toContain('<b>bold</b>')
  })
})
