import { afterEach, describe, expect, it, vi } from 'vitest'
import type { QuestionBody } from '#shared/outbox/record.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const BEN = '00000000-0000-4000-8000-000000000002'
let screen: Screen
afterEach(() => screen.wrapper.unmount())

function people() {
  const book = createFakeBook({
    customers: [
      {
        givenName: 'Ana',
        familyName: 'Ruiz',
        phoneNumber: '212-555-0100',
        emailAddress: 'ana@example.com',
        companyName: 'Ruiz & Daughters',
      },
      { givenName: 'Ben', familyName: 'Okafor', phoneNumber: '212-555-0100' },
    ],
  })
  book.edit(ANA, { nickname: 'Annie' })
  return book
}
async function open(path: string, book: FakeBook = people()) {
  screen = await mountScreen(path, book)
  await vi.dynamicImportSettled()
  await screen.settle()
  return book
}
const ask = (question: (book: FakeBook) => QuestionBody) => {
  const book = people()
  book.ask(ANA, question(book))
  return book
}
const pause = () => new Promise((resolve) => setTimeout(resolve, 40))
function key(target: Element, name: string, at: number, more: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more })
  Object.defineProperty(event, 'timeStamp', { value: at })
  target.dispatchEvent(event)
}
async function alt(letter: string) {
  await pause()
  key(document.activeElement ?? document.body, letter, performance.now(), { altKey: true })
  await pause()
  await vi.dynamicImportSettled()
  await screen.settle()
}
const visible = (selector: string) =>
  [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.checkVisibility())
const search = () => document.querySelector<HTMLInputElement>('input[type="search"]')!

const refused: QuestionBody = {
  kind: 'refused',
  refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null },
}
const SCREENS: readonly [string, string, () => FakeBook][] = [
  ['card', `/customers/${ANA}`, people],
  ['form', `/customers/${ANA}/edit`, people],
  ['new', '/customers/new', people],
  [
    'conflict',
    `/customers/${ANA}/question`,
    () =>
      ask((book) => ({
        kind: 'conflict',
        why: 'overlap',
        remote: book.remoteOf('SQ1', { ...book.get(ANA).remote!.fields, nickname: 'Anita' }, '2'),
      })),
  ],
  ['gone', `/customers/${ANA}/question`, () => ask(() => ({ kind: 'gone' }))],
  [
    'delete-changed',
    `/customers/${ANA}/question`,
    () => ask((book) => ({ kind: 'delete-changed', why: 'changed', remote: book.get(BEN).remote! })),
  ],
  [
    'merged-delete',
    `/customers/${ANA}/question`,
    () => ask((book) => ({ kind: 'merged-delete', remote: book.get(BEN).remote! })),
  ],
  [
    'create-duplicate',
    `/customers/${ANA}/question`,
    () =>
      ask((book) => ({
        kind: 'create-duplicate',
        candidates: [book.get(BEN).remote!, book.get(ANA).remote!],
      })),
  ],
  ['copied', `/customers/${ANA}/question`, () => ask(() => ({ kind: 'copied' }))],
  ['orphan', `/customers/${ANA}/question`, () => ask(() => ({ kind: 'orphan' }))],
  ['refused', `/customers/${ANA}/question`, () => ask(() => refused)],
]

describe('keys of the buttons', () => {
  it.each(SCREENS)(
    '%s: no two buttons on screen have the same key, the practice drawer beside it',
    async (_, path, book) => {
      await open(path, book())
      await alt('p')
      expect(screen.text()).toContain('Make the day go wrong')
      const keys = visible('[aria-keyshortcuts]').map((one) => one.getAttribute('aria-keyshortcuts'))
      const twice = keys.filter((one, at) => one?.startsWith('Alt') && keys.indexOf(one) !== at)
      expect(twice).toEqual([])
      expect(keys).toContain('Alt+L')
    },
  )

  it.each([
    ['gone', 'k', 'accept-deletion'],
    ['gone', 'b', 'add-again'],
    ['delete-changed', 'd', 'delete-anyway'],
    ['create-duplicate', 't', 'use-existing'],
    ['create-duplicate', 'b', 'create-separately'],
    ['orphan', 'd', 'discard'],
    ['refused', 'r', 'correct'],
    ['conflict', 'k', 'keep-square'],
  ])('%s: Alt+%s answers %s', async (name, letter, kind) => {
    const [, path, made] = SCREENS.find(([one]) => one === name)!
    const book = made()
    const answer = vi.spyOn(book, 'answer')
    await open(path, book)
    await alt(letter)
    await vi.waitFor(() => expect(answer).toHaveBeenCalledOnce())
    expect(answer.mock.calls[0]![1]).toMatchObject({ kind })
  })

  it('discards what was typed in the form with Alt+D', async () => {
    const book = await open(`/customers/${ANA}/edit`)
    await screen.type('Company', 'Elsewhere')
    await alt('d')
    expect(screen.path()).toBe(`/customers/${ANA}`)
    expect(book.get(ANA).open).toHaveLength(1)
    expect(await book.drafts()).toEqual([])
  })

  it('works the practice drawer: the line with Alt+L, a colleague with Alt+I', async () => {
    await open(`/customers/${ANA}`)
    await alt('p')
    await alt('l')
    await alt('i')
    const commands = screen.bridge.calls.filter(({ channel }) => channel === 'practice:command')
    expect(commands.map(({ request }) => request)).toEqual([
      { kind: 'state' },
      { kind: 'line', up: false },
      expect.objectContaining({ kind: 'colleague-edits', field: 'phoneNumber' }),
    ])
  })

  it('presses nothing for a scanner, whatever it holds down', async () => {
    const book = await open(`/customers/${ANA}/edit`)
    await screen.type('Company', 'Elsewhere')
    const box = screen.field('Company')
    // In the middle, at the end and at the beginning of a burst.
    for (const burst of ['4d4', '44d', 'd44']) {
      await pause()
      const from = performance.now()
      ;[...burst].forEach((one, at) => key(box, one, from + at * 8, { altKey: one === 'd' }))
      await pause()
      await screen.settle()
      expect(screen.path()).toBe(`/customers/${ANA}/edit`)
    }
    expect(book.get(ANA).open).toHaveLength(1)
    await alt('d') // the same key by a person
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it('sends the corrected field with Ctrl+Enter, once it is corrected', async () => {
    const [, path, made] = SCREENS.find(([one]) => one === 'refused')!
    const book = made()
    const answer = vi.spyOn(book, 'answer')
    await open(path, book)
    const send = async () => {
      key(document.activeElement ?? document.body, 'Enter', performance.now(), { ctrlKey: true })
      await screen.settle()
    }
    await send()
    expect(answer).not.toHaveBeenCalled()
    await screen.type('E-mail', 'ana@example.org')
    await send()
    await vi.waitFor(() => expect(answer).toHaveBeenCalledOnce())
    expect(answer.mock.calls[0]![1]).toMatchObject({
      kind: 'correct',
      fields: { emailAddress: 'ana@example.org' },
    })
  })
})

describe('a name typed on a page of its own', () => {
  it.each(['/settings', '/waiting', '/sync-log'])('begins a search from %s, all of it', async (path) => {
    await open(path)
    expect(document.querySelector('input[type="search"]')).toBeNull()
    // Faster than the page can change, as a scanner types.
    key(document.body, 'b', 1000)
    key(document.body, 'e', 1005)
    await screen.settle()
    expect(screen.path()).toBe('/customers')
    expect(search().value).toBe('be')
    expect(document.activeElement).toBe(search())
    expect([search().selectionStart, search().selectionEnd]).toEqual([2, 2])
    await vi.waitFor(() => expect(visible('[role="option"]').map((row) => row.textContent)).toHaveLength(1))
  })

  it('goes to the search as it was left with /', async () => {
    await open('/settings')
    key(document.body, '/', 1000)
    await screen.settle()
    expect(screen.path()).toBe('/customers')
    expect(search().value).toBe('')
    expect(document.activeElement).toBe(search())
  })

  it('begins anew where an earlier search stood in the box', async () => {
    await open('/customers')
    await screen.type('Search customers', 'ana')
    await screen.go('/settings')
    key(document.body, 'b', 1000)
    await screen.settle()
    expect(search().value).toBe('b')
  })

  it('leaves to boxes, dialogs, commands and the blank what is theirs', async () => {
    await open('/waiting')
    for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }])
      key(document.body, 'z', 1000, more)
    key(document.body, ' ', 1000)
    key(document.body, 'F5', 1000)
    await screen.click('Discard')
    key(document.querySelector('[role="dialog"]')!, 'b', 2000)
    const words = screen.field('In your own words (optional)')
    key(words, 'b', 3000)
    await screen.settle()
    expect(screen.path()).toBe('/waiting')
  })
})
