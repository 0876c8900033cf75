import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { BookRefused } from '#renderer/book.ts'
import { createFakeBook, type FakeBook } from '../../support/fake-book.ts'
import { mountScreen, type Screen } from '../../support/mount-screen.ts'
import { PRACTICE_SESSION, type ScreenBridgeOptions } from '../../support/screen-bridge.ts'

const SANDBOX_SESSION = {
  ...PRACTICE_SESSION,
  store: { merchantId: 'M1', environment: 'sandbox' },
} as const
const ANA = '00000000-0000-4000-8000-000000000001'
const BEN = '00000000-0000-4000-8000-000000000002'
let screen: Screen
afterEach(() => screen.wrapper.unmount())

async function outbox(
  prepare: (book: FakeBook) => void,
  options: ScreenBridgeOptions = {},
  wallIso?: () => string,
) {
  const book = createFakeBook({
    customers: [{ givenName: 'Ana' }, { givenName: 'Ben' }, { givenName: 'Cy' }],
  })
  prepare(book)
  screen = await mountScreen('/waiting', book, options, wallIso)
  await vi.dynamicImportSettled()
  await screen.settle()
  return book
}
const refuse = (book: FakeBook) => {
  book.edit(ANA, { phoneNumber: '1', nickname: 'Annie' })
  book.ask(ANA, {
    kind: 'refused',
    refusal: { code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber', detail: 'too short' },
  })
  book.tried(ANA, 1, 'refused')
}
const item = (name: string) => {
  const found = document.querySelector(`article[aria-label="${name}"]`)
  return found?.textContent.replace(/\s+/g, ' ') ?? ''
}
const press = async (
  key: string,
  target: Element | null = document.activeElement,
  more: KeyboardEventInit = {},
) => {
  await new Promise((resolve) => setTimeout(resolve, 40)) // a person, not a scanner
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  target?.dispatchEvent(event)
  await new Promise((resolve) => setTimeout(resolve, 40))
  await screen.settle()
  return event
}
const link = (name: string) => document.querySelector<HTMLElement>(`article[aria-label="${name}"] a`)
const choose = async (label: string) => {
  screen.field(label).click()
  await screen.settle()
}
const asked = (channel: string) => screen.bridge.calls.filter((call) => call.channel === channel).length

describe('what waits here', () => {
  it('says per customer since when, how often it was tried, what came of it, and what it waits for', async () => {
    await outbox((book) => {
      book.edit(ANA, { note: 'x' })
      book.tried(ANA, 3, 'not-sent')
      book.edit(ANA, { nickname: 'Annie' })
      book.edit(BEN, { note: 'y' })
    })
    expect(item('Ana')).toMatch(/Changed noteSaved here at .* · tried 3 times · the line was down/)
    expect(item('Ana')).toContain('Tried again by itself within a few minutes.')
    expect(item('Ana')).toMatch(/Changed nicknameSaved here at .* · not sent yetSent after the change before/)
    expect(item('Ben')).toContain('Sent when its turn comes.')
    expect(screen.text()).not.toContain('Cy')
  })

  it.each([
    [{ connection: 'offline' }, 'Sent when the line is back.', 'Square cannot be reached'],
    [
      { connection: 'offline', offlineCause: 'clock' },
      'Sent when the date and time of this PC are right.',
      'Check this PC’s date and time',
    ],
    [
      { connection: 'offline', offlineCause: 'tls' },
      'when there is a safe way',
      'No safe way to Square here',
    ],
    [{ connection: 'unknown' }, 'Sent as soon as Square answers.', ''],
    [{ paused: { kind: 'signed-out' } }, 'Sent after the next sign-in.', 'Signed out of Square'],
    [{ paused: { kind: 'rate-limited' } }, 'Sent after the pause Square asked for.', 'short pause'],
    [{ paused: { kind: 'log-unwritable' } }, 'when this PC can write its file', 'cannot save changes'],
    [{ paused: { kind: 'safe-mode' } }, 'Not sent in safe mode.', 'Safe mode'],
  ] as const)('says what is in the way: %o', async (sync, next, notice) => {
    await outbox((book) => book.edit(ANA, { note: 'x' }), { sync })
    expect(item('Ana')).toContain(next)
    expect(screen.text()).toContain(notice)
  })

  it('says in how many minutes it is tried again, as time passes and as main tells', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    let now = Date.parse('2026-11-20T14:02:00Z')
    const at = (ms: number) => new Date(Date.parse('2026-11-20T14:02:00Z') + ms).toISOString()
    const book = await outbox(
      (it) => {
        it.edit(ANA, { note: 'x' })
        it.tried(ANA, 3, 'lost')
      },
      {},
      () => new Date(now).toISOString(),
    )
    const minute = async () => {
      now += 60_000
      vi.advanceTimersByTime(60_000)
      await screen.settle()
    }
    try {
      const opId = book.get(ANA).open[0]!.id
      screen.bridge.setSync({ retries: { [opId]: at(110_000) } })
      await screen.settle()
      expect(item('Ana')).toContain('Tried again by itself in about 2 minutes.')
      await minute()
      expect(item('Ana')).toContain('Tried again by itself within a minute.')
      await minute()
      expect(item('Ana')).toContain('Sent when its turn comes.')
      screen.bridge.setSync({ retries: { [opId]: at(120_000 + 240_000) } })
      await screen.settle()
      expect(item('Ana')).toContain('in about 4 minutes.')
      screen.bridge.setSync({ connection: 'offline' })
      await screen.settle()
      expect(item('Ana')).toContain('Sent when the line is back.')
    } finally {
      vi.useRealTimers()
    }
  })

  it('says that a change is on its way just while it is', async () => {
    const book = await outbox((it) => it.edit(ANA, { note: 'x' }))
    const opId = book.get(ANA).open[0]!.id
    screen.bridge.setSync({ sending: [opId] })
    await screen.settle()
    expect(item('Ana')).toContain('On its way now.')
    expect(item('Ana')).toContain('Sending')
    screen.bridge.setSync({ sending: [] })
    await screen.settle()
    expect(item('Ana')).not.toMatch(/On its way|Sending/)
  })

  it('says what Square refused, in its own words too, and opens the form at that field', async () => {
    await outbox(refuse)
    expect(item('Ana')).toContain('Square doesn’t accept the phone number.')
    expect(item('Ana')).toContain('Square says: too short')
    await screen.click('Open the form at the phone number')
    await vi.dynamicImportSettled()
    await screen.settle()
    expect(screen.path()).toBe(`/customers/${ANA}/question?form=1`)
    expect(screen.text()).toContain('Edit Ana')
    expect((document.activeElement as HTMLInputElement).name).toBe('phoneNumber')
  })

  it('tries at once for all, and not where that would do nothing', async () => {
    await outbox((book) => (book.edit(ANA, { note: 'x' }), book.tried(ANA, 1, 'lost')))
    await screen.click('Try now')
    expect(asked('sync:now')).toBe(1)
    expect(screen.text()).toContain('Asking Square now.')
    screen.bridge.setSync({ paused: { kind: 'rate-limited' } })
    await screen.settle()
    await screen.click('Try now')
    expect(asked('sync:now')).toBe(1)
  })

  const tryButtons = () =>
    [...document.querySelectorAll('button')].filter((one) => one.textContent.trim() === 'Try now')
  it.each([
    [{ sync: { paused: { kind: 'rate-limited' } } }, 'It goes on by itself.'],
    [{ sync: { paused: { kind: 'safe-mode' } } }, 'Nothing is sent in safe mode.'],
    [{ session: { ...SANDBOX_SESSION, token: 'expired' } }, 'before the next sign-in'],
    [{ session: { ...SANDBOX_SESSION, token: 'missing' } }, 'before the next sign-in'],
  ] as const)('S29 a button that cannot ask Square says why, that of a customer too: %j', async (is, why) => {
    await outbox((book) => (book.edit(ANA, { note: 'x' }), book.tried(ANA, 1, 'lost')), is)
    expect(tryButtons()).toHaveLength(2)
    for (const button of tryButtons()) {
      expect(button.getAttribute('aria-disabled')).toBe('true')
      expect(button.getAttribute('aria-description')).toContain(why)
      button.click()
    }
    await screen.settle()
    expect(asked('sync:now')).toBe(0)
    expect(screen.text()).not.toContain('Asking Square now.')
  })

  it('S24 safe mode can be left from here', async () => {
    await outbox((book) => book.edit(ANA, { note: 'x' }), { sync: { paused: { kind: 'safe-mode' } } })
    await screen.click('Start normally')
    expect(asked('app:restart')).toBe(1)
  })

  it('S29 says no longer than a second that Square is being asked', async () => {
    await outbox((book) => (book.edit(ANA, { note: 'x' }), book.tried(ANA, 1, 'not-sent')))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      tryButtons()[0]?.click()
      await nextTick()
      expect(screen.text()).toContain('Asking Square now.')
      vi.advanceTimersByTime(1_000)
      await nextTick()
      expect(screen.text()).not.toContain('Asking Square now.')
    } finally {
      vi.useRealTimers()
    }
  })

  it('what has the focus is sent: the focus goes to the title, and stays where somebody has put it', async () => {
    const book = await outbox((it) => (it.edit(ANA, { note: 'x' }), it.edit(BEN, { note: 'y' })))
    const title = document.querySelector('h1')
    link('Ana')?.focus()
    book.arrive(BEN)
    await screen.settle()
    expect(document.activeElement).toBe(link('Ana'))
    book.arrive(ANA)
    await screen.settle()
    expect(link('Ana')).toBeNull()
    expect(document.activeElement).toBe(title)
  })

  it('shows thousands fifty at a time', async () => {
    await outbox((book) => {
      for (let n = 0; n < 60; n++) book.edit(book.seed({ givenName: `N${n}` }), { note: 'x' })
    })
    expect(document.querySelectorAll('article')).toHaveLength(50)
    screen.button('Show more: 10 customers').focus()
    await screen.click('Show more: 10 customers')
    expect(document.querySelectorAll('article')).toHaveLength(60)
    // The button is gone; the list is read on from the first of those that came.
    expect(document.activeElement).toBe(document.querySelectorAll('article')[50]?.querySelector('a'))
  })

  it('says so where what waits cannot be read, and tries again', async () => {
    const book = await outbox((it) => (it.edit(ANA, { note: 'x' }), it.setUnreadable(true)))
    expect(screen.text()).toContain('could not be read on this PC')
    book.setUnreadable(false)
    await screen.click('Try again')
    expect(item('Ana')).toContain('Changed note')
  })

  const NOTHING = 'Nothing waits. Everything is in Square.'
  it('S29 says that nothing waits only while every record of the log can be read', async () => {
    await outbox(() => {}, { storage: { setAside: 2 } })
    expect(screen.text()).not.toContain(NOTHING)
    expect(screen.text()).toContain('2 entries in the file of this PC are damaged')
    expect(screen.text()).toContain('Nothing else waits.')
  })

  it('S29 nor while this window cannot follow the log', async () => {
    const book = await outbox(() => {})
    expect(screen.text()).toContain(NOTHING)
    book.setBehind(true)
    await screen.settle()
    expect(screen.text()).not.toContain(NOTHING)
    expect(screen.text()).toContain('This window could not follow what was saved on this PC')
    book.setBehind(false)
    await screen.settle()
    expect(screen.text()).toContain(NOTHING)
  })

  it('S29 nor before the book has opened and counted, and says so where it does not open', async () => {
    let refuseToOpen = () => {}
    const opening = new Promise<never>((_, reject) => {
      refuseToOpen = () => reject(new BookRefused('unreadable'))
    })
    const book = { ...createFakeBook({ customers: [{ givenName: 'Ana' }] }), open: () => opening }
    screen = await mountScreen('/waiting', book, { repair: 'tried' })
    await vi.dynamicImportSettled()
    await screen.settle()
    expect(screen.text()).toContain('Looking through what is saved on this PC')
    refuseToOpen()
    await screen.settle()
    expect(screen.text()).not.toMatch(/Nothing waits|Looking through/)
    expect(screen.text()).toContain('The customer book on this PC cannot be read.')
    expect(screen.button('Try again')).toBeTruthy()
  })

  it('S29 nor what was known of the log of another store', async () => {
    await outbox(() => {})
    expect(screen.text()).toContain(NOTHING)
    let answer = () => {}
    const { invoke } = screen.bridge.bridge
    const ask = invoke['storage:state']
    const slow = new Promise<void>((resolve) => (answer = resolve))
    Object.assign(invoke, { 'storage:state': () => slow.then(() => ask(null)) })
    screen.bridge.setStorage({ setAside: 1 })
    screen.bridge.setSession({
      ...PRACTICE_SESSION,
      store: { merchantId: 'M2', environment: 'sandbox' },
    } as typeof PRACTICE_SESSION)
    await screen.settle()
    expect(screen.text()).not.toContain(NOTHING)
    answer()
    await screen.settle()
    expect(screen.text()).toContain('Nothing else waits.')
  })

  it('is worked by keyboard: arrows between customers, Alt+E, Alt+A and Del on one', async () => {
    await outbox((book) => (refuse(book), book.edit(BEN, { note: 'y' })))
    link('Ana')?.focus()
    await press('ArrowDown')
    expect(document.activeElement).toBe(link('Ben'))
    await press('ArrowUp')
    expect(document.activeElement).toBe(link('Ana'))
    await press('Delete')
    expect(screen.text()).toContain('Discard what waits for Ana?')
    await press('Escape', document.querySelector('[role="dialog"]'))
    expect(screen.path()).toBe('/waiting') // Esc is the dialog's own
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    link('Ben')?.focus()
    await press('Delete')
    expect(screen.text()).toContain('Discard what waits for Ben?')
    await press('Escape', document.querySelector('[role="dialog"]'))
    link('Ana')?.focus()
    await press('a', link('Ana'), { altKey: true })
    expect(screen.path()).toBe(`/customers/${ANA}/question`)
  })

  it('presses with Alt the button of the customer that has the focus, and takes a bare letter as a name', async () => {
    await outbox((book) => {
      for (const id of [ANA, BEN]) {
        book.edit(id, { note: 'x' })
        book.ask(id, { kind: 'gone' })
      }
    })
    link('Ben')?.focus()
    await press('a', link('Ben'), { altKey: true })
    expect(screen.path()).toBe(`/customers/${BEN}/question`)
    await screen.go('/waiting')
    link('Ben')?.focus()
    await press('a')
    expect(screen.path()).toBe('/customers')
    expect(document.querySelector<HTMLInputElement>('input[type="search"]')?.value).toBe('a')
  })
})

describe('S27 discarding', () => {
  const reasons = () => screen.book.get(ANA).history.map(({ reason }) => reason)

  it('asks for a reason first, keeps it in the history, and can be taken up again', async () => {
    const book = await outbox(refuse)
    await screen.click('Discard')
    await screen.click('Discard it')
    expect(book.get(ANA).open).toHaveLength(1) // no reason was chosen
    expect(document.querySelector('[role="dialog"] [role="alert"]')?.textContent).toContain('Choose a reason')
    expect(document.activeElement).toBe(screen.field('It was a mistake'))
    await choose('Another reason')
    expect(document.querySelector('[role="dialog"] [role="alert"]')).toBeNull()
    await screen.type('In your own words', '  she called  ')
    await screen.click('Discard it')
    expect(book.get(ANA).open).toHaveLength(0)
    expect(reasons()).toEqual([{ code: 'other', words: 'she called' }])
    expect(screen.text()).toContain('Discarded for Ana. Changed nickname and phone number.')
    expect(document.activeElement?.textContent).toContain('Take it up again')
    await screen.click('Take it up again')
    expect(book.get(ANA).open).toMatchObject([{ patch: { phoneNumber: { local: '1' } }, attempts: 0 }])
    expect(screen.text()).not.toContain('Discarded for')
    expect(document.activeElement).toBe(document.querySelector('h1'))
    expect(item('Ana')).toContain('not sent yet')
  })

  it('can be taken up again also after another page', async () => {
    await outbox(refuse)
    await screen.click('Discard')
    await choose('It was a mistake')
    await screen.click('Discard it')
    expect(reasons()).toEqual([{ code: 'mistake', words: null }])
    await screen.go('/settings')
    await screen.go('/waiting')
    await vi.dynamicImportSettled()
    await screen.settle()
    expect(screen.text()).toContain('Take it up again')
    await screen.click('Close this message')
    expect(screen.text()).not.toContain('Take it up again')
  })

  it('says that what was sent without an answer may be in Square, and leads to the card', async () => {
    const book = await outbox((it) => {
      it.edit(ANA, { note: 'x' })
      it.tried(ANA, 1, 'lost')
      it.ask(ANA, { kind: 'conflict', why: 'in-doubt', remote: it.get(ANA).remote! })
    })
    await screen.click('Discard')
    expect(screen.text()).toContain('does not take it out of Square')
    await choose('It is in Square already')
    await screen.click('Discard it')
    expect(book.get(ANA).open).toHaveLength(0)
    expect(screen.text()).not.toContain('Take it up again')
    await screen.click('Open Ana')
    expect(screen.path()).toBe(`/customers/${ANA}`)
  })

  it('what was sent while the dialog was open: it says so, and the focus is not lost when it is closed', async () => {
    const book = await outbox((it) => it.edit(ANA, { note: 'x' }))
    screen.button('Discard').focus()
    await screen.click('Discard')
    book.arrive(ANA)
    await screen.settle()
    const dialog = document.querySelector('[role="dialog"]')
    expect(dialog?.contains(document.activeElement)).toBe(true)
    expect(dialog?.textContent).toContain('it is on its way to Square, or there already')
    expect(dialog?.textContent).not.toContain('will not be sent')
    expect(screen.button('Discard it').getAttribute('aria-disabled')).toBe('true')
    await screen.click('Close')
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    expect(document.activeElement).toBe(document.querySelector('h1'))
  })

  it('is not offered for what was sent already, nor where the question has its own answers', async () => {
    await outbox((book) => {
      book.edit(ANA, { note: 'x' })
      book.tried(ANA, 1, 'lost')
      book.edit(BEN, { note: 'x' })
      book.ask(BEN, { kind: 'gone' })
    })
    expect(() => screen.button('Discard')).toThrow()
    expect(item('Ben')).toContain('Someone deleted this customer in Square.')
  })

  it.each([
    ['refused', (book: FakeBook) => book.setRefusal('question-moved'), 'Something changed meanwhile'],
    ['unwritable', (book: FakeBook) => book.setUnwritable('disk-full'), 'the disk of this PC is full'],
  ])('%s: nothing is lost and the dialog says why', async (_, stop, words) => {
    const book = await outbox(refuse)
    stop(book)
    await screen.click('Discard')
    await choose('It was a mistake')
    await screen.click('Discard it')
    expect(screen.text()).toContain(words)
    expect(book.get(ANA).open).toHaveLength(1)
  })

  it('taking up that is refused says why and stays', async () => {
    const book = await outbox(refuse)
    await screen.click('Discard')
    await choose('It was a mistake')
    await screen.click('Discard it')
    book.setRefusal('customer-gone')
    await screen.click('Take it up again')
    expect(screen.text()).toContain('This customer is no longer there.')
    expect(screen.text()).toContain('Take it up again')
  })
})
