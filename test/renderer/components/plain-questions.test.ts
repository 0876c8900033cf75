import { afterEach, describe, expect, it, vi } from 'vitest'
import { EMPTY_FIELDS, type CustomerFields, type RemoteCustomer } from '#shared/customer/customer.ts'
import type { QuestionBody } from '#shared/outbox/record.ts'
import type { PersonAnswer } from '#renderer/book.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const BEN = '00000000-0000-4000-8000-000000000002'
let screen: Screen
afterEach(() => screen.wrapper.unmount())

async function asked(body: (book: FakeBook) => QuestionBody) {
  const book = createFakeBook({
    customers: [
      { givenName: 'Ana', familyName: 'Ruiz', phoneNumber: '212-555-0100' },
      { givenName: 'Ben', familyName: 'Okafor', phoneNumber: '212-555-0100' },
    ],
  })
  book.edit(ANA, { nickname: 'Annie', emailAddress: 'ana@example.com' })
  const answers: PersonAnswer[] = []
  const answer = book.answer.bind(book)
  book.answer = (card, given) => {
    answers.push(given)
    return answer(card, given)
  }
  book.ask(ANA, body(book))
  await show(book)
  return { book, answers }
}
async function show(book: FakeBook) {
  screen = await mountScreen(`/customers/${ANA}/question`, book)
  await vi.dynamicImportSettled()
  await screen.settle()
}
/** The window and all it holds is gone. */
async function reload(book: FakeBook) {
  screen.wrapper.unmount()
  await show(book)
}
const ben = (book: FakeBook) => book.get(BEN).remote!
const ana = (book: FakeBook, fields: Partial<CustomerFields> = {}) =>
  book.remoteOf('SQ1', { ...book.get(ANA).remote!.fields, ...fields }, '2')

describe('S12 Square changes while the question is on screen', () => {
  it('what is there now is shown and said; an answer counts once somebody can have read it', async () => {
    const { book, answers } = await asked((book) => ({
      kind: 'delete-changed',
      remote: ana(book, { note: 'first' }),
      why: 'changed',
    }))
    expect(screen.text()).not.toContain('Square changed while you were here')
    const now = vi.spyOn(performance, 'now')
    now.mockReturnValue(10_000)
    book.ask(ANA, { kind: 'delete-changed', remote: ana(book, { note: 'second' }), why: 'changed' })
    await screen.settle()
    expect(screen.text()).toContain('Square changed while you were here')
    expect(screen.text()).toContain('second')
    now.mockReturnValue(10_900)
    await screen.click('Delete Ana Ruiz anyway')
    expect(answers).toEqual([])
    now.mockReturnValue(11_000)
    await screen.click('Delete Ana Ruiz anyway')
    expect(answers).toEqual([{ kind: 'delete-anyway' }])
    now.mockRestore()
  })
  it('so also where Square refuses by now what staff were asked about', async () => {
    const { book, answers } = await asked(() => ({ kind: 'gone' }))
    book.ask(ANA, { kind: 'refused', refusal: { code: 'OTHER', field: null, detail: null } })
    await screen.settle()
    expect(screen.text()).toContain('Square changed while you were here')
    await screen.click('Take my change back')
    expect(answers).toEqual([])
  })
  it('the question of the next customer has taken no place', async () => {
    const { book, answers } = await asked(() => ({ kind: 'gone' }))
    book.edit(BEN, { nickname: 'Benny' })
    book.ask(BEN, { kind: 'gone' })
    await screen.go(`/customers/${BEN}/question`)
    await screen.settle()
    expect(screen.text()).not.toContain('Square changed while you were here')
    await screen.click('Leave Ben Okafor deleted')
    expect(answers).toHaveLength(1)
  })
})

describe('questions with a few answers', () => {
  it.each<[string, (book: FakeBook) => QuestionBody, RegExp, string, PersonAnswer['kind']]>([
    [
      'gone',
      () => ({ kind: 'gone' }),
      /Cards on file and past visits don’t come back/,
      'Add Ana Ruiz again',
      'add-again',
    ],
    [
      'gone',
      () => ({ kind: 'gone' }),
      /What you had changed.*Annie.*ana@example\.comPhone number: 212-555-0100Leave/,
      'Leave Ana Ruiz deleted',
      'accept-deletion',
    ],
    [
      'delete-changed',
      (book) => ({ kind: 'delete-changed', why: 'changed', remote: ana(book, { note: 'VIP' }) }),
      /unlinks any card on file and cannot be undone/,
      'Delete Ana Ruiz anyway',
      'delete-anyway',
    ],
    [
      'delete-changed',
      (book) => ({ kind: 'delete-changed', why: 'keeps-changing', remote: ana(book) }),
      /keeps changing/,
      'Keep Ana Ruiz',
      'keep-square',
    ],
    [
      'merged-delete',
      (book) => ({ kind: 'merged-delete', remote: ben(book) }),
      /You deleted Ana Ruiz here, .*Deleting now would delete Ben Okafor, with everything both had/,
      'Delete Ben Okafor',
      'delete-anyway',
    ],
    [
      'create-duplicate',
      (book) => ({ kind: 'create-duplicate', candidates: [ben(book)] }),
      /Ben Okafor.*Same phone number/,
      'This is Ben Okafor',
      'use-existing',
    ],
    [
      'create-unknown',
      () => ({ kind: 'create-unknown', candidates: [] }),
      /answer got lost, and Square shows no such customer/,
      'Add Ana Ruiz as a new customer',
      'create-separately',
    ],
    [
      'copied',
      () => ({ kind: 'copied' }),
      /It may have been sent already, from this PC or another/,
      'Forget what waits here for Ana Ruiz',
      'discard',
    ],
    [
      'copied',
      () => ({ kind: 'copied' }),
      /compared with Square first/,
      'Send it from this PC',
      'promise-again',
    ],
    [
      'orphan',
      () => ({ kind: 'orphan' }),
      /never added in Square/,
      'Add Ana Ruiz as a new customer',
      'add-again',
    ],
  ])('%s: says the consequence and what each button does', async (_, body, words, button, kind) => {
    const { answers } = await asked(body)
    expect(screen.text()).toMatch(words)
    await screen.click(button)
    expect(answers.map((one) => one.kind)).toEqual([kind])
    expect(screen.path()).not.toContain('/question')
  })

  it('copied: a deletion is named, and where it can be done', async () => {
    await asked((book) => {
      const deletion = { kind: 'delete', patch: {} } as const
      book.touch(ANA, {
        open: book
          .get(ANA)
          .open.slice(0, 1)
          .map((op) => ({ ...op, ...deletion })),
      })
      return { kind: 'copied' }
    })
    expect(screen.text()).toContain('Ana Ruiz was to be deleted in Square.')
    expect(screen.text()).toContain('forget what waits here, then delete Ana Ruiz on the card')
    expect(() => screen.button('Send it from this PC')).toThrow()
  })

  it('create-duplicate: says of each candidate what becomes of what was typed, whoever shares most first', async () => {
    await asked((book) => ({
      kind: 'create-duplicate',
      candidates: [
        ben(book),
        book.remoteOf('SQ8', {
          ...ben(book).fields,
          givenName: 'Ana',
          familyName: 'Ruiz',
          nickname: null,
          emailAddress: 'old@example.com',
        }),
        book.remoteOf('SQ9', { ...ben(book).fields, emailAddress: 'ben@example.com' }),
      ],
    }))
    const buttons = [...document.querySelectorAll('li button')].map((button) => button.textContent.trim())
    expect(buttons).toEqual([
      'This is Ana Ruiz',
      'This is Ben Okafor, 212-555-0100',
      'This is Ben Okafor, ben@example.com',
    ])
    const [first] = [...document.querySelectorAll('ul[aria-label^="Customers in Square"] > li')]
    expect(first!.textContent).toContain('Same phone number, first name, and last name')
    expect(first!.textContent).toContain('Nickname: Annie is added')
    expect(first!.textContent).toContain(
      'E-mail: ana@example.com here, old@example.com in Square - you choose next',
    )
  })

  it('refused: mends the field, or sends the rest without it, and keeps what was typed', async () => {
    const refused = () =>
      ({
        kind: 'refused',
        refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null },
      }) as const
    const { answers } = await asked(refused)
    expect(screen.text()).toContain('Square doesn’t accept this e-mail. Everything else is safe.')
    await screen.type('E-mail', 'nobody')
    await screen.click('Save the corrected e-mail')
    expect(screen.text()).toContain('This is not a complete e-mail address')
    expect(answers).toEqual([])
    const box = screen.field('E-mail')
    expect(document.activeElement).toBe(box)
    expect(box.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(box.getAttribute('aria-describedby')!)?.textContent).toContain(
      'This is not a complete e-mail address',
    )
    await screen.type('E-mail', 'ana@example.org')
    await screen.click('Save the corrected e-mail')
    expect(answers).toMatchObject([
      { kind: 'correct', fields: { emailAddress: 'ana@example.org', nickname: 'Annie' } },
    ])
  })

  it('refused: what was typed is still there after a customer came in between, and in the whole form', async () => {
    const { answers } = await asked(() => ({
      kind: 'refused',
      refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null },
    }))
    expect(document.querySelector('h1[tabindex]')?.textContent).toContain('the e-mail of Ana Ruiz')
    await screen.type('E-mail', 'ana@example.org')
    await screen.click('Later')
    await screen.click('Answer it')
    expect(screen.field('E-mail').value).toBe('ana@example.org')
    await screen.click('Change all details')
    expect(screen.field('E-mail').value).toBe('ana@example.org')
    screen.field('They agreed that we keep these details').click()
    await screen.click('Save')
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    expect(answers).toMatchObject([
      { kind: 'correct', fields: { emailAddress: 'ana@example.org' }, consent: { given: true } },
    ])
  })

  it('refused: what was typed, in the whole form too, is there again after a reload or a crash', async () => {
    const { answers, book } = await asked(() => ({
      kind: 'refused',
      refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null },
    }))
    await screen.type('E-mail', 'ana@example.org')
    await reload(book)
    expect(screen.field('E-mail').value).toBe('ana@example.org')
    await screen.click('Change all details')
    await screen.type('Company', 'Ruiz & Daughters')
    screen.field('They agreed that we keep these details').click()
    await vi.waitFor(async () => expect(await book.answerDrafts()).toMatchObject([{ consent: true }]))
    await reload(book)
    // More was typed than the one box shows, so the form is open again: nothing is sent that is not seen.
    expect(screen.field('Company').value).toBe('Ruiz & Daughters')
    await screen.click('Save')
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    expect(answers).toMatchObject([
      {
        kind: 'correct',
        fields: { emailAddress: 'ana@example.org', companyName: 'Ruiz & Daughters' },
        consent: { given: true },
      },
    ])
    await vi.waitFor(async () => expect(await book.answerDrafts()).toEqual([]))
    expect(await book.drafts()).toEqual([])
  })

  it('refused: the rest goes without the field', async () => {
    const { answers } = await asked(() => ({
      kind: 'refused',
      refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null },
    }))
    await screen.click('Send the rest without the e-mail')
    expect(answers).toMatchObject([{ kind: 'correct', fields: { emailAddress: null, nickname: 'Annie' } }])
  })

  it('refused: the whole form opens at the field and its save is the answer', async () => {
    const { answers } = await asked(() => ({
      kind: 'refused',
      refusal: { code: 'INVALID_EMAIL_ADDRESS', field: 'emailAddress', detail: null },
    }))
    await screen.click('Change all details')
    expect(document.activeElement).toBe(screen.field('E-mail'))
    expect(screen.text()).toContain('Square does not accept this.')
    await screen.type('E-mail', 'ana@example.org')
    await screen.click('Save')
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    expect(answers).toMatchObject([{ kind: 'correct', fields: { emailAddress: 'ana@example.org' } }])
  })

  it('gone: whoever is left deleted leaves the list and the search, however late this window hears of it', async () => {
    const { book } = await asked(() => ({ kind: 'gone' }))
    screen.wrapper.unmount()
    const late: (() => void)[] = []
    const watchCard = book.watchCard.bind(book)
    book.watchCard = (id, listener) =>
      watchCard(id, (card) => (card?.question ? listener(card) : late.push(() => listener(card))))
    await show(book)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await screen.click('Leave Ana Ruiz deleted')
    await vi.advanceTimersByTimeAsync(60_000)
    vi.useRealTimers()
    await screen.settle()
    expect(screen.path()).toBe(`/customers/${ANA}`)
    for (const tell of late) tell()
    await vi.waitFor(() => expect(screen.path()).toBe('/customers'))
    await screen.settle()
    expect(document.activeElement).toBe(document.querySelector('input[type="search"]'))
    expect(screen.text()).not.toContain('no longer in the book')
  })

  it('gone: who goes after another answer is said to be gone, and nobody is led away from the card', async () => {
    const { book } = await asked(() => ({ kind: 'gone' }))
    await screen.click('Add Ana Ruiz again')
    expect(screen.path()).toBe(`/customers/${ANA}`)
    book.touch(ANA, { deleted: true })
    await screen.settle()
    expect(screen.text()).toContain('no longer in the book')
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it('leaves the customer usable: Later goes back to the card, which still offers the question', async () => {
    await asked(() => ({ kind: 'gone' }))
    await screen.click('Later')
    expect(screen.path()).toBe(`/customers/${ANA}`)
    expect(screen.text()).toContain('Someone deleted this customer in Square. Only you can decide')
    expect((screen.button('Edit') as HTMLButtonElement).disabled).toBe(false)
  })
})

describe('a deletion, although Square has something else now', () => {
  const SEEN: Partial<CustomerFields> = {
    givenName: 'Ana',
    familyName: 'Ruiz',
    nickname: 'Anita',
    phoneNumber: '212-555-0100',
    emailAddress: 'ana@example.com',
    birthday: '0000-03-07',
    note: 'Oat milk.\nPays on Fridays.',
    referenceId: 'R-1001',
    address: { addressLine1: '12 Harbor Street', locality: 'Portland', country: 'US' },
  }
  const remote = (fields: Partial<CustomerFields>, more: Partial<RemoteCustomer> = {}): RemoteCustomer => ({
    ...createFakeBook().remoteOf('SQ1', { ...EMPTY_FIELDS, ...SEEN, ...fields }, '2'),
    ...more,
  })
  async function deleted(
    body: Extract<QuestionBody, { kind: 'delete-changed' | 'merged-delete' }>,
    seen: Partial<CustomerFields> = SEEN,
    source = 'THIRD_PARTY',
  ) {
    const book = createFakeBook({ customers: [seen] })
    book.touch(ANA, { remote: { ...book.get(ANA).remote!, creationSource: source } })
    book.ask(ANA, body)
    await show(book)
    return book
  }
  const changed = (to: RemoteCustomer) => ({ kind: 'delete-changed', why: 'changed', remote: to }) as const
  const rows = () =>
    [...document.querySelectorAll('section[aria-label="What is different now"] dl > div')].map(
      (row) => row.textContent,
    )
  const heading = () => document.querySelector('h1[tabindex]')?.textContent.trim()

  it('shows what differs, as it was confirmed and as it is now; the rest is behind one button', async () => {
    await deleted(
      changed(
        remote({
          nickname: null,
          phoneNumber: '212-555-0199',
          companyName: 'Ruiz & Co',
          note: 'Oat milk.\nBack in June.',
          address: { addressLine1: '8 Chapel Lane', locality: 'Portland', country: 'US' },
        }),
      ),
    )
    const street = 'Street and number'
    expect(rows()).toEqual([
      'CompanyBeforeemptyIn Square nowRuiz & Co',
      'NicknameBeforeAnitaIn Square nowremoved',
      'Phone numberBefore212-555-0100In Square now212-555-0199',
      `AddressBefore${street}12 Harbor StreetTownPortlandCountryUnited States` +
        `In Square now${street}8 Chapel LaneTownPortlandCountryUnited States`,
      expect.stringMatching(
        /^NoteBeforeOat milk\.\nPays on Fridays\.In Square nowOat milk\.\nBack in June\. ?Not in it any more:/,
      ),
    ])
    expect(screen.text()).not.toContain('Nothing on the card is different')
    expect(screen.text()).not.toContain('R-1001')
    await screen.click('Everything Square has now - show')
    expect(screen.text()).toContain('R-1001')
    await screen.click('Everything Square has now - hide')
    expect(screen.text()).not.toContain('R-1001')
  })

  it('shows nothing that only is written in another way', async () => {
    await deleted(
      changed(remote({ phoneNumber: '+1 (212) 555-0100', emailAddress: 'Ana@Example.com', note: 'VIP' })),
    )
    expect(rows()).toEqual([expect.stringContaining('VIP')])
  })

  it.each([
    ['DELETION_RECOVERY', 'They were deleted in Square and brought back.'],
    ['UNMERGE_RECOVERY', 'They were merged with someone in Square and taken apart again.'],
    ['MERGE', 'Someone else was merged into them in Square.'],
    ['INSTANT_PROFILE', 'Square says something else now about where they were added.'],
  ])('%s: says in a sentence what no field shows, with the card beneath', async (creationSource, words) => {
    await deleted(changed(remote({}, { creationSource })))
    expect(heading()).toBe('Delete Ana Ruiz, although they changed?')
    expect(rows()).toEqual([])
    expect(screen.text()).toContain(`Nothing on the card is different. ${words}`)
    expect(screen.text()).not.toContain('groups')
    expect(screen.text()).toContain('R-1001')
    expect(screen.text()).not.toContain('Everything Square has now')
  })

  it('says of the groups that they changed, also beside a field', async () => {
    await deleted(changed(remote({ note: 'VIP' }, { groupIds: ['G1'] })))
    expect(rows()).toHaveLength(1)
    expect(screen.text()).toContain('Their groups in Square changed.')
    expect(screen.text()).not.toContain('Nothing on the card is different')
  })

  it('the answer got lost and nothing says whether they were brought back again: asks that, not what changed', async () => {
    await deleted(changed(remote({}, { creationSource: 'DELETION_RECOVERY' })), SEEN, 'DELETION_RECOVERY')
    expect(heading()).toBe('Was Ana Ruiz deleted in Square?')
    expect(screen.text()).toContain('Square’s answer got lost')
    expect(screen.text()).toContain('Nothing on the card is different.')
  })

  it('keeps changing until it looks as it was: does not say that an answer got lost', async () => {
    for (const why of ['changed', 'keeps-changing'] as const) {
      await deleted({ kind: 'delete-changed', why, remote: remote({}) })
      expect(heading()).toBe('Delete Ana Ruiz, although they changed?')
      expect(screen.text()).toContain('Nothing on the card is different.')
      screen.wrapper.unmount()
    }
  })

  it('merged: says whom was confirmed and who is there now, and how they differ', async () => {
    await deleted({
      kind: 'merged-delete',
      remote: remote({ givenName: 'Ben', familyName: 'Okafor' }, { id: 'SQ9', creationSource: 'MERGE' }),
    })
    expect(heading()).toBe('Ana Ruiz was merged with someone else')
    expect(screen.text()).toContain(
      'You deleted Ana Ruiz here, but in Square they were merged into Ben Okafor',
    )
    expect(rows()).toEqual(['First nameBeforeAnaIn Square nowBen', 'Last nameBeforeRuizIn Square nowOkafor'])
    expect(screen.text()).not.toContain('Someone else was merged into them')
  })

  it('merged with a namesake: does not say that they were merged into themselves', async () => {
    await deleted({ kind: 'merged-delete', remote: remote({ note: 'Merged.' }, { id: 'SQ9' }) })
    expect(screen.text()).toContain('they were merged with another customer of that name')
    expect(screen.text()).not.toContain('merged into')
  })

  it('names whom Square has now on the buttons, whom they were deleted as in the sentence', async () => {
    await deleted(changed(remote({ givenName: 'Anna' })))
    expect(screen.text()).toContain('You deleted Ana Ruiz here')
    expect(screen.button('Keep Anna Ruiz')).toBeTruthy()
    expect(screen.button('Delete Anna Ruiz anyway')).toBeTruthy()
  })

  it('stays as it was while its answer is on its way', async () => {
    const book = await deleted(changed(remote({ note: 'VIP' })))
    delete book.get(ANA).seen
    book.touch(ANA, { question: null, open: [] })
    await screen.settle()
    expect(rows()).toEqual([expect.stringContaining('VIP')])
  })

  it('a very long name is whole at the top only: the buttons stay in a small window', async () => {
    const long = 'W'.repeat(90)
    await deleted(changed(remote({ givenName: long, familyName: null, note: 'VIP' })), {
      ...SEEN,
      givenName: long,
      familyName: null,
    })
    expect(heading()).toContain(long)
    expect(screen.button(`Delete ${'W'.repeat(31)}… anyway`)).toBeTruthy()
  })
})
