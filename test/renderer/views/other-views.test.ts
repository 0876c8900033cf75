import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ConnectResult, SessionState } from '#shared/session.ts'
import { createFakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'
import { PRACTICE_SESSION } from '../../support/screen-bridge.ts'

const ANA = '00000000-0000-4000-8000-000000000001'
const SANDBOX: SessionState = {
  ...PRACTICE_SESSION,
  store: { merchantId: 'M1', environment: 'sandbox' },
} as SessionState
let screen: Screen
afterEach(() => screen.wrapper.unmount())
const lazy = async () => {
  await vi.dynamicImportSettled()
  await screen.settle()
}

describe('the start screen', () => {
  const start = (connect?: () => ConnectResult) =>
    mountScreen('/customers', createFakeBook(), {
      session: { kind: 'none' },
      ...(connect ? { connect } : {}),
    })
  const connects = () =>
    screen.bridge.calls.filter(({ channel }) => channel === 'session:connect').map(({ request }) => request)

  it('is where one without a store begins, and the practice store is one click away', async () => {
    screen = await start()
    expect(screen.path()).toBe('/start')
    await screen.click('Try it with a practice store')
    expect(connects()).toEqual([{ kind: 'practice' }])
    expect(screen.path()).toBe('/customers')
    expect(screen.text()).toContain('Practice store')
  })

  it('connects with a pasted token, without the blanks around it', async () => {
    screen = await start(() => ({ kind: 'connected', session: PRACTICE_SESSION }))
    await screen.type('Access token', '  EAAA-token \n')
    await screen.click('Connect to Square')
    expect(connects()).toEqual([{ kind: 'token', environment: 'production', token: 'EAAA-token' }])
  })

  it.each([
    ['Try it with a practice store', 'Opening the practice store', 'Connect to Square'],
    ['Connect to Square', 'Connecting', 'Try it with a practice store'],
  ])(
    'says at the button that was pressed what goes on, and why the other one waits: %s',
    async (pressed, says, other) => {
      screen = await start()
      const { invoke } = screen.bridge.bridge
      Object.assign(invoke, { 'session:connect': () => new Promise(() => {}) })
      await screen.type('Access token', 'EAAA')
      await screen.click(pressed)
      expect(screen.button(says)).toBeTruthy()
      expect(screen.button(other).getAttribute('aria-description')).toBe(says)
    },
  )

  it('does not ask Square without a token', async () => {
    screen = await start()
    await screen.click('Connect to Square')
    expect(screen.text()).toContain('Paste the access token first.')
    expect(connects()).toEqual([])
  })

  it.each([
    ['token-refused', /does not accept this token.*My business/],
    ['offline', /cannot be reached.*still in the box/],
    ['missing-rights', /CUSTOMERS_WRITE/],
    ['unreadable-answer', /guest network/],
    ['practice-failed', /could not start/],
    ['wrong-merchant', /another business/],
  ] as const)('says what is wrong and what to do: %s', async (reason, words) => {
    screen = await start(() => ({ kind: 'failed', reason, detail: 'CUSTOMERS_WRITE' }))
    await screen.type('Access token', 'EAAA')
    await screen.click('Connect to Square')
    expect(screen.text()).toMatch(words)
    expect(screen.field('Access token').value).toBe('EAAA')
  })

  it.each([
    ['clock', /date and time are wrong.*still in the box/],
    ['tls', /is not safe, so the token was not sent/],
    ['dns', /Check the internet connection/],
  ])('says what keeps Square away where it is not the line: %s', async (detail, words) => {
    screen = await start(() => ({ kind: 'failed', reason: 'offline', detail }))
    await screen.type('Access token', 'EAAA')
    await screen.click('Connect to Square')
    expect(screen.text()).toMatch(words)
  })
})

describe('signing in again', () => {
  const escape = async () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await screen.settle()
  }

  it('says for whom and what waits, and leads back to where one was', async () => {
    const book = createFakeBook({ customers: [{ givenName: 'Ana' }, { givenName: 'Ben' }] })
    book.edit(ANA, { nickname: 'Annie' })
    screen = await mountScreen(`/customers/${ANA}`, book, {
      session: SANDBOX,
      sync: { paused: { kind: 'signed-out' } },
    })
    await screen.click('Sign in')
    await lazy()
    expect(screen.path()).toBe('/start?again=1')
    expect(document.activeElement).toBe(screen.field('Access token'))
    expect(screen.text()).toContain('Sign in again for Corner Roastery')
    expect(screen.text()).toContain('1 change waits on this PC and is sent once you are signed in.')
    await screen.click('Back to the customers')
    expect(screen.path()).toBe(`/customers/${ANA}`)
    await screen.click('Sign in')
    await escape()
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it('also after a reload there', async () => {
    screen = await mountScreen('/start?again=1', createFakeBook(), { session: SANDBOX })
    await lazy()
    expect(screen.text()).toContain('Nothing waits to be sent.')
    await escape()
    expect(screen.path()).toBe('/customers')
  })

  it('S29: says no more of what waits than the bar may', async () => {
    const book = createFakeBook()
    screen = await mountScreen('/start?again=1', book, { session: SANDBOX, storage: { setAside: 2 } })
    await lazy()
    expect(screen.text()).toContain('Sign in again for Corner Roastery')
    expect(screen.text()).not.toContain('Nothing waits to be sent.')
  })

  it('has no way back where no store is open', async () => {
    screen = await mountScreen('/start?again=1', createFakeBook(), { session: { kind: 'none' } })
    await lazy()
    await escape()
    expect(screen.path()).toContain('/start')
    expect(() => screen.button('Back to the customers')).toThrow()
  })
})

describe('pages of their own', () => {
  const escape = async () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await lazy()
  }

  it('take the focus, and lead back to where they were opened, one after the other', async () => {
    screen = await mountScreen(`/customers/${ANA}`, createFakeBook({ customers: [{ givenName: 'Ana' }] }))
    await screen.click('Settings')
    await lazy()
    expect(document.activeElement?.textContent).toContain('Settings')
    await screen.click('What happened with Square lately')
    await lazy()
    expect(document.activeElement?.tagName).toBe('H1')
    await escape()
    expect(screen.path()).toBe('/settings')
    await escape()
    expect(screen.path()).toBe(`/customers/${ANA}`)
    await screen.go('/customers')
    await screen.click('What waits here')
    await lazy()
    await escape()
    expect(screen.path()).toBe('/customers')
  })

  it('lead back to a new customer as far as they were typed', async () => {
    screen = await mountScreen('/customers/new', createFakeBook())
    await screen.type('First name', 'Zoe')
    await screen.click('Settings')
    await lazy()
    await screen.click('Back to the customers')
    await lazy()
    expect(screen.field('First name').value).toBe('Zoe')
    expect(screen.text()).not.toContain('Continue where you left off')
  })

  it('lead to the search where a name is typed there', async () => {
    screen = await mountScreen(`/customers/${ANA}`, createFakeBook({ customers: [{ givenName: 'Ana' }] }))
    await screen.click('Settings')
    await lazy()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true }))
    await screen.settle()
    expect(screen.path()).toBe('/customers')
    expect(document.activeElement).toBe(document.querySelector('input[type="search"]'))
  })

  it('lists what waits here and what needs a person', async () => {
    const book = createFakeBook({
      customers: [{ givenName: 'Ana' }, { givenName: 'Ben' }, { givenName: 'Cy' }],
    })
    book.edit(ANA, { nickname: 'Annie' })
    book.edit('00000000-0000-4000-8000-000000000002', { nickname: 'Benny' })
    book.ask('00000000-0000-4000-8000-000000000002', { kind: 'gone' })
    screen = await mountScreen('/waiting', book)
    await lazy()
    const section = (name: string) => document.querySelector(`section[aria-label="${name}"]`)?.textContent
    expect(section('Saved here')).toContain('Ana')
    expect(section('Needs you')).toContain('Ben')
    expect(screen.text()).not.toContain('Cy')
  })

  it('says that nothing waits', async () => {
    screen = await mountScreen('/waiting', createFakeBook({ customers: [{ givenName: 'Ana' }] }))
    await lazy()
    expect(screen.text()).toContain('Nothing waits. Everything is in Square.')
  })

  it('turns "ask me about everything" on, and shows what the book then holds (S19)', async () => {
    screen = await mountScreen('/settings')
    await lazy()
    const box = () => screen.field('Ask me about every change a colleague made meanwhile')
    expect(box().checked).toBe(false)
    box().click()
    await screen.settle()
    expect(box().checked).toBe(true)
  })

  it('says how far the look for deleted customers is and what could not be read, and else nothing (S13, S23)', async () => {
    const book = createFakeBook()
    screen = await mountScreen('/settings', book)
    await lazy()
    const pull = async (more: object) => {
      book.setPull({ kind: 'current', asOf: '2026-11-20T14:02:00Z', ...more })
      await screen.settle()
    }
    await pull({})
    expect(screen.text()).not.toMatch(/deleted in Square|cannot be read/)
    await pull({ sweep: { got: 1200, of: null } })
    expect(screen.text()).toContain('customers deleted in Square: 1200 looked at so far.')
    await pull({ sweep: { got: 1200, of: 9000 }, unreadable: 1 })
    expect(screen.text()).toContain('customers deleted in Square: 1200 of 9000 looked at.')
    expect(screen.text()).toContain('1 customer in Square cannot be read')
    await pull({ unreadable: 2 })
    expect(screen.text()).toContain('2 customers in Square cannot be read')
    expect(screen.text()).not.toContain('deleted in Square')
  })

  it('shows the store, switches the look and disconnects', async () => {
    screen = await mountScreen('/settings')
    await lazy()
    expect(screen.text()).toContain('Practice store on this PC')
    screen.field('Dark').click()
    screen.field('Dark').dispatchEvent(new Event('change', { bubbles: true }))
    await screen.settle()
    expect(document.documentElement.classList.contains('dark')).toBe(true)
    await screen.click('Disconnect')
    expect(screen.path()).toBe('/start')
  })

  it('says before a disconnect what waits and that it stays', async () => {
    const book = createFakeBook({ customers: [{ givenName: 'Ana' }, { givenName: 'Ben' }] })
    screen = await mountScreen('/settings', book, { session: SANDBOX })
    await lazy()
    expect(screen.text()).not.toContain('not in Square yet')
    book.edit(ANA, { nickname: 'Annie' })
    book.edit(ANA, { note: 'Oat milk' })
    book.edit('00000000-0000-4000-8000-000000000002', { nickname: 'Benny' })
    book.ask('00000000-0000-4000-8000-000000000002', { kind: 'gone' })
    await screen.settle()
    expect(screen.text()).toContain(
      '2 changes are not in Square yet. They stay on this PC and are sent after the next sign-in with Corner Roastery.',
    )
    expect(screen.text()).toContain('1 question stays on this PC too')
    book.setBehind(true)
    await screen.settle()
    expect(screen.text()).not.toMatch(/not in Square yet|question stays/) // S29: not known
    expect(screen.text()).toContain('what waits stay, and are there again when you sign in')
  })

  it('begins the next sign-in with the Square of the last time', async () => {
    screen = await mountScreen('/settings', createFakeBook(), { session: SANDBOX })
    await lazy()
    await screen.click('Disconnect')
    expect(screen.path()).toBe('/start')
    const chosen = () => document.querySelector<HTMLInputElement>('input[name="environment"]:checked')?.value
    expect(chosen()).toBe('sandbox')
    localStorage.clear()
    screen.wrapper.unmount()
    screen = await mountScreen('/start', createFakeBook(), { session: { kind: 'none' } })
    expect(chosen()).toBe('production')
  })

  it('moves the practice store’s switches from the drawer', async () => {
    const book = createFakeBook({ customers: [{ givenName: 'Ana' }] })
    screen = await mountScreen(`/customers/${ANA}`, book)
    await screen.click('Practice controls')
    await lazy()
    await screen.click('Cut the line')
    expect(screen.text()).toContain('Line is cut')
    expect(screen.text()).toContain('Offline since')
    await screen.click('Changes the note of Ana')
    await screen.click('Lose the next answer')
    const commands = screen.bridge.calls
      .filter(({ channel }) => channel === 'practice:command')
      .map(({ request }) => request)
    expect(commands).toEqual([
      { kind: 'state' },
      { kind: 'line', up: false },
      { kind: 'colleague-edits', squareId: 'SQ1', field: 'note' },
      { kind: 'lose-next-answer' },
    ])
    expect(screen.text()).toContain('1 answer will be lost')
  })
})
